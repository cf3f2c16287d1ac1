"""Finding calls by what was said or who rang: a read-only view over the call log, the transcripts and the callbacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from callflows.facts import FACT, Fact
from callflows.record import CallRecord
from desk.told import Told, told_waits
from foundation.database import Database
from ivr.tables import CallEventRow, CallRow
from queueing.callback_tables import CallbackRow
from transcription.tables import SegmentRow


@dataclass(frozen=True)
class Filter:
    """What to look for; None and "" leave a field out. `since` (inclusive) and `before` bound the call's start."""

    queue: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    text: str = ""


def find_calls(database: Database, wanted: Filter, limit: int) -> Sequence[CallRecord]:
    """Calls, newest first. `text` is part of the caller's number, of the call's id, or of what was said."""
    query = select(CallRow.record).where(CallRow.started_at.is_not(None))
    if wanted.queue:
        query = query.where(CallRow.queue == wanted.queue)
    if wanted.outcome:
        query = query.where(CallRow.outcome == wanted.outcome)
    if wanted.since:
        query = query.where(CallRow.started_at >= wanted.since)
    if wanted.before:
        query = query.where(CallRow.started_at < wanted.before)
    text = wanted.text.replace("\x00", "").strip()
    if text:
        matches = [
            CallRow.call_id.startswith(text.lower(), autoescape=True),
            CallRow.call_id.in_(select(SegmentRow.call_id).where(SegmentRow.text.icontains(text, autoescape=True))),
        ]
        digits = "".join(character for character in text if character.isdigit())
        if len(digits) >= 3:  # people write 0460 00 01 23, the log has +32460000123
            matches.append(CallRow.from_number.contains(digits.lstrip("0"), autoescape=True))
        query = query.where(or_(*matches))
    with database.transaction() as session:
        rows = session.scalars(query.order_by(CallRow.started_at.desc(), CallRow.call_id).limit(limit)).all()
    return [CallRecord.model_validate(row) for row in rows]


@dataclass(frozen=True)
class Marks:
    """What a list says of a call beside its clocks: the first wait that was said, and of a callback the number of this
    attempt at it, or how it stands and how often was rung when this call asked for it."""

    told: Told | None = None
    attempt: int | None = None
    callback: str | None = None
    attempts: int = 0


def marks_of(database: Database, records: Sequence[CallRecord]) -> dict[str, Marks]:
    """The marks of a page of calls by call id; two queries for all of them."""
    ids = [record.call_id for record in records]
    facts: dict[str, list[Fact]] = {}
    events = (
        select(CallEventRow.call_id, CallEventRow.data)
        .where(CallEventRow.call_id.in_(ids), CallEventRow.kind.in_(("wait-announced", "callback-began")))
        .order_by(CallEventRow.id)
    )
    asked = select(CallbackRow.origin_call_id, CallbackRow.status, CallbackRow.attempts).where(
        CallbackRow.origin_call_id.in_(ids)
    )
    with database.transaction() as session:
        for call_id, data in session.execute(events):
            facts.setdefault(call_id, []).append(FACT.validate_python(data))
        callbacks = {call_id: (status, attempts) for call_id, status, attempts in session.execute(asked)}
    marks = {}
    for record in records:
        heard = facts.get(record.call_id, [])
        status, attempts = callbacks.get(record.call_id, (None, 0))
        marks[record.call_id] = Marks(
            told=next((one for one in told_waits(record, heard) if one.minutes is not None), None),
            attempt=next((fact.attempt for fact in heard if fact.kind == "callback-began"), None),
            callback=status,
            attempts=attempts,
        )
    return marks
