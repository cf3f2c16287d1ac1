"""How far each call's way into the ticketing system is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base


class CallSyncRow(Base):
    """One call's delivery to one ticketing system. The row is locked while a delivery is under way."""

    __tablename__ = "call_syncs"
    __table_args__ = (CheckConstraint("status IN ('pending', 'delivered', 'retrying', 'failed')", name="status"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    adapter: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(index=True)  # callflows.lifecycle.TICKET_SYNC
    attempts: Mapped[int] = mapped_column(default=0)  # for the present content
    last_error: Mapped[str | None]
    next_attempt_at: Mapped[datetime | None]  # while retrying
    ticket: Mapped[str | None]
    fingerprint: Mapped[str | None]  # of what was delivered, or is to be
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
