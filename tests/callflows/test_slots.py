"""When a caller may be called back."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

from callflows.hours import Calendar, is_open
from callflows.slots import due_at, open_from, slot_args, slots
from foundation.settings import ROOT

CALENDAR = Calendar.model_validate(
    tomllib.loads((ROOT / "callflows" / "flows" / "calendars.toml").read_text())["helpdesk"]
)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_callback_is_due_at_the_end_of_the_next_working_day() -> None:
    assert due_at(CALENDAR, MONDAY) == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def test_a_weekend_is_not_a_working_day() -> None:
    friday = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    assert due_at(CALENDAR, friday) == datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


def test_a_belgian_holiday_is_not_a_working_day() -> None:
    day_before_armistice_day = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)  # a Tuesday
    assert due_at(CALENDAR, day_before_armistice_day) == datetime(2026, 11, 12, 17, 0, tzinfo=UTC)


def test_a_day_with_other_hours_ends_earlier() -> None:
    assert due_at(CALENDAR, datetime(2026, 12, 23, 9, 0, tzinfo=UTC)) == datetime(2026, 12, 24, 11, 0, tzinfo=UTC)


def test_slots_lie_within_opening_hours_and_before_the_callback_is_due() -> None:
    for start in (MONDAY, MONDAY + timedelta(hours=12), datetime(2026, 12, 24, 9, 0, tzinfo=UTC)):
        found = slots(CALENDAR, start)
        due = due_at(CALENDAR, start)
        assert found
        assert due is not None
        for slot in found:
            assert start < slot.begins_at < slot.ends_at <= due
            assert is_open(CALENDAR, slot.begins_at) == "open"
            assert is_open(CALENDAR, slot.ends_at - timedelta(seconds=1)) == "open"
        assert list(found) == sorted(found, key=lambda slot: slot.begins_at)


def test_a_slot_is_said_by_its_day_and_hours() -> None:
    first, *_, last = slots(CALENDAR, MONDAY)
    assert slot_args(CALENDAR, first, MONDAY) == {"slot_day": "today", "hour": 11, "until_hour": 12}
    assert slot_args(CALENDAR, last, MONDAY) == {"slot_day": "tomorrow", "hour": 17, "until_hour": 18}


def test_nobody_is_called_while_it_is_closed() -> None:
    evening = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert open_from(CALENDAR, evening) == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert open_from(CALENDAR, MONDAY) == MONDAY


def test_a_calendar_can_be_kept_with_a_callback() -> None:
    assert Calendar.model_validate(CALENDAR.model_dump(mode="json")) == CALENDAR
