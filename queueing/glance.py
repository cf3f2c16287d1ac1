"""The queues at a glance: what a top bar shows, from counts instead of calls. Pure.

Who is late depends on the target that counted at entering. Before the longest target's time all are late, within the
shortest none; only those who entered in between are looked at one by one, and without periods there is no between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from queueing.model import Queue
from queueing.periods import Target

# Who entered before the first moment is late, who entered at the second or after it is not.
Band = tuple[datetime, datetime]


@dataclass(frozen=True)
class OnTheLine:
    """A queue's callers on the line, as counted: all, since when the longest waits, those surely late, and when those
    between entered."""

    waiting: int
    oldest: datetime | None
    late: int
    between: Sequence[datetime]


@dataclass(frozen=True)
class QueueGlance:
    """A queue in a few figures: callers on the line, since when the one waits who waits longest (None: nobody), how
    many have waited longer than their target; `target` is the one in force now."""

    queue: Queue
    waiting: int
    oldest: datetime | None
    late: int
    target: Target


def band(queue: Queue, now: datetime) -> Band:
    times = [queue.within_s, *(period.target.within_s for period in queue.periods)]
    return now - timedelta(seconds=max(times)), now - timedelta(seconds=min(times))


def glance(queue: Queue, found: OnTheLine, now: datetime) -> QueueGlance:
    late = found.late + sum(
        (now - entered).total_seconds() > queue.target_at(entered).within_s for entered in found.between
    )
    return QueueGlance(queue, found.waiting, found.oldest, late, queue.target_at(now))
