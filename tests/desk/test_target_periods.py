"""The targets page: longest wait, what follows when it will be missed, and other targets at other times."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from foundation.audit import AuditRow
from foundation.clock import ManualClock
from tests.desk.desk_house import House

EVENING = {
    "name": "evening",
    "days": "mon-fri",
    "from": "10:00",
    "until": "20:00",
    "share_percent": "70",
    "within_s": "60",
    "longest_s": "900",
    "when_missed": "widen",
}


def test_the_whole_target_is_changed_from_the_page(house: House) -> None:
    sofie = house.signed_in("sofie")
    fields = {"share_percent": "80", "within_s": "120", "longest_s": "400", "when_missed": "widen"}
    assert sofie.post("/desk/targets/invoices", fields).status_code == 303
    target = house.queues.queue("invoices").target
    assert (target.share, target.within_s, target.longest_s, target.when_missed) == (0.8, 120, 400, "widen")
    refused = sofie.post("/desk/targets/invoices", {**fields, "longest_s": "100"})
    assert refused.status_code == 422 and "longest-error-invoices" in refused.text


def test_a_period_is_added_changed_and_taken_away(house: House, clock: ManualClock) -> None:
    sofie = house.signed_in("sofie")
    house.call("c1", queue="invoices")  # Monday 10:00 in Brussels
    assert sofie.post("/desk/targets/invoices/periods", EVENING).status_code == 303
    assert "10:00" in sofie.get("/desk/targets").text
    clock.advance(timedelta(seconds=61))
    board = sofie.get("/desk/wallboard").text
    assert "evening" in board and 'class="queue-row late" id="queue-invoices"' in board
    assert house.log.record_of("c1").target_s == 60
    assert sofie.post("/desk/targets/invoices/periods", {**EVENING, "until": "18:00"}).status_code == 303
    (period,) = house.queues.queue("invoices").periods
    assert period.until_min == 18 * 60
    assert sofie.post("/desk/targets/invoices/periods", {"name": "evening", "remove": "1"}).status_code == 303
    assert house.queues.queue("invoices").periods == ()
    with house.database.transaction() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.actor for row in rows] == ["sofie"] * 3
    assert rows[0].after == {"evening": "mon-fri 10:00-20:00: 70 % within 60 s, at most 900 s, widen"}
    assert rows[2].after == {}


def test_a_period_that_cannot_be_is_refused_with_what_was_typed(house: House) -> None:
    sofie = house.signed_in("sofie")
    for wrong in ({"days": "someday"}, {"from": "21:00"}, {"name": ""}):
        answer = sofie.post("/desk/targets/invoices/periods", {**EVENING, **wrong})
        assert answer.status_code == 422
        assert "period-error-invoices-new" in answer.text
    assert house.queues.queue("invoices").periods == ()


def test_the_wallboard_says_how_many_are_at_risk(house: House, clock: ManualClock) -> None:
    marc = house.signed_in("marc")
    house.call("c1", queue="invoices")
    clock.advance(timedelta(seconds=119))
    assert "1 at risk" not in marc.get("/desk/wallboard").text
    clock.advance(timedelta(seconds=1))
    assert "1 at risk" in marc.get("/desk/wallboard").text
