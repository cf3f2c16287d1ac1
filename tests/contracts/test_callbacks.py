"""What a callback promises, on real stores: one attempt at a time, its caller's place, a limit, a due moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from redis import Redis

from callflows.facts import CallbackRequested, CallEnded, Fact
from callflows.fold import fold
from callflows.hours import Calendar
from callflows.session import Session
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.live import Live
from queueing.callbacks import LEASE, Callbacks
from queueing.seed import seed
from queueing.service import QueueService

CALENDAR = Calendar.model_validate(
    {day: ["08:00-18:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
)
NUMBER, DANA = "+32460001001", 1


class Book:
    """A call log that keeps facts once per call and key."""

    def __init__(self) -> None:
        self.facts: dict[tuple[str, str], Fact] = {}

    def record(self, call_id: str, *facts: Fact) -> None:
        for fact in facts:
            self.facts.setdefault((call_id, fact.key), fact)

    def write(self, _: object, call_id: str, *facts: Fact) -> Callable[[], None]:
        return lambda: self.record(call_id, *facts)

    def of(self, call_id: str) -> list[Fact]:
        return [fact for (call, _), fact in self.facts.items() if call == call_id]


class House:
    """Callbacks and queues, with time in the test's hand."""

    def __init__(self, database: Database, redis: Redis, clock: ManualClock) -> None:
        with database.transaction() as session:
            seed(session)
        self.clock, self.log = clock, Book()
        live = Live(redis)
        self.queue = QueueService(database, redis, clock, live, self.log, offer_ttl_s=20, connect_ttl_s=20)
        self.callbacks = Callbacks(database, clock, live, self.log, self.queue)

    def after(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def asks(self, origin: str, number: str = NUMBER, slot: datetime | None = None) -> None:
        now = self.clock.now()
        session = Session(
            call_id=origin, flow="helpdesk", flow_version="1", language="nl", node="internet", phase="waiting",
            queue="internet", queues_entered=1, from_number=number, to_number="+3225550100", started_at=now,
            menu_path=("topic-internet",),
        )  # fmt: skip
        asked = CallbackRequested(
            at=now, key="callback-requested", queue="internet", number=number, slot_begins_at=slot,
            slot_ends_at=slot + timedelta(hours=1) if slot else None, session=session.model_dump(mode="json"),
            calendar=CALENDAR.model_dump(mode="json"),
        )  # fmt: skip
        self.callbacks.request(origin, asked)

    def attempt(self) -> str:
        """The call that stands in the queue for the only open callback."""
        self.callbacks.tick()
        (found,) = self.callbacks.open()
        assert found.live_call_id is not None
        return found.live_call_id


@pytest.fixture
def house(database: Database, redis: Redis, clock: ManualClock) -> House:
    return House(database, redis, clock)


def test_a_callback_keeps_the_place_of_its_caller(house: House) -> None:
    house.queue.join("els", "internet", "nl", entered_at=house.clock.now())
    house.after(60)
    house.queue.join("marc", "internet", "nl", entered_at=house.clock.now())
    house.after(60)
    house.queue.leave("els", "callback")
    house.asks("els")
    place = house.queue.place(house.attempt())
    assert place is not None
    assert place.position == 1
    assert house.queue.place("marc") is not None
    view = next(view for view in house.queue.board().queues if view.queue.name == "internet")
    assert view.longest_wait_s == 60, "nobody is on the line for a callback"


def test_of_two_workers_one_dials(house: House) -> None:
    house.asks("els")
    call_id, gate = house.attempt(), Barrier(8)

    def worker(_: int) -> bool:
        gate.wait()
        return house.callbacks.lease(call_id, DANA) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(worker, range(8))) == 1
    assert house.callbacks.open()[0].attempts == 1


def test_two_tickers_begin_an_attempt_once(house: House) -> None:
    house.asks("els")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: house.callbacks.tick(), range(8)))
    (found,) = house.callbacks.open()
    assert len(house.callbacks.attempts(found.id)) == 1
    assert len(house.queue.board().queues[0].waiting) == 1


def test_asking_twice_in_one_call_is_one_callback(house: House) -> None:
    house.asks("els")
    house.asks("els")
    assert len(house.callbacks.open()) == 1


def test_an_attempt_that_fails_is_repeated_later_and_not_for_ever(house: House) -> None:
    house.asks("els")
    for number in (1, 2, 3):
        call_id = house.attempt()
        assert house.callbacks.lease(call_id, DANA)
        house.callbacks.failed(call_id, "no-answer")
        house.callbacks.failed(call_id, "no-answer")
        house.queue.leave(call_id, "not-reached")
        if number < 3:
            (waits,) = house.callbacks.open()
            assert (waits.status, waits.attempts) == ("scheduled", number)
            assert waits.not_before == house.clock.now() + timedelta(minutes=15)
            house.after(15 * 60)
    assert house.callbacks.open() == []
    (over,) = house.callbacks.requested("internet", house.clock.now() - timedelta(days=1), house.clock.now())
    assert over.status == "unreached"
    assert [one.result for one in house.callbacks.attempts(over.id)] == ["no-answer"] * 3


def test_an_operator_who_is_lost_is_no_attempt_of_the_callers(house: House) -> None:
    house.asks("els")
    call_id = house.attempt()
    assert house.callbacks.lease(call_id, DANA)
    house.callbacks.failed(call_id, "operator-lost")
    (again,) = house.callbacks.open()
    assert (again.attempts, again.not_before) == (0, house.clock.now())


def test_a_dialler_that_died_is_found_out(house: House) -> None:
    house.asks("els")
    call_id = house.attempt()
    assert house.callbacks.lease(call_id, DANA)
    assert house.callbacks.overdue() == []
    house.after(LEASE.total_seconds())
    assert house.callbacks.overdue() == [call_id]


def test_who_rings_again_takes_the_place_of_the_callback(house: House) -> None:
    asked_at = house.clock.now()
    house.queue.join("els", "internet", "nl", entered_at=asked_at)
    house.queue.leave("els", "callback")
    house.asks("els")
    attempt = house.attempt()
    house.after(300)
    assert house.callbacks.take_over("+32460009999", "internet", "omar") is None
    assert house.callbacks.take_over(NUMBER, "invoices", "els-again") is None
    assert house.callbacks.take_over(NUMBER, "internet", "els-again") == asked_at
    assert house.callbacks.take_over(NUMBER, "internet", "els-again") == asked_at, "a repeated webhook"
    assert house.callbacks.open() == []
    assert house.queue.place(attempt) is None
    assert any(isinstance(fact, CallEnded) for fact in house.log.of(attempt))
    assert house.callbacks.lease(attempt, DANA) is None


def test_a_slot_is_waited_for_and_is_the_due_moment(house: House) -> None:
    slot = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    house.asks("els", slot=slot)
    (found,) = house.callbacks.open()
    assert (found.not_before, found.due_at) == (slot, slot + timedelta(hours=1))
    house.callbacks.tick()
    assert house.callbacks.open()[0].status == "scheduled"
    house.clock.move_to(slot)
    assert house.queue.place(house.attempt()) is not None


def test_who_asks_at_night_is_rung_when_it_opens(house: House) -> None:
    house.clock.move_to(datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    house.asks("els")
    (found,) = house.callbacks.open()
    assert found.not_before == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert found.due_at == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def test_an_attempt_knows_why_and_from_whom_before_it_is_dialled(house: House) -> None:
    house.asks("els")
    call_id = house.attempt()
    record = fold(call_id, house.log.of(call_id))
    assert (record.direction, record.status, record.from_number) == ("callback", "waiting", NUMBER)
    assert (record.language, record.menu_path, record.queue) == ("nl", ("topic-internet",), "internet")
    assert record.target_s is None, "the target is about callers on the line"


def test_a_callback_can_be_struck_off(house: House) -> None:
    house.asks("els")
    (found,) = house.callbacks.open()
    house.callbacks.cancel(found.id, "dana")
    house.callbacks.cancel(found.id, "dana")
    assert house.callbacks.open() == []
