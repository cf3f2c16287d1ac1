"""Flows go live and back while people are on the line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.commands_publishing import publish, rollback
from callflows.schema import SCHEMA_FILE, flow_schema
from foundation.errors import Conflict, NotFound, SettingsError
from foundation.settings import ROOT, numbers_of
from ivr.flows import FlowLibrary
from tests.support.scenario import Scenario
from tests.support.world import World

SECOND_NUMBER = "+3225550101"
SHORT = """
name = "invoices"
start = "bye"
language = "fr"

[nodes.bye]
kind = "hangup"
prompt = "goodbye"
outcome = "left-menu"
"""


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """The shipped flows, to be changed."""
    folder = tmp_path / "flows"
    shutil.copytree(ROOT / "callflows" / "flows", folder)
    (folder / "invoices.toml").write_text(SHORT)
    return folder


@pytest.fixture
def changed_settings(flows: Path) -> dict[str, str]:
    return {"FLOWS_DIR": str(flows), "NUMBER_FLOWS": f"{SECOND_NUMBER}=invoices"}


def change(flows: Path) -> None:
    """Invoices move from 4 to 5, and the menu is asked once only."""
    path = flows / "helpdesk.toml"
    path.write_text(path.read_text().replace("[nodes.topic.keys.4]", "[nodes.topic.keys.5]"))


def cli(world: World, command: object, *arguments: str) -> str:
    settings = world.services.settings
    environment = {
        name.upper(): value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in settings
    }
    result = CliRunner().invoke(command, arguments, env=environment)  # type: ignore[arg-type]
    assert result.exit_code == 0, result.output
    return result.output


def test_a_call_in_progress_keeps_its_flow_and_the_next_caller_gets_the_new_one(world: World, flows: Path) -> None:
    scenario = Scenario(world)
    scenario.play("0:00 | Els | rings |\n0:02 | Els | presses 3 |")
    change(flows)
    assert cli(world, publish, "--by", "eva").startswith("1: ")
    world.services.redis.flushall()
    scenario.play(
        """
        0:20 | Els | presses 4               | is waiting
        0:30 | Tom | rings from +32460001002 |
        0:32 | Tom | presses 3               |
        0:50 | Tom | presses 4               | hears "I do not know that choice."
        0:55 | Tom | presses 5               | is waiting
        """
    )
    assert world.record("Els").queue == world.record("Tom").queue == "invoices"
    with pytest.raises(Conflict, match="Nothing has changed since publication 1"):
        FlowLibrary(world.services.database, world.clock, flows, "helpdesk").publish("eva")


def test_a_rollback_brings_the_flow_before_back(world: World, flows: Path) -> None:
    library = world.services.flows
    first = library.publish("eva")
    change(flows)
    changed = FlowLibrary(world.services.database, world.clock, flows, "helpdesk")
    second = changed.publish("eva")
    assert library.answering("+3225550100").version == second.versions["helpdesk"]
    assert cli(world, rollback, "--by", "robin").split(", back to ")[1].startswith("1: ")
    assert library.answering("+3225550100").version == first.versions["helpdesk"]
    with pytest.raises(Conflict, match="no publication before 1"):
        library.rollback("robin")
    with pytest.raises(NotFound):
        library.rollback("robin", to=99)
    assert library.rollback("robin", to=second.id).versions == second.versions
    assert [one.rolled_back_to for one in library.publications()] == [2, 1, None, None]
    assert len(cli(world, publish, "--list").splitlines()) == 4


def test_a_flow_with_faults_is_not_published(world: World, flows: Path) -> None:
    path = flows / "helpdesk.toml"
    path.write_text(path.read_text().replace('prompt = "topic"', 'prompt = "no-such-prompt"'))
    with pytest.raises(AssertionError, match=r'prompt "no-such-prompt" is missing[\s\S]*Nothing was published'):
        cli(world, publish)
    assert world.services.flows.current() is None


def test_each_number_has_its_flow(world: World) -> None:
    assert world.services.flows.answering(SECOND_NUMBER).name == "invoices"
    assert world.services.flows.answering("+3225550100").name == "helpdesk"
    assert numbers_of("") == {}
    with pytest.raises(SettingsError, match="02 555"):
        numbers_of("02 555 01 01=invoices")


def test_the_schema_for_editors_is_that_of_the_code() -> None:
    committed = (ROOT / "callflows" / "flows" / SCHEMA_FILE).read_text(encoding="utf-8")
    assert committed == flow_schema(), "run `python -m app.cli flow-schema`"
