"""The callbacks that say that a call is over are lost: nobody is kept in a talk that no longer goes on."""

from __future__ import annotations

import pytest

from app.ticker import SILENT_FOR, tick
from tests.support.scenario import Scenario

TALKING = """
at    | who  | does      | then
0:00  | dana | is ready  |
0:00  | Els  | rings     |
0:02  | Els  | presses 3 |
0:20  | Els  | presses 1 |
0:25  | dana | accepts   | is talking
"""


@pytest.fixture
def left_behind(scenario: Scenario) -> Scenario:
    """Els hung up, and nothing of it was heard."""
    scenario.play(TALKING)
    world = scenario.world
    world.exchange.disturbances.drop(lambda _: True)
    world.exchange.hang_up(world.callers["Els"].leg)
    world.settle()
    world.exchange.disturbances.clear()
    assert scenario.operator("dana").state == "talking" and world.record("Els").status == "talking"
    return scenario


def test_who_presses_end_is_free_at_once(left_behind: Scenario) -> None:
    dana = left_behind.operator("dana")
    dana.end()
    assert dana.state == "wrap-up" and left_behind.world.record("Els").outcome == "answered"


def test_who_presses_nothing_is_freed_when_nothing_was_heard_for_minutes(left_behind: Scenario) -> None:
    world = left_behind.world
    world.clock.advance(SILENT_FOR / 2)
    tick(world.services)
    assert left_behind.operator("dana").state == "talking"
    world.clock.advance(SILENT_FOR)
    tick(world.services)
    world.settle()
    assert left_behind.operator("dana").state == "wrap-up" and world.record("Els").outcome == "answered"
