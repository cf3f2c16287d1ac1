"""Every ended call reaches the ticketing system once, and a delivery that fails is seen and tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from callflows.record import CallRecord, Clocks
from crm_sync.adapters.builtin import BuiltinStore
from crm_sync.delivery import QUEUE, TOPIC, Delivery, SyncState
from crm_sync.entry import CallEntry, entry_of
from foundation import outbox
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.errors import NotFound, ProviderError, Unavailable
from helpdesk import Helpdesk

TEN = datetime(2026, 11, 23, 8, 50, tzinfo=UTC)
ENDED = CallRecord(
    call_id="call-1",
    from_number="+32460001001",
    to_number="+3225550100",
    language="nl",
    status="ended",
    queue="internet",
    operator=1,
    outcome="answered",
    started_at=TEN,
    entered_at=TEN + timedelta(seconds=20),
    answered_at=TEN + timedelta(seconds=85),
    ended_at=TEN + timedelta(seconds=330),
    clocks=Clocks(menu=20.0, wait=60.25, ring=4.75, talk=225.0, hold=20.0),
    target_s=150,
    target_share=0.9,
    within_target=True,
)
WRAPPED_UP = ENDED.model_copy(
    update={
        "wrapped_up_at": TEN + timedelta(seconds=372),
        "wrap_up_code": "solved",
        "clocks": ENDED.clocks.model_copy(update={"wrap_up": 42.0}),
    }
)


class Calls:
    """A call log that knows what it is told."""

    def __init__(self) -> None:
        self.records = {"call-1": ENDED}

    def record_of(self, call_id: str) -> CallRecord:
        if call_id not in self.records:
            raise NotFound(f"There is no call {call_id}.")
        return self.records[call_id]


class Remote:
    """A ticketing system far away: it keeps what it gets, and raises while `error` is set."""

    name = "remote"

    def __init__(self) -> None:
        self.got: list[CallEntry] = []
        self.error: Exception | None = None

    def put_call(self, entry: CallEntry) -> str:
        if self.error is not None:
            raise self.error
        self.got.append(entry)
        return "R-77"


Make = Callable[..., Delivery]


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def remote() -> Remote:
    return Remote()


@pytest.fixture
def delivery(database: Database, clock: ManualClock, calls: Calls, remote: Remote) -> Delivery:
    return Delivery(
        database,
        clock,
        calls,
        remote,
        {1: "Dana Voorbeeld"}.get,
        public_base_url="https://helpdesk.example",
        queue_title={"internet": "Internet and telephony"}.get,
    )


def ask(delivery: Delivery, error: type[Exception]) -> None:
    with pytest.raises(error):
        delivery.deliver({"call_id": "call-1"})


def state(delivery: Delivery) -> SyncState:
    found = delivery.of_call("call-1")
    assert found is not None
    return found


def test_an_entry_has_the_calls_clocks_names_and_transcript() -> None:
    entry = entry_of(ENDED, operator="Dana", queue_title="Internet", transcript_url="https://x.example/1")
    assert (entry.duration_s, entry.menu_s, entry.wait_s, entry.ring_s, entry.talk_s, entry.hold_s) == (
        330.0, 20.0, 60.25, 4.75, 225.0, 20.0,
    )  # fmt: skip
    assert (entry.operator, entry.outcome, entry.within_target, entry.transcript_url) == (
        "Dana", "answered", True, "https://x.example/1",
    )  # fmt: skip


def test_a_caller_who_refused_transcription_has_no_transcript_link() -> None:
    refused = ENDED.model_copy(update={"transcription": False})
    assert (
        entry_of(refused, operator=None, queue_title=None, transcript_url="https://x.example/1").transcript_url is None
    )


def test_an_ended_call_is_delivered_once_however_often_it_is_asked(delivery: Delivery, remote: Remote) -> None:
    assert delivery.of_call("call-1") is None
    for _ in range(3):
        delivery.deliver({"call_id": "call-1"})
    (entry,) = remote.got
    assert (entry.operator, entry.queue_title, entry.transcript_url) == (
        "Dana Voorbeeld",
        "Internet and telephony",
        "https://helpdesk.example/desk/calls/call-1",
    )
    delivered = state(delivery)
    assert (delivered.status, delivered.ticket, delivered.attempts, delivered.last_error) == (
        "delivered", "R-77", 1, None,
    )  # fmt: skip
    assert delivery.problems() == []


def test_two_workers_at_once_deliver_a_call_once(delivery: Delivery, remote: Remote) -> None:
    start = threading.Barrier(4)

    def work() -> None:
        start.wait(5)
        delivery.deliver({"call_id": "call-1"})

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(remote.got) == 1


def test_the_wrap_up_is_delivered_after_the_call(delivery: Delivery, remote: Remote, calls: Calls) -> None:
    delivery.deliver({"call_id": "call-1"})
    calls.records["call-1"] = WRAPPED_UP
    for _ in range(2):
        delivery.deliver({"call_id": "call-1"})
    assert [(entry.wrap_up_s, entry.wrap_up_code) for entry in remote.got] == [(0.0, None), (42.0, "solved")]


def test_a_failure_is_seen_with_its_reason_and_its_next_attempt(
    delivery: Delivery, remote: Remote, clock: ManualClock
) -> None:
    remote.error = ProviderError("The ticketing system is away.", permanent=False)
    waits = []
    for _ in range(3):
        ask(delivery, ProviderError)
        failing = state(delivery)
        assert failing.next_attempt_at is not None
        waits.append((failing.next_attempt_at - clock.now()).total_seconds())
    assert waits == [2.0, 4.0, 8.0]
    assert (failing.status, failing.attempts) == ("retrying", 3)
    assert failing.last_error == "ProviderError: The ticketing system is away."
    assert delivery.problems() == [failing]
    remote.error = None
    delivery.deliver({"call_id": "call-1"})
    assert (state(delivery).status, state(delivery).next_attempt_at, len(remote.got)) == ("delivered", None, 1)


def test_the_shown_next_attempt_is_the_outboxs_own(
    delivery: Delivery, remote: Remote, database: Database, clock: ManualClock
) -> None:
    remote.error = ConnectionError("no route")
    box = outbox.Outbox(database, clock, lambda *_: None)
    with database.transaction() as session:
        row_id = outbox.add(session, topic=TOPIC, queue=QUEUE, payload={"call_id": "call-1"}, now=clock.now()).id
    for _ in range(outbox.MAX_ATTEMPTS):
        assert delivery.of_call("call-1") is None or state(delivery).status == "retrying"
        box.run(row_id, {TOPIC: delivery.deliver})
        with database.transaction() as session:
            row = session.get_one(outbox.OutboxRow, row_id)
        if row.failed_at is None:
            assert state(delivery).next_attempt_at == row.due_at
    assert (row.failed_at, state(delivery).status) == (clock.now(), "failed")


def test_a_permanent_refusal_fails_at_once_and_can_be_asked_again(
    delivery: Delivery, remote: Remote, database: Database, clock: ManualClock
) -> None:
    remote.error = ProviderError("No such account.", permanent=True)
    ask(delivery, ProviderError)
    assert (state(delivery).status, state(delivery).next_attempt_at) == ("failed", None)
    remote.error = None
    for _ in range(2):
        delivery.retry("call-1")
        assert state(delivery).status == "pending"
    with database.transaction() as session:
        (row,) = session.scalars(select(outbox.OutboxRow))
    outbox.Outbox(database, clock, lambda *_: None).run(row.id, {TOPIC: delivery.deliver})
    assert (state(delivery).status, len(remote.got)) == ("delivered", 1)


def test_a_delivery_that_waits_can_be_asked_at_once_and_one_that_arrived_stays(
    delivery: Delivery, remote: Remote, database: Database
) -> None:
    remote.error = ProviderError("Away.", permanent=False)
    ask(delivery, ProviderError)
    delivery.retry("call-1")
    assert (state(delivery).status, state(delivery).next_attempt_at) == ("pending", None)
    remote.error = None
    delivery.deliver({"call_id": "call-1"})
    delivery.retry("call-1")
    assert state(delivery).status == "delivered"
    with database.transaction() as session:
        assert len(session.scalars(select(outbox.OutboxRow)).all()) == 1


def test_a_wrap_up_that_cannot_be_delivered_shows_on_a_call_that_was(
    delivery: Delivery, remote: Remote, calls: Calls
) -> None:
    delivery.deliver({"call_id": "call-1"})
    calls.records["call-1"] = WRAPPED_UP
    remote.error = ProviderError("Away.", permanent=False)
    ask(delivery, ProviderError)
    failing = state(delivery)
    assert (failing.status, failing.attempts, failing.ticket) == ("retrying", 1, "R-77")
    remote.error = None
    delivery.deliver({"call_id": "call-1"})
    assert (state(delivery).status, remote.got[-1].wrap_up_code) == ("delivered", "solved")


def test_given_up_deliveries_come_before_those_tried_again(delivery: Delivery, remote: Remote, calls: Calls) -> None:
    for call_id, permanent in (("call-2", False), ("call-1", True), ("call-3", False)):
        calls.records[call_id] = ENDED.model_copy(update={"call_id": call_id})
        remote.error = ProviderError("No.", permanent=permanent)
        with pytest.raises(ProviderError):
            delivery.deliver({"call_id": call_id})
    assert [(found.call_id, found.status) for found in delivery.problems()] == [
        ("call-1", "failed"),
        ("call-2", "retrying"),
        ("call-3", "retrying"),
    ]


def test_a_call_that_is_not_over_or_not_known_is_not_delivered(
    delivery: Delivery, remote: Remote, calls: Calls
) -> None:
    calls.records["call-1"] = ENDED.model_copy(update={"ended_at": None, "outcome": None})
    ask(delivery, Unavailable)
    assert state(delivery).status == "retrying"
    calls.records.clear()
    ask(delivery, ProviderError)
    assert state(delivery).status == "failed"
    assert remote.got == []
    with pytest.raises(NotFound):
        delivery.retry("call-9")


def test_a_call_lands_on_the_ticket_written_during_the_talk(
    database: Database, clock: ManualClock, calls: Calls
) -> None:
    helpdesk = Helpdesk(database, clock)
    delivery = Delivery(
        database, clock, calls, BuiltinStore(helpdesk), {1: "Dana Voorbeeld"}.get, public_base_url="https://h.example"
    )
    ticket = helpdesk.create_ticket("call-1", "No internet", "P2", "", "internet", None, "dana")
    delivery.deliver({"call_id": "call-1"})
    calls.records["call-1"] = WRAPPED_UP
    delivery.deliver({"call_id": "call-1"})
    (entry,) = helpdesk.calls_of_ticket(ticket.number)
    assert (entry.operator, entry.wrap_up_s, entry.wrap_up_code) == ("Dana Voorbeeld", 42.0, "solved")
    assert (state(delivery).adapter, state(delivery).ticket) == ("builtin", "10001")
