"""The holidays and special days of a queue: those of the calendar that its node in the flow names.

The flows own the calendars. The queue keeps only which days differ, so that whoever asks for a target needs no flow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from callflows.hours import Calendar
from foundation.clock import Clock
from foundation.database import Database
from queueing.periods import HOLIDAYS, SPECIAL, DayKind
from queueing.tables import QueueRow


def days_that_differ(calendar: Calendar, today: date) -> dict[str, DayKind]:
    """Holidays (closing days among them) and special days with hours of their own, of this year and the next; by ISO
    date."""
    found: dict[str, DayKind] = {}
    day = date(today.year, 1, 1)
    while day.year <= today.year + 1:
        if calendar.is_holiday(day):
            found[day.isoformat()] = HOLIDAYS
        elif day in calendar.special:
            found[day.isoformat()] = SPECIAL
        day += timedelta(days=1)
    return found


class Days:
    """Keeps the days of the queues in step with the calendars."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def follow(self, calendars: Mapping[str, Calendar]) -> None:
        """`calendars` by queue; a queue without one keeps what it has. Safe in two processes at once."""
        now = self._clock.now()
        with self._database.transaction() as session:
            for row in session.scalars(select(QueueRow).where(QueueRow.name.in_(calendars))):
                calendar = calendars[row.name]
                days = days_that_differ(calendar, now.astimezone(calendar.zone).date())
                if row.special_days != days:
                    row.special_days = dict(days)
