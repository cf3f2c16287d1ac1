"""The desk's own tables: who may sign in, and what an operator typed about a call but has not saved yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base


class AccountRow(Base):
    """One person who may sign in. `operator_id` is set for operators: it is who they are in the queues."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)  # lower case
    password_hash: Mapped[str]  # argon2id, with its parameters in it
    role: Mapped[str]  # operator | supervisor
    operator_id: Mapped[int | None] = mapped_column(unique=True)
    display_name: Mapped[str]
    locale: Mapped[str]  # nl | fr | en


class TicketDraftRow(Base):
    """The ticket form of one call as typed so far, kept so that nothing is lost on bad input or a broken connection."""

    __tablename__ = "ticket_drafts"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(index=True)
    subject: Mapped[str]
    priority: Mapped[str]
    note: Mapped[str]
    changed_at: Mapped[datetime]
