"""Opening hours: a calendar is a weekly pattern, special days and public holidays, in one time zone.

Everything is compared as instants, so both nights on which the clocks change come out right: on the night with an
extra hour a period opens at the first and closes at the last occurrence of its times, and a time that does not exist
on the short night is the moment at which the clocks jump over it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

State = Literal["open", "closed", "holiday"]
Args = dict[str, str | int | float]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

DAY_MIN = 24 * 60
SEARCH_DAYS = 400  # a calendar that does not open within a year does not open
_PERIOD = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class Period(BaseModel):
    """From `opens_min` up to but not including `closes_min`, minutes of the wall clock since midnight (0-1440)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opens_min: int = Field(ge=0, lt=DAY_MIN)
    closes_min: int = Field(gt=0, le=DAY_MIN)


def _period(value: object) -> object:
    """Read "08:00-18:00"; "24:00" is midnight at the end of the day."""
    if not isinstance(value, str):
        return value
    match = _PERIOD.fullmatch(value.strip())
    if match is None:
        raise ValueError(f'write a period as "08:00-18:00", not "{value}"')
    opens_h, opens_m, closes_h, closes_m = (int(part) for part in match.groups())
    opens, closes = opens_h * 60 + opens_m, closes_h * 60 + closes_m
    if opens_m > 59 or closes_m > 59 or closes > DAY_MIN:
        raise ValueError(f'"{value}" is not a time of day')
    if closes <= opens:
        raise ValueError(f'"{value}" closes before it opens; write a period over midnight as two, one on each day')
    return {"opens_min": opens, "closes_min": closes}


Periods = tuple[Annotated[Period, BeforeValidator(_period)], ...]


class Calendar(BaseModel):
    """When somebody is there. A day that is not mentioned is closed; a special day wins over a public holiday.

    `holidays` is an ISO 3166 country code of the `holidays` package, or empty for none. A special day without
    periods counts as a holiday.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    timezone: str = "Europe/Brussels"
    holidays: str = "BE"
    monday: Periods = ()
    tuesday: Periods = ()
    wednesday: Periods = ()
    thursday: Periods = ()
    friday: Periods = ()
    saturday: Periods = ()
    sunday: Periods = ()
    special: dict[date, Periods] = {}

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f'"{value}" is not a time zone; write it as "Europe/Brussels"') from None
        return value

    @field_validator("holidays")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if value and value not in holidays.list_supported_countries(include_aliases=False):
            raise ValueError(f'no public holidays are known for "{value}"; use a country code such as "BE"')
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def weekly(self, weekday: Weekday) -> Periods:
        periods: Periods = getattr(self, weekday)
        return periods

    def is_holiday(self, day: date) -> bool:
        if day in self.special:
            return not self.special[day]
        return bool(self.holidays) and day in _public_holidays(self.holidays, day.year)

    def periods(self, day: date) -> Periods:
        """The periods of one day, in order."""
        if day in self.special:
            found = self.special[day]
        elif self.is_holiday(day):
            found = ()
        else:
            found = self.weekly(WEEKDAYS[day.weekday()])
        return tuple(sorted(found, key=lambda period: period.opens_min))


class Hours(BaseModel):
    """Days in a row with the same single period; for saying the opening hours aloud."""

    model_config = ConfigDict(frozen=True)

    first_day: Weekday
    last_day: Weekday
    period: Period


@lru_cache(maxsize=32)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def instant(zone: ZoneInfo, day: date, minutes: int, fold: Literal[0, 1]) -> datetime:
    """The UTC moment at which the wall clock of `day` reads `minutes` since midnight; see the module's docstring."""
    midnight = datetime.combine(day, time())
    wall = midnight + timedelta(minutes=minutes)
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    moment = min(wall.replace(tzinfo=zone, fold=each).astimezone(UTC) for each in (0, 1))
    while moment.astimezone(zone).replace(tzinfo=None) < wall:
        moment += timedelta(minutes=1)
    return moment


def is_open(calendar: Calendar, now: datetime, *, always_open: bool = False) -> State:
    """Whether the calendar is open at `now` (aware)."""
    if always_open:
        return "open"
    day = now.astimezone(calendar.zone).date()
    for period in calendar.periods(day):
        opens = instant(calendar.zone, day, period.opens_min, 0)
        closes = instant(calendar.zone, day, period.closes_min, 1)
        if opens <= now < closes:
            return "open"
    return "holiday" if calendar.is_holiday(day) else "closed"


def next_opening(calendar: Calendar, now: datetime) -> datetime | None:
    """The first moment after `now` at which a period begins, in UTC; None if there is none."""
    day = now.astimezone(calendar.zone).date()
    for _ in range(SEARCH_DAYS):
        for period in calendar.periods(day):
            opens = instant(calendar.zone, day, period.opens_min, 0)
            if opens > now:
                return opens
        day += timedelta(days=1)
    return None


def weekly_hours(calendar: Calendar) -> tuple[Hours, ...]:
    """The weekly pattern in as few sentences as possible: neighbouring days with equal periods together."""
    found: list[Hours] = []
    first = 0
    while first < len(WEEKDAYS):
        last = first
        periods = calendar.weekly(WEEKDAYS[first])
        while last + 1 < len(WEEKDAYS) and calendar.weekly(WEEKDAYS[last + 1]) == periods:
            last += 1
        ordered = sorted(periods, key=lambda period: period.opens_min)
        found.extend(Hours(first_day=WEEKDAYS[first], last_day=WEEKDAYS[last], period=period) for period in ordered)
        first = last + 1
    return tuple(found)


def opening_args(calendar: Calendar, now: datetime) -> Args:
    """Placeholders of a prompt about the next opening: `opens` (today, tomorrow, a weekday, "date" when it is a week
    or more away, "never"), `day` and `month` as numbers, `hour` (0-23) and `minute`."""
    opening = next_opening(calendar, now)
    if opening is None:
        return {"opens": "never", "day": 0, "month": 0, "hour": 0, "minute": 0}
    opening = opening.astimezone(calendar.zone)
    days = (opening.date() - now.astimezone(calendar.zone).date()).days
    opens = "date" if days >= len(WEEKDAYS) else {0: "today", 1: "tomorrow"}.get(days, WEEKDAYS[opening.weekday()])
    return {
        "opens": opens,
        "day": opening.day,
        "month": opening.month,
        "hour": opening.hour,
        "minute": opening.minute,
    }


def hours_args(calendar: Calendar) -> tuple[Args, ...]:
    """Placeholders of a prompt about the weekly hours, once for each sentence: `span` ("one" day or "many"),
    `first_day`, `last_day`, `hour` and `minute` of opening, `until_hour` (1-24) and `until_minute` of closing."""
    return tuple(
        {
            "span": "one" if hours.first_day == hours.last_day else "many",
            "first_day": hours.first_day,
            "last_day": hours.last_day,
            "hour": hours.period.opens_min // 60,
            "minute": hours.period.opens_min % 60,
            "until_hour": hours.period.closes_min // 60,
            "until_minute": hours.period.closes_min % 60,
        }
        for hours in weekly_hours(calendar)
    )
