"""What many screens show of the room: worked out once for all of a process's streams, at most once a second.

A stream that hears of a change asks for its turn to draw it: not before a new look is allowed, so that the change is in
it, and not at the same moment as the others, so that three hundred redraws do not stand before the next offer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from desk.board import BoardModel, board_model
from desk.services import DeskServices
from queueing.glance import QueueGlance

FRESH_S = 1.0
SPACE_S = 0.004  # between two streams' redraws: about what one takes

T = TypeVar("T")


class Look(Generic[T]):
    """One thing to look at, for many threads. `again_at` is when it is looked at anew (seconds of time.monotonic)."""

    def __init__(self, work_out: Callable[[], T]) -> None:
        self._work_out = work_out
        self._lock = Lock()
        self._seen: T | None = None
        self.again_at = 0.0

    def get(self) -> T:
        with self._lock:
            seen = self._seen
            now = time.monotonic()
            if seen is None or now >= self.again_at:
                self.again_at = now + FRESH_S  # first: a change from here on may be missed by this look
                self._seen = None
                seen = self._seen = self._work_out()
            return seen


class Looks:
    """What the streams of a process share."""

    def __init__(self, desk: DeskServices) -> None:
        self.glance: Look[Sequence[QueueGlance]] = Look(desk.queues.glance)
        self.board: Look[BoardModel] = Look(lambda: board_model(desk))
        self._lock = Lock()
        self._next = 0.0

    @property
    def again_at(self) -> float:
        """From when on whatever is looked at shows what changes now."""
        return max(self.glance.again_at, self.board.again_at)

    def turn(self, earliest: float) -> float:
        """When a stream that hears of a change now may draw it, at `earliest` or later."""
        with self._lock:
            at = max(earliest, self._next, self.again_at)
            self._next = at + SPACE_S
            return at
