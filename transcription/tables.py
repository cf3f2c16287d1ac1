"""What was said, as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base


class SegmentRow(Base):
    """One sentence of one speaker. `start_s` and `end_s` count from the call's start; `stream` and `ordinal` make
    storing it twice harmless."""

    __tablename__ = "segments"
    __table_args__ = (
        UniqueConstraint("stream", "ordinal"),
        Index("ix_segments_call_id_start_s", "call_id", "start_s"),
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
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
