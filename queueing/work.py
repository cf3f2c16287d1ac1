"""How a decision is carried out: read, decide, claim on the board, write to SQL, tell the call log and the screens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from callflows.facts import Fact
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotFound, OnthaalError, Unavailable
from foundation.live import BOARD, Live, operator_topic
from queueing import ledger
from queueing.board import Claim, Look, RedisBoard
from queueing.ledger import Entry
from queueing.model import Offer, Operator, Presence, Queue, WaitingCall
from queueing.tables import OperatorRow, QueueRow

log = logging.getLogger(__name__)

T = TypeVar("T")
RecordedFact = tuple[int, str, Fact]  # its number on the list, the call, the fact
ATTEMPTS = 200  # each lost attempt means that somebody else's decision went through
DEAD_AFTER = timedelta(seconds=10)  # a claim is written within milliseconds, or its process is gone
RECORD_AGAIN_AFTER = timedelta(seconds=5)  # by then the decision's own process has told the call log, or never will


class CallLog(Protocol):
    """Where facts go. A fact told twice (same call and key) is kept once."""

    def record(self, call_id: str, *facts: Fact) -> object: ...

    def write(self, session: Session, call_id: str, *facts: Fact) -> Callable[[], None]:
        """Into this transaction, as the last it does; what is given is to be done after its commit."""
        ...


class InFlight(Exception):
    """SQL does not show yet what the board has decided."""


class Work:
    """One decision in the making. It reads what it has put itself; others see nothing of it before the claim."""

    def __init__(self, session: Session, look: Look, now: datetime) -> None:
        self.session = session
        self.now = now
        self.look = look
        self.facts: list[tuple[str, Fact]] = []
        self.presences: list[tuple[Presence, datetime]] = []
        self.entries: list[Entry] = []
        self.offers: list[tuple[Offer, datetime | None]] = []

    def call(self, call_id: str) -> WaitingCall | None:
        return self.look.call(call_id)

    def presence(self, operator_id: int) -> Presence:
        """What the operator does; away when never seen."""
        return self.look.presence(operator_id) or Presence(operator_id, "away", self.now)

    def queue(self, name: str) -> Queue:
        """The queue, held against a change of its target until this decision is written. Raises NotFound."""
        row = self.session.get(QueueRow, name, with_for_update={"read": True})
        if row is None:
            raise NotFound(f"There is no queue {name}.")
        return ledger.queue_of(row)

    def operator(self, operator_id: int) -> Operator:
        """Raises NotFound."""
        row = self.session.get(OperatorRow, operator_id)
        if row is None:
            raise NotFound(f"There is no operator {operator_id}.")
        return ledger.operator_of(row)

    def put_presence(self, presence: Presence, at: datetime | None = None) -> None:
        """The operator does this from `at` (now when not given)."""
        presence = replace(presence, rev=presence.rev + 1)
        self.look.put_presence(presence)
        self.presences.append((presence, at or self.now))

    def put_call(self, call: WaitingCall) -> None:
        call = replace(call, rev=call.rev + 1)
        self.look.put_call(call)
        self.entries.append(Entry(call))

    def drop_call(self, call: WaitingCall, reason: str, operator_id: int | None = None) -> None:
        """The call is no longer in its queue."""
        self.look.drop_call(call)
        self.entries.append(Entry(replace(call, rev=call.rev + 1), self.now, reason, operator_id))

    def put_offer(self, offer: Offer, *, over_at: datetime | None = None) -> Offer:
        offer = replace(offer, rev=offer.rev + 1)
        self.offers.append((offer, over_at))
        return offer

    def fact(self, call_id: str, fact: Fact) -> None:
        self.facts.append((call_id, fact))

    @property
    def frees(self) -> bool:
        """Whether a call or an operator may be free by this decision who was not before: somebody may go together."""
        return any(one.state == "ready" for one, _ in self.presences) or any(
            entry.left_at is None and entry.call.offer is None for entry in self.entries
        )

    def write(self, call_log: CallLog) -> list[Callable[[], None]]:
        """Into this decision's transaction; gives what the call log does after it."""
        for presence, at in sorted(self.presences, key=lambda one: one[0].operator_id):
            ledger.write_presence(self.session, presence, at)
        for entry in self.entries:
            ledger.write_entry(self.session, entry)
        for offer, over_at in self.offers:
            ledger.write_offer(self.session, offer, over_at)
        by_call: dict[str, list[Fact]] = {}
        for call_id, fact in self.facts:
            by_call.setdefault(call_id, []).append(fact)
        return [call_log.write(self.session, call_id, *facts) for call_id, facts in sorted(by_call.items())]


class Workshop:
    """Carries decisions out, one at a time or many at once, and puts the board up again when it is gone."""

    def __init__(self, database: Database, board: RedisBoard, clock: Clock, live: Live, call_log: CallLog) -> None:
        self._database = database
        self._board = board
        self._clock = clock
        self._live = live
        self._call_log = call_log

    def run(self, decide: Callable[[Work], T], then_match: Callable[[], object] = lambda: None) -> T:
        """Let `decide` decide until its claim holds; `then_match` follows when a call or an operator is free by it.
        What it raises (a Conflict, NotFound ...) is raised when what it saw still stands. Raises Unavailable when
        others are first every time."""
        for _ in range(ATTEMPTS):
            result = self._attempt(decide)
            if result is not None:
                decided, work = result
                if work.frees:
                    then_match()
                return decided
        raise Unavailable("The waiting room is too busy at this moment; try again.")

    def _attempt(self, decide: Callable[[Work], T]) -> tuple[T, Work] | None:
        """The result and how it came about, or None to look again."""
        claim = Claim.CHANGED
        with self._database.transaction() as session:
            ledger.lock_shared(session)
            work = Work(session, self._board.look(), self._clock.now())
            try:
                result = decide(work)
            except InFlight:
                return None
            except OnthaalError:
                claim = self._claim(work, write=False)
                if claim is Claim.CLAIMED:
                    raise
            else:
                claim = self._claim(work)
            if claim is Claim.CLAIMED:
                after = self._write(work)
        if claim is Claim.GONE:
            self.heal()
        if claim is not Claim.CLAIMED:
            return None
        self._tell(work)
        for told in after:
            told()
        return result, work

    def _claim(self, work: Work, *, write: bool = True) -> Claim:
        """When no answer comes the board may say more than will be written: it must be rebuilt."""
        try:
            return self._board.claim(work.look, work.now, write=write)
        except RedisError:
            with suppress(RedisError):
                self._board.forget()
            raise

    def _write(self, work: Work) -> list[Callable[[], None]]:
        """Write what was claimed. When SQL refuses, the board says more than is written: it must be rebuilt."""
        try:
            after = work.write(self._call_log)
            work.session.commit()
        except Exception:
            self._board.forget()
            raise
        self._board.is_written(work.look)
        return after

    def _tell(self, work: Work) -> None:
        """The screens first: an operator's screen must ring at once."""
        for operator_id, presence in sorted({one.operator_id: one for one, _ in work.presences}.items()):
            news = {"operator": operator_id, "state": presence.state}
            self._live.publish(operator_topic(operator_id), "operator-changed", news)
        if work.presences or work.entries:
            self._live.publish(BOARD, "board-changed")

    def record(self, facts: list[RecordedFact]) -> None:
        """Tell the call log facts that are written down. What it cannot take stays on the list; the ticker tells it
        again."""
        by_call: dict[str, list[tuple[int, Fact]]] = {}
        for number, call_id, fact in facts:
            by_call.setdefault(call_id, []).append((number, fact))
        for call_id, told in by_call.items():
            try:
                self._call_log.record(call_id, *(fact for _, fact in told))
                with self._database.transaction() as session:
                    ledger.recorded(session, [number for number, _ in told])
            except (OnthaalError, SQLAlchemyError, RedisError) as error:
                log.warning("facts wait for the call log", extra={"call": call_id, "reason": type(error).__name__})

    def record_forgotten(self) -> None:
        """Tell the call log what a process that died could not."""
        with self._database.reading() as session:
            facts = ledger.unrecorded(session, self._clock.now() - RECORD_AGAIN_AFTER)
        self.record(facts)

    def undo_unwritten(self) -> None:
        """Put the board back to what is written, if a process died between its claim and its writing."""
        if self._board.unwritten(self._clock.now() - DEAD_AFTER):
            self.rebuild()

    def heal(self) -> bool:
        """Rebuild the board if it does not stand; whether it was rebuilt."""
        return not self._board.stands() and self.rebuild(anyhow=False)

    def rebuild(self, *, anyhow: bool = True) -> bool:
        """Put the board up from SQL, alone. Safe at any time; with `anyhow` False not when another was first."""
        with self._database.transaction() as session:
            ledger.lock_alone(session)
            if not anyhow and self._board.stands():
                return False
            queues = [queue.name for queue in ledger.queues(session)]
            self._board.load(ledger.waiting_calls(session), ledger.presences(session), queues)
        log.info("board rebuilt")
        self._live.publish(BOARD, "board-changed")
        return True
