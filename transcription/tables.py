"""What was said, as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Computed, Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base

# The language decides the stemming; "simple" for one that has no configuration here. Both the plain words and the
# display form are there: "een nul vier vier twee" is found by 10442.
_CONFIGS = (("nl", "dutch"), ("fr", "french"), ("en", "english"))
_SEARCH = "CASE language {} ELSE to_tsvector('simple', text || ' ' || display) END".format(
    " ".join(f"WHEN '{code}' THEN to_tsvector('{config}', text || ' ' || display)" for code, config in _CONFIGS)
)


class SegmentRow(Base):
    """One sentence of one speaker. `start_s` and `end_s` count from the call's start; `stream` and `ordinal` make
    storing it twice harmless."""

    __tablename__ = "segments"
    __table_args__ = (
        UniqueConstraint("stream", "ordinal"),
        Index("ix_segments_call_id_start_s", "call_id", "start_s"),
        Index("ix_segments_search", "search", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    speaker: Mapped[str]  # caller | operator
    operator_id: Mapped[int | None]
    started_at: Mapped[datetime]
    start_s: Mapped[float]
    end_s: Mapped[float]
    text: Mapped[str]
    words: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)  # [{word, start_s, end_s, conf}]
    language: Mapped[str]
    stream: Mapped[str]  # Twilio's streamSid
    ordinal: Mapped[int]  # of the sentence in its stream, from 1
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    display: Mapped[str] = mapped_column(server_default="")  # the words as a person would write them
    search: Mapped[str] = mapped_column(TSVECTOR, Computed(_SEARCH, persisted=True), deferred=True)


class MissingSoundRow(Base):
    """A stretch of a track of which no sound came."""

    __tablename__ = "missing_sound"
    __table_args__ = (UniqueConstraint("stream", "start_s"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(index=True)
    speaker: Mapped[str]
    stream: Mapped[str]
    start_s: Mapped[float]
    end_s: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class OptOutRow(Base):
    """A call that may not be written down any more, because somebody said so while it went on."""

    __tablename__ = "transcription_opt_outs"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str]  # a user name
    at: Mapped[datetime]


class SpoolRow(Base):
    """Sound of a track that is transcribed after the call. The sound is a file of this name, until the text is there;
    the row stays to say so. Whose sound it is, and from when, the file says. Times in seconds."""

    __tablename__ = "spools"
    __table_args__ = (
        # The ticker asks every second.
        Index("ix_spools_open", "created_at", postgresql_where=sql("state IN ('writing', 'waiting', 'transcribing')")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(index=True)
    speaker: Mapped[str]
    language: Mapped[str]
    state: Mapped[str]  # writing | waiting | transcribing | done | failed
    sound_s: Mapped[float] = mapped_column(default=0.0)
    done_s: Mapped[float] = mapped_column(default=0.0)  # how much of it is transcribed
    reason: Mapped[str | None]  # why it failed
    created_at: Mapped[datetime]


class TrackLevelRow(Base):
    """How a stream is written down; the newest of a speaker counts."""

    __tablename__ = "track_levels"

    stream: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(index=True)
    speaker: Mapped[str]
    state: Mapped[str]  # as in the live message transcription-state
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
