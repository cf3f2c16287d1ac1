"""Time comes in through a clock, so that a test can let an afternoon pass in a second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time as an aware UTC `datetime`."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved; tests and the simulator's virtual time share one."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Jump to `moment`; a clock never goes back (ValueError)."""
        if moment < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()}, it cannot go back to {moment.isoformat()}")
        self._now = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`."""
        self.move_to(self._now + by)
