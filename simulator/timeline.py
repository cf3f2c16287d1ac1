"""When things happen: on virtual time for tests, on real time for the demo. The exchange's code is the same on both."""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


class MovableClock(Protocol):
    """A clock that stands still until it is moved; whoever plays a test shares it with what is tested."""

    def now(self) -> datetime: ...

    def move_to(self, moment: datetime) -> None: ...


class Timer:
    """Something that is going to happen; `cancel` it as long as it has not."""

    __slots__ = ("_action",)

    def __init__(self, action: Callable[[], None]) -> None:
        self._action: Callable[[], None] | None = action

    @property
    def waiting(self) -> bool:
        return self._action is not None

    def cancel(self) -> None:
        self._action = None

    def run(self) -> None:
        """Do it, once."""
        action, self._action = self._action, None
        if action is not None:
            action()


class Timeline(Protocol):
    """Time, what is due on it, and work that may take a while (a webhook)."""

    def now(self) -> datetime: ...

    def after(self, delay_s: float, action: Callable[[], None]) -> Timer:
        """Run `action` in `delay_s` seconds (0: as soon as what is running now is done)."""
        ...

    def background(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run `work` without holding anybody up, then `then` with what it gave. `work` must not raise."""
        ...


_Due = tuple[datetime, int, Timer]


class VirtualTimeline:
    """Time that stands still until it is told to run. The same things happen in the same order every time:
    by moment, then in the order in which they were asked for. `work` runs in the thread that lets time pass,
    when its turn comes; the exchange holds no lock then, so a webhook may call the REST API back."""

    def __init__(self, clock: MovableClock, *, answer_after_s: float = 0.0) -> None:
        self._clock = clock
        self._answer_after_s = answer_after_s
        self._due: list[_Due] = []
        self._count = 0
        self._guard = threading.Lock()

    def now(self) -> datetime:
        return self._clock.now()

    def after(self, delay_s: float, action: Callable[[], None]) -> Timer:
        moment = self._clock.now() + timedelta(seconds=delay_s)
        timer = Timer(action)
        with self._guard:
            self._count += 1
            heapq.heappush(self._due, (moment, self._count, timer))
        return timer

    def background(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        def run() -> None:
            result = work()
            if self._answer_after_s:
                self.after(self._answer_after_s, lambda: then(result))
            else:
                then(result)

        self.after(0.0, run)

    def next_at(self) -> datetime | None:
        """When the next thing happens; None when nothing ever will."""
        with self._guard:
            while self._due and not self._due[0][2].waiting:
                heapq.heappop(self._due)
            return self._due[0][0] if self._due else None

    def run_next(self) -> bool:
        """Let the next thing happen, moving the clock to its moment. False when nothing is left."""
        with self._guard:
            while self._due:
                moment, _, timer = heapq.heappop(self._due)
                if timer.waiting:
                    break
            else:
                return False
        if moment > self._clock.now():
            self._clock.move_to(moment)
        timer.run()
        return True

    def run_until(self, moment: datetime) -> None:
        """Let everything up to and including `moment` happen; the clock then stands at `moment`."""
        while (upcoming := self.next_at()) is not None and upcoming <= moment:
            self.run_next()
        if moment > self._clock.now():
            self._clock.move_to(moment)

    def run_for(self, seconds: float) -> None:
        self.run_until(self._clock.now() + timedelta(seconds=seconds))

    def settle(self) -> None:
        """Let everything happen that is due now, without time passing."""
        self.run_until(self._clock.now())


class RealTimeline:
    """The machine's own time: one thread runs what is due, a few more carry the webhooks. Start and close it."""

    def __init__(self, *, carriers: int = 32) -> None:
        self._carriers = ThreadPoolExecutor(carriers, thread_name_prefix="simulator-webhook")
        self._due: list[_Due] = []
        self._count = 0
        self._changed = threading.Condition()
        self._open = False
        self._thread = threading.Thread(target=self._run, name="simulator-timeline", daemon=True)

    def start(self) -> Self:
        self._open = True
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop; what has not happened yet never will."""
        with self._changed:
            self._open = False
            self._changed.notify()
        self._carriers.shutdown(wait=True, cancel_futures=True)
        if self._thread.is_alive():
            self._thread.join()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def after(self, delay_s: float, action: Callable[[], None]) -> Timer:
        timer = Timer(action)
        with self._changed:
            self._count += 1
            heapq.heappush(self._due, (self.now() + timedelta(seconds=delay_s), self._count, timer))
            if self._due[0][2] is timer:
                self._changed.notify()
        return timer

    def background(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        def carry() -> None:
            result = work()
            self.after(0.0, lambda: then(result))

        if self._open:
            self._carriers.submit(carry)

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._open:
                    wait_s = (self._due[0][0] - self.now()).total_seconds() if self._due else None
                    if wait_s is not None and wait_s <= 0:
                        break
                    self._changed.wait(wait_s)
                if not self._open:
                    return
                timer = heapq.heappop(self._due)[2]
            try:
                timer.run()
            except Exception:  # the timeline is an edge: one call's fault must not stop every other call
                log.exception("the simulator failed on a call")
