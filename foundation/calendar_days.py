"""Days of the calendar in a time zone, as moments: from one midnight to the next, also when the clock changes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from foundation.errors import InvalidInput

YEARS = range(2000, 2101)  # a day that somebody means; beyond the calendar's ends there is nothing to reckon with


def midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    """The midnight there that begins the day which `moment` (aware) is in."""
    return _begin(moment.astimezone(zone).date(), zone)


def span(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the midnight that begins `first` to the one that ends `last`. Raises InvalidInput outside `YEARS`."""
    if first.year not in YEARS or last.year not in YEARS:
        raise InvalidInput(f"A day lies in the years {YEARS[0]} to {YEARS[-1]}.")
    return _begin(first, zone), _begin(last + timedelta(days=1), zone)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
