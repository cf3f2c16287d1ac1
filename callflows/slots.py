"""When somebody may be called back: the promise's due moment, the moments to choose from, and the next one allowed.

Pure, on an opening-hours calendar (Belgian holidays, special days and clock changes included).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from callflows.hours import SEARCH_DAYS, WEEKDAYS, Calendar, instant, is_open, next_opening

SLOT_MIN = 60  # length of a slot, on full hours of the wall clock
LEAD = timedelta(minutes=30)  # a slot begins no sooner than this
OFFERED_SLOTS = 4  # more cannot be kept in mind while listening


@dataclass(frozen=True)
class Slot:
    """A span of time within opening hours, in UTC."""

    begins_at: datetime
    ends_at: datetime


def due_at(calendar: Calendar, now: datetime, days: int = 1) -> datetime | None:
    """The end of the `days`th working day after today, in UTC; None when the calendar does not open within a year."""
    day = now.astimezone(calendar.zone).date()
    for _ in range(SEARCH_DAYS):
        day += timedelta(days=1)
        periods = calendar.periods(day)
        days -= bool(periods)
        if periods and days <= 0:
            return instant(calendar.zone, day, max(period.closes_min for period in periods), 1)
    return None


def open_from(calendar: Calendar, moment: datetime) -> datetime:
    """The first moment from `moment` on at which the calendar is open; `moment` when it never is."""
    if is_open(calendar, moment) == "open":
        return moment
    return next_opening(calendar, moment) or moment


def slots(calendar: Calendar, now: datetime, *, count: int = OFFERED_SLOTS) -> tuple[Slot, ...]:
    """At most `count` slots before the promise is due, spread evenly over all there are; in order of time."""
    until = due_at(calendar, now)
    if until is None:
        return ()
    found: list[Slot] = []
    day = now.astimezone(calendar.zone).date()
    while instant(calendar.zone, day, 0, 0) < until:
        for period in calendar.periods(day):
            first = -(-period.opens_min // SLOT_MIN) * SLOT_MIN
            for minute in range(first, period.closes_min - SLOT_MIN + 1, SLOT_MIN):
                slot = Slot(instant(calendar.zone, day, minute, 0), instant(calendar.zone, day, minute + SLOT_MIN, 0))
                if slot.begins_at >= now + LEAD and slot.begins_at < slot.ends_at:
                    found.append(slot)
        day += timedelta(days=1)
    if len(found) <= count:
        return tuple(found)
    step = (len(found) - 1) / max(1, count - 1)
    return tuple(found[round(number * step)] for number in range(count))


def slot_args(calendar: Calendar, slot: Slot, now: datetime) -> dict[str, str | int | float]:
    """Placeholders of a prompt that says a slot: `slot_day` (today, tomorrow or a weekday), `hour`, `until_hour`."""
    begins, ends = slot.begins_at.astimezone(calendar.zone), slot.ends_at.astimezone(calendar.zone)
    days = (begins.date() - now.astimezone(calendar.zone).date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, WEEKDAYS[begins.weekday()])
    return {"slot_day": day, "hour": begins.hour, "until_hour": ends.hour or 24}
