"""A waiting room with the shipped queues and operators, on real stores, with time in the test's hand."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier
from uuid import NAMESPACE_URL, uuid5

from redis import Redis
from sqlalchemy import select
from sqlalchemy.orm import Session

from callflows.facts import Fact
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.errors import Conflict
from foundation.live import Live
from queueing.service import QueueService
from queueing.tables import OperatorStateRow, QueueRow

DANA, KARIM, LOTTE, HUGO, ROBIN, AMINA = range(1, 7)  # the seeded operators
ELS, MARC, JULIE, OMAR = (str(uuid5(NAMESPACE_URL, name)) for name in ("els", "marc", "julie", "omar"))  # callers


class FactBook:
    """A call log that keeps facts once per call and key, as the real one does."""

    def __init__(self) -> None:
        self.facts: dict[tuple[str, str], Fact] = {}
        self.away: Exception | None = None  # raised instead of taking a fact

    def record(self, call_id: str, *facts: Fact) -> None:
        if self.away is not None:
            raise self.away
        for fact in facts:
            self.facts.setdefault((call_id, fact.key), fact)

    def write(self, _: Session, call_id: str, *facts: Fact) -> Callable[[], None]:
        return lambda: self.record(call_id, *facts)

    def of(self, call_id: str) -> list[Fact]:
        return [fact for (call, _), fact in self.facts.items() if call == call_id]

    def story(self, call_id: str) -> list[str]:
        """The call's facts in a word or two each."""
        return [" ".join(filter(None, (fact.kind, str(getattr(fact, "how", ""))))) for fact in self.of(call_id)]


class Room:
    """The waiting room and what the tests say about it."""

    def __init__(self, database: Database, redis: Redis, clock: ManualClock, log: FactBook) -> None:
        self.database, self.redis, self.clock, self.log = database, redis, clock, log
        self.service = self.counter()

    def counter(self) -> QueueService:
        """Another process at the same waiting room."""
        live = Live(self.redis)
        return QueueService(self.database, self.redis, self.clock, live, self.log, offer_ttl_s=20, connect_ttl_s=20)

    def after(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def later(self, seconds: float) -> None:
        """Time passes, and the ticker ticks once at the end of it."""
        self.after(seconds)
        assert self.service.tick()

    def calls_in(self, call_id: str, queue: str = "internet", language: str = "nl") -> None:
        self.service.join(call_id, queue, language, entered_at=self.clock.now())

    def ready(self, *operators: int) -> None:
        """These become ready one after the other, a second apart."""
        for operator in operators:
            self.service.set_presence(operator, "ready")
            self.after(1)

    def ringing(self, operator: int) -> str | None:
        """The call that rings at the operator."""
        offer = self.service.offer_for(operator)
        return offer.call_id if offer else None

    def accepts(self, operator: int) -> str:
        offer = self.service.offer_for(operator)
        assert offer is not None, f"nothing rings at {operator}"
        self.service.accept(offer.id, operator)
        return offer.call_id

    def talks(self, operator: int) -> str:
        """The operator accepts what rings and is connected."""
        call_id = self.accepts(operator)
        self.service.connected(call_id, operator)
        return call_id

    def parts(self, operator: int) -> None:
        """The talk is over."""
        call_id = self.service.presence(operator).call_id
        assert call_id is not None
        self.service.over(call_id, "answered", operator)

    def state(self, operator: int) -> str:
        """The operator's state, with the reason of a pause."""
        presence = self.service.presence(operator)
        return f"{presence.state} {presence.reason}" if presence.reason else presence.state

    def position(self, call_id: str) -> int | None:
        place = self.service.place(call_id)
        return place.position if place else None

    def without_wrap_up(self, queue: str) -> None:
        with self.database.transaction() as session:
            session.get_one(QueueRow, queue).wrap_up_s = 0

    def is_sound(self) -> None:
        """What Redis says is what SQL says, and every operator's day is without gap or overlap."""
        before = self.service.board()
        self.redis.flushall()
        assert self.service.board() == before
        with self.database.transaction() as session:
            intervals = session.scalars(
                select(OperatorStateRow).order_by(OperatorStateRow.operator_id, OperatorStateRow.rev)
            ).all()
        for earlier, later in pairwise(intervals):
            if earlier.operator_id == later.operator_id:
                assert earlier.rev + 1 == later.rev
                assert earlier.ended_at == later.started_at
            else:
                assert earlier.ended_at is None
        assert all(one.ended_at is None or one.ended_at >= one.started_at for one in intervals)


def at_once(*tasks: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment, each in a thread; their results, or the Conflict each raised."""
    together = Barrier(len(tasks))

    def one(task: Callable[[], object]) -> object:
        together.wait(10)
        try:
            return task()
        except Conflict as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(one, tasks))
