"""Who is next: a pure function from waiting calls and free operators to pairs.

Calls go in the order of their place. A call is offered to an operator who serves its queue and speaks its language;
of several, to one who has not let this call go by before, then to the one idle longest, then to the lowest number.
An operator who let a call go by is passed over for it during `REFUSAL_REST`, so that it does not bounce.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from queueing.model import Operator, WaitingCall

REFUSAL_REST = timedelta(seconds=10)


@dataclass(frozen=True)
class FreeOperator:
    operator: Operator
    idle_since: datetime


@dataclass(frozen=True)
class Pair:
    call_id: str
    operator_id: int


def pairs(calls: Iterable[WaitingCall], free: Iterable[FreeOperator], now: datetime) -> list[Pair]:
    """Every offer to make now, in order. Each call and each operator occurs at most once."""
    by_turn = sorted(free, key=lambda one: (one.idle_since, one.operator.id))
    able: dict[tuple[str, str], list[FreeOperator]] = {}
    taken: set[int] = set()
    made: list[Pair] = []
    for call in sorted(calls, key=lambda one: (one.order_at, one.call_id)):
        if len(taken) == len(by_turn):
            break
        skill = (call.queue, call.language)
        if skill not in able:
            able[skill] = [one for one in by_turn if can_take(one.operator, call)]
        chosen = _best([one for one in able[skill] if one.operator.id not in taken], call, now)
        if chosen is not None:
            taken.add(chosen)
            made.append(Pair(call.call_id, chosen))
    return made


def can_take(operator: Operator, call: WaitingCall) -> bool:
    return call.queue in operator.queues and call.language in operator.languages


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
