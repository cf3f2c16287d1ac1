"""What lies ahead of every waiting caller: the estimated wait and the pace, from one look at the whole room. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from queueing.estimate import LEAST_CALLS, RING_S, Estimate, HandleTime, at_once, estimate
from queueing.matching import can_take, in_turn
from queueing.model import Operator, Pace, Presence, Queue, WaitingCall

_AT_WORK = frozenset({"ready", "offered", "connecting", "talking", "wrap-up"})
# Without an estimate a call is at risk from this share of its target on: the moment at which a person can still act.
AT_RISK_SHARE = 0.8

_Key = tuple[datetime, datetime, str]  # due, place, call: the order in which calls go
_Kind = tuple[str, str, int]  # queue, language, level: calls that the same operators can take


@dataclass(frozen=True)
class _Crowd:
    """Waiting calls of one kind: their turns, in order, and who can take them."""

    turns: list[_Key]
    able: frozenset[int]


@dataclass(frozen=True)
class _Sight:
    """What calls of one kind have in common: how many operators can take them and how many of those are free, handle
    times, and the crowds that stand for the same operators: turns, the share that counts, seconds a call."""

    able: int
    handle: HandleTime
    free: int
    finishing: HandleTime
    crowds: list[tuple[list[_Key], float, float]]


class Outlook:
    """The room at one moment. Asking it about a call, also one that came later, costs next to nothing."""

    def __init__(
        self,
        calls: Iterable[WaitingCall],
        operators: Iterable[Operator],
        presences: Mapping[int, Presence],
        queues: Mapping[str, Queue],
        handling: Mapping[str, HandleTime],
        at: datetime,
    ) -> None:
        """`handling` are the handle times by queue; "" is all queues together."""
        self.at = at
        self._queues = queues
        self._handling = handling
        self._staff = [one for one in operators if _at_work(presences.get(one.id))]
        self._doing = {one.id: presences[one.id] for one in self._staff}
        self._able: dict[_Kind, frozenset[int]] = {}
        self._turns: dict[str, _Key] = {}
        self._last: dict[str, datetime] = {}
        turns: defaultdict[_Kind, list[_Key]] = defaultdict(list)
        for turn in in_turn((call for call in calls if call.offer is None), queues, at):
            key = turn.due_at, turn.call.order_at, turn.call.call_id
            turns[_kind(turn.call)].append(key)
            self._turns[turn.call.call_id] = key
            self._last[turn.call.queue] = turn.due_at
            self._able_for(turn.call)
        self._crowds = {kind: _Crowd(keys, self._able[kind]) for kind, keys in turns.items()}
        self._seen_by: dict[tuple[frozenset[int], str], _Sight | None] = {}

    def of(self, call: WaitingCall) -> Estimate | None:
        """The wait that is left for this call; None when it is not known: too few calls were put away lately, or nobody
        who can take it is at work."""
        sight = self._sight(self._able_for(call), call.queue)
        if sight is None:
            return None
        if call.offer is not None:
            return at_once(sight.able, sight.handle)
        key = self._turns.get(call.call_id) or self._turn_of(call)
        ahead, work_s = 0.0, 0.0
        for turns, share, mean_s in sight.crowds:
            count = bisect_left(turns, key) * share
            ahead += count
            work_s += count * mean_s
        if ahead < sight.free:
            return at_once(sight.able, sight.handle)
        return estimate(ahead, work_s, sight.finishing, sight.able)

    def pace(self, call: WaitingCall, now: datetime) -> Pace:
        return self.pace_of(call, self.of(call), now)

    def pace_of(self, call: WaitingCall, foreseen: Estimate | None, now: datetime) -> Pace:
        """Whether the call will be answered within its target, at the present pace. The boundary is within. No target
        runs for a callback: nobody is on the line."""
        if call.kind == "callback":
            return "on-time"
        waited_s = call.waited_s(now)
        within_s = self._queues[call.queue].target_at(call.entered_at).within_s
        if waited_s > within_s:
            return "late"
        if foreseen is not None and foreseen.wait_s > RING_S:
            # The outlook may be older than now: what has passed since is part of what was left.
            left_s = max(0.0, foreseen.wait_s - (now - self.at).total_seconds())
            at_risk = waited_s + left_s > within_s
        else:
            at_risk = waited_s >= AT_RISK_SHARE * within_s
        return "at-risk" if at_risk else "on-time"

    def _sight(self, able: frozenset[int], queue: str) -> _Sight | None:
        """The room as calls of this kind see it; worked out once, because a thousand of them may ask."""
        if (able, queue) not in self._seen_by:
            self._seen_by[able, queue] = self._seen(able, queue)
        return self._seen_by[able, queue]

    def _seen(self, able: frozenset[int], queue: str) -> _Sight | None:
        handle = self._handle(queue)
        if not able or handle is None:
            return None
        crowds = [
            (crowd.turns, shared / len(crowd.able), (self._handle(name) or handle).mean_s)
            for (name, _, _), crowd in self._crowds.items()
            if (shared := len(crowd.able & able))
        ]
        free = sum(self._doing[number].state == "ready" for number in able)
        return _Sight(len(able), handle, free, self._finishing(able, handle), crowds)

    def _turn_of(self, call: WaitingCall) -> _Key:
        """Of a call that came in after this look: at the end of its queue."""
        due_at = next(in_turn([call], self._queues, self.at)).due_at
        return max(due_at, self._last.get(call.queue, due_at)), call.order_at, call.call_id

    def _able_for(self, call: WaitingCall) -> frozenset[int]:
        kind = _kind(call)
        if kind not in self._able:
            self._able[kind] = frozenset(one.id for one in self._staff if can_take(one, call))
        return self._able[kind]

    def _handle(self, queue: str) -> HandleTime | None:
        """The queue's own handle time, or that of all queues while the queue has put too few calls away."""
        for name in (queue, ""):
            handle = self._handling.get(name)
            if handle is not None and handle.calls >= LEAST_CALLS:
                return handle
        return None

    def _finishing(self, able: frozenset[int], otherwise: HandleTime) -> HandleTime:
        """The handle time of what these operators are busy with now."""
        busy = [self._handle(queue) or otherwise for number in able if (queue := self._doing[number].queue)]
        if not busy:
            return otherwise
        return HandleTime(sum(one.mean_s for one in busy) / len(busy), min(one.calls for one in busy))


def _kind(call: WaitingCall) -> _Kind:
    return call.queue, call.language, call.level


def _at_work(presence: Presence | None) -> bool:
    """Takes calls, now or after the present one."""
    return presence is not None and presence.state in _AT_WORK and presence.wish in (None, "ready")
