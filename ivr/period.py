"""What the call log holds of a period, for figures. SQL selects; each query reads the calls of the period once, by an
index, and the facts of one kind of those calls."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, true

from callflows.facts import FACT, Fact
from foundation.database import Database
from ivr.follow_ups import LOST
from ivr.tables import CallEventRow, CallRow, FollowUpRow

_IN_THE_MENU = timedelta(days=1)  # nobody is longer in the menu: lets a moment of entering use the index on the start


class PeriodLog:
    """Reads only. A period is [since, until)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def announced(self, queue: str, since: datetime, until: datetime) -> list[tuple[datetime, Fact]]:
        """What the answered calls that entered `queue` in the period were told about their wait, each with the moment
        of the answer."""
        answered_at = CallRow.record["answered_at"].astext
        query = (
            select(answered_at, CallEventRow.data)
            .join(CallEventRow, CallEventRow.call_id == CallRow.call_id)
            .where(CallRow.queue == queue, CallRow.entered_at >= since, CallRow.entered_at < until)
            .where(answered_at.is_not(None), CallEventRow.kind == "wait-announced")
            .order_by(CallRow.entered_at, CallEventRow.id)
        )
        with self._database.transaction() as session:
            return [(datetime.fromisoformat(row[0]), FACT.validate_python(row[1])) for row in session.execute(query)]

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

    def lost(self, since: datetime, until: datetime) -> Mapping[str | None, Counter[str]]:
        """Lost calls that rang in the period, by queue and by what became of them: "open" on the list of follow-ups,
        closed "reached", "got-through" or "not-needed", or "off-list". Queue None: calls that never came into one."""
        lost = (
            select(CallRow.call_id, CallRow.queue)
            .where(CallRow.started_at >= since, CallRow.started_at < until, CallRow.outcome.in_(LOST))
            .where(CallRow.record["direction"].astext == "inbound")
            .subquery()
        )
        entry = func.jsonb_array_elements(FollowUpRow.calls).table_valued("value").alias("entry")
        listed = (
            select(
                entry.c.value.op("->>")("call_id").label("call_id"),
                func.coalesce(FollowUpRow.closed_how, "open").label("state"),
            )
            .select_from(FollowUpRow)
            .join(entry, true())
            .where(FollowUpRow.last_call_at >= since)
            .subquery()
        )
        state = func.coalesce(listed.c.state, "off-list")
        query = (
            select(lost.c.queue, state, func.count())
            .select_from(lost.outerjoin(listed, listed.c.call_id == lost.c.call_id))
            .group_by(lost.c.queue, state)
        )
        found: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
        with self._database.transaction() as session:
            for queue, became, number in session.execute(query):
                found[queue][became] = number
        return found
