"""A helpdesk with a few customers, and ended calls to record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from foundation.clock import ManualClock
from foundation.database import Database
from helpdesk import Helpdesk
from helpdesk.tables import CustomerNumberRow, CustomerRow

TEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Ended:
    """An answered call of five minutes and a bit, unless told otherwise."""

    call_id: str = "call-1"
    direction: str = "inbound"
    from_number: str | None = "+32460001001"
    language: str | None = "nl"
    queue: str | None = "internet"
    queue_title: str | None = "Internet and telephony"
    operator: str | None = "Dana Voorbeeld"
    outcome: str = "answered"
    started_at: datetime = TEN
    ended_at: datetime = TEN
    duration_s: float = 330.0
    menu_s: float = 20.0
    wait_s: float = 60.0
    ring_s: float = 5.0
    talk_s: float = 225.0
    hold_s: float = 20.0
    consult_s: float = 0.0
    wrap_up_s: float = 0.0
    wrap_up_code: str | None = None
    within_target: bool | None = True
    transcript_url: str | None = "https://helpdesk.example/desk/calls/call-1"

    def but(self, **changes: object) -> Ended:
        return replace(self, **changes)  # type: ignore[arg-type]


@pytest.fixture
def ended() -> Ended:
    return Ended()


@pytest.fixture
def helpdesk(database: Database, clock: ManualClock) -> Helpdesk:
    return Helpdesk(database, clock)


AddCustomer = Callable[..., int]


@pytest.fixture
def add_customer(database: Database) -> AddCustomer:
    def add(name: str, *numbers: str, company: str | None = None, until: date | None = None) -> int:
        with database.transaction() as session:
            row = CustomerRow(
                reference=f"52{name.encode().hex()[:8]}", name=name, company=company, level="end-user", language="nl",
                email=None, plan="Plus" if until else None, contract_until=until,
            )  # fmt: skip
            session.add(row)
            session.flush()
            session.add_all(CustomerNumberRow(customer_id=row.id, number=number) for number in numbers)
            return row.id

    return add
