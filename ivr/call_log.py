"""Writes facts and keeps the folded record beside them, in one transaction with the work that follows from it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from callflows.facts import FACT, Fact
from callflows.fold import fold
from callflows.record import CallRecord
from callflows.replay import latest_session
from callflows.session import Session as FlowSession
from foundation import outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotFound, Unavailable
from foundation.live import BOARD, Live, call_topic, operator_topic
from foundation.outbox import Push
from ivr.tables import CallEventRow, CallRow

log = logging.getLogger(__name__)

SPOOL = "facts:spool"  # Redis stream: facts that could not be written because SQL was away

SETTLE = "call.settle"
SYNC = "ticket.sync"
FOLLOW_UP = "call.follow-up"
CALLBACK = "callback.request"
VOICEMAIL = "voicemail.take"

Work = Sequence[tuple[str, dict[str, Any]]]  # (topic, payload)
_FACTS: TypeAdapter[list[Fact]] = TypeAdapter(list[Fact])


class CallLog:
    """The record of what happened. Every method opens its own transaction."""

    def __init__(self, database: Database, redis: Redis, clock: Clock, live: Live, push: Push) -> None:
        self._database = database
        self._redis = redis
        self._clock = clock
        self._live = live
        self._push = push

    def record(self, call_id: str, *facts: Fact, then: Work = ()) -> bool:
        """Add facts; gives whether the first of them was new. Facts that are there already are passed over.

        `then` is work of the rq queue `call` (topic, payload) that follows from the first fact; it is written down only
        when that fact is new. When SQL does not answer the facts wait in Redis (`drain_spool`) and True is given;
        Unavailable when Redis does not answer either.
        """
        return self._record_or_spool(call_id, facts, then, claim=False)

    def claim(self, call_id: str, taken: Fact, *others: Fact) -> bool:
        """Add facts that only one request may add: with `taken` there already nothing is written, and False given."""
        return self._record_or_spool(call_id, (taken, *others), (), claim=True)

    def _record_or_spool(self, call_id: str, facts: Sequence[Fact], then: Work, *, claim: bool) -> bool:
        try:
            return self._record(call_id, facts, then, claim=claim)
        except (OperationalError, InterfaceError) as error:
            log.error("facts spooled: the database does not answer", extra={"call": call_id})
            self._spool(call_id, facts, then, error)
            return True

    def _record(self, call_id: str, facts: Sequence[Fact], then: Work, *, claim: bool = False) -> bool:
        now = self._clock.now()
        with self._database.transaction() as session:
            session.execute(insert(CallRow).values(call_id=call_id, changed_at=now).on_conflict_do_nothing())
            row = session.scalars(select(CallRow).where(CallRow.call_id == call_id).with_for_update()).one()
            new = self._insert(session, call_id, facts[:1] if claim else facts, now)
            if not new:
                return False
            if claim and facts[1:]:
                self._insert(session, call_id, facts[1:], now)
            before = CallRecord.model_validate(row.record) if row.record else CallRecord(call_id=call_id)
            after = fold(call_id, self._facts(session, call_id))
            self._keep(row, after, now)
            first_is_new = facts[0].key in new
            work = [(topic, "call", payload) for topic, payload in then if first_is_new]
            work += _follows(before, after)
            jobs = [outbox.add(session, topic=t, queue=q, payload=p, now=now) for t, q, p in work]
        for job in jobs:
            self._push(job.queue, job.id)
        self._tell(before, after)
        return first_is_new

    @staticmethod
    def _insert(session: Session, call_id: str, facts: Iterable[Fact], now: datetime) -> set[str]:
        values = [
            {
                "call_id": call_id,
                "key": fact.key,
                "kind": fact.kind,
                "at": fact.at,
                "recorded_at": now,
                "data": fact.model_dump(mode="json"),
            }
            for fact in facts
        ]
        rows = insert(CallEventRow).values(values).on_conflict_do_nothing().returning(CallEventRow.key)
        return set(session.scalars(rows))

    @staticmethod
    def _facts(session: Session, call_id: str) -> list[Fact]:
        query = select(CallEventRow.data).where(CallEventRow.call_id == call_id).order_by(CallEventRow.id)
        return [FACT.validate_python(data) for data in session.scalars(query)]

    @staticmethod
    def _keep(row: CallRow, record: CallRecord, now: datetime) -> None:
        row.started_at = record.started_at
        row.entered_at = record.entered_at
        row.ended_at = record.ended_at
        row.status = record.status
        row.queue = record.queue
        row.operator_id = record.operator
        row.outcome = record.outcome
        row.from_number = record.from_number
        row.changed_at = now
        row.record = record.model_dump(mode="json")

    def _tell(self, before: CallRecord, after: CallRecord) -> None:
        if before == after:
            return
        self._live.publish(call_topic(after.call_id), "call-changed")
        for operator in {before.operator, after.operator} - {None}:
            if operator is not None:
                self._live.publish(operator_topic(operator), "operator-changed")
        if (before.status, before.queue, before.outcome) != (after.status, after.queue, after.outcome):
            self._live.publish(BOARD, "board-changed")

    def _spool(self, call_id: str, facts: Sequence[Fact], then: Work, cause: DBAPIError) -> None:
        entry: Any = {"call": call_id, "facts": _FACTS.dump_json(list(facts)), "then": json.dumps(then)}
        try:
            self._redis.xadd(SPOOL, entry)
        except RedisError:
            raise Unavailable(
                "Neither the database nor Redis answers; the call goes to the fallback number."
            ) from cause

    def drain_spool(self, limit: int = 500) -> int:
        """Write the facts that waited in Redis; gives their number. While SQL is still away the rest stays there."""
        drained = 0
        entries: Any = self._redis.xrange(SPOOL, count=limit)
        for entry_id, entry in entries:
            try:
                self._record(entry["call"], _FACTS.validate_json(entry["facts"]), json.loads(entry["then"]))
            except (OperationalError, InterfaceError):
                break
            self._redis.xdel(SPOOL, entry_id)
            drained += 1
        return drained

    def record_of(self, call_id: str) -> CallRecord:
        """The record of one call. Raises NotFound."""
        with self._database.transaction() as session:
            row = session.get(CallRow, call_id)
        if row is None or not row.record:
            raise NotFound(f"There is no call {call_id}.")
        return CallRecord.model_validate(row.record)

    def facts_of(self, call_id: str) -> list[Fact]:
        """Every fact of one call in the order in which it was written; empty for an unknown call."""
        with self._database.transaction() as session:
            return self._facts(session, call_id)

    def last_session(self, call_id: str) -> FlowSession | None:
        """The flow session as the last recorded step left it, to rebuild what Redis has lost."""
        return latest_session(self.facts_of(call_id))

    def calls(
        self,
        limit: int = 50,
        *,
        before: datetime | None = None,
        since: datetime | None = None,
        queue: str | None = None,
        outcome: str | None = None,
        operator: int | None = None,
        from_number: str | None = None,
    ) -> list[CallRecord]:
        """Calls, newest first; `before` and `since` bound `started_at` (since inclusive, before exclusive)."""
        query = select(CallRow.record).where(CallRow.started_at.is_not(None))
        for column, value in (
            (CallRow.queue, queue),
            (CallRow.outcome, outcome),
            (CallRow.operator_id, operator),
            (CallRow.from_number, from_number),
        ):
            if value is not None:
                query = query.where(column == value)
        if before is not None:
            query = query.where(CallRow.started_at < before)
        if since is not None:
            query = query.where(CallRow.started_at >= since)
        with self._database.transaction() as session:
            rows = session.scalars(query.order_by(CallRow.started_at.desc()).limit(limit)).all()
        return [CallRecord.model_validate(row) for row in rows]

    def queued(self, queue: str | None, since: datetime, until: datetime) -> list[CallRecord]:
        """Calls that entered `queue` (None: any) in [since, until), oldest first: what figures are computed from."""
        query = select(CallRow.record).where(CallRow.entered_at >= since, CallRow.entered_at < until)
        if queue is not None:
            query = query.where(CallRow.queue == queue)
        with self._database.transaction() as session:
            rows = session.scalars(query.order_by(CallRow.entered_at)).all()
        return [CallRecord.model_validate(row) for row in rows]

    def silent(self, older_than: timedelta) -> list[CallRecord]:
        """Calls that are not over and about which nothing was heard for `older_than`."""
        query = select(CallRow.record).where(
            CallRow.ended_at.is_(None),
            CallRow.started_at.is_not(None),
            CallRow.changed_at < self._clock.now() - older_than,
        )
        with self._database.transaction() as session:
            return [CallRecord.model_validate(row) for row in session.scalars(query)]


def _follows(before: CallRecord, after: CallRecord) -> list[tuple[str, str, dict[str, Any]]]:
    """The work that a change of the record asks for, as (topic, rq queue, payload)."""
    work: list[tuple[str, str, dict[str, Any]]] = []
    payload = {"call_id": after.call_id}
    if before.status != after.status:
        work.append((SETTLE, "call", payload))
    if after.wants_callback and not before.wants_callback:
        work.append((CALLBACK, "call", payload))
    if after.voicemail and after.voicemail != before.voicemail:
        work.append((VOICEMAIL, "call", payload))
    if after.direction == "callback" and after.caller_leg is None:
        return work  # nobody was rung: nothing for a ticket
    if after.outcome is not None and (before.outcome, before.wrapped_up_at) != (after.outcome, after.wrapped_up_at):
        work.append((SYNC, "sync", payload))
    if after.outcome is not None and before.outcome != after.outcome:
        work.append((FOLLOW_UP, "sync", payload))
    return work
