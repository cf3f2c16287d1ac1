"""A day runs from midnight to midnight there, whatever the clock does, and lies in a year that somebody means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from foundation.calendar_days import midnight, span
from foundation.errors import InvalidInput

BRUSSELS = ZoneInfo("Europe/Brussels")


def test_midnight_is_that_of_the_day_there() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # half past midnight in Brussels
    assert midnight(late, BRUSSELS) == datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    assert midnight(late - timedelta(hours=1), BRUSSELS) == datetime(2026, 11, 21, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 23), 24)]
)
def test_a_day_is_as_long_as_its_clock_makes_it(day: date, hours: int) -> None:
    begin, end = span(day, day, BRUSSELS)
    assert (end.astimezone(UTC) - begin.astimezone(UTC)) == timedelta(hours=hours)
    assert midnight(end - timedelta(seconds=1), BRUSSELS) == begin


def test_the_last_day_counts_in() -> None:
    begin, end = span(date(2026, 11, 20), date(2026, 11, 23), BRUSSELS)
    assert (begin.isoformat(), end.isoformat()) == ("2026-11-20T00:00:00+01:00", "2026-11-24T00:00:00+01:00")
    assert span(date(2000, 1, 1), date(2100, 12, 31), BRUSSELS)[1].year == 2101


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(2101, 1, 1), date.max])
def test_a_day_that_nobody_means_is_refused(day: date) -> None:
    for first, last in ((day, day), (date(2026, 1, 1), day), (day, date(2026, 1, 1))):
        with pytest.raises(InvalidInput, match="2000 to 2100"):
            span(first, last, BRUSSELS)
