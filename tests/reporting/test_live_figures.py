"""Today's figures of a queue are those since midnight in the helpdesk's own time zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from foundation.clock import ManualClock
from reporting.figures import CallFigures
from reporting.live import LiveFigures


class Log:
    def __init__(self, calls: list[CallFigures]) -> None:
        self._calls = calls

    def figures(self, queue: str, since: datetime, until: datetime) -> Iterable[CallFigures]:
        return [call for call in self._calls if call.queue == queue and since <= call.entered_at < until]


def test_yesterdays_and_other_queues_calls_do_not_count_today(clock: ManualClock) -> None:
    def answered(queue: str, day: int, hour: int, wait_s: int) -> CallFigures:
        return CallFigures(queue, datetime(2026, 11, day, hour, 30, tzinfo=UTC), "answered", Decimal(wait_s))

    log = Log(
        [
            answered("internet", 22, 22, 500),  # half past eleven in the evening in Brussels
            answered("internet", 22, 23, 200),  # half past midnight
            answered("internet", 23, 8, 150),
            answered("invoices", 23, 8, 1),
        ]
    )
    figures = LiveFigures(log, clock, "Europe/Brussels").today("internet", threshold_s=150)
    assert (figures.offered, figures.longest_wait_s, figures.service_level.offered) == (2, 200.0, 0.5)
