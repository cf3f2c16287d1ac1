"""The outlook of the live room: made anew every second at most, and steady towards each caller."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from redis import Redis

from foundation.clock import Clock
from foundation.database import Database
from queueing import ledger
from queueing.estimate import Estimate, HandleTime, steady
from queueing.handling import handle_times
from queueing.model import Pace, Presence, Queue, WaitingCall
from queueing.outlook import Outlook

FRESH = timedelta(seconds=1)  # a look at the whole room serves every question of this long
_HANDLE_FRESH = timedelta(seconds=30)  # a mean over hours does not change sooner
_PACES = "board:paces"
_KEPT_S = 2 * 3600  # longer than anybody waits

_ESTIMATE: TypeAdapter[Estimate] = TypeAdapter(Estimate)

Snapshot = Callable[[], tuple[list[WaitingCall], dict[int, Presence]]]


class Foresight:
    """Estimates and paces. What is lost with Redis is only what callers were told before."""

    def __init__(self, database: Database, redis: Redis, clock: Clock, snapshot: Snapshot) -> None:
        self._database = database
        self._redis = redis
        self._clock = clock
        self._snapshot = snapshot
        self._outlook: Outlook | None = None
        self._handling: tuple[datetime, dict[str, HandleTime]] | None = None

    def outlook(self) -> Outlook:
        """At most a second old."""
        now = self._clock.now()
        known = self._outlook
        if known is None or now - known.at >= FRESH:
            known = self._outlook = self.look(*self._snapshot(), now)
        return known

    def look(self, calls: list[WaitingCall], presences: dict[int, Presence], now: datetime) -> Outlook:
        """The outlook of the room as it is given."""
        with self._database.reading() as session:
            if self._handling is None or now - self._handling[0] >= _HANDLE_FRESH:
                self._handling = now, handle_times(session, now)
            queues = {queue.name: queue for queue in ledger.queues(session)}
            operators = ledger.operators(session, [one for one, does in presences.items() if does.state != "away"])
        return Outlook(calls, operators, presences, queues, self._handling[1], now)

    def tell(self, call: WaitingCall) -> tuple[Estimate | None, Pace]:
        """The estimate to give this caller now, and the call's pace."""
        outlook, now = self.outlook(), self._clock.now()
        estimate, pace = outlook.of(call), outlook.pace(call, now)
        if estimate is None:
            return None, pace
        key = f"estimate:{call.call_id}:{call.ordinal}"
        before = self._redis.get(key)
        given = steady(_ESTIMATE.validate_json(str(before)) if before else None, estimate)
        self._redis.set(key, _ESTIMATE.dump_json(given).decode(), ex=_KEPT_S)
        return given, pace

    def hurried(self, call: WaitingCall, queue: Queue) -> bool:
        """Whether the call will miss its target, in a queue that widens the search for an operator then."""
        if not queue.relax or queue.target_at(call.entered_at).when_missed != "widen":
            return False
        return self.outlook().pace(call, self._clock.now()) != "on-time"

    def paces_changed(self) -> dict[str, int] | None:
        """Late and at-risk calls by number, when they are not the same calls as the last time anybody asked here."""
        now = self._clock.now()
        calls, presences = self._snapshot()
        outlook = self._outlook = self.look(calls, presences, now)
        paces = {call.call_id: outlook.pace(call, now) for call in calls}
        behind = {call_id: pace for call_id, pace in sorted(paces.items()) if pace != "on-time"}
        text = json.dumps(behind)
        if (self._redis.set(_PACES, text, get=True) or "{}") == text:
            return None
        return {pace.replace("-", "_"): sum(one == pace for one in behind.values()) for pace in ("at-risk", "late")}
