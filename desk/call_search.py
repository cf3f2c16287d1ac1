"""Finding calls by what was said or who rang: a read-only view over the call log and the transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from callflows.record import CallRecord
from foundation.database import Database
from ivr.tables import CallRow
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
