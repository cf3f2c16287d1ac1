"""How the flow says that a call is to be treated: a key for those who go first, one for the second line, a product."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from callflows.facts import QueueEntered
from foundation.settings import ROOT
from queueing.tables import QueueEntryRow
from tests.support.scenario import Scenario
from tests.support.world import World

KEYS = """
[nodes.topic.keys.7]
exit = "first"

[nodes.first]
kind = "set"
priority_s = 90
next = "internet"

[nodes.topic.keys.8]
exit = "second-line"

[nodes.second-line]
kind = "set"
level = 2
next = "internet"

[nodes.topic.keys.6]
exit = "about-invoices"

[nodes.about-invoices]
kind = "set"
product = "invoices"
next = "internet"
"""


@pytest.fixture
def changed_settings(tmp_path: Path) -> dict[str, str]:
    """The shipped flow with three more keys in its menu."""
    flows = tmp_path / "flows"
    shutil.copytree(ROOT / "callflows" / "flows", flows)
    with (flows / "helpdesk.toml").open("a") as file:
        file.write(KEYS)
    return {"FLOWS_DIR": str(flows)}


def test_who_goes_first_is_placed_as_if_they_had_waited_already_and_no_further(world: World) -> None:
    Scenario(world).play(
        """
        at   | who  | does                    | then
        0:00 | Els  | rings                   |
        0:02 | Els  | presses 3               |
        0:20 | Els  | presses 1               | waits as number 1
        1:40 | Marc | rings from +32460001002 |
        1:42 | Marc | presses 3               |
        2:00 | Marc | presses 1               | waits as number 2
        2:01 | Vip  | rings from +32460001003 |
        2:03 | Vip  | presses 3               |
        2:20 | Vip  | presses 7               | waits as number 2
        2:20 | Els  |                         | waits as number 1
        2:20 | Marc |                         | waits as number 3
        2:25 | dana | is ready                | is offered Els
        """
    )


def test_a_call_for_the_second_line_goes_to_who_has_its_level(world: World) -> None:
    levels = {"internet": 2, "invoices": 1}
    world.services.skills.change(2, languages=["fr", "nl", "en"], levels=levels, actor="eva")
    Scenario(world).play(
        """
        at   | who   | does      | then
        0:00 | dana  | is ready  |
        0:00 | Els   | rings     |
        0:02 | Els   | presses 3 |
        0:20 | Els   | presses 8 | waits as number 1
        0:25 | dana  |           | is ready
        0:30 | karim | is ready  | is offered Els
        """
    )


def test_who_was_lost_on_the_way_into_the_queue_is_put_there_as_the_flow_said(world: World) -> None:
    levels = {"internet": 2, "invoices": 1}
    world.services.skills.change(2, languages=["fr", "nl", "en"], levels=levels, actor="eva")
    scenario = Scenario(world)
    scenario.play(
        """
        at   | who   | does      | then
        0:00 | Els   | rings     |
        0:02 | Els   | presses 3 |
        0:20 | Els   | presses 8 | waits as number 1
        """
    )
    with world.services.database.transaction() as session:  # as if the process had died before the queue was told
        session.execute(delete(QueueEntryRow))
    world.services.redis.flushall()
    scenario.play(
        """
        0:40 | dana  | is ready  | is ready
        0:41 | Els   |           | waits as number 1
        0:45 | dana  |           | is ready
        0:50 | karim | is ready  | is offered Els
        """
    )


def test_a_relaxation_set_while_they_wait_counts_for_who_waits_already(world: World) -> None:
    scenario = Scenario(world)
    scenario.play(
        """
        at   | who  | does      | then
        0:00 | dana | is ready  |
        0:00 | Els  | rings     |
        0:02 | Els  | presses 3 |
        0:20 | Els  | presses 8 | waits as number 1
        0:30 | dana |           | is ready
        """
    )
    rules = world.services.rules.rules("internet")
    world.services.rules.change("internet", replace(rules, relax_level_s=30), actor="eva")
    scenario.play(
        """
        0:45 | dana |           | is ready
        0:52 | dana |           | is offered Els
        """
    )


def test_a_product_leads_into_its_own_queue_by_whatever_queue_node(world: World) -> None:
    Scenario(world).play(
        """
        at   | who | does      | then
        0:00 | Els | rings     |
        0:02 | Els | presses 3 |
        0:20 | Els | presses 6 | waits as number 1
        """
    )
    assert [fact.queue for fact in world.facts("Els") if isinstance(fact, QueueEntered)] == ["invoices"]
    assert world.record("Els").queue == "invoices"
