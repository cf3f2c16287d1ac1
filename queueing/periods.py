"""Which wait-time target counts when: a queue's own, or that of the first of its periods that covers the moment.

A period is days and times of the queue's wall clock, so it begins at the same hour in summer and in winter. On a
holiday or a special day the periods that name such days come first; where none of them covers the moment, the weekday
counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from foundation.errors import InvalidInput

# When a call will miss its target: `warn` only shows it; `widen` also offers it at once to the operators that the
# queue's relaxations would bring in later.
WhenMissed = Literal["warn", "widen"]
WHEN_MISSED: tuple[WhenMissed, ...] = get_args(WhenMissed)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Days that differ by the calendar of the queue: public holidays and closing days; days with hours of their own.
DayKind = Literal["holidays", "special"]
HOLIDAYS: DayKind = "holidays"
SPECIAL: DayKind = "special"
DAY_KINDS: tuple[DayKind, ...] = get_args(DayKind)
_DAY_MIN = 24 * 60


@dataclass(frozen=True)
class Target:
    """`share` (0-1] of the callers answered within `within_s` seconds; nobody should wait longer than `longest_s`."""

    share: float
    within_s: int
    longest_s: int = 600
    when_missed: WhenMissed = "warn"


@dataclass(frozen=True)
class Period:
    """`days` (DAYS, DAY_KINDS), from `from_min` up to but not including `until_min`, minutes of the wall clock."""

    name: str
    days: tuple[str, ...]
    from_min: int
    until_min: int
    target: Target

    def covers(self, day: str, minute: int) -> bool:
        return day in self.days and self.from_min <= minute < self.until_min


def check(target: Target) -> None:
    """Raises InvalidInput with a sentence for a target that cannot be."""
    if not 0 < target.share <= 1:
        raise InvalidInput("The share must be more than 0 % and at most 100 % of the callers.")
    if target.within_s <= 0:
        raise InvalidInput("The time within which callers are answered must be at least 1 second.")
    if target.longest_s < target.within_s:
        raise InvalidInput("The longest acceptable wait cannot be shorter than the target's time.")
    if target.when_missed not in WHEN_MISSED:
        raise InvalidInput(f"What happens when the target will be missed is one of: {', '.join(WHEN_MISSED)}.")


def check_period(period: Period) -> None:
    """Raises InvalidInput with a sentence for a period that cannot be."""
    check(period.target)
    if not period.name.strip():
        raise InvalidInput("A period needs a name.")
    if not period.days or not set(period.days) <= {*DAYS, *DAY_KINDS}:
        raise InvalidInput(f"The days of a period are some of: {' '.join((*DAYS, *DAY_KINDS))}.")
    if not 0 <= period.from_min < period.until_min <= _DAY_MIN:
        raise InvalidInput("A period begins before it ends, on one day; write one over midnight as two.")


def as_json(period: Period) -> dict[str, Any]:
    return {**asdict(period), "days": list(period.days)}


def from_json(row: Mapping[str, Any]) -> Period:
    return Period(
        name=row["name"],
        days=tuple(row["days"]),
        from_min=row["from_min"],
        until_min=row["until_min"],
        target=Target(**row["target"]),
    )


def days_of(words: str) -> tuple[str, ...]:
    """Read "mon-fri", "sat,sun,holidays" or "mon wed". Raises InvalidInput."""
    found: set[int] = set()
    kinds: set[str] = set()
    for word in words.lower().replace(",", " ").split():
        if word in DAY_KINDS:
            kinds.add(word)
            continue
        first, dash, last = word.partition("-")
        last = last if dash else first
        if first not in DAYS or last not in DAYS or DAYS.index(last) < DAYS.index(first):
            raise InvalidInput(f'"{word}" is not a day; write days as mon-fri, or sat,sun,holidays.')
        found |= set(range(DAYS.index(first), DAYS.index(last) + 1))
    return (*(DAYS[day] for day in sorted(found)), *(kind for kind in DAY_KINDS if kind in kinds))


def minutes_of(words: str) -> int:
    """Read "08:00" as minutes since midnight; "24:00" is the end of the day. Raises InvalidInput."""
    hours, _, minutes = words.strip().partition(":")
    if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        raise InvalidInput(f'"{words}" is not a time of day; write it as 08:00.')
    total = int(hours[:3]) * 60 + int(minutes[:3])
    if int(minutes[:3]) > 59 or total > _DAY_MIN:
        raise InvalidInput(f'"{words}" is not a time of day; write it as 08:00.')
    return total


def time_of(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def days_in_words(days: Sequence[str]) -> str:
    """Days in a row as mon-fri, the others by name."""
    week = [day for day in days if day in DAYS]
    numbers = [DAYS.index(day) for day in week]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        week = [f"{week[0]}-{week[-1]}"]
    return ",".join([*week, *(day for day in days if day in DAY_KINDS)])


def in_words(period: Period) -> str:
    """One line, as the command line and the audit show it."""
    target = period.target
    return (
        f"{days_in_words(period.days)} {time_of(period.from_min)}-{time_of(period.until_min)}: "
        f"{target.share * 100:g} % within {target.within_s} s, at most {target.longest_s} s, {target.when_missed}"
    )


def in_force(
    own: Target, periods: Sequence[Period], local: datetime, kind: str | None = None
) -> tuple[Target, str | None]:
    """The target that counts at a moment of the wall clock, and the name of the period it comes from. `kind` is what
    kind of day it is when it differs from the others."""
    minute, weekday = local.hour * 60 + local.minute, DAYS[local.weekday()]
    for day in (kind, weekday) if kind else (weekday,):
        for period in periods:
            if period.covers(day, minute):
                return period.target, period.name
    return own, None
