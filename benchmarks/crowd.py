"""A helpdesk under random load: callers and operators at the two ends of the real application, on virtual time.

Real: the Flask application behind signed webhooks, PostgreSQL, Redis, rq's jobs, the ticker. The simulator stands at
the other end of both HTTP connections, as in tests/support/world.py. Operators are not screens here: each hears of an
offer by the live message that its screen would get, accepts through the queue service, and comes in as a softphone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text

from app import jobs
from app.schema import migrate
from app.seeding import seed
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.embedded import EmbeddedPostgres, EmbeddedRedis
from foundation.live import channel, operator_topic
from foundation.memory import connect
from queueing.tables import OperatorRow, QueueRow
from tests.support.world import HELPDESK, Handset, World, settings_for

FLOWS = Path(__file__).resolve().parent / "flows"
QUEUE = "internet"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_END = "crowd:end-of-messages"
FIRST_OPERATOR = 1001  # beside the operators of the demonstration, who stay away


@dataclass(frozen=True)
class Load:
    """What comes in, and who is there. Times are means of exponentials, in seconds; None: nobody gives up."""

    calls_per_s: float
    handle_s: float
    patience_s: float | None
    operators: int


@contextmanager
def stores() -> Iterator[tuple[str, str]]:
    """The URLs of a PostgreSQL and a Redis of one's own."""
    with TemporaryDirectory(prefix="onthaal-crowd-", ignore_cleanup_errors=True) as folder:
        redis = EmbeddedRedis(Path(folder) / "redis").start()
        postgres = EmbeddedPostgres(Path(folder) / "pg").start()
        try:
            yield postgres.url("crowd"), redis.url
        finally:
            postgres.stop()
            redis.stop()


@contextmanager
def crowd(load: Load, seed_number: int) -> Iterator[Crowd]:
    """A crowd with an installation of its own."""
    with stores() as (database_url, redis_url):
        _prepare(database_url, load.operators)
        people = Crowd(database_url, redis_url, load, seed_number)
        try:
            yield people
        finally:
            people.close()


def _prepare(database_url: str, operators: int) -> None:
    database = Database(database_url)
    migrate(database.engine)
    seed(database, MONDAY)
    with database.transaction() as session:
        queue = session.get_one(QueueRow, QUEUE)
        queue.wrap_up_s = 0
        session.add_all(
            OperatorRow(id=FIRST_OPERATOR + n, name=f"Operator {n + 1}", languages=["en"], queues=[QUEUE])
            for n in range(operators)
        )
        # Waiting for the disk at every commit would measure the disk, which others use as well.
        name = session.scalar(text("SELECT current_database()"))
        session.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    database.close()


class Crowd(World):
    """Callers ring at random moments; each is handled by whoever is offered the call."""

    def __init__(self, database_url: str, redis_url: str, load: Load, seed_number: int) -> None:
        settings = settings_for(
            database_url, redis_url, FLOWS_DIR=str(FLOWS), FLOW="straight", LOG_LEVEL="ERROR", ALWAYS_OPEN="1"
        )
        super().__init__(settings, ManualClock(MONDAY), seed=seed_number)
        self.load = load
        self.random = random.Random(seed_number)
        self.arrived = self.over = 0
        self.operators = [FIRST_OPERATOR + n for n in range(load.operators)]
        self._talking: set[int] = set()
        self._client = connect(redis_url)
        self._screens = self._client.pubsub(ignore_subscribe_messages=True)
        self._screens.subscribe(_END, *(channel(operator_topic(operator)) for operator in self.operators))

    def close(self) -> None:
        self._screens.close()
        self._client.close()
        super().close()

    # Callers

    def open_doors(self, until: datetime) -> None:
        """Let callers ring from now until `until`."""
        self._next_caller(until)

    def _next_caller(self, until: datetime) -> None:
        delay = self.random.expovariate(self.load.calls_per_s)

        def arrive() -> None:
            if self.clock.now() < until:
                self.call_in()
                self._next_caller(until)

        self.timeline.after(delay, arrive)

    def call_in(self) -> Caller:
        """One caller rings, with the patience and the question that chance gives."""
        self.arrived += 1
        patience = self.load.patience_s
        caller = Caller(self, self.random.expovariate(1 / self.load.handle_s))
        caller.leg = self.exchange.dial(f"+3246{self.arrived:07d}", HELPDESK, caller)
        if patience is not None:
            self.timeline.after(self.random.expovariate(1 / patience), caller.lose_patience)
        return caller

    # Operators

    def everybody_ready(self) -> None:
        for operator in self.operators:
            self.services.queue.set_presence(operator, "ready")
        self.settle()

    def settle(self) -> None:
        while True:
            self.timeline.settle()
            if not jobs.drain(self.services) and not self._operators_act():
                return

    def _operators_act(self) -> int:
        """Every operator whose screen has a message looks, and takes the offer there is."""
        accepted = 0
        for operator in sorted(self._messages() - self._talking):
            offer = self.services.queue.offer_for(operator)
            if offer is None:
                continue
            self.services.queue.accept(offer.id, operator)
            self._talking.add(operator)
            self.exchange.connect(f"op_{operator}", {"offer": offer.id}, Softphone(self, operator))
            accepted += 1
        return accepted

    def _messages(self) -> set[int]:
        """Who got a live message. Our own comes after all that was published before it."""
        self._client.publish(_END, "")
        heard: set[int] = set()
        while True:
            message = self._screens.get_message(timeout=5.0)
            if message is None:
                continue  # the answer to subscribing
            if message["channel"] == _END:
                return heard
            heard.add(int(message["channel"].rpartition(":")[2]))

    def free(self, operator: int) -> None:
        self._talking.discard(operator)


class Caller(Handset):
    """Waits as long as patience lasts; once heard, hangs up when the question is answered."""

    def __init__(self, crowd: Crowd, handle_s: float) -> None:
        super().__init__()
        self._crowd = crowd
        self._handle_s = handle_s
        self._answered = False

    def notice(self, leg: str, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "room" and data["others"] and not self._answered:
            self._answered = True
            self._crowd.timeline.after(self._handle_s, self._hang_up)
        elif kind == "ended" and not self.ended:
            self.ended = True
            self._crowd.over += 1

    def lose_patience(self) -> None:
        if not self._answered:
            self._hang_up()

    def _hang_up(self) -> None:
        if not self.ended:
            self._crowd.exchange.hang_up(self.leg)


class Softphone(Handset):
    """An operator's end of the line."""

    def __init__(self, crowd: Crowd, operator: int) -> None:
        super().__init__()
        self._crowd = crowd
        self._operator = operator

    def notice(self, leg: str, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "ended":
            self._crowd.free(self._operator)
