"""Who changed what: the last rows of the audit log about one kind of change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from foundation.audit import AuditRow
from foundation.database import Database

LAST = 15


@dataclass(frozen=True)
class Change:
    """One row of the audit log. `subject` is the name after the kind: a queue, or an operator's number."""

    at: datetime
    actor: str
    subject: str
    was: dict[str, Any]
    became: dict[str, Any]


def last_changes(database: Database, action: str, limit: int = LAST) -> Sequence[Change]:
    """Newest first."""
    query = (
        select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(limit)
    )
    with database.transaction() as session:
        return [
            Change(row.at, row.actor, row.subject.partition(":")[2], row.before, row.after)
            for row in session.scalars(query)
        ]
