"""Callbacks come late, twice and in any order; the record is the same."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

from simulator import Sent
from tests.support.scenario import Scenario
from tests.support.world import World

CALL = """
at    | who  | does               | then
0:00  | dana | is ready           |
0:00  | Els  | rings              |
0:02  | Els  | presses 3          |
0:20  | Els  | presses 1          |
0:25  | dana | accepts            | is talking
0:40  | dana | puts on hold       |
0:50  | dana | takes back         |
1:20  | dana | ends the call      |
1:30  | dana | wraps up as solved |
2:00  | Els  |                    | outcome answered
"""


def callbacks(world: World) -> list[Sent]:
    return [sent for sent in world.exchange.sent if sent.webhook.kind.endswith("-status")]


def test_every_callback_sent_twice_changes_nothing(scenario: Scenario) -> None:
    scenario.play(CALL)
    world = scenario.world
    before, facts = world.record("Els"), len(world.facts("Els"))
    reports = callbacks(world)
    assert len(reports) >= 8
    for sent in reports:
        world.exchange.wire.deliver(sent.webhook)
        world.settle()
    assert world.record("Els") == before
    assert len(world.facts("Els")) == facts


def test_callbacks_in_any_order_give_the_same_record(scenario: Scenario) -> None:
    """The reports of one real call are told again to an empty log, in many orders."""
    scenario.play(CALL)
    world = scenario.world
    expected = world.record("Els")
    facts = world.facts("Els")
    keys = {sent.webhook.kind for sent in callbacks(world)}
    assert {"conference-status", "call-status", "stream-status"} <= keys
    orders = itertools.islice(itertools.permutations(range(len(facts))), 0, 40320, 2016)
    shuffled = [random.Random(seed).sample(facts, len(facts)) for seed in range(10)]
    for number, order in enumerate([[facts[place] for place in order] for order in orders] + shuffled):
        call_id = f"again-{number}"
        for fact in order:
            world.services.call_log.record(call_id, fact)
        assert world.services.call_log.record_of(call_id) == expected.model_copy(update={"call_id": call_id})


def test_disturbed_callbacks_during_the_call_lead_to_the_same_end(scenario: Scenario) -> None:
    world = scenario.world
    world.exchange.disturbances.repeat(times=2)
    world.exchange.disturbances.reorder(within_s=0.9)
    scenario.play(CALL.replace("| is talking", "|"))  # the report that says so is on its way
    record = world.record("Els")
    assert (record.outcome, record.clocks.talk, record.clocks.hold) == ("answered", 45.0, 10.0)


def test_a_lost_end_is_found_by_asking_the_provider(scenario: Scenario) -> None:
    world = scenario.world
    world.exchange.disturbances.drop(lambda webhook: webhook.kind == "call-status" or "/left-queue" in webhook.url)
    scenario.play(
        "0:00 | Els | rings\n0:02 | Els | presses 3\n0:20 | Els | presses 1\n0:40 | Els | hangs up | is waiting"
    )
    world.run_for(400)
    record = world.record("Els")
    assert record.outcome == "abandoned"


def test_what_a_caller_says_twice_is_one_call(scenario: Scenario) -> None:
    world = scenario.world
    world.ring("Els")
    incoming = next(sent for sent in world.exchange.sent if sent.webhook.url.endswith("/voice/incoming"))
    for _ in range(3):
        world.exchange.wire.deliver(replace(incoming.webhook))
    assert len(world.services.call_log.calls()) == 1
