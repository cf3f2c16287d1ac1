"""What a supervisor sees and changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from callflows.facts import CallEnded
from foundation.audit import AuditRow
from foundation.clock import ManualClock
from tests.desk.desk_house import House


def test_the_wallboard_holds_the_longest_wait_against_the_target(house: House, clock: ManualClock) -> None:
    marc = house.signed_in("marc")
    house.call("c1", queue="invoices", number="+32460009999")
    assert "Within target" in marc.get("/desk/wallboard").text
    clock.advance(timedelta(seconds=150))
    page = marc.get("/desk/wallboard").text
    assert 'class="queue-row at-risk" id="queue-invoices"' in page
    clock.advance(timedelta(seconds=1))
    page = marc.get("/desk/wallboard").text
    assert 'class="queue-row late" id="queue-invoices"' in page
    assert "Too late" in page and "1 beyond target" in page


def test_the_service_level_carries_the_name_of_its_formula_and_says_no_data(house: House, clock: ManualClock) -> None:
    marc = house.signed_in("marc")
    assert "0 of 0 answered" in marc.get("/desk/wallboard").text
    house.call("c1")
    clock.advance(timedelta(seconds=5))
    house.record("c1", CallEnded(at=clock.now(), key="end", reason="hung up"))
    house.queues.leave("c1", "abandoned")
    page = marc.get("/desk/wallboard").text
    assert "0%" in page
    assert "“offered”: answered within 150 s / all offered" in page


def test_a_target_changes_at_once_and_leaves_an_audit_row(house: House, clock: ManualClock) -> None:
    sofie = house.signed_in("sofie")
    house.call("c1", queue="invoices")
    clock.advance(timedelta(seconds=60))
    assert sofie.post("/desk/targets/invoices", {"share_percent": "92,5", "within_s": "45"}).status_code == 303
    assert (house.queues.queue("invoices").share, house.queues.queue("invoices").within_s) == (0.925, 45)
    assert 'class="queue-row late" id="queue-invoices"' in sofie.get("/desk/wallboard").text
    with house.database.transaction() as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.actor, row.subject, row.after["within_s"]) == ("sofie", "queue:invoices", 45)
    assert "sofie" in sofie.get("/desk/targets").text


def test_a_target_that_cannot_be_is_refused_beside_its_field(house: House) -> None:
    sofie = house.signed_in("sofie")
    answer = sofie.post("/desk/targets/invoices", {"share_percent": "120", "within_s": "soon"})
    assert answer.status_code == 422
    assert 'value="120"' in answer.text and 'value="soon"' in answer.text
    assert answer.text.count("field-error") == 2
    assert house.queues.queue("invoices").within_s == 150
    assert sofie.post("/desk/targets/nowhere", {"share_percent": "90", "within_s": "9"}).status_code == 404


def test_calls_are_found_by_queue_outcome_day_number_and_words(house: House, clock: ManualClock) -> None:
    sofie = house.signed_in("sofie")
    house.call("c1")
    house.say("c1", "caller", 31.0, "het lampje knippert rood", 1)
    clock.advance(timedelta(days=1))
    house.call("c2", queue="invoices", number="+32460001002")

    def found(query: str) -> list[str]:
        text = sofie.get(f"/desk/calls?{query}").text
        return [call for call in ("c1", "c2") if f"/desk/calls/{call}" in text]

    assert found("") == ["c1", "c2"]
    assert found("queue=invoices") == ["c2"]
    assert found("outcome=answered") == []
    assert found("day=2026-11-23") == ["c1"]
    assert found("text=0460 00 10 02") == ["c2"]
    assert found("text=knippert rood") == ["c1"]
    assert found("day=never") == ["c1", "c2"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30"])
def test_a_day_that_nobody_means_is_marked_and_kept(house: House, day: str) -> None:
    sofie = house.signed_in("sofie")
    house.call("c1")
    for page in (f"/desk/calls?day={day}", f"/desk/search?words=lampje&day={day}"):
        answer = sofie.get(page)
        assert (answer.status_code, f'value="{day}" aria-invalid="true"' in answer.text) == (200, True)
    assert sofie.get("/desk/calls?before=9999-12-31T23:59:59-12:00").status_code == 200


def test_a_call_page_shows_its_clocks_words_and_timeline(house: House, clock: ManualClock) -> None:
    sofie = house.signed_in("sofie")
    house.call("c1")
    house.say("c1", "caller", 31.0, "het lampje knippert rood", 1)
    clock.advance(timedelta(seconds=12))
    house.record("c1", CallEnded(at=clock.now(), key="end", reason="hung up"))
    house.delivery.deliver({"call_id": "c1"})
    page = sofie.get("/desk/calls/c1").text
    assert 'class="clock-menu" x="0.0"' in page
    assert "Het lampje knippert rood" in page
    assert "Oproep kwam binnen" in page
    assert "in het ticketsysteem" in page
    assert sofie.get("/desk/calls/unknown").status_code == 404
