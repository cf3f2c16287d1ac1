"""The call log: facts, which are the truth, and the record folded from them, which is there to be read fast."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base


class CallEventRow(Base):
    """One fact (callflows/facts.py). Rows are only ever added; `key` is unique within the call."""

    __tablename__ = "call_events"
    __table_args__ = (UniqueConstraint("call_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    key: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class CallRow(Base):
    """The record of one call (callflows/record.py) with the columns that lists and figures ask for."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_queue_entered_at", "queue", "entered_at"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime | None] = mapped_column(index=True)
    entered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(index=True, default="menu")
    queue: Mapped[str | None]
    operator_id: Mapped[int | None] = mapped_column(index=True)
    outcome: Mapped[str | None]
    from_number: Mapped[str] = mapped_column(default="", index=True)
    changed_at: Mapped[datetime]
    record: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
