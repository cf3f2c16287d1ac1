"""The caller does not want to be written down any more: the operator stops it in the middle of the talk."""

from __future__ import annotations

from callflows.facts import TranscriptionRefused
from tests.support.scenario import Scenario
from tests.support.world import World


def streams(world: World, leg: str) -> list[tuple[str, str]]:
    """Name and status of each Media Stream of the talk that the provider has had on a leg."""
    found = world.exchange.legs.by_sid[leg].streams.values()
    return sorted((stream.name, stream.status) for stream in found if not stream.name.startswith("answer-"))


def test_both_streams_stop_at_once_and_none_is_started_for_the_next_operator(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who  | does       | then
        0:00  | dana | is ready   |
        0:01  | Els  | rings      |
        0:12  | Els  | presses 1  |
        0:30  | Els  | presses 1  | is offered
        0:35  | dana | accepts    |
        0:40  | Els  |            | is talking
        """
    )
    world, dana = scenario.world, scenario.operator("dana")
    els = world.callers["Els"]
    assert [status for _, status in streams(world, els.leg)] == ["in-progress"]
    dana.opt_out()
    assert [status for _, status in streams(world, els.leg)] == ["stopped"]
    assert [status for _, status in streams(world, dana.phone.leg)] == ["stopped"]
    refusals = [fact for fact in world.facts("Els") if isinstance(fact, TranscriptionRefused)]
    assert [fact.by for fact in refusals] == ["operator"]
    assert world.record("Els").status == "talking"
    dana.drop()
    world.run_for(2)
    assert [status for _, status in streams(world, els.leg) if status == "in-progress"] == []
