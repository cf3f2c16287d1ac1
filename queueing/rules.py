"""The rules of the wait: when a queue sends a waiting caller another way. They are data of the queue.

- `max_waiting`: who comes in behind so many is told that the queue is full.
- `closed`: when the helpdesk closes during the wait, `leave` sends everybody away; `serve` keeps those who wait as long
  as an operator is signed in for them.
- `nobody_after_s`: who waited so long while no operator is signed in for them is told so.
- `overflow_after_s`, `overflow_to`: who waited so long goes on in another queue; the time waited counts there.

A caller who is being offered or connected to an operator is left alone. What the caller hears, and what they can do
instead, is the flow's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from redis import Redis
from sqlalchemy import select

from callflows.events import WayOut
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound
from queueing.board import RedisBoard
from queueing.model import Operator, WaitingCall
from queueing.tables import QueueRow

WhenClosed = Literal["serve", "leave"]
_ASK_AGAIN_AFTER = timedelta(seconds=5)  # who is signed in is asked once for all who wait at the same moment


@dataclass(frozen=True)
class WaitRules:
    """The rules of one queue; None: that rule is not there."""

    max_waiting: int | None = None
    overflow_after_s: int | None = None
    overflow_to: str | None = None
    nobody_after_s: int | None = None
    when_closed: WhenClosed = "serve"


@dataclass(frozen=True)
class Situation:
    """Where a waiting caller stands. `just_in`: this is the first round of the wait; `signed_in` is asked only when a
    rule needs it, and is whether an operator with the right queue and language is there."""

    position: int
    waited_s: float
    closed: bool
    just_in: bool
    signed_in: Callable[[], bool]


def way_out(rules: WaitRules, caller: Situation) -> WayOut:
    """What the rules say now; "" is to wait on. Pure but for `signed_in`."""
    if caller.closed and (rules.when_closed == "leave" or not caller.signed_in()):
        return "closed"
    if rules.nobody_after_s is not None and caller.waited_s >= rules.nobody_after_s and not caller.signed_in():
        return "nobody"
    if caller.just_in and rules.max_waiting is not None and caller.position > rules.max_waiting:
        return "full"
    if rules.overflow_to and rules.overflow_after_s is not None and caller.waited_s >= rules.overflow_after_s:
        return "overflow"
    return ""


class Staff(Protocol):
    """Who works here, as the rules need it."""

    def operators(self) -> list[Operator]: ...


class RuleBook:
    """Applies the rules to those who wait, and changes them."""

    def __init__(self, database: Database, redis: Redis, clock: Clock, staff: Staff) -> None:
        self._database = database
        self._board = RedisBoard(redis)
        self._clock = clock
        self._staff = staff
        self._seen: dict[tuple[str, str], tuple[datetime, bool]] = {}

    def way_out(self, call_id: str, *, position: int, closed: bool, just_in: bool) -> tuple[WayOut, str]:
        """What the rules of the call's queue say now, and the queue to overflow to."""
        found = self._board.find(call=call_id)
        call = found[0] if found else None
        if call is None or call.offer is not None:
            return "", ""
        rules = self.rules(call.queue)
        situation = Situation(
            position=position,
            waited_s=call.waited_s(self._clock.now()),
            closed=closed,
            just_in=just_in,
            signed_in=lambda: self._signed_in(call),
        )
        way = way_out(rules, situation)
        return way, (rules.overflow_to or "") if way == "overflow" else ""

    def rules(self, queue: str) -> WaitRules:
        """Raises NotFound."""
        with self._database.transaction() as session:
            row = session.get(QueueRow, queue)
            if row is None:
                raise NotFound(f"There is no queue {queue}.")
            return _rules_of(row)

    def change(self, queue: str, rules: WaitRules, *, actor: str) -> None:
        """Set the rules of one queue, with an audit row. Raises InvalidInput, NotFound."""
        for name in ("max_waiting", "overflow_after_s", "nobody_after_s"):
            value = getattr(rules, name)
            if value is not None and value < 0:
                raise InvalidInput(f"{name} cannot be less than zero.")
        if rules.when_closed not in ("serve", "leave"):
            raise InvalidInput("When the helpdesk closes, those who wait are served, or leave.")
        if (rules.overflow_to is None) != (rules.overflow_after_s is None) or rules.overflow_to == queue:
            raise InvalidInput("An overflow needs a number of seconds and another queue.")
        with self._database.transaction() as session:
            row = session.scalar(select(QueueRow).where(QueueRow.name == queue).with_for_update())
            if row is None:
                raise NotFound(f"There is no queue {queue}.")
            if rules.overflow_to is not None and session.get(QueueRow, rules.overflow_to) is None:
                raise NotFound(f"There is no queue {rules.overflow_to}.")
            before, after = _changes(_rules_of(row), rules)
            if not after:
                return
            for name, value in after.items():
                setattr(row, name, value)
            audit.record(
                session,
                at=self._clock.now(),
                actor=actor,
                action="queue.rules-changed",
                subject=f"queue:{queue}",
                before=before,
                after=after,
            )

    def _signed_in(self, call: WaitingCall) -> bool:
        """Whether an operator for this caller is signed in, as it was seen a few seconds ago at most."""
        now = self._clock.now()
        at, answer = self._seen.get((call.queue, call.language), (now - _ASK_AGAIN_AFTER, False))
        if timedelta() <= now - at < _ASK_AGAIN_AFTER:
            return answer
        answer = any(
            self._present(operator.id)
            for operator in self._staff.operators()
            if call.queue in operator.queues and call.language in operator.languages
        )
        self._seen[call.queue, call.language] = (now, answer)
        return answer

    def _present(self, operator_id: int) -> bool:
        found = self._board.find(operator=operator_id)
        if found is None:
            return True  # the board is being put up again: nobody is sent away on a guess
        presence = found[1]
        return presence is not None and presence.state != "away"


def _rules_of(row: QueueRow) -> WaitRules:
    return WaitRules(
        max_waiting=row.max_waiting,
        overflow_after_s=row.overflow_after_s,
        overflow_to=row.overflow_to,
        nobody_after_s=row.nobody_after_s,
        when_closed="leave" if row.when_closed == "leave" else "serve",
    )


def _changes(before: WaitRules, after: WaitRules) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in WaitRules.__dataclass_fields__ if getattr(before, name) != getattr(after, name)]
    return {name: getattr(before, name) for name in names}, {name: getattr(after, name) for name in names}
