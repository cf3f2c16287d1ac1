"""The figures of a queue as they stand now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from foundation.calendar_days import midnight
from foundation.clock import Clock
from reporting.figures import CallFigures
from reporting.summary import Summary, summary


class FiguresSource(Protocol):
    """Where calls come from; `reporting.figures.figures_of` makes figures of a call record."""

    def figures(self, queue: str, since: datetime, until: datetime) -> Iterable[CallFigures]:
        """The calls with a known outcome that entered `queue` at or after `since` and before `until`."""
        ...


class LiveFigures:
    """Today's figures per queue. A day is a day in the helpdesk's own time zone, also when the clock changes."""

    def __init__(self, source: FiguresSource, clock: Clock, timezone: str) -> None:
        self._source = source
        self._clock = clock
        self._timezone = ZoneInfo(timezone)

    def today(self, queue: str, threshold_s: Decimal | int) -> Summary:
        """The figures since midnight, against a threshold; a call counts as soon as its outcome is known."""
        now = self._clock.now()
        since = midnight(now, self._timezone)
        return summary(self._source.figures(queue, since, now), threshold_s)
