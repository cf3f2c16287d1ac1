"""A helpdesk as a pure simulation: seeded arrivals, operators with skills, and a rule that says who is next.

Nothing of the product runs here but its rules (queueing.matching, queueing.outlook); time is a number that jumps from
event to event. Arrivals, handling and patience are drawn before anything happens, so that two rules get the same day.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from queueing.matching import FreeOperator, Pair
from queueing.model import Operator, Presence, Queue, WaitingCall

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
Rule = Callable[[list[WaitingCall], list[FreeOperator], datetime], list[Pair]]


@dataclass
class Caller:
    """One caller of the day. Times are seconds since START; `answered_s` and `left_s` are filled in by the day."""

    call: WaitingCall
    arrives_s: float
    handling_s: float
    patience_s: float
    answered_s: float | None = None
    left_s: float | None = None
    told: object = None  # what a benchmark notes at the arrival

    @property
    def wait_s(self) -> float | None:
        end_s = self.answered_s if self.answered_s is not None else self.left_s
        return None if end_s is None else end_s - self.arrives_s


@dataclass
class Day:
    """The helpdesk while the day goes by."""

    operators: Mapping[int, Operator]
    rule: Rule
    now_s: float = 0.0
    waiting: dict[str, Caller] = field(default_factory=dict)
    free: dict[int, float] = field(default_factory=dict)  # operator -> free since
    busy: dict[int, Caller] = field(default_factory=dict)
    done: list[tuple[float, Caller]] = field(default_factory=list)  # put away at, whom

    def play(self, callers: Sequence[Caller], on_arrival: Callable[[Day, Caller], None] | None = None) -> None:
        """Until every caller was answered or gave up."""
        self.free = dict.fromkeys(self.operators, 0.0)
        events: list[tuple[float, int, str, int | str]] = []
        by_id = {caller.call.call_id: caller for caller in callers}
        for number, caller in enumerate(callers):
            heapq.heappush(events, (caller.arrives_s, number, "arrives", caller.call.call_id))
        order = len(callers)
        while events:
            self.now_s, _, what, who = heapq.heappop(events)
            if what == "arrives" and isinstance(who, str):
                caller = by_id[who]
                if on_arrival:
                    on_arrival(self, caller)
                self.waiting[who] = caller
                heapq.heappush(events, (caller.arrives_s + caller.patience_s, order, "gives up", who))
            elif what == "gives up" and isinstance(who, str):
                gone = self.waiting.pop(who, None)
                if gone:
                    gone.left_s = self.now_s
            elif isinstance(who, int):
                self.done.append((self.now_s, self.busy.pop(who)))
                self.free[who] = self.now_s
            order += 1
            for pair in self._next() if self.waiting and self.free else []:
                caller = self.waiting.pop(pair.call_id)
                caller.answered_s = self.now_s
                del self.free[pair.operator_id]
                self.busy[pair.operator_id] = caller
                heapq.heappush(events, (self.now_s + caller.handling_s, order, "is free", pair.operator_id))
                order += 1

    def _next(self) -> list[Pair]:
        free = [FreeOperator(self.operators[one], moment(since_s)) for one, since_s in self.free.items()]
        return self.rule([caller.call for caller in self.waiting.values()], free, moment(self.now_s))

    def presences(self) -> dict[int, Presence]:
        """What the operators do, as the board says it."""
        ready = {one: Presence(one, "ready", moment(since_s)) for one, since_s in self.free.items()}
        talking = {
            one: Presence(
                one, "talking", moment(caller.answered_s or 0.0), call_id=caller.call.call_id, queue=caller.call.queue
            )
            for one, caller in self.busy.items()
        }
        return ready | talking


def moment(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def queue(name: str, share: float, within_s: int) -> Queue:
    """As queues ship: nobody should wait longer than 600 s."""
    return Queue(name, {}, share, within_s, 1, 5, 60, ())


def arrivals(
    seed: int,
    hours: float,
    per_hour: Mapping[tuple[str, str], float],
    handle_s: float,
    patience_s: float = float("inf"),
) -> list[Caller]:
    """Poisson arrivals by queue and language, exponential handling and patience."""
    chance = random.Random(seed)
    callers: list[Caller] = []
    for (name, language), rate in sorted(per_hour.items()):
        at_s = chance.expovariate(rate / 3600)
        while at_s < hours * 3600:
            call = WaitingCall(f"{name}-{language}-{at_s:.3f}", name, language, moment(at_s), moment(at_s))
            patience = chance.expovariate(1 / patience_s) if patience_s != float("inf") else float("inf")
            callers.append(Caller(call, at_s, chance.expovariate(1 / handle_s), patience))
            at_s += chance.expovariate(rate / 3600)
    callers.sort(key=lambda caller: caller.arrives_s)
    return callers
