"""What is deleted, and when: by age, once a day; and on request, one call or one person.

A call's clocks and outcome stay: they are figures. What was said, what was typed and not saved, recordings, and the
caller's number go. Tickets and customers are the helpdesk's own records and stay; the number leaves them too when a
person is erased. Each deletion leaves a row in the audit log with its counts, and never with what was deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from redis import Redis
from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.spooling import spool_folder
from desk.tables import TicketDraftRow
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound
from foundation.settings import Settings
from helpdesk.tables import CallCustomerRow, CustomerNumberRow, SuggestionRow, TicketEntryRow
from helpdesk.words import e164
from ivr.tables import CallEventRow, CallRow, FollowUpRow
from queueing.callback_tables import CallbackRow, VoicemailRow
from transcription.spools import drop, drop_older
from transcription.tables import MissingSoundRow, SegmentRow

Counts = dict[str, int]
_ONCE_A_DAY = "retention:done:"  # Redis key with the date: a second ticker leaves it alone

# Rows that go with a call: what was said and what hangs on it.
_OF_A_CALL: tuple[tuple[str, Any], ...] = (
    ("sentences", SegmentRow),
    ("gaps", MissingSoundRow),
    ("suggestions", SuggestionRow),
    ("drafts", TicketDraftRow),
)


class Erasure:
    """Deletes by age and on request."""

    def __init__(self, database: Database, redis: Redis, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._redis = redis
        self._clock = clock
        self._settings = settings
        self._spools = spool_folder(settings)

    # By age

    def daily(self) -> Counts | None:
        """Delete what is too old, at most once a day; None when that was done today."""
        key = _ONCE_A_DAY + self._clock.now().date().isoformat()
        if not self._redis.set(key, "1", nx=True, ex=timedelta(days=2)):
            return None
        return self.by_age()

    def by_age(self) -> Counts:
        """Delete what is older than its class may be (docs/settings.md)."""
        now, settings = self._clock.now(), self._settings
        transcripts = now - timedelta(days=settings.retention_days)
        recordings = now - timedelta(days=settings.recording_retention_days)
        numbers = now - timedelta(days=settings.number_retention_days)
        with self._database.transaction() as session:
            counts = {
                "sentences": _delete(session, SegmentRow, SegmentRow.started_at < transcripts),
                "gaps": _delete(session, MissingSoundRow, MissingSoundRow.created_at < transcripts),
                "suggestions": _delete(session, SuggestionRow, SuggestionRow.shown_at < transcripts),
                "drafts": _delete(session, TicketDraftRow, TicketDraftRow.changed_at < transcripts),
                "recordings": _voicemails(session, VoicemailRow.left_at < recordings, now),
                "spools": drop_older(session, self._spools, timedelta(days=settings.retention_days), now),
            }
            old = select(CallRow).where(CallRow.started_at < numbers, CallRow.from_number != "")
            counts["numbers"] = sum(_forget_number(session, row) for row in session.scalars(old))
            if any(counts.values()):
                self._tell(session, "system", "retention", "everything", counts)
        return counts

    # On request

    def call(self, call_id: str, actor: str) -> Counts:
        """Erase one call: its words, its recordings and its caller's number. Raises NotFound."""
        with self._database.transaction() as session:
            row = session.get(CallRow, call_id)
            if row is None:
                raise NotFound(f"There is no call {call_id}.")
            counts = self._erase(session, [row])
            self._tell(session, actor, "call.erased", f"call:{call_id}", counts)
        return counts

    def number(self, number: str, actor: str) -> Counts:
        """Erase one person by telephone number: all their calls, and the number wherever it is kept."""
        wanted = e164(number)
        if wanted is None:
            raise InvalidInput(f"{number} is no telephone number; write it as +32...")
        with self._database.transaction() as session:
            rows = session.scalars(select(CallRow).where(CallRow.from_number == wanted)).all()
            counts = self._erase(session, rows)
            counts["customer numbers"] = _delete(session, CustomerNumberRow, CustomerNumberRow.number == wanted)
            counts["recordings"] += _voicemails(session, VoicemailRow.number == wanted, self._clock.now())
            counts["follow-ups"] = _delete(session, FollowUpRow, FollowUpRow.number == wanted)
            counts["callbacks"] = _delete_callbacks(session, wanted)
            counts["other places"] = _blank(session, TicketEntryRow.from_number, wanted)
            counts["other places"] += _blank(session, CallCustomerRow.number, wanted)
            # The audit log keeps what tells this erasure from another, not the number.
            self._tell(session, actor, "number.erased", f"number:…{wanted[-2:]}", counts)
        return counts

    def _erase(self, session: Session, rows: Sequence[CallRow]) -> Counts:
        ids = [row.call_id for row in rows]
        counts = {label: _delete(session, table, table.call_id.in_(ids)) for label, table in _OF_A_CALL}
        counts["recordings"] = _voicemails(session, VoicemailRow.call_id.in_(ids), self._clock.now())
        counts["spools"] = drop(session, self._spools, ids)
        counts["numbers"] = sum(_forget_number(session, row) for row in rows)
        counts["calls"] = len(rows)
        return counts

    def _tell(self, session: Session, actor: str, action: str, subject: str, counts: Mapping[str, int]) -> None:
        audit.record(
            session, at=self._clock.now(), actor=actor, action=action, subject=subject, before={}, after=counts
        )


def _forget_number(session: Session, row: CallRow) -> int:
    """Take the caller's number out of a call: its facts, its record, and its entry on a ticket. The call log is only
    ever added to, but for this."""
    number = row.from_number
    if not number:
        return 0
    call_id = row.call_id
    session.execute(
        update(CallEventRow).where(CallEventRow.call_id == call_id).values(data=_without(CallEventRow.data, number))
    )
    session.execute(
        update(CallRow)
        .where(CallRow.call_id == call_id)
        .values(record=_without(CallRow.record, number), from_number="")
    )
    session.execute(update(TicketEntryRow).where(TicketEntryRow.call_id == call_id).values(from_number=None))
    session.execute(update(CallCustomerRow).where(CallCustomerRow.call_id == call_id).values(number=None))
    return 1


def _without(column: InstrumentedAttribute[dict[str, Any]], number: str) -> ColumnElement[Any]:
    """The JSON with the number taken out wherever it stands; E.164 text needs no escape in JSON."""
    return cast(func.replace(cast(column, Text), number, ""), JSONB)


def _voicemails(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    """Delete recordings and the numbers with them; the row stays as an item of work that is over."""
    rows = session.scalars(
        select(VoicemailRow).where(which, or_(VoicemailRow.deleted_at.is_(None), VoicemailRow.number != ""))
    ).all()
    for row in rows:
        if row.path:
            Path(row.path).unlink(missing_ok=True)
        row.path, row.number, row.deleted_at = None, "", now
        row.closed_at = row.closed_at or now
    return len(rows)


def _delete_callbacks(session: Session, number: str) -> int:
    """A callback that is still owed is owed to nobody any more."""
    gone = session.scalars(select(CallbackRow).where(CallbackRow.number == number)).all()
    for row in gone:
        session.delete(row)
    return len(gone)


def _blank(session: Session, column: InstrumentedAttribute[Any], number: str) -> int:
    rows = session.execute(update(column.class_).where(column == number).values({column.key: None}).returning(column))
    return len(rows.all())


def _delete(session: Session, table: Any, which: ColumnElement[bool]) -> int:
    return len(session.execute(delete(table).where(which).returning(*table.__table__.primary_key)).all())
