"""A recorded call prints in the form of a scenario, and that scenario plays to the same call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from app.cli import main
from callflows.story import story
from tests.support.environment import environment_of
from tests.support.scenario import Scenario

NAMES = {1: "dana", 2: "robin"}
PRINTED = """\
at   | who    | does                    | then
0:00 | dana   | is ready                |
0:00 | caller | rings from +32460001001 | is menu; hears "Welkom bij de helpdesk. Voor"
0:02 | caller | presses 3               | hears "This call is transcribed so that we can"
0:14 | caller |                         | hears "For internet and telephony, press 1."
0:15 | caller | presses 1               | hears "One moment please, we are connecting"
0:15 | dana   |                         | is offered caller
0:18 | caller |                         | waits as number 1
0:20 | dana   | accepts                 |
0:20 | caller |                         | is talking
0:40 | dana   | puts on hold            |
0:45 | dana   | takes back              |
1:20 | dana   | ends the call           |
1:20 | caller |                         | hears "How did we do? Please press a key from"
1:26 | caller | presses 4               | hears "Thank you for calling. Goodbye."
1:40 | dana   | wraps up as solved      |
1:40 | caller |                         | is ended; outcome answered; ring 5 s; talk 55 s; hold 5 s; wrap_up 20 s"""


def printed(scenario: Scenario, name: str) -> str:
    world = scenario.world
    return story(world.call_id(name), world.facts(name), NAMES, world.services.desk.prompts.text)


def played_again(scenario: Scenario, table: str) -> str:
    """The story of the call that comes of playing a story, on another day."""
    scenario.world.skip_to(scenario.world.clock.now() + timedelta(days=1))
    scenario.operator("dana").be("away")
    scenario.play(table)
    return printed(scenario, "caller")


def test_a_call_prints_as_it_was_played(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario.play(
        """
        at    | who  | does                | then
        0:00  | dana | is ready            |
        0:10  | Els  | rings               |
        0:12  | Els  | presses 3           |
        0:25  | Els  | presses 1           |
        0:30  | dana | accepts             |
        0:50  | dana | puts on hold        |
        0:55  | dana | takes back          |
        1:30  | dana | ends the call       |
        1:36  | Els  | presses 4           |
        1:50  | dana | wraps up as solved  |
        """
    )
    first = printed(scenario, "Els")
    assert first == PRINTED
    for name, value in environment_of(scenario.world.services.settings).items():
        monkeypatch.setenv(name, value)
    said = CliRunner().invoke(main, ["story", scenario.world.call_id("Els")])
    assert said.stdout == first + "\n"
    assert CliRunner().invoke(main, ["story", "nobody"]).exit_code == 1
    assert played_again(scenario, first) == first


def test_a_call_that_went_wrong_prints_and_plays_too(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who  | does       | then
        0:00  | Els  | rings      |
        0:02  | Els  | presses 3  |
        0:20  | Els  | presses 1  |
        0:40  | dana | is ready   | is offered Els
        0:45  | dana | declines   |
        0:55  | dana |            | is offered Els
        1:00  | dana | accepts    |
        1:10  | dana | drops      |
        1:15  | Els  |            | is waiting
        1:25  | Els  | hangs up   | is ended
        """
    )
    first = printed(scenario, "Els")
    deeds = [[cell.strip() for cell in line.split("|")[1:3]] for line in first.splitlines()[1:]]
    assert [f"{who} {does}" for who, does in deeds if does] == [
        "caller rings from +32460001001", "caller presses 3", "caller presses 1", "dana is ready", "dana declines",
        "dana accepts", "dana drops", "caller hangs up",
    ]  # fmt: skip
    assert "outcome answered" in first
    assert played_again(scenario, first) == first


def test_what_the_table_could_not_be_read_with_is_left_out_of_sentences() -> None:
    with pytest.raises(ValueError, match="Nothing is known"):
        story("c1", [], {}, lambda *_: "")
