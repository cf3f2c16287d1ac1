"""What is deleted by age, and on request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.erasure import Erasure
from foundation.audit import AuditRow
from foundation.clock import ManualClock
from foundation.errors import InvalidInput, NotFound
from tests.desk.desk_house import ELS, House


@pytest.fixture
def erasure(house: House, clock: ManualClock) -> Erasure:
    return Erasure(house.services.database, house.services.redis, clock, house.settings)


def everything(house: House) -> str:
    """All rows of all tables, as text, but for customers and tickets' own notes."""
    found = []
    with house.services.database.transaction() as session:
        names = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        for name in names:
            found += session.scalars(text(f'SELECT t::text FROM "{name}" t')).all()
    return "\n".join(found)


def test_transcripts_go_when_they_are_too_old_and_calls_stay(
    house: House, erasure: Erasure, clock: ManualClock
) -> None:
    call_id = house.call()
    house.say(call_id, "caller", 40.0, "hallo met els", 1)
    clock.advance(timedelta(days=29))
    assert erasure.by_age()["sentences"] == 0
    clock.advance(timedelta(days=2))
    assert erasure.by_age()["sentences"] == 1
    assert house.transcripts.of_call(call_id) == []
    assert house.log.record_of(call_id).queue == "internet"


def test_numbers_leave_the_call_log_when_they_are_too_old(house: House, erasure: Erasure, clock: ManualClock) -> None:
    call_id = house.call()
    clock.advance(timedelta(days=401))
    assert erasure.by_age()["numbers"] == 1
    assert house.log.record_of(call_id).from_number == ""


def test_deleting_by_age_is_done_once_a_day(house: House, erasure: Erasure, clock: ManualClock) -> None:
    assert erasure.daily() is not None
    assert erasure.daily() is None
    clock.advance(timedelta(days=1))
    assert erasure.daily() is not None


def test_one_call_is_erased_and_the_audit_log_keeps_the_counts(house: House, erasure: Erasure) -> None:
    house.say(house.call("c1"), "caller", 40.0, "hallo met els", 1)
    house.say(house.call("c2"), "caller", 40.0, "hallo met jan", 1)
    counts = erasure.call("c1", "sofie")
    assert (counts["sentences"], counts["numbers"], counts["calls"]) == (1, 1, 1)
    assert house.transcripts.of_call("c1") == [] and len(house.transcripts.of_call("c2")) == 1
    with house.services.database.transaction() as session:
        row = session.scalars(select(AuditRow)).one()
        assert (row.actor, row.action, row.subject, row.after) == ("sofie", "call.erased", "call:c1", counts)
    with pytest.raises(NotFound):
        erasure.call("c9", "sofie")


def test_a_person_is_erased_from_every_table(house: House, erasure: Erasure) -> None:
    house.say(house.call("c1"), "caller", 40.0, "hallo met els", 1)
    house.helpdesk.confirm_customer("c1", house.helpdesk.candidates(ELS)[0].customer.id, "dana", ELS)
    assert ELS in everything(house)
    counts = erasure.number("0" + ELS[3:], "sofie")
    assert counts["sentences"] == 1 and counts["customer numbers"] == 1
    assert ELS not in everything(house)
    with pytest.raises(InvalidInput):
        erasure.number("nobody", "sofie")
