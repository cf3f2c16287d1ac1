"""Who changed what, when. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Base


class AuditRow(Base):
    """One change. `before` and `after` hold only the fields that changed."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]  # a user name, or "system"
    action: Mapped[str]  # for example "queue.target-changed"
    subject: Mapped[str]  # for example "queue:internet"
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Add an audit row in the caller's transaction, so that the change and its row live or die together."""
    session.add(AuditRow(at=at, actor=actor, action=action, subject=subject, before=dict(before), after=dict(after)))
