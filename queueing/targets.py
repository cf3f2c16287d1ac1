"""Wait-time targets: changed live, each change with an audit row, in force at once for those who wait now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callflows.facts import TargetSet
from foundation import audit
from foundation.errors import InvalidInput, NotFound
from queueing import ledger, periods
from queueing.model import Queue
from queueing.periods import Period, WhenMissed
from queueing.tables import QueueEntryRow, QueueRow
from queueing.work import RecordedFact

Change = Callable[[Queue], Queue]


def own(share: float, within_s: int, longest_s: int | None, when_missed: WhenMissed | None) -> Change:
    """A queue's own target. What is None stays; the longest wait grows with the target's time when it must."""

    def change(queue: Queue) -> Queue:
        longest = max(queue.longest_s, within_s) if longest_s is None else longest_s
        changed = replace(
            queue,
            share=share,
            within_s=within_s,
            longest_s=longest,
            when_missed=queue.when_missed if when_missed is None else when_missed,
        )
        periods.check(changed.target)
        return changed

    return change


def with_period(period: Period) -> Change:
    """The period is added, or takes the place of the one with its name."""

    def change(queue: Queue) -> Queue:
        periods.check_period(period)
        names = [one.name for one in queue.periods]
        if period.name in names:
            changed = tuple(period if one.name == period.name else one for one in queue.periods)
        else:
            changed = (*queue.periods, period)
        return replace(queue, periods=changed)

    return change


def without_period(name: str) -> Change:
    def change(queue: Queue) -> Queue:
        if name not in {one.name for one in queue.periods}:
            raise InvalidInput(f"The queue {queue.name} has no period {name}.")
        return replace(queue, periods=tuple(one for one in queue.periods if one.name != name))

    return change


def carry_out(
    session: Session, name: str, change: Change, *, actor: str, now: datetime
) -> tuple[Queue, list[RecordedFact]]:
    """The queue after the change, and the facts for the calls whose target it is. Raises NotFound, InvalidInput."""
    row = session.scalar(select(QueueRow).where(QueueRow.name == name).with_for_update())
    if row is None:
        raise NotFound(f"There is no queue {name}.")
    before = ledger.queue_of(row)
    after = change(before)
    if after == before:
        return before, []
    was, became = _differences(before, after)
    audit.record(
        session,
        at=now,
        actor=actor,
        action="queue.target-changed",
        subject=f"queue:{name}",
        before=was,
        after=became,
    )
    row.target_share, row.target_within_s = after.share, after.within_s
    row.target_longest_s, row.target_when_missed = after.longest_s, after.when_missed
    row.target_periods = [periods.as_json(one) for one in after.periods]
    row.target_version += 1
    facts = _told(session, row, before, after, now)
    ids = ledger.write_facts(session, facts, now)
    return ledger.queue_of(row), [(number, *fact) for number, fact in zip(ids, facts, strict=True)]


def _told(session: Session, row: QueueRow, before: Queue, after: Queue, now: datetime) -> list[tuple[str, TargetSet]]:
    """For the callers who wait and are promised something else now."""
    waiting = session.scalars(
        select(QueueEntryRow).where(
            QueueEntryRow.queue == row.name, QueueEntryRow.left_at.is_(None), QueueEntryRow.kind == "call"
        )
    ).all()
    return [
        (
            entry.call_id,
            TargetSet(
                at=now,
                key=f"target:{entry.ordinal}:{row.target_version}",
                queue=row.name,
                share=target.share,
                within_s=target.within_s,
            ),
        )
        for entry in waiting
        if (target := after.target_at(entry.entered_at)) != before.target_at(entry.entered_at)
    ]


def _differences(before: Queue, after: Queue) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that changed. Share and time go together: a target is both."""
    was, became = _shown(before), _shown(after)
    changed = {name for name in {*was, *became} if was.get(name) != became.get(name)}
    if changed & {"share", "within_s"}:
        changed |= {"share", "within_s"}
    return {name: was[name] for name in was if name in changed}, {
        name: became[name] for name in became if name in changed
    }


def _shown(queue: Queue) -> dict[str, Any]:
    own_target = {
        "share": queue.share,
        "within_s": queue.within_s,
        "longest_s": queue.longest_s,
        "when_missed": queue.when_missed,
    }
    return own_target | {one.name: periods.in_words(one) for one in queue.periods}
