"""Wait-time targets: changed live, each change with an audit row, in force at once for those who wait now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from callflows.facts import TargetSet
from foundation import audit
from foundation.errors import InvalidInput, NotFound
from queueing import ledger
from queueing.model import Queue
from queueing.tables import QueueEntryRow, QueueRow
from queueing.work import RecordedFact


def check(share: float, within_s: int) -> None:
    """Raises InvalidInput with a sentence for a target that cannot be."""
    if not 0 < share <= 1:
        raise InvalidInput("The share must be more than 0 % and at most 100 % of the callers.")
    if within_s <= 0:
        raise InvalidInput("The time within which callers are answered must be at least 1 second.")


def change(
    session: Session, name: str, *, share: float, within_s: int, actor: str, now: datetime
) -> tuple[Queue, list[RecordedFact]]:
    """The queue with its new target, and the facts for the calls that wait in it. Raises NotFound."""
    row = session.scalar(select(QueueRow).where(QueueRow.name == name).with_for_update())
    if row is None:
        raise NotFound(f"There is no queue {name}.")
    if (row.target_share, row.target_within_s) == (share, within_s):
        return ledger.queue_of(row), []
    audit.record(
        session,
        at=now,
        actor=actor,
        action="queue.target-changed",
        subject=f"queue:{name}",
        before={"share": row.target_share, "within_s": row.target_within_s},
        after={"share": share, "within_s": within_s},
    )
    row.target_share, row.target_within_s = share, within_s
    row.target_version += 1
    waiting = session.scalars(
        select(QueueEntryRow).where(
            QueueEntryRow.queue == name, QueueEntryRow.left_at.is_(None), QueueEntryRow.kind == "call"
        )
    ).all()
    facts = [
        (
            entry.call_id,
            TargetSet(
                at=now,
                key=f"target:{entry.ordinal}:{row.target_version}",
                queue=name,
                share=share,
                within_s=within_s,
            ),
        )
        for entry in waiting
    ]
    ids = ledger.write_facts(session, facts, now)
    return ledger.queue_of(row), [(number, *fact) for number, fact in zip(ids, facts, strict=True)]
