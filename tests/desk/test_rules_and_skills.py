"""The pages of a queue's rules and of operators' skills: what is typed is kept, what changes counts and is audited."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from foundation.audit import AuditRow
from queueing.rules import QueueRules
from tests.desk.desk_house import House, Visitor

RULES = {
    "max_waiting": "30",
    "nobody_after_s": "300",
    "overflow_after_s": "240",
    "overflow_to": "workplace",
    "when_closed": "leave",
    "callback_after_s": "",
    "callback_attempts": "5",
    "callback_spacing_s": "600",
    "callback_due_days": "2",
    "relax_language_s": "",
    "relax_queue_s": "180",
    "relax_level_s": "60",
    "priority_cap_s": "90",
}
SKILLS = {"language": ["nl", "fr"], "level-internet": "2", "level-workplace": "", "level-invoices": "1"}


@pytest.fixture
def sofie(house: House) -> Visitor:
    return house.signed_in("sofie")


def audit(house: House) -> list[AuditRow]:
    with house.database.transaction() as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.id)))


def value(page: str, field: str) -> str | None:
    """What stands in a form's field."""
    tag = re.search(rf'<input id="{field}"[^>]*>', page)
    found = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return found[1] if found else None


def test_every_rule_of_a_queue_is_changed_from_the_page(house: House, sofie: Visitor) -> None:
    answer = sofie.post("/desk/rules/internet", RULES)
    assert (answer.status_code, answer.location) == (303, "/desk/rules?changed=internet#rules-internet")
    assert house.services.rules.rules("internet") == QueueRules(
        30, 240, "workplace", 300, "leave", None, 5, 600, 2, None, 180, 60, 90
    )
    assert house.queues.queue("internet").relax == {"queue": 180, "level": 60}
    (row,) = audit(house)
    assert (row.actor, row.action, row.subject) == ("sofie", "queue.rules-changed", "queue:internet")
    assert (row.before["callback_after_s"], row.after["callback_after_s"]) == (120, None)
    page = sofie.get(answer.location).text
    assert 'role="status"' in page and value(page, "relax_level_s-internet") == "60"
    assert page.count("<td>sofie</td>") + page.count(">sofie</td>") >= 1
    assert sofie.post("/desk/rules/internet", RULES).status_code == 303
    assert len(audit(house)) == 1, "nothing has changed"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"max_waiting": "many"}, "max_waiting"),
        ({"callback_attempts": ""}, "callback_attempts"),
        ({"callback_due_days": "11"}, "callback_due_days"),
        ({"priority_cap_s": "-5"}, "priority_cap_s"),
        ({"overflow_to": ""}, "overflow_to"),
        ({"overflow_after_s": ""}, "overflow_after_s"),
        ({"overflow_to": "printers"}, "overflow_to"),
        ({"when_closed": "sing"}, "when_closed"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_beside_its_field_with_all_that_was_typed(
    house: House, sofie: Visitor, wrong: dict[str, str], field: str
) -> None:
    answer = sofie.post("/desk/rules/internet", {**RULES, **wrong})
    assert answer.status_code == 422
    assert re.findall(r'class="field-error" id="([a-z_]+)-internet-error"', answer.text) == [field]
    for name in ("max_waiting", "callback_spacing_s", "relax_queue_s"):
        assert value(answer.text, f"{name}-internet") == {**RULES, **wrong}[name]
    assert audit(house) == []


def test_everything_that_is_wrong_is_said_at_once(sofie: Visitor) -> None:
    answer = sofie.post("/desk/rules/internet", {**RULES, "max_waiting": "x", "callback_attempts": "0"})
    assert answer.text.count("-internet-error") == 4  # each is named by its field as well
    assert sofie.post("/desk/rules/printers", RULES).status_code == 404


def test_skills_are_changed_from_the_page_and_the_next_offer_follows_them(house: House, sofie: Visitor) -> None:
    house.queues.set_presence(1, "ready")
    changed = sofie.post("/desk/skills/1", {**SKILLS, "language": ["fr"]})
    assert (changed.status_code, changed.location) == (303, "/desk/skills?changed=1#operator-1")
    house.call("dutch", language="nl")
    assert house.queues.offer_for(1) is None
    house.call("french", language="fr")
    assert house.offer_to(1).call_id == "french"
    operator = house.queues.operator(1)
    assert (operator.queues, operator.level("internet")) == ({"internet", "invoices"}, 2)
    (row,) = audit(house)
    assert (row.actor, row.subject) == ("sofie", "operator:1")
    assert row.after["queues"] == {"internet": 2, "invoices": 1}
    assert "Dana Voorbeeld" in sofie.get("/desk/skills?name=dana").text
    assert "Karim" not in sofie.get("/desk/skills?name=dana").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"language": []}, "Kies minstens één taal."),
        ({"level-internet": "", "level-invoices": ""}, "Kies een niveau in minstens één wachtrij."),
        ({"level-internet": "9"}, "Een niveau is een getal van 1 tot 5."),
    ],
)
def test_skills_that_cannot_be_are_refused_with_what_was_chosen(
    house: House, sofie: Visitor, wrong: dict[str, Any], said: str
) -> None:
    typed = {**SKILLS, **wrong}
    answer = sofie.post("/desk/skills/1", typed)
    assert answer.status_code == 422 and 'id="skills-error-1"' in answer.text
    assert re.findall(r'class="field-error"[^>]*>([^<]*?) *<', answer.text) == [said]
    (form,) = re.findall(r'<li [^>]*id="operator-1">(.*?)</li>', answer.text, re.DOTALL)
    assert re.findall(r'name="language" value="(..)" checked', form) == typed["language"]
    for queue in ("internet", "workplace", "invoices"):
        (select,) = re.findall(rf'name="level-{queue}"(.*?)</select>', form, re.DOTALL)
        level = typed[f"level-{queue}"]
        offered = level if level != "9" else ""  # which no list has
        assert re.findall(r'value="(\d)" selected', select) == ([offered] if offered else [])
    assert audit(house) == []
    assert sofie.post("/desk/skills/99", SKILLS).status_code == 404


def test_operators_neither_see_nor_change_rules_and_skills(house: House) -> None:
    dana = house.signed_in("dana")
    for path in ("/desk/rules", "/desk/skills"):
        assert dana.get(path).status_code == 403
    assert "/desk/targets#target-internet" not in dana.get("/desk/wallboard").text
    before = house.queues.operator(1), house.services.rules.rules("internet")
    assert dana.post("/desk/rules/internet", RULES).status_code == 403
    assert dana.post("/desk/skills/1", SKILLS).status_code == 403
    assert (house.queues.operator(1), house.services.rules.rules("internet")) == before
    assert audit(house) == []


def test_a_target_on_the_wallboard_leads_to_where_it_is_changed(sofie: Visitor) -> None:
    assert 'href="/desk/targets#target-internet"' in sofie.get("/desk/wallboard").text
    assert 'id="target-internet"' in sofie.get("/desk/targets").text
