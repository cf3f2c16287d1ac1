"""`/metrics` of `web`, in the text form of Prometheus: how the helpdesk stands, read from its stores at each scrape.

Every process of `web` gives the same, so it does not matter which one answers. The address is not there without the
setting METRICS_TOKEN, and answers to that token only. A scrape reads the board and counts by indexes of what is open,
of today's calls and of the last minutes' sentences.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from flask import Flask, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError
from sqlalchemy import extract, func, select
from sqlalchemy.exc import SQLAlchemyError

from app.container import Container
from foundation.calendar_days import midnight
from foundation.outbox import OutboxRow
from ivr.tables import CallRow
from queueing.model import OperatorState
from transcription.tables import SegmentRow

STATES: tuple[OperatorState, ...] = get_args(OperatorState)
_LATELY = timedelta(minutes=5)


def install(app: Flask, services: Container) -> None:
    """Add the address to `app`, when there is a token for it."""
    token = services.settings.metrics_token.get_secret_value()
    if not token:
        return
    registry = CollectorRegistry()
    registry.register(HelpdeskCollector(services))

    @app.get("/metrics")
    def metrics() -> Response:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            abort(401)
        try:
            return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
        except (SQLAlchemyError, RedisError):
            return Response("a store does not answer\n", status=503, content_type="text/plain")


class HelpdeskCollector(Collector):
    """The metrics, made anew at each scrape. docs/metrics.md lists them; a test holds the two together."""

    def __init__(self, services: Container) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        yield from self._board()
        yield self._calls()
        yield from self._callbacks()
        yield from self._outbox()
        yield self._lag()

    def _board(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("onthaal_waiting_calls", "Callers waiting in a queue", labels=["queue"])
        longest = GaugeMetricFamily("onthaal_longest_wait_seconds", "Longest wait of those waiting", labels=["queue"])
        late = GaugeMetricFamily("onthaal_late_calls", "Callers who wait beyond the target", labels=["queue"])
        operators = GaugeMetricFamily("onthaal_operators", "Operators by state", labels=["state"])
        board = self._services.queue.board()
        for view in board.queues:
            name = [view.queue.name]
            waiting.add_metric(name, sum(call.kind == "call" for call in view.waiting))
            longest.add_metric(name, view.longest_wait_s or 0.0)
            late.add_metric(name, view.late)
        states = [view.presence.state for view in board.operators]
        for state in STATES:
            operators.add_metric([state], states.count(state))
        yield from (waiting, longest, late, operators)

    def _calls(self) -> Metric:
        ended = CounterMetricFamily(
            "onthaal_calls_ended",
            "Calls that came in today and are over; from 0 at midnight",
            labels=["queue", "outcome"],
        )
        zone = ZoneInfo(self._services.settings.timezone)
        today = midnight(self._services.clock.now(), zone)
        query = (
            select(CallRow.queue, CallRow.outcome, func.count())
            .where(CallRow.started_at >= today, CallRow.ended_at.is_not(None), CallRow.outcome.is_not(None))
            .group_by(CallRow.queue, CallRow.outcome)
        )
        with self._services.database.transaction() as session:
            for queue, outcome, number in session.execute(query):
                ended.add_metric([queue or "", outcome or ""], number)
        return ended

    def _callbacks(self) -> Iterator[Metric]:
        owed = self._services.callbacks.open()
        now = self._services.clock.now()
        yield GaugeMetricFamily("onthaal_callbacks_owed", "Callbacks that were promised and are open", len(owed))
        overdue = sum(one.due_at < now for one in owed)
        yield GaugeMetricFamily("onthaal_callbacks_overdue", "Those whose due moment has passed", overdue)

    def _outbox(self) -> Iterator[Metric]:
        query = select(func.count(), func.min(OutboxRow.created_at)).where(
            OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None)
        )
        with self._services.database.transaction() as session:
            number, oldest = session.execute(query).one()
        age_s = (self._services.clock.now() - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("onthaal_outbox_open", "Work that was written down and is not done", number)
        yield GaugeMetricFamily("onthaal_outbox_oldest_seconds", "Age of the oldest of it", max(0.0, age_s))

    def _lag(self) -> Metric:
        """Over the calls that go on: what is written down after a call says nothing about the screens."""
        lag = GaugeMetricFamily(
            "onthaal_transcript_lag_seconds", "End of a sentence to its text, last five minutes", labels=["quantile"]
        )
        said_s = SegmentRow.end_s - SegmentRow.start_s
        lag_s = extract("epoch", SegmentRow.created_at - SegmentRow.started_at) - said_s
        quantiles = (0.5, 0.95)
        query = (
            select(*(func.percentile_cont(quantile).within_group(lag_s) for quantile in quantiles))
            .join(CallRow, CallRow.call_id == SegmentRow.call_id)
            .where(SegmentRow.created_at >= self._services.clock.now() - _LATELY, CallRow.ended_at.is_(None))
        )
        with self._services.database.transaction() as session:
            found = session.execute(query).one()
        for quantile, value in zip(quantiles, found, strict=True):
            if value is not None:
                lag.add_metric([str(quantile)], max(0.0, float(value)))
        return lag
