"""Transcripts in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from foundation.database import Database
from foundation.errors import Conflict
from transcription.display import Shown, display
from transcription.recogniser import Word
from transcription.tables import MissingSoundRow, OptOutRow, SegmentRow, TrackLevelRow

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

    @property
    def display(self) -> list[Shown]:
        """The words as a person would write them."""
        return display(self.words, self.language)


@dataclass(frozen=True, slots=True)
class MissingSound:
    """A stretch of a track of which no sound came; seconds from the call's start."""

    call_id: str
    speaker: Speaker
    stream: str
    start_s: float
    end_s: float


class OptedOut(Conflict):
    """This call may not be written down any more."""

    code = "transcription-opted-out"


class Transcripts:
    """What was said in each call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, segment: Segment) -> Segment:
        """Store it, once for each stream and ordinal, or its new words when they changed; gives it back with its id.
        Blocks; raises SQLAlchemyError, and OptedOut for what was said after the call was opted out."""
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
        values["display"] = " ".join(shown.text for shown in display(segment.words, segment.language))
        put = insert(SegmentRow).values(values)
        put = put.on_conflict_do_update(
            index_elements=[SegmentRow.stream, SegmentRow.ordinal],
            set_={name: put.excluded[name] for name in ("start_s", "end_s", "text", "words", "display")},
        )
        with self._database.transaction() as session:
            if session.get(OptOutRow, segment.call_id, with_for_update={"read": True}) is not None:
                raise OptedOut("This call may not be written down any more.")
            return replace(segment, id=session.scalar(put.returning(SegmentRow.id)))

    def add_gap(self, gap: MissingSound) -> None:
        """Store that sound is missing, once. Blocks; raises SQLAlchemyError."""
        values = {name: getattr(gap, name) for name in ("call_id", "speaker", "stream", "start_s", "end_s")}
        with self._database.transaction() as session:
            session.execute(insert(MissingSoundRow).values(values).on_conflict_do_nothing())

    def gaps_of_call(self, call_id: str) -> list[MissingSound]:
        """Where sound is missing in a call, in order."""
        query = select(MissingSoundRow).where(MissingSoundRow.call_id == call_id).order_by(MissingSoundRow.start_s)
        with self._database.transaction() as session:
            return [
                MissingSound(row.call_id, speaker_of(row.speaker), row.stream, start_s=row.start_s, end_s=row.end_s)
                for row in session.scalars(query)
            ]

    def forget_after(self, stream: str, ordinal: int) -> None:
        """Delete the sentences of a stream beyond `ordinal`: a second, shorter reading of the same sound is all."""
        with self._database.transaction() as session:
            session.execute(delete(SegmentRow).where(SegmentRow.stream == stream, SegmentRow.ordinal > ordinal))

    def forget(self, stream: str) -> None:
        """Delete all of a stream."""
        with self._database.transaction() as session:
            for table in (SegmentRow, MissingSoundRow):
                session.execute(delete(table).where(table.stream == stream))

    def set_level(self, call_id: str, speaker: Speaker, stream: str, state: str) -> None:
        """Remember how a stream is written down, for who looks later. Blocks; raises SQLAlchemyError."""
        put = insert(TrackLevelRow).values(call_id=call_id, speaker=speaker, stream=stream, state=state)
        put = put.on_conflict_do_update(
            index_elements=[TrackLevelRow.stream], set_={"state": put.excluded.state, "changed_at": func.now()}
        )
        with self._database.transaction() as session:
            session.execute(put)

    def opt_out(self, call_id: str, *, by: str, at: datetime) -> None:
        """From now on nothing of this call is stored, whatever is still on its way; what is stored stays."""
        with self._database.transaction() as session:
            session.execute(insert(OptOutRow).values(call_id=call_id, by=by, at=at).on_conflict_do_nothing())

    def opted_out(self, call_id: str) -> bool:
        """Whether this call was opted out while it went on."""
        with self._database.transaction() as session:
            return session.get(OptOutRow, call_id) is not None

    def erase(self, call_id: str) -> int:
        """Delete all that was written down of a call; gives the number of sentences."""
        with self._database.transaction() as session:
            gone = session.execute(delete(SegmentRow).where(SegmentRow.call_id == call_id).returning(SegmentRow.id))
            session.execute(delete(MissingSoundRow).where(MissingSoundRow.call_id == call_id))
            return len(gone.all())

    def of_call(self, call_id: str) -> list[Segment]:
        """All segments of a call, both speakers, in the order they were begun."""
        with self._database.transaction() as session:
            rows = session.scalars(
                select(SegmentRow).where(SegmentRow.call_id == call_id).order_by(SegmentRow.start_s, SegmentRow.id)
            )
            return [_segment(row) for row in rows]


def speaker_of(text: str) -> Speaker:
    """Whoever is not the operator is the caller."""
    return "operator" if text == "operator" else "caller"


def _segment(row: SegmentRow) -> Segment:
    return Segment(
        call_id=row.call_id,
        speaker=speaker_of(row.speaker),
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
