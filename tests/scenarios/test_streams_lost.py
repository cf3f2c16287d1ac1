"""A Media Stream that is lost in the middle of a talk: a new one, and a mark where sound is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callflows.facts import StreamChanged
from simulator.ports import StreamRequest
from simulator.silence import SilentPlane
from tests.support.scenario import Scenario

TALK = """
    at    | who  | does      | then
    0:00  | dana | is ready  |
    0:00  | Els  | rings     |
    0:02  | Els  | presses 3 |
    0:20  | Els  | presses 1 |
    0:25  | dana | accepts   | is talking
    0:30  | Els  |           | is talking
"""


class Deaf(SilentPlane):
    """Nobody answers at the media server."""

    def start_stream(self, request: StreamRequest, report) -> None:  # type: ignore[no-untyped-def]
        self.requests.append(request)
        report("stream-error", "31902 refused")


def running(scenario: Scenario) -> set[str]:
    streams = scenario.world.exchange.streams.values()
    return {stream.name for stream in streams if stream.status == "in-progress"}


def lose(scenario: Scenario, name: str) -> None:
    exchange = scenario.world.exchange
    (stream,) = (each for each in exchange.streams.values() if each.name == name and each.status == "in-progress")
    exchange.sound.stop_stream(stream.sid)


@pytest.mark.parametrize("name", ["caller", "operator-1"])
def test_a_lost_stream_is_started_again_with_a_token_of_its_own(scenario: Scenario, name: str) -> None:
    scenario.play(TALK)
    lose(scenario, name)
    scenario.play("0:40 | Els | | is talking")
    assert running(scenario) == {"caller", "operator-1"}
    requests = [request for request in scenario.world.exchange.sound.requests if request.name == name]  # type: ignore[attr-defined]
    assert len(requests) == 2
    first, second = (dict(request.parameters)["token"] for request in requests)
    assert first != second
    claim = scenario.world.services.stream_tokens.redeem(second, requests[1].leg)
    assert claim.speaker == name.split("-")[0]


def test_what_was_missed_meanwhile_is_marked(scenario: Scenario) -> None:
    scenario.play(TALK)
    world = scenario.world
    hearing, deaf = world.exchange.sound, Deaf()
    lose(scenario, "caller")
    world.exchange.sound = deaf
    scenario.play("0:50 | Els | | is talking")
    assert running(scenario) == {"operator-1"}
    assert 3 <= len(deaf.requests) <= 8, "tried again and again, but ever later"
    world.exchange.sound = hearing
    scenario.play("1:40 | Els | | is talking")
    assert running(scenario) == {"caller", "operator-1"}
    call_id = world.record("Els").call_id
    (gap,) = world.services.transcripts.gaps_of_call(call_id)
    assert gap.speaker == "caller"
    assert gap.start_s == pytest.approx(30, abs=2) and 50 <= gap.end_s <= 100


def test_a_stream_that_ends_with_its_call_stays_ended(scenario: Scenario) -> None:
    scenario.play(TALK + "    0:50  | Els  | hangs up  | is off the line\n    2:00 | Els | |")
    started = [request.name for request in scenario.world.exchange.sound.requests]  # type: ignore[attr-defined]
    assert sorted(name for name in started if not name.startswith("answer-")) == ["caller", "operator-1"]
    assert running(scenario) == set()


def test_the_same_loss_reported_twice_starts_one_stream(scenario: Scenario) -> None:
    scenario.play(TALK)
    world = scenario.world
    lose(scenario, "caller")
    scenario.play("0:35 | Els | | is talking")
    call_id = world.record("Els").call_id
    lost = next(
        fact
        for fact in world.services.call_log.facts_of(call_id)
        if isinstance(fact, StreamChanged) and fact.change == "stream-stopped"
    )
    world.services.resuming.changed(call_id, lost)
    world.services.resuming.resume({"call_id": call_id, "leg": lost.leg, "stream": lost.stream})
    world.clock.advance(timedelta(seconds=1))
    assert len([r for r in world.exchange.sound.requests if r.name == "caller"]) == 2  # type: ignore[attr-defined]
