"""What a caller was told about the wait, beside what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from callflows.facts import Fact, WaitAnnounced
from callflows.record import CallRecord
from reporting.honesty import announcements


@dataclass(frozen=True)
class Told:
    """One announcement. `minutes` None: the place only. `real_s`: how long the wait still was, None when nobody
    answered; `too_little`: it was longer than was said."""

    at: datetime
    position: int
    bound: str | None
    minutes: int | None
    real_s: float | None
    too_little: bool


def told_waits(record: CallRecord, facts: Iterable[Fact]) -> Sequence[Told]:
    """Every announcement of a call, in the order in which it was heard."""
    heard = sorted((fact for fact in facts if isinstance(fact, WaitAnnounced)), key=lambda fact: fact.at)
    return [_told(record, fact) for fact in heard]


def _told(record: CallRecord, fact: WaitAnnounced) -> Told:
    answered = record.answered_at if record.answered_at is not None and fact.at <= record.answered_at else None
    judged = announcements(record.answered_at, [fact])
    return Told(
        at=fact.at,
        position=fact.position,
        bound=fact.bound,
        minutes=fact.minutes,
        real_s=(answered - fact.at).total_seconds() if answered else None,
        too_little=any(one.too_little for one in judged),
    )
