"""What every ticketing adapter must do. A new adapter joins by adding a bench: the adapter, and a way to read back.

The bench of the built-in store reads real PostgreSQL.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from crm_sync.adapters.builtin import BuiltinStore
from crm_sync.entry import CallEntry
from crm_sync.port import TicketStore
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.errors import NotFound, ProviderError
from helpdesk import Helpdesk

TEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENTRY = CallEntry(
    call_id="6f1c7a52-6a0b-5f0e-9d0a-1d6b0c5f7a11",
    direction="inbound",
    from_number="+32460001001",
    to_number="+3225550100",
    language="nl",
    queue="internet",
    queue_title="Internet and telephony",
    operator="Dana Voorbeeld",
    outcome="answered",
    started_at=TEN,
    answered_at=TEN + timedelta(seconds=85),
    ended_at=TEN + timedelta(seconds=330),
    duration_s=330.0,
    menu_s=20.0,
    wait_s=60.25,
    ring_s=4.75,
    talk_s=225.0,
    hold_s=20.0,
    consult_s=0.0,
    wrap_up_s=0.0,
    wrap_up_code=None,
    target_s=150,
    within_target=True,
    transcript_url="https://helpdesk.example/desk/calls/6f1c7a52-6a0b-5f0e-9d0a-1d6b0c5f7a11",
)
KEPT = (
    "call_id", "queue", "operator", "outcome", "duration_s", "wait_s", "ring_s", "talk_s", "hold_s", "wrap_up_s",
    "wrap_up_code", "within_target", "transcript_url", "started_at",
)  # fmt: skip


class Bench(Protocol):
    """An adapter, and what its ticketing system holds."""

    store: TicketStore

    def calls(self) -> list[tuple[str, dict[str, object]]]:
        """Every call in the system, as (ticket reference, the fields in KEPT)."""
        ...

    def break_down(self) -> None:
        """Make the system unable to take calls for now."""
        ...


@dataclass
class BuiltinBench:
    helpdesk: Helpdesk
    database: Database
    store: TicketStore

    def calls(self) -> list[tuple[str, dict[str, object]]]:
        return [
            (str(ticket.number), {name: getattr(entry, name) for name in KEPT})
            for ticket in self.helpdesk.tickets(limit=1000)
            for entry in self.helpdesk.calls_of_ticket(ticket.number)
        ]

    def break_down(self) -> None:
        self.store = BuiltinStore(Helpdesk(Database("postgresql+psycopg://nobody@127.0.0.1:1/none"), ManualClock(TEN)))


@pytest.fixture(params=["builtin"])
def bench(request: pytest.FixtureRequest, database: Database, clock: ManualClock) -> Bench:
    helpdesk = Helpdesk(database, clock)
    return {"builtin": BuiltinBench(helpdesk, database, BuiltinStore(helpdesk))}[request.param]


def kept(entry: CallEntry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in KEPT}


def test_a_call_is_put_on_a_ticket_with_its_clocks(bench: Bench) -> None:
    reference = bench.store.put_call(ENTRY)
    assert bench.calls() == [(reference, kept(ENTRY))]


def test_the_same_call_again_is_the_same_entry_on_the_same_ticket(bench: Bench) -> None:
    references = {bench.store.put_call(ENTRY) for _ in range(3)}
    assert bench.calls() == [(references.pop(), kept(ENTRY))]
    assert not references


def test_the_last_content_counts(bench: Bench) -> None:
    bench.store.put_call(ENTRY)
    wrapped_up = replace(ENTRY, wrap_up_s=42.5, wrap_up_code="solved")
    reference = bench.store.put_call(wrapped_up)
    assert bench.calls() == [(reference, kept(wrapped_up))]


def test_the_same_call_twice_at_once_is_there_once(bench: Bench) -> None:
    start, references = threading.Barrier(4), []

    def put() -> None:
        start.wait(5)
        references.append(bench.store.put_call(ENTRY))

    threads = [threading.Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(references) == 4
    assert bench.calls() == [(references[0], kept(ENTRY))]


def test_two_calls_are_two_entries(bench: Bench) -> None:
    for call_id in ("call-1", "call-2"):
        bench.store.put_call(replace(ENTRY, call_id=call_id))
    assert {fields["call_id"] for _, fields in bench.calls()} == {"call-1", "call-2"}


def test_a_call_that_never_reached_a_queue_or_an_operator_is_taken_too(bench: Bench) -> None:
    bare = replace(
        ENTRY, from_number=None, language=None, queue=None, queue_title=None, operator=None, outcome="left-menu",
        answered_at=None, wait_s=0.0, ring_s=0.0, talk_s=0.0, hold_s=0.0, target_s=None, within_target=None,
        transcript_url=None,
    )  # fmt: skip
    reference = bench.store.put_call(bare)
    assert bench.calls() == [(reference, kept(bare))]


def test_a_system_that_is_away_is_not_a_permanent_refusal(bench: Bench) -> None:
    bench.break_down()
    with pytest.raises(Exception) as raised:
        bench.store.put_call(ENTRY)
    assert not (isinstance(raised.value, ProviderError) and raised.value.permanent)


def test_the_adapter_says_its_name(bench: Bench) -> None:
    assert bench.store.name.islower()


class _Refusing:
    def record_call(self, entry: CallEntry) -> int:
        raise NotFound("There is no such ticket.")


def test_a_refusal_of_the_builtin_store_is_permanent() -> None:
    with pytest.raises(ProviderError) as raised:
        BuiltinStore(_Refusing()).put_call(ENTRY)
    assert raised.value.permanent
