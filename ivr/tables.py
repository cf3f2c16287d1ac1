"""The call log: facts, which are the truth, and the record folded from them, which is there to be read fast."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
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
    __table_args__ = (
        Index("ix_calls_queue_entered_at", "queue", "entered_at"),
        Index("ix_calls_open", "changed_at", postgresql_where=text("ended_at IS NULL")),
    )

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


class IncidentRow(Base):
    """A message that callers hear while it lasts: in the greeting, and once while they wait. `queue` empty: in all.
    `rev` counts its changes: who heard the old text hears the new one too."""

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    rev: Mapped[int] = mapped_column(default=1)
    queue: Mapped[str] = mapped_column(default="")
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)  # language -> what is read out; may lack languages
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)


class FollowUpRow(Base):
    """Somebody who rang in vain: one row a number until they are reached, or get through by themselves."""

    __tablename__ = "follow_ups"
    __table_args__ = (Index("ix_follow_ups_open", "number", unique=True, postgresql_where=text("closed_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]  # E.164
    calls: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)  # ivr.follow_ups.LostCall, oldest first
    opened_at: Mapped[datetime]
    last_call_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_how: Mapped[str | None]  # reached, got-through, not-needed
    closed_by: Mapped[str | None]  # a user name; None when nobody did anything


class FlowVersionRow(Base):
    """The texts of a flow as some call has gone through it, or will: a call keeps the version it began with."""

    __tablename__ = "flow_versions"

    version: Mapped[str] = mapped_column(primary_key=True)
    flow: Mapped[str]
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)  # file, without the suffix -> TOML
    created_at: Mapped[datetime]


class FlowPublicationRow(Base):
    """Which version of every flow answers from a moment on; the latest row counts, without any the files do."""

    __tablename__ = "flow_publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    versions: Mapped[dict[str, str]] = mapped_column(JSONB)  # flow -> version
    rolled_back_to: Mapped[int | None]  # the publication whose versions these are again
