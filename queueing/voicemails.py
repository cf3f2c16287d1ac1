"""Voicemails: messages that somebody must listen to before they are due. An item of work until it is closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import Conflict, NotFound
from foundation.live import BOARD, Live
from queueing.callback_tables import VoicemailRow

Transcript = Literal["waiting", "written", "refused", "no-model", "failed"]


@dataclass(frozen=True)
class Voicemail:
    """A message; columns of the table of the same name. `path` is None as long as its sound is not here."""

    id: int
    call_id: str
    recording: str
    queue: str
    language: str
    number: str
    duration_s: int
    left_at: datetime
    due_at: datetime
    path: str | None
    transcript: str
    assigned_to: int | None
    closed_at: datetime | None
    deleted_at: datetime | None


class Voicemails:
    """The list of messages."""

    def __init__(self, database: Database, clock: Clock, live: Live) -> None:
        self._database = database
        self._clock = clock
        self._live = live

    def left(
        self,
        *,
        call_id: str,
        recording: str,
        queue: str,
        language: str,
        number: str,
        duration_s: int,
        left_at: datetime,
        due_at: datetime,
        transcript: Transcript,
    ) -> Voicemail:
        """A caller has left a message; told again it is the same one."""
        values = {
            "call_id": call_id,
            "recording": recording,
            "queue": queue,
            "language": language,
            "number": number,
            "duration_s": duration_s,
            "left_at": left_at,
            "due_at": due_at,
            "transcript": transcript,
        }
        with self._database.transaction() as sql:
            sql.execute(insert(VoicemailRow).values(**values).on_conflict_do_nothing())
            row = sql.scalars(select(VoicemailRow).where(VoicemailRow.recording == recording)).one()
        self._changed()
        return _voicemail(row)

    def fetched(self, voicemail_id: int, path: str) -> None:
        """Its sound is here."""
        with self._database.transaction() as sql:
            row = _locked(sql, voicemail_id)
            row.path, row.fetched_at = path, self._clock.now()
        self._changed()

    def transcribed(self, voicemail_id: int, transcript: Transcript) -> None:
        with self._database.transaction() as sql:
            _locked(sql, voicemail_id).transcript = transcript
        self._changed()

    def open(self, queues: Collection[str] | None = None, operator_id: int | None = None) -> list[Voicemail]:
        """Messages that are not closed, of these queues or assigned to this operator, the first due first."""
        query = select(VoicemailRow).where(VoicemailRow.closed_at.is_(None), VoicemailRow.deleted_at.is_(None))
        if queues is not None:
            query = query.where(or_(VoicemailRow.queue.in_(queues), VoicemailRow.assigned_to == operator_id))
        with self._database.transaction() as sql:
            return [_voicemail(row) for row in sql.scalars(query.order_by(VoicemailRow.due_at, VoicemailRow.id))]

    def one(self, voicemail_id: int) -> Voicemail:
        """Raises NotFound."""
        with self._database.transaction() as sql:
            return _voicemail(_locked(sql, voicemail_id))

    def assign(self, voicemail_id: int, operator_id: int) -> None:
        """The operator takes it on. Raises Conflict when another has it, or it is closed."""
        with self._database.transaction() as sql:
            row = _locked(sql, voicemail_id)
            if row.closed_at is not None or row.assigned_to not in (None, operator_id):
                raise Conflict("A colleague has taken this message.")
            row.assigned_to, row.assigned_at = operator_id, self._clock.now()
        self._changed()

    def close(self, voicemail_id: int, actor: str) -> None:
        """It has been dealt with; again is the same."""
        with self._database.transaction() as sql:
            row = _locked(sql, voicemail_id)
            if row.closed_at is None:
                row.closed_at, row.closed_by = self._clock.now(), actor
        self._changed()

    def delete(self, voicemail_id: int, actor: str) -> Voicemail:
        """Take it off every list and forget where its sound was; gives what it was, so that the sound can go as well.
        An audit row says who did it."""
        now = self._clock.now()
        with self._database.transaction() as sql:
            row = _locked(sql, voicemail_id)
            before = _voicemail(row)
            if row.deleted_at is None:
                row.deleted_at, row.path = now, None
                row.closed_at, row.closed_by = row.closed_at or now, row.closed_by or actor
                audit.record(
                    sql, at=now, actor=actor, action="voicemail.deleted", subject=f"voicemail:{voicemail_id}",
                    before={"call": row.call_id}, after={},
                )  # fmt: skip
        self._changed()
        return before

    def _changed(self) -> None:
        self._live.publish(BOARD, "board-changed")


def _locked(sql: Session, voicemail_id: int) -> VoicemailRow:
    row = sql.get(VoicemailRow, voicemail_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such message.")
    return row


def _voicemail(row: VoicemailRow) -> Voicemail:
    return Voicemail(**{name: getattr(row, name) for name in Voicemail.__dataclass_fields__})
