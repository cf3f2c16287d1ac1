"""Applies the rules of the queues to those who wait, and lets a supervisor change them: at once, with an audit row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Protocol

from redis import Redis
from sqlalchemy import select

from callflows.events import WayOut
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotFound
from queueing.board import RedisBoard
from queueing.matching import lacks
from queueing.model import SKILLS, Operator, WaitingCall
from queueing.rules import InvalidRules, QueueRules, Situation, faults, way_out
from queueing.tables import QueueRow

_ASK_AGAIN_AFTER = timedelta(seconds=5)  # who is signed in is asked once for all who wait at the same moment
_COLUMNS = tuple(name for name in QueueRules.__dataclass_fields__ if not name.startswith("relax_"))


class Staff(Protocol):
    """Who works here, as the rules need it."""

    def operators(self) -> list[Operator]: ...


class RuleBook:
    """The rules of every queue. Safe for many threads and processes at once."""

    def __init__(self, database: Database, redis: Redis, clock: Clock, staff: Staff) -> None:
        self._database = database
        self._board = RedisBoard(redis)
        self._clock = clock
        self._staff = staff
        self._seen: dict[tuple[str, str, int], tuple[datetime, bool]] = {}

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
            signed_in=lambda: self._signed_in(call, rules),
        )
        way = way_out(rules, situation)
        return way, (rules.overflow_to or "") if way == "overflow" else ""

    def offers_callbacks(self, queue: str) -> bool:
        """Whether callers of this queue may ask to be called back at all."""
        return self.rules(queue).callback_after_s is not None

    def rules(self, queue: str) -> QueueRules:
        """Raises NotFound."""
        with self._database.transaction() as session:
            row = session.get(QueueRow, queue)
            if row is None:
                raise NotFound(f"There is no queue {queue}.")
            return rules_of(row)

    def change(self, queue: str, rules: QueueRules, *, actor: str) -> None:
        """Set the rules of one queue, also for those who wait, with an audit row of what changed. Raises InvalidRules,
        NotFound."""
        with self._database.transaction() as session:
            # All rows, in order: two changes at once could close a circle of overflows that neither of them sees.
            rows = session.scalars(select(QueueRow).order_by(QueueRow.name).with_for_update()).all()
            row = next((one for one in rows if one.name == queue), None)
            if row is None:
                raise NotFound(f"There is no queue {queue}.")
            wrong = faults(queue, rules, {one.name: one.overflow_to for one in rows})
            if wrong:
                raise InvalidRules(wrong)
            before, after = _changes(rules_of(row), rules)
            if not after:
                return
            for name in _COLUMNS:
                setattr(row, name, getattr(rules, name))
            relax = {skill: getattr(rules, f"relax_{skill}_s") for skill in SKILLS}
            row.relax = {skill: after_s for skill, after_s in relax.items() if after_s is not None}
            audit.record(
                session,
                at=self._clock.now(),
                actor=actor,
                action="queue.rules-changed",
                subject=f"queue:{queue}",
                before=before,
                after=after,
            )

    def _signed_in(self, call: WaitingCall, rules: QueueRules) -> bool:
        """Whether an operator for this caller is signed in, as it was seen a few seconds ago at most. One who may take
        the call by a relaxation counts."""
        now = self._clock.now()
        kind = call.queue, call.language, call.level
        at, answer = self._seen.get(kind, (now - _ASK_AGAIN_AFTER, False))
        if timedelta() <= now - at < _ASK_AGAIN_AFTER:
            return answer
        relaxed = {skill for skill in SKILLS if getattr(rules, f"relax_{skill}_s") is not None}
        answer = any(
            self._present(operator.id) for operator in self._staff.operators() if lacks(operator, call) <= relaxed
        )
        self._seen[kind] = (now, answer)
        return answer

    def _present(self, operator_id: int) -> bool:
        found = self._board.find(operator=operator_id)
        if found is None:
            return True  # the board is being put up again: nobody is sent away on a guess
        presence = found[1]
        return presence is not None and presence.state != "away"


def rules_of(row: QueueRow) -> QueueRules:
    return QueueRules(
        **{name: getattr(row, name) for name in _COLUMNS},
        relax_language_s=row.relax.get("language"),
        relax_queue_s=row.relax.get("queue"),
        relax_level_s=row.relax.get("level"),
    )


def _changes(before: QueueRules, after: QueueRules) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in QueueRules.__dataclass_fields__ if getattr(before, name) != getattr(after, name)]
    return {name: getattr(before, name) for name in names}, {name: getattr(after, name) for name in names}
