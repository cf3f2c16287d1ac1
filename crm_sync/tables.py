"""How far each call's way into the ticketing system is."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base

# pending -> delivered | retrying | failed; retrying -> delivered | failed; failed -> pending when asked again;
# delivered -> delivered when the same comes again, else as pending, for what came after (the wrap-up).
SyncStatus = Literal["pending", "delivered", "retrying", "failed"]


class CallSyncRow(Base):
    """One call's delivery to one ticketing system. The row is locked while a delivery is under way."""

    __tablename__ = "call_syncs"
    __table_args__ = (CheckConstraint("status IN ('pending', 'delivered', 'retrying', 'failed')", name="status"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    adapter: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[SyncStatus] = mapped_column(String, index=True)
    attempts: Mapped[int] = mapped_column(default=0)  # for the present content
    last_error: Mapped[str | None]
    next_attempt_at: Mapped[datetime | None]  # while retrying
    ticket: Mapped[str | None]
    fingerprint: Mapped[str | None]  # of what was delivered
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
