"""Transcripts in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from foundation.database import Database
from transcription.recogniser import Word
from transcription.tables import SegmentRow

Speaker = Literal["caller", "operator"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence. Times in seconds from the call's start, also those of the words; `id` is None until stored."""

    call_id: str
    speaker: Speaker
    operator_id: int | None
    started_at: datetime
    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...]
    language: str
    stream: str
    ordinal: int
    id: int | None = None


class Transcripts:
    """What was said in each call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, segment: Segment) -> Segment:
        """Store it, once for each stream and ordinal; gives it back with its id. Blocks; raises SQLAlchemyError."""
        values: dict[str, Any] = {
            name: getattr(segment, name)
            for name in (
                "call_id", "speaker", "operator_id", "started_at", "start_s", "end_s", "text", "language", "stream",
                "ordinal",
            )
        }  # fmt: skip
        values["words"] = [
            {"word": word.word, "start_s": word.start_s, "end_s": word.end_s, "conf": word.conf}
            for word in segment.words
        ]
        again = (SegmentRow.stream == segment.stream, SegmentRow.ordinal == segment.ordinal)
        with self._database.transaction() as session:
            added = session.scalar(insert(SegmentRow).values(values).on_conflict_do_nothing().returning(SegmentRow.id))
            return replace(segment, id=added or session.scalar(select(SegmentRow.id).where(*again)))

    def of_call(self, call_id: str) -> list[Segment]:
        """All segments of a call, both speakers, in the order they were begun."""
        with self._database.transaction() as session:
            rows = session.scalars(
                select(SegmentRow).where(SegmentRow.call_id == call_id).order_by(SegmentRow.start_s, SegmentRow.id)
            )
            return [_segment(row) for row in rows]


def _segment(row: SegmentRow) -> Segment:
    return Segment(
        call_id=row.call_id,
        speaker="operator" if row.speaker == "operator" else "caller",
        operator_id=row.operator_id,
        started_at=row.started_at,
        start_s=row.start_s,
        end_s=row.end_s,
        text=row.text,
        words=tuple(Word(**word) for word in row.words),
        language=row.language,
        stream=row.stream,
        ordinal=row.ordinal,
        id=row.id,
    )
