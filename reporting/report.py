"""The report of a period: every figure of kpi.md that a queue's past can give, by the formulas that all screens use.

Cost: one pass over what the period holds. The calls, announcements, callbacks and lost calls are selected by SQL; the
formulas are linear in them, but for the percentiles, which sort the waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from foundation.clock import Clock
from reporting.callbacks import CallbackFigures, CallbackSummary, callback_summary
from reporting.catalogue import REPORT, as_json
from reporting.honesty import Announcement, Honesty, honesty
from reporting.live import FiguresSource
from reporting.summary import Summary, summary


@dataclass(frozen=True, slots=True)
class LostCalls:
    """Calls that came to nothing, and what became of their numbers: still to ring, reached, got through by themselves,
    found not needed. `off_list`: without a number, or got through before anybody could ring."""

    calls: int = 0
    to_ring: int = 0
    reached: int = 0
    got_through: int = 0
    not_needed: int = 0
    off_list: int = 0


class Measured(Protocol):
    """A queue, as figures need it: its target's time T and the wait up to which an abandon is short, in seconds."""

    @property
    def name(self) -> str: ...
    @property
    def within_s(self) -> Decimal | int: ...
    @property
    def short_abandon_s(self) -> Decimal | int: ...


class ReportSource(FiguresSource, Protocol):
    """Where a period's past comes from. Calls and announcements count by the moment the caller entered the queue,
    callbacks by when they were asked for, lost calls by when they rang; `since` inclusive, `until` exclusive."""

    def announcements(self, queue: str, since: datetime, until: datetime) -> Iterable[Announcement]: ...

    def callbacks(self, queue: str, since: datetime, until: datetime) -> Iterable[CallbackFigures]: ...

    def sent_on(self, queue: str, since: datetime, until: datetime) -> Mapping[str, int]:
        """Way out (callflows.events.WayOut) -> callers whom this queue's rules sent that way."""
        ...

    def lost(self, since: datetime, until: datetime) -> Mapping[str | None, LostCalls]:
        """Lost calls by queue; None: those that never came into one. Without queues that lost nobody."""
        ...


@dataclass(frozen=True, slots=True)
class QueueReport:
    """The figures of one queue."""

    queue: str
    calls: Summary
    announced: Honesty
    callbacks: CallbackSummary
    lost: LostCalls
    sent_on: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """One queue of `figures --json`; null is no data, shares are 0 to 1, times seconds."""
        thresholds = {"threshold_s": self.calls.threshold_s, "short_abandon_s": self.calls.short_abandon_s}
        return {
            "queue": self.queue,
            **{name: float(value) for name, value in thresholds.items()},
            **as_json(REPORT, self),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A period's figures. `outside`: calls that were lost before they came into a queue."""

    since: datetime
    until: datetime
    queues: Sequence[QueueReport]
    outside: LostCalls

    def as_json(self) -> dict[str, Any]:
        """The object that `figures --json` prints."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "queues": [one.as_json() for one in self.queues],
            "lost_outside_queues": asdict(self.outside),
        }


class Reports:
    """Makes reports of any period."""

    def __init__(self, source: ReportSource, clock: Clock) -> None:
        self._source = source
        self._clock = clock

    def of(self, queues: Iterable[Measured], since: datetime, until: datetime) -> Report:
        """The report of these queues, each against its own thresholds."""
        now, source = self._clock.now(), self._source
        lost = source.lost(since, until)
        reports = [
            QueueReport(
                queue=queue.name,
                calls=summary(source.figures(queue.name, since, until), queue.within_s, queue.short_abandon_s),
                announced=honesty(list(source.announcements(queue.name, since, until))),
                callbacks=callback_summary(source.callbacks(queue.name, since, until), now),
                lost=lost.get(queue.name, LostCalls()),
                sent_on=source.sent_on(queue.name, since, until),
            )
            for queue in queues
        ]
        return Report(since, until, reports, lost.get(None, LostCalls()))
