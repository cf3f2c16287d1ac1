"""The ticket form as typed so far, kept at every change: a reload, a lost line or a refused form costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from desk.tables import TicketDraftRow
from foundation.database import Database

LONGEST_SUBJECT = 200
LONGEST_NOTE = 20_000


@dataclass(frozen=True)
class Draft:
    """A ticket form. Empty strings for what is not typed yet."""

    call_id: str
    subject: str
    priority: str
    note: str


class Drafts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_call(self, call_id: str) -> Draft | None:
        with self._database.transaction() as session:
            row = session.get(TicketDraftRow, call_id)
        return None if row is None else Draft(row.call_id, row.subject, row.priority, row.note)

    def of_operator(self, operator_id: int) -> Sequence[Draft]:
        """What this operator typed and never saved, newest first."""
        query = (
            select(TicketDraftRow)
            .where(TicketDraftRow.operator_id == operator_id)
            .order_by(TicketDraftRow.changed_at.desc())
        )
        with self._database.transaction() as session:
            rows = session.scalars(query).all()
        return [Draft(row.call_id, row.subject, row.priority, row.note) for row in rows]

    def keep(self, draft: Draft, operator_id: int, now: datetime) -> None:
        """Remember the form, cut to the longest that the store takes; the last one typed stands."""
        values = {
            "operator_id": operator_id,
            "subject": draft.subject.replace("\x00", "")[: 2 * LONGEST_SUBJECT],
            "priority": draft.priority,
            "note": draft.note.replace("\x00", "")[:LONGEST_NOTE],
            "changed_at": now,
        }
        statement = insert(TicketDraftRow).values(call_id=draft.call_id, **values)
        with self._database.transaction() as session:
            session.execute(statement.on_conflict_do_update(index_elements=[TicketDraftRow.call_id], set_=values))

    def forget(self, call_id: str) -> None:
        with self._database.transaction() as session:
            session.execute(delete(TicketDraftRow).where(TicketDraftRow.call_id == call_id))
