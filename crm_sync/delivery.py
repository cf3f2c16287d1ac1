"""Brings ended calls into the ticketing system: exactly once per content, with every failure visible.

The outbox asks (`deliver`) after a call and again after its wrap-up, and keeps asking with growing delays while it
fails. What is written down here is what people see of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from callflows.lifecycle import TICKET_SYNC, advance
from callflows.record import CallRecord
from crm_sync.entry import CallEntry, entry_of
from crm_sync.port import TicketStore
from crm_sync.tables import CallSyncRow
from foundation import outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotFound, ProviderError

TOPIC = "ticket.sync"  # of the outbox rows; the payload is {"call_id": ...}
QUEUE = "sync"
_LONGEST_ERROR = 500


class Calls(Protocol):
    """Where the records of calls are."""

    def record_of(self, call_id: str) -> CallRecord:
        """The call as it stands now. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class SyncState:
    """How far a call's delivery is. `next_attempt_at` is set while retrying, `ticket` once delivered."""

    call_id: str
    adapter: str
    status: str  # pending, delivered, retrying or failed
    attempts: int
    last_error: str | None
    next_attempt_at: datetime | None
    ticket: str | None
    changed_at: datetime
    delivered_at: datetime | None


class Delivery:
    """Delivers calls to one ticketing system."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        calls: Calls,
        store: TicketStore,
        operator_name: Callable[[int], str | None],
        *,
        public_base_url: str,
        queue_title: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._calls = calls
        self._store = store
        self._operator_name = operator_name
        self._public_base_url = public_base_url
        self._queue_title = queue_title

    def deliver(self, payload: Mapping[str, Any]) -> None:
        """Handle an outbox row: bring the call `payload["call_id"]`, as it stands now, into the ticketing system.

        The same content again does nothing. Raises what went wrong, after writing it down, so that the outbox tries
        again; ProviderError with `permanent` when that cannot help.
        """
        call_id = str(payload["call_id"])
        try:
            self._put(call_id)
        except NotFound as error:
            refusal = ProviderError(str(error), permanent=True)
            self._note(call_id, refusal)
            raise refusal from error
        except Exception as error:
            self._note(call_id, error)
            raise

    def of_call(self, call_id: str) -> SyncState | None:
        """How far this call's delivery is; None when nobody asked for it yet."""
        with self._database.transaction() as session:
            row = session.get(CallSyncRow, (call_id, self._store.name))
            return None if row is None else _state(row)

    def problems(self, limit: int = 100) -> list[SyncState]:
        """Deliveries that failed or are being tried again, given-up ones first, then the latest."""
        with self._database.transaction() as session:
            rows = session.scalars(
                select(CallSyncRow)
                .where(CallSyncRow.adapter == self._store.name, CallSyncRow.status.in_(("failed", "retrying")))
                .order_by(CallSyncRow.status, CallSyncRow.changed_at.desc(), CallSyncRow.call_id)
                .limit(limit)
            )
            return [_state(row) for row in rows]

    def retry(self, call_id: str) -> None:
        """Ask a delivery that failed, or waits for its next attempt, again now, through the outbox. One that arrived or
        is on its way stays as it is. Raises NotFound."""
        now = self._clock.now()
        with self._database.transaction() as session:
            row = session.scalar(self._row(call_id).with_for_update())
            if row is None:
                raise NotFound(f"Call {call_id} was never on its way to {self._store.name}.")
            before = row.status
            _move(row, "retry-asked", now)
            if row.status != before:
                row.attempts, row.next_attempt_at = 0, None
                outbox.add(session, topic=TOPIC, queue=QUEUE, payload={"call_id": call_id}, now=now)

    def _put(self, call_id: str) -> None:
        """Deliver the call as it stands now. It is read under the lock, so that an older content never comes last."""
        with self._database.transaction() as session:
            row = self._locked(session, call_id)
            entry = self._entry(call_id)
            fingerprint = entry.fingerprint()
            if row.status == "delivered" and row.fingerprint == fingerprint:
                return
            now = self._clock.now()
            _meet(row, fingerprint, now)
            row.ticket = self._store.put_call(entry)
            _move(row, "delivered", now)
            row.attempts += 1
            row.last_error, row.next_attempt_at = None, None
            row.delivered_at = now

    def _entry(self, call_id: str) -> CallEntry:
        record = self._calls.record_of(call_id)
        return entry_of(
            record,
            operator=None if record.operator is None else self._operator_name(record.operator),
            queue_title=None if record.queue is None else self._queue_title(record.queue),
            transcript_url=f"{self._public_base_url}/desk/calls/{record.call_id}",
        )

    def _note(self, call_id: str, error: Exception) -> None:
        """Write a failure down, with the moment at which the outbox tries again (the delays are its own)."""
        now = self._clock.now()
        with self._database.transaction() as session:
            row = self._locked(session, call_id)
            with suppress(Exception):  # what went wrong may be this; the failure is written down all the same
                _meet(row, self._entry(call_id).fingerprint(), now)
            permanent = isinstance(error, ProviderError) and error.permanent
            given_up = permanent or row.attempts + 1 >= outbox.MAX_ATTEMPTS
            _move(row, "given-up" if given_up else "attempt-failed", now)
            if row.status == "delivered":
                return  # another worker brought it in meanwhile
            row.attempts += 1
            row.last_error = f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
            delay = min(outbox.LONGEST_DELAY, outbox.FIRST_DELAY * 2 ** (row.attempts - 1))
            row.next_attempt_at = now + delay if row.status == "retrying" else None

    def _locked(self, session: Session, call_id: str) -> CallSyncRow:
        """The call's row, made when it is not there yet, for this transaction alone: two deliveries of a call happen
        one after the other."""
        now = self._clock.now()
        begun = insert(CallSyncRow).values(
            call_id=call_id,
            adapter=self._store.name,
            status=TICKET_SYNC.start,
            attempts=0,
            created_at=now,
            changed_at=now,
        )
        held = begun.on_conflict_do_update(  # changes nothing, but holds and gives the row that is there
            index_elements=["call_id", "adapter"], set_={"created_at": CallSyncRow.created_at}
        )
        return session.scalars(held.returning(CallSyncRow)).one()

    def _row(self, call_id: str) -> Select[CallSyncRow]:
        return select(CallSyncRow).where(CallSyncRow.call_id == call_id, CallSyncRow.adapter == self._store.name)


def _meet(row: CallSyncRow, fingerprint: str, now: datetime) -> None:
    """The content that the row is about now; another one than before begins anew."""
    if row.fingerprint is not None and row.fingerprint != fingerprint:
        _move(row, "call-changed", now)
        row.attempts = 0
    row.fingerprint = fingerprint


def _move(row: CallSyncRow, event: str, now: datetime) -> None:
    """Take the step that the life cycle has for `event`."""
    row.status, row.changed_at = advance(TICKET_SYNC, row.status, event), now


def _state(row: CallSyncRow) -> SyncState:
    return SyncState(
        call_id=row.call_id,
        adapter=row.adapter,
        status=row.status,
        attempts=row.attempts,
        last_error=row.last_error,
        next_attempt_at=row.next_attempt_at,
        ticket=row.ticket,
        changed_at=row.changed_at,
        delivered_at=row.delivered_at,
    )
