"""The room as the screens show it. Pure."""

from __future__ import annotations

from datetime import datetime

from queueing.model import Queue, QueueView, WaitingCall
from queueing.outlook import Outlook


def queue_view(queue: Queue, waiting: list[WaitingCall], outlook: Outlook, now: datetime) -> QueueView:
    """One queue. `waiting` are its calls in order; nobody is on the line of a callback, so no target runs for it."""
    foreseen = [outlook.of(call) for call in waiting]
    paces = tuple(outlook.pace_of(call, one, now) for call, one in zip(waiting, foreseen, strict=True))
    return QueueView(
        queue=queue,
        waiting=tuple(waiting),
        longest_wait_s=max((call.waited_s(now) for call in waiting if call.kind == "call"), default=None),
        late=paces.count("late"),
        target=queue.target_at(now),
        period=queue.period_at(now),
        at_risk=paces.count("at-risk"),
        paces=paces,
        estimates=tuple(one.wait_s if one else None for one in foreseen),
    )
