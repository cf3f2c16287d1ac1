"""What the helpdesk hands out: plain, frozen values that no longer touch the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, get_args

Status = Literal["open", "pending", "closed"]
Priority = Literal["P1", "P2", "P3", "P4"]
Certainty = Literal["known", "shared", "maybe"]

STATUSES: tuple[Status, ...] = get_args(Status)
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
LANGUAGES = ("nl", "fr", "en")
SYSTEM = "system"  # the actor when nobody is


@dataclass(frozen=True, slots=True)
class Customer:
    """Someone who may call. `numbers` are E.164; `plan` and `contract_until` (last covered day) are their contract."""

    id: int
    reference: str
    name: str
    company: str | None
    level: str  # end-user | administrator
    language: str
    email: str | None
    numbers: tuple[str, ...]
    plan: str | None
    contract_until: date | None

    def covered_on(self, day: date) -> bool:
        """Whether the contract covers that day; a plan without an end covers every day."""
        return self.plan is not None and (self.contract_until is None or day <= self.contract_until)


@dataclass(frozen=True, slots=True)
class CustomerCandidate:
    """Who may be calling. `known`: this customer alone has the number; `shared`: several have it; `maybe`: nobody has
    it, but an earlier call from it was confirmed to be theirs."""

    customer: Customer
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket. `version` goes up by one with each change; give it back with `update_ticket` to be told of a clash."""

    number: int
    subject: str
    customer: Customer | None
    status: Status
    priority: Priority
    queue: str | None
    note: str
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    closed_at: datetime | None
    version: int


class EndedCall(Protocol):
    """An ended call as `record_call` wants it. Times in seconds; `direction` is inbound or outbound."""

    @property
    def call_id(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def from_number(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def queue(self) -> str | None: ...
    @property
    def queue_title(self) -> str | None: ...  # for the subject of a ticket that nobody wrote
    @property
    def operator(self) -> str | None: ...
    @property
    def outcome(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime: ...
    @property
    def duration_s(self) -> float: ...
    @property
    def menu_s(self) -> float: ...
    @property
    def wait_s(self) -> float: ...
    @property
    def ring_s(self) -> float: ...
    @property
    def talk_s(self) -> float: ...
    @property
    def hold_s(self) -> float: ...
    @property
    def consult_s(self) -> float: ...
    @property
    def wrap_up_s(self) -> float: ...
    @property
    def wrap_up_code(self) -> str | None: ...
    @property
    def within_target(self) -> bool | None: ...
    @property
    def transcript_url(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class TicketEntry:
    """What an ended call left on its ticket. Times in seconds."""

    call_id: str
    ticket_number: int
    customer_id: int | None
    direction: str
    from_number: str | None
    language: str | None
    queue: str | None
    operator: str | None
    outcome: str
    started_at: datetime
    ended_at: datetime
    duration_s: float
    menu_s: float
    wait_s: float
    ring_s: float
    talk_s: float
    hold_s: float
    consult_s: float
    wrap_up_s: float
    wrap_up_code: str | None
    within_target: bool | None
    transcript_url: str | None
    recorded_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Earlier:
    """One line of a customer's history: a ticket, or a call with the ticket it is on. `at` is when it began."""

    kind: Literal["ticket", "call"]
    at: datetime
    title: str  # the ticket's subject
    ticket_number: int
    status: Status
    queue: str | None
    priority: Priority | None = None  # of a ticket
    call_id: str | None = None  # of a call, as the rest
    outcome: str | None = None
    operator: str | None = None
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A knowledge-base article in one language. `rank` says how well it fits the search; only good for sorting."""

    slug: str
    language: str
    queue: str | None
    title: str
    body: str
    rank: float = 0.0
    number: int = 0
    keywords: str = ""  # the words of callers, with commas between them
