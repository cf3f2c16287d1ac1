"""Tables of what is owed to callers who did not wait: callbacks with their attempts, and voicemails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base


class CallbackRow(Base):
    """One callback that a caller asked for. `virtual_at` is the place in the queue that it keeps: when the caller
    entered it. `not_before` is when the next attempt may begin; `lease_until` bounds the attempt that is live."""

    __tablename__ = "callbacks"
    __table_args__ = (
        Index("ix_callbacks_due_to_begin", "not_before", postgresql_where=text("status = 'scheduled'")),
        Index("ix_callbacks_open_number", "number", postgresql_where=text("settled_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    origin_call_id: Mapped[str] = mapped_column(unique=True)
    queue: Mapped[str] = mapped_column(ForeignKey("queues.name"))
    language: Mapped[str]
    number: Mapped[str]  # E.164
    menu_path: Mapped[list[str]] = mapped_column(JSONB)
    session: Mapped[dict[str, Any]] = mapped_column(JSONB)  # of the flow, at the queue whose place is kept
    calendar: Mapped[dict[str, Any]] = mapped_column(JSONB)  # the opening hours within which may be called
    requested_at: Mapped[datetime] = mapped_column(index=True)
    virtual_at: Mapped[datetime]
    slot_begins_at: Mapped[datetime | None]  # None: in turn
    slot_ends_at: Mapped[datetime | None]
    not_before: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str]  # callflows.lifecycle.CALLBACK
    attempts: Mapped[int]  # dialled so far
    live_call_id: Mapped[str | None] = mapped_column(index=True)
    lease_until: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]  # the call in which the caller rang again, or who cancelled


class CallbackAttemptRow(Base):
    """One turn of a callback in the queue. `dialled_at` is None when no operator took it."""

    __tablename__ = "callback_attempts"
    __table_args__ = (UniqueConstraint("callback_id", "number"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callbacks.id"))
    number: Mapped[int]  # from 1
    began_at: Mapped[datetime]
    dialled_at: Mapped[datetime | None]
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    ended_at: Mapped[datetime | None]
    result: Mapped[str | None]  # reached, no-answer, busy, failed, no-key, operator-lost, returned, cancelled


class VoicemailRow(Base):
    """A message that a caller left: an item of work until it is closed. `path` is where its sound is, None as long as
    it was not fetched, and again when it was deleted."""

    __tablename__ = "voicemails"
    __table_args__ = (Index("ix_voicemails_open", "due_at", postgresql_where=text("closed_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    recording: Mapped[str] = mapped_column(unique=True)  # RE...
    queue: Mapped[str] = mapped_column(ForeignKey("queues.name"))
    language: Mapped[str]
    number: Mapped[str]
    duration_s: Mapped[int]
    left_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    path: Mapped[str | None]
    fetched_at: Mapped[datetime | None]
    transcript: Mapped[str]  # waiting, written, refused, no-model, failed
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))
    assigned_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    deleted_at: Mapped[datetime | None]
