"""The queue's side of a caller's way: into it, what a round of the wait loop finds there, and out of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy.exc import InterfaceError, OperationalError

from callflows.events import QueueLeft, WaitLooped, WayOut
from callflows.session import Session
from foundation.clock import Clock


class Wording(Protocol):
    """How an estimated wait is said: `bound` so many whole `minutes`."""

    @property
    def bound(self) -> Literal["less-than", "about", "more-than"]: ...
    @property
    def minutes(self) -> int: ...


class Place(Protocol):
    """A caller's place in the queue; `position` counts from 1. The estimate is None when the wait is not known."""

    @property
    def position(self) -> int: ...
    @property
    def estimate_s(self) -> float | None: ...
    @property
    def wording(self) -> Wording | None: ...


class WaitingRoom(Protocol):
    """The queue. Joining again with the same ordinal changes nothing."""

    def join(
        self,
        call_id: str,
        queue: str,
        language: str,
        *,
        entered_at: datetime,
        ordinal: int = 1,
        order_at: datetime | None = None,
        level: int = 1,
        priority_s: int = 0,
    ) -> None: ...
    def place(self, call_id: str) -> Place | None: ...


class Rules(Protocol):
    """The queues' rules of the wait."""

    def way_out(self, call_id: str, *, position: int, closed: bool, just_in: bool) -> tuple[WayOut, str]: ...
    def offers_callbacks(self, queue: str) -> bool: ...


class Promises(Protocol):
    """Callbacks that are owed. Taking one over again gives the same place."""

    def take_over(self, number: str, queue: str, call_id: str) -> datetime | None: ...
    def offered(self, call_id: str, estimate_s: float | None) -> bool: ...


class Waiting:
    """What the flow and its recovery ask of the queue."""

    def __init__(self, room: WaitingRoom, rules: Rules, promises: Promises, clock: Clock) -> None:
        self._room = room
        self._rules = rules
        self._promises = promises
        self._clock = clock

    def enter(self, session: Session) -> None:
        """Into the queue that the flow has come to; nothing when it has come to none. Again it changes nothing."""
        if session.phase != "waiting" or not session.queue:
            return
        # whoever was promised a callback and rings again keeps the place of the callback
        kept_at = self._promises.take_over(session.from_number, session.queue, session.call_id)
        self._room.join(
            session.call_id,
            session.queue,
            session.language,
            # the time in one queue counts in the queue that the caller overflows to
            entered_at=session.waiting_since or self._clock.now(),
            ordinal=session.queues_entered,
            order_at=kept_at,
            level=session.level,
            priority_s=0 if kept_at else session.priority_s,  # the place that was kept has it already
        )

    def look(self, session: Session, *, closed: bool) -> WaitLooped:
        """What a round of the wait loop tells the flow. `closed`: the helpdesk is, by now."""
        place = self._room.place(session.call_id)
        if place is None:
            return WaitLooped()
        way_out, overflow_to = self._rules.way_out(
            session.call_id, position=place.position, closed=closed, just_in=session.loop == 0
        )
        said = place.wording
        estimate_s = place.estimate_s if said else None
        return WaitLooped(
            position=place.position,
            estimate_s=estimate_s,
            estimate_bound=said.bound if said else "about",
            estimate_minutes=said.minutes if said else None,
            way_out=way_out,
            overflow_to=overflow_to,
            callback=self._instead(session) if way_out else self._promises.offered(session.call_id, estimate_s),
        )

    def left(self, session: Session, result: str) -> QueueLeft:
        """The caller is out of the provider's queue (twilio.md 1.4). Who hung up, or goes where the flow has already
        said, is offered nothing; and nobody is when the rules cannot be read: the way out itself must not fail."""
        decided = result == "hangup" or session.pending_exit or session.pending_queue
        try:
            return QueueLeft(result=result, callback=not decided and self._instead(session))
        except (OperationalError, InterfaceError):
            return QueueLeft(result=result)

    def _instead(self, session: Session) -> bool:
        """Whether the queue offers a callback to those whom it sends away."""
        return bool(session.queue) and self._rules.offers_callbacks(session.queue or "")
