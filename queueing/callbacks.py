"""Callbacks: a caller who does not wait keeps the place in the queue, and is rung when it is their turn.

A callback stands in the queue as a call of its own (an attempt), at the place that its caller had. An operator who
accepts it comes into the room first; then one worker takes the lease, and only that one dials. What becomes of the
attempt settles the callback: reached, tried again later, or given up. A caller who rings again takes the place over.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from callflows.facts import CallbackRequested, CallEnded, Fact
from callflows.hours import Calendar
from callflows.lifecycle import CALLBACK, advance
from callflows.session import Session as FlowSession
from callflows.slots import due_at, open_from
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotFound
from foundation.live import BOARD, Live
from queueing.callback_model import Attempt, Callback, beginning, callback_of, virtual
from queueing.callback_tables import CallbackAttemptRow, CallbackRow
from queueing.tables import QueueEntryRow, QueueRow

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # ringing, the greeting and the first key; a dialler that died is found out after it
_NAMESPACE = UUID("3f5c9d1e-64c4-5d0a-9a2b-5c1d5b6a7e10")
_BATCH = 50
OPEN = ("scheduled", "waiting", "dialling")

Result = Literal["no-answer", "busy", "failed", "no-key", "operator-lost"]


class CallLog(Protocol):
    """Where facts go. A fact told twice (same call and key) is kept once."""

    def record(self, call_id: str, *facts: Fact) -> object: ...


class WaitingRoom(Protocol):
    """The queues."""

    def join(
        self,
        call_id: str,
        queue: str,
        language: str,
        *,
        entered_at: datetime,
        ordinal: int = 1,
        kind: Any = "call",
        level: int = 1,
    ) -> None: ...
    def leave(self, call_id: str, reason: str) -> None: ...


class Callbacks:
    """Keeps callbacks. Safe for many threads and processes at once: a row's lock decides."""

    def __init__(self, database: Database, clock: Clock, live: Live, call_log: CallLog, room: WaitingRoom) -> None:
        self._database = database
        self._clock = clock
        self._live = live
        self._call_log = call_log
        self._room = room

    # --- asked for

    def offered(self, call_id: str, estimate_s: float | None) -> bool:
        """Whether the caller in this call may be told of a callback: they have waited, or are expected to wait, for as
        long as their queue says."""
        now = self._clock.now()
        query = (
            select(QueueEntryRow.entered_at, QueueRow.callback_after_s)
            .join(QueueRow, QueueRow.name == QueueEntryRow.queue)
            .where(QueueEntryRow.call_id == call_id, QueueEntryRow.left_at.is_(None))
        )
        with self._database.transaction() as sql:
            row = sql.execute(query).first()
        if row is None or row.callback_after_s is None:
            return False
        waited_s = (now - row.entered_at).total_seconds()
        return bool(max(waited_s, estimate_s or 0.0) >= row.callback_after_s)

    def request(self, origin_call_id: str, asked: CallbackRequested) -> None:
        """Write down what a caller asked for, once a call. In turn it keeps the place that the caller had."""
        calendar = Calendar.model_validate(asked.calendar)
        session = FlowSession.model_validate(asked.session)
        with self._database.transaction() as sql:
            due_days = sql.get_one(QueueRow, asked.queue).callback_due_days
            entered_at = sql.scalar(
                select(QueueEntryRow.order_at)
                .where(QueueEntryRow.call_id == origin_call_id, QueueEntryRow.queue == asked.queue)
                .order_by(QueueEntryRow.ordinal)
                .limit(1)
            )
            values = {
                "origin_call_id": origin_call_id,
                "queue": asked.queue,
                "language": session.language,
                "number": asked.number,
                "menu_path": list(session.menu_path),
                "session": asked.session,
                "calendar": asked.calendar,
                "requested_at": asked.at,
                "virtual_at": entered_at or asked.at,
                "slot_begins_at": asked.slot_begins_at,
                "slot_ends_at": asked.slot_ends_at,
                "not_before": asked.slot_begins_at or open_from(calendar, asked.at),
                "due_at": asked.slot_ends_at or due_at(calendar, asked.at, due_days) or asked.at + timedelta(days=1),
                "status": CALLBACK.start,
                "attempts": 0,
            }
            sql.execute(insert(CallbackRow).values(**values).on_conflict_do_nothing())
        self._changed()

    # --- in turn

    def tick(self) -> None:
        """Put every callback whose time has come into its queue. Safe in two tickers at once."""
        now = self._clock.now()
        with self._database.reading() as sql:
            if not sql.scalar(select(exists().where(_due(now) | _not_up()))):
                return
        with self._database.transaction() as sql:
            rows = sql.scalars(
                select(CallbackRow)
                .where(_due(now))
                .order_by(CallbackRow.virtual_at)
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                number = len(_attempts(sql, row.id)) + 1
                row.live_call_id = str(uuid5(_NAMESPACE, f"{row.id}:{number}"))
                row.status = advance(CALLBACK, row.status, "begun")
                attempt = CallbackAttemptRow(call_id=row.live_call_id, callback_id=row.id, number=number, began_at=now)
                sql.add(attempt)
        self._put_up()

    def _put_up(self) -> None:
        """Attempts that do not stand in the queue yet: the ones just begun, and those of a ticker that died."""
        with self._database.transaction() as sql:
            rows = sql.execute(
                select(CallbackRow, CallbackAttemptRow)
                .join(CallbackAttemptRow, CallbackAttemptRow.call_id == CallbackRow.live_call_id)
                .where(_not_up())
                .order_by(CallbackRow.virtual_at)
            ).all()
        for row, attempt in rows:
            self._call_log.record(attempt.call_id, *beginning(row, attempt))
            self._room.join(
                attempt.call_id,
                row.queue,
                row.language,
                entered_at=virtual(row, attempt.began_at),
                kind="callback",
                level=FlowSession.model_validate(row.session).level,
            )

    # --- dialled

    def lease(self, call_id: str, operator_id: int) -> Callback | None:
        """The right to dial this attempt's caller; None for everybody but the first who asks."""
        now = self._clock.now()
        with self._database.transaction() as sql:
            row = _live(sql, call_id)
            if row is None or row.status != "waiting":
                return None
            row.status = advance(CALLBACK, row.status, "dialled")
            row.attempts += 1
            row.lease_until = now + LEASE
            attempt = sql.get_one(CallbackAttemptRow, call_id)
            attempt.dialled_at, attempt.operator_id = now, operator_id
        self._changed()
        return callback_of(row)

    def overdue(self) -> list[str]:
        """Calls of attempts whose lease has run out: nobody knows what became of them."""
        query = select(CallbackRow.live_call_id).where(
            CallbackRow.status == "dialling", CallbackRow.lease_until <= self._clock.now()
        )
        with self._database.reading() as sql:
            return [call_id for call_id in sql.scalars(query) if call_id]

    def reached(self, call_id: str) -> None:
        """Caller and operator hear each other: the callback is kept."""
        self._settle(call_id, "reached", "reached")

    def cancelled(self, call_id: str) -> None:
        """The caller, rung by this attempt, says that it is not needed any more."""
        self._settle(call_id, "cancelled", "cancelled")

    def failed(self, call_id: str, result: str) -> None:
        """The attempt came to nothing: another one later, or none when the queue's number of attempts is used up. An
        operator who was lost is no attempt of the caller's: the next begins at once."""
        now = self._clock.now()
        with self._database.transaction() as sql:
            row = _live(sql, call_id)
            if row is None or row.status != "dialling":
                return
            queue = sql.get_one(QueueRow, row.queue)
            lost = result == "operator-lost"
            row.attempts -= lost
            used_up = row.attempts >= queue.callback_attempts
            row.status = advance(CALLBACK, row.status, "attempts-used-up" if used_up else "attempt-failed")
            spacing = timedelta() if lost else timedelta(seconds=queue.callback_spacing_s)
            row.not_before = open_from(Calendar.model_validate(row.calendar), now + spacing)
            row.live_call_id, row.lease_until = None, None
            row.settled_at = now if used_up else None
            _end(sql, call_id, result, now)
        self._changed()

    def _settle(self, call_id: str, event: Literal["reached", "cancelled"], result: str) -> None:
        now = self._clock.now()
        with self._database.transaction() as sql:
            row = _live(sql, call_id)
            if row is None or row.status != "dialling":
                return
            row.status = advance(CALLBACK, row.status, event)
            row.settled_at, row.lease_until = now, None
            if event == "reached":
                row.reached_at = now
            _end(sql, call_id, result, now)
        self._changed()

    # --- not needed any more

    def take_over(self, number: str, queue: str, call_id: str) -> datetime | None:
        """The caller rings again, in `call_id`, for the same queue: their callback is closed, and its place given to
        them. None when there is no callback that waits for this number. Asking again gives the same."""
        now = self._clock.now()
        with self._database.transaction() as sql:
            rows = sql.scalars(
                select(CallbackRow)
                .where(CallbackRow.number == number, CallbackRow.queue == queue)
                .where(CallbackRow.status.in_(("scheduled", "waiting")) | (CallbackRow.settled_by == call_id))
                .order_by(CallbackRow.virtual_at)
                .with_for_update()
            ).all()
            given_up = [_close(sql, row, "caller-returned", call_id, now) for row in rows if row.settled_at is None]
        self._withdraw(given_up, "caller-returned")
        return min((virtual(row, now) for row in rows), default=None)

    def cancel(self, callback_id: int, actor: str) -> None:
        """Somebody at the desk strikes it off. Nothing when it is over or being dialled. Raises NotFound."""
        now = self._clock.now()
        with self._database.transaction() as sql:
            row = sql.get(CallbackRow, callback_id, with_for_update=True)
            if row is None:
                raise NotFound(f"There is no callback {callback_id}.")
            open_ = row.status in ("scheduled", "waiting")
            given_up = [_close(sql, row, "cancelled", actor, now)] if open_ else []
        self._withdraw(given_up, "cancelled")

    def _withdraw(self, calls: list[str | None], reason: str) -> None:
        for call_id in filter(None, calls):
            self._room.leave(call_id, reason)
            self._call_log.record(call_id, CallEnded(at=self._clock.now(), key="call-ended", reason=reason))
        if calls:
            self._changed()

    # --- to look at

    def of_call(self, call_id: str) -> Callback | None:
        """The callback that this call is an attempt at."""
        with self._database.transaction() as sql:
            attempt = sql.get(CallbackAttemptRow, call_id)
            return callback_of(sql.get_one(CallbackRow, attempt.callback_id)) if attempt else None

    def asked_in(self, call_id: str) -> Callback | None:
        """The callback that was asked for in this call."""
        with self._database.transaction() as sql:
            row = sql.scalar(select(CallbackRow).where(CallbackRow.origin_call_id == call_id))
            return callback_of(row) if row else None

    def attempts(self, callback_id: int) -> list[Attempt]:
        """Its attempts so far, in order."""
        with self._database.transaction() as sql:
            fields = Attempt.__dataclass_fields__
            return [Attempt(**{name: getattr(row, name) for name in fields}) for row in _attempts(sql, callback_id)]

    def open(self, queues: frozenset[str] | None = None) -> list[Callback]:
        """Callbacks that are owed, the first due first."""
        query = select(CallbackRow).where(CallbackRow.status.in_(OPEN)).order_by(CallbackRow.due_at, CallbackRow.id)
        if queues is not None:
            query = query.where(CallbackRow.queue.in_(queues))
        with self._database.transaction() as sql:
            return [callback_of(row) for row in sql.scalars(query)]

    def requested(self, queue: str | None, since: datetime, until: datetime) -> list[Callback]:
        """Callbacks asked for in [since, until), oldest first: what figures are computed from."""
        query = select(CallbackRow).where(CallbackRow.requested_at >= since, CallbackRow.requested_at < until)
        if queue is not None:
            query = query.where(CallbackRow.queue == queue)
        with self._database.transaction() as sql:
            return [callback_of(row) for row in sql.scalars(query.order_by(CallbackRow.requested_at))]

    def _changed(self) -> None:
        self._live.publish(BOARD, "board-changed")


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(CallbackRow.status == "scheduled", CallbackRow.not_before <= now)


def _not_up() -> ColumnElement[bool]:
    """The attempt does not stand in the queue."""
    stands = select(QueueEntryRow.id).where(QueueEntryRow.call_id == CallbackRow.live_call_id).exists()
    return and_(CallbackRow.status == "waiting", ~stands)


def _live(sql: Session, call_id: str) -> CallbackRow | None:
    return sql.scalar(select(CallbackRow).where(CallbackRow.live_call_id == call_id).with_for_update())


def _attempts(sql: Session, callback_id: int) -> list[CallbackAttemptRow]:
    query = select(CallbackAttemptRow).where(CallbackAttemptRow.callback_id == callback_id)
    return list(sql.scalars(query.order_by(CallbackAttemptRow.number)))


def _end(sql: Session, call_id: str, result: str, now: datetime) -> None:
    attempt = sql.get_one(CallbackAttemptRow, call_id)
    attempt.ended_at, attempt.result = now, result


def _close(
    sql: Session, row: CallbackRow, event: Literal["caller-returned", "cancelled"], by: str, now: datetime
) -> str | None:
    """Close a callback that is not being dialled; gives the call of an attempt that stands in the queue."""
    row.status = advance(CALLBACK, row.status, event)
    row.settled_at, row.settled_by = now, by
    call_id, row.live_call_id = row.live_call_id, None
    if call_id is not None:
        _end(sql, call_id, row.status, now)
    return call_id
