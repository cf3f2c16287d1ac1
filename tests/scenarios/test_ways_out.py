"""What becomes of callers whom no operator can help in time: the queue's rules, and the list of those to ring back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callflows.facts import QueueEntered, QueueExited
from foundation.errors import Conflict
from queueing.rules import QueueRules
from tests.support.scenario import Scenario
from tests.support.world import World

RULES = QueueRules(nobody_after_s=300)


def rule(world: World, queue: str, **changes: object) -> None:
    world.services.rules.change(queue, replace(RULES, **changes), actor="eva")  # type: ignore[arg-type]


def exits(world: World, name: str) -> list[str]:
    return [fact.way for fact in world.facts(name) if isinstance(fact, QueueExited)]


def test_who_comes_in_behind_too_many_hears_that_we_are_too_busy(world: World) -> None:
    rule(world, "internet", max_waiting=1)
    Scenario(world).play(
        """
        at    | who  | does                    | then
        0:00  | Els  | rings                   |
        0:02  | Els  | presses 3               |
        0:20  | Els  | presses 1               | waits as number 1
        0:25  | Marc | rings from +32460001002 |
        0:27  | Marc | presses 3               |
        0:45  | Marc | presses 1               |
        0:55  | Marc |                         | hears "We are so busy"; hears "To be called back when it"
        1:10  | Marc |                         | last hears "Please call again"; is off the line; outcome failed
        1:10  | Els  |                         | waits as number 1
        """
    )
    assert exits(world, "Marc") == ["full"]
    assert [one.number for one in world.services.follow_ups.open()] == ["+32460001002"]


def test_who_finds_the_queue_full_may_be_called_back_where_it_offers_that(world: World) -> None:
    rule(world, "internet", max_waiting=0)
    Scenario(world).play(
        """
        at    | who  | does      | then
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 |
        0:35  | Els  |           | hears "To be called back when it is your turn"
        0:36  | Els  | presses 1 | hears "We will call you back on"
        0:50  | Els  | presses 1 | hears "as soon as it is your turn"
        0:58  | Els  | presses 1 | hears "you need not stay on the line"
        1:10  | Els  |           | is off the line; outcome callback
        """
    )
    (owed,) = world.services.callbacks.open()
    assert (owed.number, owed.queue) == ("+32460001001", "internet")


def test_who_finds_the_queue_full_is_asked_to_ring_again_where_it_offers_no_callback(world: World) -> None:
    rule(world, "internet", max_waiting=0, callback_after_s=None)
    Scenario(world).play(
        """
        at    | who  | does      | then
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 |
        0:45  | Els  |           | last hears "Please call again"; is off the line; outcome failed
        """
    )


def test_the_queues_know_the_holidays_of_the_calendar_that_their_nodes_name(world: World) -> None:
    world.run_for(60)
    assert world.services.queue.queue("internet").special_days["2026-12-25"] == "holidays"


def test_who_waits_too_long_goes_on_in_another_queue_and_the_wait_counts_there(world: World) -> None:
    rule(world, "internet", overflow_after_s=40, overflow_to="invoices")
    Scenario(world).play(
        """
        at    | who   | does                    | then
        0:00  | Els   | rings                   |
        0:02  | Els   | presses 3               |
        0:20  | Els   | presses 1               | waits as number 1
        0:35  | Marc  | rings from +32460001002 |
        0:37  | Marc  | presses 3               |
        0:50  | Marc  | presses 4               | waits as number 1
        1:30  | Els   |                         | hears "Another team can help you sooner"; waits as number 1
        1:30  | Marc  |                         | waits as number 2
        1:40  | lotte | is ready                | is offered Els
        1:45  | lotte | accepts                 | is talking
        1:45  | Els   |                         | is talking; wait 80 s; ring 5 s
        1:45  | Marc  |                         | waits as number 1
        """
    )
    assert [fact.queue for fact in world.facts("Els") if isinstance(fact, QueueEntered)] == ["internet", "invoices"]
    assert exits(world, "Els") == ["overflow"]


def test_the_helpdesk_closes_and_nobody_is_left_to_help_those_who_wait(world: World) -> None:
    world.skip_to(datetime(2026, 11, 23, 16, 58, tzinfo=UTC))
    Scenario(world).play(
        """
        at    | who  | does      | then
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 | waits as number 1
        1:50  | Els  |           | is waiting
        2:40  | Els  |           | hears "has closed in the meantime"; hears "To leave a message, press 2"
        3:20  | Els  |           | hears "tomorrow from 8 am"; is off the line; outcome closed
        """
    )
    assert exits(world, "Els") == ["closed"]


def test_an_operator_who_is_still_there_serves_those_who_wait_when_the_helpdesk_closes(world: World) -> None:
    world.skip_to(datetime(2026, 11, 23, 16, 58, tzinfo=UTC))
    Scenario(world).play(
        """
        at    | who  | does      | then
        0:00  | dana | pauses    |
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 | waits as number 1
        3:30  | Els  |           | is waiting
        3:35  | dana | is ready  | is offered Els
        3:37  | dana | accepts   | is talking
        """
    )


def test_where_everybody_leaves_at_closing_time_those_who_wait_are_told(world: World) -> None:
    world.skip_to(datetime(2026, 11, 23, 16, 58, tzinfo=UTC))
    rule(world, "internet", when_closed="leave")
    Scenario(world).play(
        """
        at    | who  | does      | then
        0:00  | dana | pauses    |
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 | waits as number 1
        2:40  | Els  |           | hears "has closed in the meantime"
        """
    )


def test_nobody_is_signed_in_and_the_caller_is_told_instead_of_waiting_for_ever(world: World) -> None:
    rule(world, "internet", nobody_after_s=30)
    Scenario(world).play(
        """
        at    | who  | does      | then
        0:00  | Els  | rings     |
        0:02  | Els  | presses 2 |
        0:20  | Els  | presses 1 | waits as number 1
        1:10  | Els  |           | hears "Aucun collaborateur"
        """
    )
    assert exits(world, "Els") == ["nobody"]


def test_a_lost_caller_is_on_the_list_until_they_get_through(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(
        """
        at    | who   | does                    | then
        0:00  | Els   | rings                   |
        0:02  | Els   | presses 3               |
        0:20  | Els   | presses 1               | is waiting
        0:50  | Els   | hangs up                | outcome abandoned
        1:00  | Again | rings                   |
        1:02  | Again | presses 3               |
        1:20  | Again | presses 1               | is waiting
        1:30  | Again | hangs up                | outcome abandoned
        1:31  | Marc  | rings from +32460001002 |
        1:33  | Marc  | presses 3               |
        1:50  | Marc  | presses 1               | is waiting
        2:00  | Marc  | hangs up                | outcome abandoned
        """
    )
    els, marc = world.services.follow_ups.open()
    assert (els.number, [call.outcome for call in els.calls], els.last.waited_s) == (
        "+32460001001",
        ["abandoned", "abandoned"],
        10.0,
    )
    world.services.follow_ups.settle({"call_id": world.call_id("Els")})
    assert len(world.services.follow_ups.open()[0].calls) == 2, "told twice, listed once"
    scenario.play(
        """
        2:10  | dana  | is ready                |
        2:10  | Third | rings                   |
        2:12  | Third | presses 3               |
        2:30  | Third | presses 1               |
        2:32  | dana  | accepts                 | is talking
        2:40  | Third | hangs up                | outcome answered
        """
    )
    assert [one.number for one in world.services.follow_ups.open()] == [marc.number]
    assert world.services.follow_ups.closed()[0].closed_how == "got-through"
    world.services.follow_ups.settle({"call_id": world.call_id("Els")})
    assert [one.number for one in world.services.follow_ups.open()] == [marc.number], "late news puts nobody back"
    world.services.follow_ups.close(marc.id, "reached", actor="dana")
    assert world.services.follow_ups.open() == []
    with pytest.raises(Conflict, match="by dana"):
        world.services.follow_ups.close(marc.id, "reached", actor="robin")


def test_who_rings_at_night_is_rung_back_in_the_morning(world: World) -> None:
    world.skip_to(datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    Scenario(world).play(
        """
        at    | who | does      | then
        0:00  | Els | rings     |
        0:02  | Els | presses 3 | last hears "closed"
        0:30  | Els |           | outcome closed
        """
    )
    (entry,) = world.services.follow_ups.open()
    assert (entry.number, entry.last.outcome, entry.last.language) == ("+32460001001", "closed", "en")
