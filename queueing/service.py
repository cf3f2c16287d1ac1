"""The waiting room's counter: everything that others ask of queueing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import uuid4

from redis import Redis

from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound, OfferGone
from foundation.live import BOARD, Live
from queueing import decisions, glance, ledger, matching, targets
from queueing.board import RedisBoard
from queueing.foresight import Foresight
from queueing.glance import QueueGlance
from queueing.matching import FreeOperator
from queueing.model import (
    Board,
    CallKind,
    ChosenState,
    Offer,
    Operator,
    OperatorView,
    Place,
    Presence,
    Queue,
    WaitingCall,
)
from queueing.periods import Period, WhenMissed
from queueing.tables import OfferRow, OperatorRow
from queueing.views import queue_view
from queueing.work import CallLog, Workshop

_LEASE = timedelta(seconds=10)  # a ticker that died holds the others up no longer than this
_ROUNDS = 5  # of matching: a round is repeated when somebody else's decision went between


class QueueService:
    """Who waits, who is next, who takes it. Safe for many threads and processes at once.

    `offer_ttl_s`: how long an offer rings; `connect_ttl_s`: how long an accepted one may take to connect.
    """

    def __init__(
        self,
        database: Database,
        redis: Redis,
        clock: Clock,
        live: Live,
        call_log: CallLog,
        *,
        offer_ttl_s: float,
        connect_ttl_s: float,
        new_id: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        self._database = database
        self._clock = clock
        self._live = live
        self._board = RedisBoard(redis)
        self._work = Workshop(database, self._board, clock, live, call_log)
        self._offer_ttl = timedelta(seconds=offer_ttl_s)
        self._foresight = Foresight(database, redis, clock, self._snapshot)
        self._connect_ttl = timedelta(seconds=connect_ttl_s)
        self._new_id = new_id
        self._me = str(uuid4())

    # --- callers

    def join(
        self,
        call_id: str,
        queue: str,
        language: str,
        *,
        entered_at: datetime,
        ordinal: int = 1,
        order_at: datetime | None = None,
        kind: CallKind = "call",
        level: int = 1,
        priority_s: int = 0,
    ) -> None:
        """The caller enters `queue`, the call's number `ordinal`; again is the same. `order_at` is the place of one who
        has waited before: a callback, or its caller who rings again. `level` is what the operator must have in the
        queue, `priority_s` virtual waited time, up to the queue's cap. Raises NotFound for the queue."""
        at = order_at or entered_at
        call = WaitingCall(call_id, queue, language, entered_at, at, ordinal=ordinal, kind=kind, level=level)
        self._work.run(lambda work: decisions.join(work, call, priority_s), self.match)

    def place(self, call_id: str) -> Place | None:
        """Where the caller stands now; None when not in a queue."""
        while call := self._find(call=call_id)[0]:
            standing = self._board.standing(call)
            if standing is not None:
                estimate, pace = self._foresight.tell(call)
                return Place(call.queue, *standing, call.waited_s(self._clock.now()), estimate, pace)
        return None

    def leave(self, call_id: str, reason: str) -> None:
        """The caller left the queue (abandoned, callback, ...); an offer is withdrawn. Nothing when no longer there."""
        self._work.run(lambda work: decisions.leave(work, call_id, reason), self.match)

    def over(self, call_id: str, reason: str, operator_id: int | None) -> None:
        """The call is over: the operator who talked in it wraps up, and it leaves the queue if it stands there."""
        self._work.run(lambda work: decisions.over(work, call_id, reason, operator_id), self.match)

    def calls(self) -> set[str]:
        """The calls that stand in queues."""
        self._work.heal()
        return self._board.calls()

    # --- offers

    def match(self) -> list[Offer]:
        """Offer waiting calls to free operators, as far as they go together now; the offers made."""
        made: list[Offer] = []
        for _ in range(_ROUNDS):
            pairs = self._pairs()
            offers = [self._offer(pair.call_id, pair.operator_id) for pair in pairs]
            made += [offer for offer in offers if offer is not None]
            if None not in offers:
                break
        return made

    def accept(self, offer_id: str, operator_id: int) -> Offer:
        """The operator takes the call. One acceptance of an offer succeeds, whoever asks and however often: every other
        raises OfferTaken with the winner's name, or OfferGone."""
        return self._work.run(lambda work: decisions.accept(work, offer_id, operator_id, self._connect_ttl))

    def decline(self, offer_id: str, operator_id: int) -> None:
        """The operator lets the call go by; it keeps its place and goes to the next. Raises OfferGone."""
        self._work.run(lambda work: decisions.decline(work, offer_id, operator_id), self.match)

    def offer(self, offer_id: str) -> Offer:
        """Raises NotFound."""
        with self._database.transaction() as session:
            row = session.get(OfferRow, offer_id)
            if row is None:
                raise NotFound("There is no such offer.")
            return ledger.offer_of(row)

    def expected(self, offer_id: str, operator_id: int) -> Offer:
        """The accepted offer for which this operator's leg may come in. Raises OfferGone when it is too late."""
        presence = self.presence(operator_id)
        if presence.offer_id != offer_id or presence.state not in ("connecting", "talking"):
            raise OfferGone("The call is no longer kept for this operator.")
        call, _ = self._find(call=presence.call_id or "")
        return call.offer if call and call.offer and call.offer.id == offer_id else self.offer(offer_id)

    def offer_for(self, operator_id: int) -> Offer | None:
        """The offer that rings at the operator now."""
        presence = self.presence(operator_id)
        if presence.state != "offered" or presence.call_id is None:
            return None
        call, _ = self._find(call=presence.call_id)
        return call.offer if call and call.offer and call.offer.id == presence.offer_id else None

    def connected(self, call_id: str, operator_id: int) -> None:
        """Both are in the room. Raises OfferGone when the caller is no longer kept for this operator."""
        self._work.run(lambda work: decisions.connected(work, call_id, operator_id))

    def requeue(self, call_id: str, operator_id: int | None = None) -> None:
        """The operator was lost: the caller is back at the head of the queue, the operator on a pause. With
        `operator_id` only if that one has the call, so that a late message does not end another's talk."""
        self._work.run(lambda work: decisions.requeue(work, call_id, operator_id), self.match)

    # --- operators

    def finish_wrap_up(self, operator_id: int, code: str | None = None) -> None:
        """The operator has put the call away. Raises InvalidInput (unknown code), Conflict (was over already)."""
        self._work.run(lambda work: decisions.finish_wrap_up(work, operator_id, code), self.match)

    def set_presence(self, operator_id: int, state: ChosenState, reason: str | None = None) -> Presence:
        """The operator's choice; during a call it is kept for after the wrap-up. `reason` belongs to a pause. Raises
        NotFound, InvalidInput."""
        if state not in ("ready", "pause", "away"):
            raise InvalidInput("An operator can choose to be ready, on a pause, or away.")
        self._work.run(lambda work: decisions.set_presence(work, operator_id, state, reason), self.match)
        return self.presence(operator_id)

    def presence(self, operator_id: int) -> Presence:
        """What the operator does now. Raises NotFound."""
        _, presence = self._find(operator=operator_id)
        if presence is not None:
            return presence
        self.operator(operator_id)
        return Presence(operator_id, "away", self._clock.now())

    def operators(self) -> list[Operator]:
        with self._database.reading() as session:
            return ledger.operators(session)

    def operator(self, operator_id: int) -> Operator:
        """Raises NotFound."""
        with self._database.reading() as session:
            found = ledger.operators(session, [operator_id])
        if not found:
            raise NotFound(f"There is no operator {operator_id}.")
        return found[0]

    def add_operator(self, name: str, languages: Collection[str], queues: Collection[str]) -> Operator:
        """A new operator who speaks `languages` and takes calls of `queues`. Raises NotFound for an unknown queue."""
        known = {queue.name for queue in self.queues()}
        if unknown := set(queues) - known:
            raise NotFound(f"There is no queue {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}.")
        with self._database.transaction() as session:
            row = OperatorRow(name=name, languages=sorted(languages), queues=sorted(queues))
            session.add(row)
            session.flush()
            return ledger.operator_of(row)

    # --- queues and the board

    def queues(self) -> list[Queue]:
        with self._database.reading() as session:
            return ledger.queues(session)

    def queue(self, name: str) -> Queue:
        """Raises NotFound."""
        with self._database.reading() as session:
            found = ledger.queue(session, name)
        if found is None:
            raise NotFound(f"There is no queue {name}.")
        return found

    def set_target(
        self,
        name: str,
        *,
        share: float,
        within_s: int,
        actor: str,
        longest_s: int | None = None,
        when_missed: WhenMissed | None = None,
    ) -> Queue:
        """`share` (0-1] of the callers within `within_s` seconds, nobody longer than `longest_s`: from now on, also for
        those who wait. What is None stays. Raises InvalidInput, NotFound."""
        return self._change_target(name, targets.own(share, within_s, longest_s, when_missed), actor)

    def set_period(self, name: str, period: Period, *, actor: str) -> Queue:
        """Another target at these times, instead of an earlier period of that name. Raises InvalidInput, NotFound."""
        return self._change_target(name, targets.with_period(period), actor)

    def drop_period(self, name: str, period: str, *, actor: str) -> Queue:
        """Raises InvalidInput, NotFound."""
        return self._change_target(name, targets.without_period(period), actor)

    def _change_target(self, name: str, change: targets.Change, actor: str) -> Queue:
        with self._database.transaction() as session:
            queue, facts = targets.carry_out(session, name, change, actor=actor, now=self._clock.now())
        self._work.record(facts)
        self._live.publish(BOARD, "board-changed")
        return queue

    def glance(self) -> tuple[QueueGlance, ...]:
        """The queues now, in a few figures each: as quick with a thousand callers as with one."""
        queues, now = self.queues(), self._clock.now()
        bands = {queue.name: glance.band(queue, now) for queue in queues}
        while (found := self._board.glance(bands)) is None:
            self._work.heal()
        return tuple(glance.glance(queue, found[queue.name], now) for queue in queues)

    def board(self) -> Board:
        """The whole room now: every call is read, and how it will fare worked out."""
        calls, presences = self._snapshot()
        now = self._clock.now()
        with self._database.transaction() as session:
            queues, operators = ledger.queues(session), ledger.operators(session)
        outlook = self._foresight.look(calls, presences, now)
        return Board(
            at=now,
            queues=tuple(
                queue_view(queue, [call for call in calls if call.queue == queue.name], outlook, now)
                for queue in queues
            ),
            operators=tuple(
                OperatorView(one, presences.get(one.id) or Presence(one.id, "away", now)) for one in operators
            ),
        )

    # --- the ticker's part

    def tick(self) -> bool:
        """What time does: offers lapse, connections are given up, wrap-ups end, calls passed by are offered again.
        Also puts back what was lost: the board when Redis was flushed, claims and facts of a process that died. False:
        another ticker is at it."""
        self._work.heal()
        now = self._clock.now()
        if not self._board.lease(self._me, now, _LEASE):
            return False
        try:
            self._work.undo_unwritten()
            for operator_id in self._board.due(now):
                self._expire(operator_id)
            self.match()
            self._work.record_forgotten()
            if (behind := self._foresight.paces_changed()) is not None:
                self._live.publish(BOARD, "pace-changed", behind)
        finally:
            self._board.release(self._me)
        return True

    def rebuild(self) -> None:
        """Put the board up anew from SQL; nothing is lost by it, at any time."""
        self._work.rebuild()

    # --- within

    def _pairs(self) -> list[matching.Pair]:
        while (ready := self._board.ready()) is None:
            self._work.heal()
        if not ready:
            return []
        with self._database.reading() as session:
            queues = {queue.name: queue for queue in ledger.queues(session)}
            operators = ledger.operators(session, ready)
        now = self._clock.now()
        free = [FreeOperator(one, ready[one.id]) for one in operators]
        turns = matching.merged({name: self._board.free_calls(name) for name in queues}, queues, now)
        return matching.paired(turns, free, now, queues, lambda call: self._foresight.hurried(call, queues[call.queue]))

    def _offer(self, call_id: str, operator_id: int) -> Offer | None:
        offer_id = self._new_id()
        return self._work.run(lambda work: decisions.offer(work, call_id, operator_id, offer_id, self._offer_ttl))

    def _expire(self, operator_id: int) -> None:
        self._work.run(lambda work: decisions.expire(work, operator_id))

    def _find(self, *, call: str = "", operator: int = 0) -> tuple[WaitingCall | None, Presence | None]:
        while (found := self._board.find(call=call, operator=operator)) is None:
            self._work.heal()
        return found

    def _snapshot(self) -> tuple[list[WaitingCall], dict[int, Presence]]:
        while (snapshot := self._board.snapshot()) is None:
            self._work.heal()
        return snapshot
