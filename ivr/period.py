"""What the call log holds of a period, for figures. SQL selects; each query reads the calls of the period once, by an
index, and the facts of one kind of those calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from callflows.facts import FACT, Fact
from callflows.record import CallRecord
from foundation.database import Database
from ivr.follow_ups import LOST
from ivr.tables import CallEventRow, CallRow, FollowUpRow

_IN_THE_MENU = timedelta(days=1)  # nobody is longer in the menu: lets a moment of entering use the index on the start


class PeriodLog:
    """Reads only. A period is [since, until)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def announced(self, queue: str, since: datetime, until: datetime) -> list[tuple[CallRecord, list[Fact]]]:
        """The answered calls that entered `queue` in the period and were told a wait, each with what they were told."""
        query = (
            select(CallRow.call_id, CallRow.record, CallEventRow.data)
            .join(CallEventRow, CallEventRow.call_id == CallRow.call_id)
            .where(CallRow.queue == queue, CallRow.entered_at >= since, CallRow.entered_at < until)
            .where(CallRow.record["answered_at"].astext.is_not(None), CallEventRow.kind == "wait-announced")
            .order_by(CallRow.entered_at, CallEventRow.id)
        )
        told: dict[str, tuple[Any, list[Fact]]] = {}
        with self._database.transaction() as session:
            for call_id, record, data in session.execute(query):
                told.setdefault(call_id, (record, []))[1].append(FACT.validate_python(data))
        return [(CallRecord.model_validate(record), facts) for record, facts in told.values()]

    def sent_on(self, queue: str, since: datetime, until: datetime) -> Mapping[str, int]:
        """Way out -> callers whom the rules of `queue` sent that way; they entered their first queue in the period."""
        way = CallEventRow.data["way"].astext
        query = (
            select(way, func.count())
            .join(CallRow, CallEventRow.call_id == CallRow.call_id)
            .where(CallRow.started_at >= since - _IN_THE_MENU, CallRow.started_at < until)
            .where(CallRow.entered_at >= since, CallRow.entered_at < until)
            .where(CallEventRow.kind == "queue-exited", CallEventRow.data["queue"].astext == queue)
            .group_by(way)
        )
        with self._database.transaction() as session:
            return {row[0]: row[1] for row in session.execute(query)}

    def lost(self, queue: str | None, since: datetime, until: datetime) -> Counter[str]:
        """Lost calls that rang in the period, by what became of them: "open" on the list of follow-ups, closed
        "reached", "got-through" or "not-needed", or "off-list". `queue` None: calls that never came into one."""
        lost = _lost(queue, since, until).subquery()
        entry = func.jsonb_array_elements(FollowUpRow.calls).table_valued("value").alias("entry")
        listed = (
            select(
                entry.c.value.op("->>")("call_id").label("call_id"),
                func.coalesce(FollowUpRow.closed_how, "open").label("state"),
            )
            .select_from(FollowUpRow)
            .join(entry, FollowUpRow.last_call_at >= since)
            .subquery()
        )
        state = func.coalesce(listed.c.state, "off-list")
        query = (
            select(state, func.count())
            .select_from(lost.outerjoin(listed, listed.c.call_id == lost.c.call_id))
            .group_by(state)
        )
        with self._database.transaction() as session:
            return Counter({row[0]: row[1] for row in session.execute(query)})


def _lost(queue: str | None, since: datetime, until: datetime) -> Select[str]:
    where: ColumnElement[bool] = CallRow.queue.is_(None) if queue is None else CallRow.queue == queue
    return select(CallRow.call_id).where(
        CallRow.started_at >= since,
        CallRow.started_at < until,
        CallRow.outcome.in_(LOST),
        CallRow.record["direction"].astext == "inbound",
        where,
    )
