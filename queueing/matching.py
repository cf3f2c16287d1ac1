"""Who is next: a pure function from waiting calls and free operators to pairs.

Calls go by slack: the one whose target runs out first is first. A call that has missed its target is promised the
longest acceptable wait instead, so that it does not take the operator from one who can still be in time for nothing; it
is due a fifth of that earlier, because a promise that is only looked at when it runs out is not kept.
Both ends are fixed when the call comes in (its place and the target's seconds): it can only be passed by calls that
come in before the longest acceptable wait is over, so nobody starves. Within a queue the order of places holds.

A call is offered to an operator who serves its queue at its level and speaks its language; of several, to one who has
not let this call go by before, then to the one idle longest, then to the one who knows the queue best, then to the
lowest number. Only when none of them is free, and only as far as the queue's relaxations say, to one who lacks a skill.
An operator who let a call go by is passed over for it during `REFUSAL_REST`, so that it does not bounce.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from operator import attrgetter

from queueing.model import Operator, Queue, Skill, WaitingCall

REFUSAL_REST = timedelta(seconds=10)
LATE_SHARE = 0.8  # of the longest acceptable wait: when a call that missed its target is due


@dataclass(frozen=True)
class FreeOperator:
    operator: Operator
    idle_since: datetime


@dataclass(frozen=True)
class Pair:
    call_id: str
    operator_id: int


@dataclass(frozen=True)
class Turn:
    """A waiting call, and when what it was promised runs out: its own promise, or that of a call ahead of it."""

    call: WaitingCall
    due_at: datetime


def in_turn(calls: Iterable[WaitingCall], queues: Mapping[str, Queue], now: datetime) -> Iterator[Turn]:
    """The calls in the order in which they go, worked out as far as they are asked for."""
    by_queue: defaultdict[str, list[WaitingCall]] = defaultdict(list)
    for call in calls:
        by_queue[call.queue].append(call)
    return merged({name: sorted(waiting, key=_place) for name, waiting in by_queue.items()}, queues, now)


def merged(by_queue: Mapping[str, Iterable[WaitingCall]], queues: Mapping[str, Queue], now: datetime) -> Iterator[Turn]:
    """The same from calls that stand in the order of their places, by queue, of which no more are taken than needed."""
    in_queues = [_in_queue(waiting, queues.get(name), now) for name, waiting in by_queue.items()]
    return merge(*in_queues, key=lambda turn: (turn.due_at, *_place(turn.call)))


def _in_queue(waiting: Iterable[WaitingCall], queue: Queue | None, now: datetime) -> Iterator[Turn]:
    """The calls of one queue in the order of their places; none is due before the one ahead of it."""
    due_at: datetime | None = None
    for call in waiting:
        own = _due_at(call, queue, now)
        due_at = own if due_at is None else max(due_at, own)
        yield Turn(call, due_at)


def _due_at(call: WaitingCall, queue: Queue | None, now: datetime) -> datetime:
    if queue is None:
        return call.order_at
    target = queue.target_at(call.entered_at)
    due_at = call.order_at + timedelta(seconds=target.within_s)
    if due_at >= now:
        return due_at
    return call.order_at + timedelta(seconds=max(target.within_s, LATE_SHARE * target.longest_s))


def pairs(
    calls: Iterable[WaitingCall],
    free: Iterable[FreeOperator],
    now: datetime,
    queues: Mapping[str, Queue] | None = None,
    hurried: Collection[str] = (),
) -> list[Pair]:
    """Every offer to make now, in order. Each call and each operator occurs at most once. `hurried` are the calls whose
    queue's relaxations count at once."""
    queues = queues or {}
    return paired(in_turn(calls, queues, now), free, now, queues, lambda call: call.call_id in hurried)


def paired(
    turns: Iterable[Turn],
    free: Iterable[FreeOperator],
    now: datetime,
    queues: Mapping[str, Queue],
    hurried: Callable[[WaitingCall], bool],
) -> list[Pair]:
    """`pairs` for calls in turn; takes no more of them than there are operators to give to."""
    by_turn = list(free)
    able: dict[tuple[str, str, int], list[FreeOperator]] = {}
    taken: set[int] = set()
    made: list[Pair] = []
    for turn in turns if by_turn else ():
        call = turn.call
        skill = (call.queue, call.language, call.level)
        if skill not in able:
            able[skill] = _ranked([one for one in by_turn if can_take(one.operator, call)], call.queue)
        chosen = _best([one for one in able[skill] if one.operator.id not in taken], call, now)
        if chosen is None and (queue := queues.get(call.queue)) and queue.relax:
            yielding = yields(call, queue, now, hurried(call))
            others = [one for one in by_turn if one.operator.id not in taken and not can_take(one.operator, call)]
            others = [one for one in others if lacks(one.operator, call) <= yielding]
            chosen = _best(_ranked(others, call.queue), call, now)
        if chosen is not None:
            taken.add(chosen)
            made.append(Pair(call.call_id, chosen))
            if len(taken) == len(by_turn):
                break
    return made


def lacks(operator: Operator, call: WaitingCall) -> set[Skill]:
    """What the operator does not have for this call."""
    lacking: set[Skill] = set()
    if call.language not in operator.languages:
        lacking.add("language")
    if call.queue not in operator.queues:
        lacking.add("queue")
    elif operator.level(call.queue) < call.level:
        lacking.add("level")
    return lacking


def can_take(operator: Operator, call: WaitingCall) -> bool:
    """Whether the operator has everything the call asks for."""
    return (
        call.queue in operator.queues
        and call.language in operator.languages
        and operator.levels.get(call.queue, 1) >= call.level
    )


def yields(call: WaitingCall, queue: Queue, now: datetime, hurried: bool) -> set[Skill]:
    """What an operator may lack by now. Whoever does not know the product at all has no level in it either."""
    waited_s = call.waited_s(now)
    return {skill for skill, after_s in queue.relax.items() if hurried or waited_s >= after_s}


_place = attrgetter("order_at", "call_id")


def _ranked(able: list[FreeOperator], queue: str) -> list[FreeOperator]:
    return sorted(able, key=lambda one: (one.idle_since, -one.operator.level(queue), one.operator.id))


def _best(by_turn: list[FreeOperator], call: WaitingCall, now: datetime) -> int | None:
    refused = {refusal.operator_id: refusal.at for refusal in call.refusals}
    rested = None
    for one in by_turn:
        at = refused.get(one.operator.id)
        if at is None:
            return one.operator.id
        if rested is None and now - at >= REFUSAL_REST:
            rested = one.operator.id
    return rested
