"""Joins the figures to where calls, callbacks and lost calls are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from foundation.database import Database
from ivr.call_log import CallLog
from ivr.period import PeriodLog
from queueing.callbacks import Callbacks
from reporting.callbacks import CallbackFigures
from reporting.figures import CallFigures, figures_of
from reporting.honesty import Announcement, announcements
from reporting.report import LostCalls


class Past:
    """What figures are made of: reporting.report.ReportSource."""

    def __init__(self, log: CallLog, callbacks: Callbacks, database: Database) -> None:
        self._log = log
        self._callbacks = callbacks
        self._period = PeriodLog(database)

    def figures(self, queue: str, since: datetime, until: datetime) -> Iterable[CallFigures]:
        return [
            figures for record in self._log.queued(queue, since, until) if (figures := figures_of(record)) is not None
        ]

    def announcements(self, queue: str, since: datetime, until: datetime) -> Iterable[Announcement]:
        return [
            told
            for answered_at, fact in self._period.announced(queue, since, until)
            for told in announcements(answered_at, [fact])
        ]

    def callbacks(self, queue: str, since: datetime, until: datetime) -> Iterable[CallbackFigures]:
        return [
            CallbackFigures(
                waiting_since=one.virtual_at,
                due_at=one.due_at,
                status=one.status,
                attempts=one.attempts,
                reached_at=one.reached_at,
            )
            for one in self._callbacks.requested(queue, since, until)
        ]

    def sent_on(self, queue: str, since: datetime, until: datetime) -> Mapping[str, int]:
        return self._period.sent_on(queue, since, until)

    def lost(self, since: datetime, until: datetime) -> Mapping[str | None, LostCalls]:
        return {
            queue: LostCalls(
                calls=found.total(),
                to_ring=found["open"],
                reached=found["reached"],
                got_through=found["got-through"],
                not_needed=found["not-needed"],
                off_list=found["off-list"],
            )
            for queue, found in self._period.lost(since, until).items()
        }
