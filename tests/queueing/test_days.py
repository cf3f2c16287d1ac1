"""Targets on holidays and special days, by the calendar that the flows share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from callflows.folder import Folder
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.errors import InvalidInput
from foundation.settings import ROOT
from queueing import ledger
from queueing.days import Days, days_that_differ
from queueing.model import Queue
from queueing.periods import Period, Target, days_in_words, days_of
from queueing.seed import seed_queues
from queueing.tables import QueueRow

CALENDAR = Folder.at(ROOT / "callflows" / "flows").calendars["helpdesk"]
DAYS = days_that_differ(CALENDAR, date(2026, 11, 23))


def period(name: str, days: str, until_min: int = 24 * 60) -> Period:
    return Period(name, days_of(days), 0, until_min, Target(0.5, len(name) * 10))


def queue(*periods: Period) -> Queue:
    return replace(Queue("internet", {}, 0.9, 150, 1, 5, 60, ()), periods=periods, special_days=DAYS)


def test_the_days_that_differ_are_those_of_the_calendar() -> None:
    assert (DAYS["2026-12-25"], DAYS["2026-12-24"], DAYS.get("2026-12-23")) == ("holidays", "special", None)
    assert DAYS["2027-12-31"] == "special", "the next year as well"


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        (datetime(2026, 12, 25, 9, tzinfo=UTC), "holiday"),  # a Friday
        (datetime(2026, 12, 24, 22, 59, tzinfo=UTC), "eve"),  # 23:59 in Brussels
        (datetime(2026, 12, 24, 23, 0, tzinfo=UTC), "holiday"),
        (datetime(2026, 12, 18, 9, tzinfo=UTC), "week"),  # a Friday like others
        (datetime(2026, 12, 19, 9, tzinfo=UTC), None),
    ],
)
def test_on_a_day_that_differs_the_periods_that_name_it_come_first(moment: datetime, name: str | None) -> None:
    one = queue(period("week", "mon-fri"), period("holiday", "holidays"), period("eve", "special"))
    assert one.period_at(moment) == name
    assert one.target_at(moment).within_s == (len(name) * 10 if name else 150)


def test_where_no_period_of_the_day_covers_the_moment_the_weekday_counts() -> None:
    one = queue(period("week", "mon-fri"), period("holiday", "holidays", until_min=12 * 60))
    assert one.period_at(datetime(2026, 12, 25, 10, 59, tzinfo=UTC)) == "holiday"
    assert one.period_at(datetime(2026, 12, 25, 11, 0, tzinfo=UTC)) == "week"


def test_days_are_written_as_they_are_read() -> None:
    for words in ("mon-fri,holidays", "sat,sun,holidays,special", "special", "holidays"):
        assert days_in_words(days_of(words)) == words
    assert days_of("special mon Holidays") == ("mon", "holidays", "special")
    with pytest.raises(InvalidInput, match="holiday"):
        days_of("holiday")


def test_the_queues_follow_the_calendar(database: Database, clock: ManualClock) -> None:
    with database.transaction() as session:
        seed_queues(session)
    days = Days(database, clock)
    days.follow({"internet": CALENDAR})
    closing = CALENDAR.model_copy(update={"special": {date(2026, 11, 23): ()}})
    days.follow({"internet": closing})
    with database.transaction() as session:
        rows = {row.name: ledger.queue_of(row).special_days for row in session.scalars(select(QueueRow))}
    assert rows["internet"]["2026-11-23"] == "holidays" and "2026-12-24" not in rows["internet"]
    assert rows["invoices"] == {}
