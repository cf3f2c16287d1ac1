"""Writes facts and keeps the folded record beside them, in one transaction with the work that follows from it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from pydantic import TypeAdapter
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Table, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from callflows.facts import Fact
from callflows.fold import changes_nothing, fold
from callflows.record import CallRecord
from callflows.replay import latest_session
from callflows.session import Session as FlowSession
from foundation import outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotFound, Unavailable
from foundation.live import BOARD, Live, call_topic, operator_topic
from foundation.outbox import Job, Push
from ivr.tables import CallRow

log = logging.getLogger(__name__)

SPOOL = "facts:spool"  # Redis stream: facts that could not be written because SQL was away

SETTLE = "call.settle"
SYNC = "ticket.sync"
FOLLOW_UP = "call.follow-up"
CALLBACK = "callback.request"
VOICEMAIL = "voicemail.take"

Work = Sequence[tuple[str, dict[str, Any]]]  # (topic, payload)
_FACTS: TypeAdapter[list[Fact]] = TypeAdapter(list[Fact])
_CALLS = cast(Table, CallRow.__table__)
# Statuses in which the queue has something to be told (Conversations.settle); what it decided itself it knows.
_TALKING, _OVER = ("talking", "held"), ("ended", "wrap-up")

# Every fact passes through these, some fifteen times a call: texts, and JSON as it goes over the wire.
_LOOK = text("SELECT CAST(record AS text) FROM calls WHERE call_id = :call_id")
_HOLD = text("SELECT CAST(record AS text) FROM calls WHERE call_id = :call_id FOR UPDATE")
_BEGIN = text(
    """
    INSERT INTO calls (call_id, status, from_number, changed_at, record) VALUES (:call_id, 'menu', '', :now, '{}')
    ON CONFLICT DO NOTHING
    """
)
_ADDING = """
    INSERT INTO call_events (call_id, key, kind, at, recorded_at, data)
    SELECT :call_id, fact->>'key', fact->>'kind', CAST(fact->>'at' AS timestamptz), :now, fact
      FROM jsonb_array_elements(CAST(:facts AS jsonb)) WITH ORDINALITY AS given(fact, nth) ORDER BY nth
    ON CONFLICT DO NOTHING RETURNING key
"""
_KNOWN = "SELECT CAST(coalesce(jsonb_agg(data ORDER BY id), '[]') AS text) FROM call_events WHERE call_id = :call_id"
_ADD, _READ = text(_ADDING), text(_KNOWN)
# `known` are the facts from before: a statement does not see what it writes.
_ADD_AND_READ = text(f"WITH added AS ({_ADDING}) SELECT ARRAY(SELECT key FROM added) AS new, ({_KNOWN}) AS known")
_TOUCH = text("UPDATE calls SET changed_at = :now WHERE call_id = :call_id")
_KEEP = text(
    """
    UPDATE calls SET changed_at = :now, record = r, status = r->>'status', queue = r->>'queue',
           outcome = r->>'outcome', from_number = r->>'from_number', operator_id = CAST(r->>'operator' AS integer),
           started_at = CAST(r->>'started_at' AS timestamptz), entered_at = CAST(r->>'entered_at' AS timestamptz),
           ended_at = CAST(r->>'ended_at' AS timestamptz)
      FROM (SELECT CAST(:record AS jsonb) AS r) AS given WHERE call_id = :call_id
    """
)


@dataclass(frozen=True)
class _Written:
    """What became of facts: the keys of the new ones, the record without and with them, and the work to push."""

    new: set[str]
    before: CallRecord
    after: CallRecord
    jobs: list[tuple[str, int]]


class CallLog:
    """The record of what happened. Every method but `write` opens its own transaction."""

    def __init__(self, database: Database, redis: Redis, clock: Clock, live: Live, push: Push) -> None:
        self._database = database
        self._redis = redis
        self._clock = clock
        self._live = live
        self._push = push

    def record(self, call_id: str, *facts: Fact, then: Work = (), only_in: Collection[str] = ()) -> bool:
        """Add facts; gives whether the first of them was new. Facts that are there already are passed over.

        `then` is work of the rq queue `call` (topic, payload) that follows from the first fact; it is written down only
        when that fact is new, and the call then in one of the statuses `only_in`, if there are any. When SQL does not
        answer the facts wait in Redis (`drain_spool`) and True is given; Unavailable when Redis does not answer either.
        """
        return self._record_or_spool(call_id, facts, then, only_in=only_in)

    def record_if_known(self, call_id: str, fact: Fact) -> bool:
        """Add a fact to a call that there is; whether it was new. Raises when SQL is away: it will be told again."""
        with self._database.transaction() as session:
            found = session.scalar(_HOLD, {"call_id": call_id})
            if found is None:
                return False
            written = self._write(session, call_id, (fact,), before=_record(call_id, found))
        self._after(written)
        return bool(written.new)

    def claim(self, call_id: str, taken: Fact, *others: Fact) -> bool:
        """Add facts that only one request may add: with `taken` there already nothing is written, and False given."""
        return self._record_or_spool(call_id, (taken, *others), (), claim=True)

    def _record_or_spool(
        self, call_id: str, facts: Sequence[Fact], then: Work, *, claim: bool = False, only_in: Collection[str] = ()
    ) -> bool:
        try:
            return self._record(call_id, facts, then, claim=claim, only_in=only_in)
        except (OperationalError, InterfaceError) as error:
            log.error("facts spooled: the database does not answer", extra={"call": call_id})
            self._spool(call_id, facts, then, error)
            return True

    def write(self, session: Session, call_id: str, *facts: Fact) -> Callable[[], None]:
        """Add facts in a transaction of the caller's; gives what to do after its commit. The call is locked until
        then, so it is the last that the transaction locks."""
        written = self._write(session, call_id, facts)
        return lambda: self._after(written)

    def _record(
        self, call_id: str, facts: Sequence[Fact], then: Work, *, claim: bool = False, only_in: Collection[str] = ()
    ) -> bool:
        with self._database.transaction() as session:
            written = self._write(session, call_id, facts, then, only_in)
            first_is_new = facts[0].key in written.new
            if claim and not first_is_new:
                session.rollback()
                return False
        self._after(written)
        return first_is_new

    def _write(
        self,
        session: Session,
        call_id: str,
        facts: Sequence[Fact],
        then: Work = (),
        only_in: Collection[str] = (),
        *,
        before: CallRecord | None = None,
    ) -> _Written:
        """`before`: the record, if this transaction holds it already."""
        now = self._clock.now()
        before = before or self._locked(session, call_id, now)
        asked = {"call_id": call_id, "now": now, "facts": _FACTS.dump_json(list(facts)).decode()}
        if before.started_at is not None and all(map(changes_nothing, facts)):
            new = set(session.scalars(_ADD, asked))
            after = before
        else:
            row = session.execute(_ADD_AND_READ, asked).one()
            new = set(row.new)
            known = _FACTS.validate_json(row.known)
            after = fold(call_id, [*known, *(fact for fact in facts if fact.key in new)]) if new else before
        if not new:
            return _Written(new, before, before, [])
        if after == before:
            session.execute(_TOUCH, {"call_id": call_id, "now": now})
        else:
            session.execute(_KEEP, {"call_id": call_id, "now": now, "record": after.model_dump_json()})
        asked_for = facts[0].key in new and (not only_in or after.status in only_in)
        work: list[Job] = [(topic, "call", payload) for topic, payload in then if asked_for]
        return _Written(new, before, after, outbox.add_all(session, work + _follows(before, after), now))

    @staticmethod
    def _locked(session: Session, call_id: str, now: datetime) -> CallRecord:
        """The record as it stands, held for this transaction; the call's row is made when it is not there."""
        found = session.scalar(_HOLD, {"call_id": call_id})
        if found is None:
            session.execute(_BEGIN, {"call_id": call_id, "now": now})
            found = session.scalar(_HOLD, {"call_id": call_id})
        return _record(call_id, found)

    @staticmethod
    def _facts(session: Session, call_id: str) -> list[Fact]:
        return _FACTS.validate_json(session.scalar(_READ, {"call_id": call_id}) or "[]")

    def _after(self, written: _Written) -> None:
        for queue, number in written.jobs:
            self._push(queue, number)
        self._tell(written.before, written.after)

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
        with self._database.reading() as session:
            found = session.scalar(_LOOK, {"call_id": call_id})
        if found in (None, "{}"):
            raise NotFound(f"There is no call {call_id}.")
        return _record(call_id, found)

    def refused_transcription(self, call_id: str) -> bool:
        """Whether this call is not to be listened to; so it is when nobody can say."""
        try:
            return not self.record_of(call_id).transcription
        except (NotFound, OperationalError, InterfaceError):
            return True

    def in_queue(self, older_than: timedelta) -> set[str]:
        """Calls that wait in a queue and have been there for `older_than`, as far as the facts say."""
        query = select(_CALLS.c.call_id).where(
            _CALLS.c.status == "waiting", _CALLS.c.changed_at < self._clock.now() - older_than
        )
        with self._database.reading() as session:
            return set(session.scalars(query))

    def facts_of(self, call_id: str) -> list[Fact]:
        """Every fact of one call in the order in which it was written; empty for an unknown call."""
        with self._database.reading() as session:
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


def _record(call_id: str, text: str | None) -> CallRecord:
    return CallRecord(call_id=call_id) if text in (None, "{}") else CallRecord.model_validate_json(text or "")


def _unsettled(before: CallRecord, after: CallRecord) -> bool:
    """Whether the queue may not know what the record says now."""
    if after.status in _TALKING:
        return before.status not in _TALKING
    if after.status in _OVER:
        return before.status not in _OVER
    return after.status == "menu" != before.status


def _follows(before: CallRecord, after: CallRecord) -> list[Job]:
    """The work that a change of the record asks for."""
    work: list[Job] = []
    payload = {"call_id": after.call_id}
    if _unsettled(before, after):
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
