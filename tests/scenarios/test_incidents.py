"""Messages about incidents: heard by who rings and by who waits, each in their own language, and never twice."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.commands_rules import queue_rules
from app.commands_waiting import incident
from callflows.facts import IncidentHeard
from foundation.audit import AuditRow
from foundation.errors import Conflict, InvalidInput
from foundation.settings import Settings
from queueing.rules import QueueRules
from tests.support.scenario import Scenario
from tests.support.world import World

DUTCH = "Het internet ligt plat in Brugge. We verwachten herstel tegen twaalf uur."
FRENCH = "Internet est en panne à Bruges. Nous pensons rétablir le service à midi."


def heard(world: World, name: str, text: str) -> int:
    return sum(text in said for said in world.callers[name].heard)


def test_who_waits_already_and_who_rings_hear_the_incident_once_in_their_language(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(
        """
        at    | who   | does                    | then
        0:00  | Els   | rings                   |
        0:02  | Els   | presses 1               |
        0:20  | Els   | presses 1               | waits as number 1
        """
    )
    message = world.services.incidents.set({"nl": DUTCH, "fr": FRENCH, "en": ""}, actor="eva")
    scenario.play(
        """
        1:20  | Els   |                         | hears "Het internet ligt plat in Brugge"
        1:30  | Luc   | rings from +32460001002 |
        1:32  | Luc   | presses 2               | hears "Internet est en panne"
        1:40  | Tom   | rings from +32460001003 |
        1:42  | Tom   | presses 3               | hears "There is a known disruption"
        2:00  | Luc   | presses 1               | is waiting
        3:00  | Luc   |                         | is waiting
        """
    )
    assert heard(world, "Els", DUTCH) == heard(world, "Luc", FRENCH) == 1
    assert heard(world, "Tom", DUTCH) == 0, "nobody is read a language they did not choose"
    assert [fact.incident for fact in world.facts("Els") if isinstance(fact, IncidentHeard)] == ["1.1"]

    world.services.incidents.change(message.id, {"nl": "Het internet werkt weer."}, actor="eva")
    world.run_for(45)
    assert heard(world, "Els", "Het internet werkt weer.") == 1, "who heard the old text hears the new one"
    world.services.incidents.end(message.id, actor="eva")
    scenario.play("4:10 | Ine | rings from +32460001004 |\n4:12 | Ine | presses 1 |\n4:20 | Ine | | is menu")
    assert heard(world, "Ine", "internet werkt") == 0
    with pytest.raises(Conflict):
        world.services.incidents.end(message.id, actor="robin")
    with world.services.database.transaction() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.subject == f"incident:{message.id}")).all()
    assert [(row.actor, row.action) for row in rows] == [
        ("eva", "incident.set"),
        ("eva", "incident.changed"),
        ("eva", "incident.ended"),
    ]


def test_a_message_for_one_queue_is_only_heard_there(scenario: Scenario) -> None:
    world = scenario.world
    world.services.incidents.set({"en": "Printing is down."}, queue="workplace", actor="eva")
    scenario.play(
        """
        at    | who   | does                    | then
        0:00  | Els   | rings                   |
        0:02  | Els   | presses 3               |
        0:20  | Els   | presses 1               |
        0:30  | Tom   | rings from +32460001002 |
        0:32  | Tom   | presses 3               |
        0:50  | Tom   | presses 2               |
        1:00  | Tom   |                         | hears "Printing is down."
        """
    )
    assert heard(world, "Els", "Printing is down.") == 0


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"nl": "  ", "fr": ""}, "at least one language"),
        ({"de": "Störung"}, "not spoken to in de"),
        ({"nl": "a" * 301}, "longer than 300"),
    ],
)
def test_a_message_that_cannot_be_told_is_refused(world: World, texts: dict[str, str], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        world.services.incidents.set(texts, actor="eva")
    assert world.services.incidents.going_on() == []


def test_incidents_and_rules_from_the_command_line(world: World) -> None:
    def cli(command: click.Command, *arguments: str, fails: bool = False) -> str:
        environment = {"DATABASE_URL": world.services.settings.database_url}
        environment["REDIS_URL"] = world.services.settings.redis_url
        fields = {name.upper(): "x" for name, field in Settings.model_fields.items() if field.is_required()}
        result = CliRunner().invoke(command, arguments, env=fields | environment)
        assert (result.exit_code != 0) is fails, result.output
        return result.output

    assert cli(incident, "list") == "Callers hear no message.\n"
    said = cli(incident, "set", "--nl", DUTCH, "--by", "eva")
    assert f"  nl: {DUTCH}" in said
    assert "  en: There is a known disruption." in said
    assert "no queue printers" in cli(incident, "set", "--nl", DUTCH, "--queue", "printers", fails=True)
    assert cli(incident, "end", "1") == "Incident 1 is over.\n"
    assert "nobody-after-s: 300" in cli(queue_rules, "internet")
    changed = cli(
        queue_rules, "internet", "--overflow-after-s", "60", "--overflow-to", "invoices", "--max-waiting", "9"
    )
    assert "overflow-to: invoices" in changed
    assert "overflow-to: none" in cli(queue_rules, "internet", "--overflow-after-s", "-1", "--nobody-after-s", "-1")
    assert world.services.rules.rules("internet") == QueueRules(max_waiting=9)
    with pytest.raises(InvalidInput, match="another queue"):
        world.services.rules.change("internet", QueueRules(overflow_after_s=60), actor="eva")
    with pytest.raises(InvalidInput, match="max_waiting: a whole number from 0 to 1000"):
        world.services.rules.change("internet", QueueRules(max_waiting=-5), actor="eva")
