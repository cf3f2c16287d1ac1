"""The tables of the built-in ticketing store."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Identity, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base
from helpdesk.views import Priority, Status

FIRST_TICKET = 10001  # five digits from the start: a number that is read aloud keeps its length

# The language decides the stemming; the title (A) weighs more than callers' words (B), those more than the body (C).
_SEARCH = "CASE language {} END".format(
    " ".join(
        f"WHEN '{code}' THEN setweight(to_tsvector('{config}', title), 'A')"
        f" || setweight(to_tsvector('{config}', keywords), 'B')"
        f" || setweight(to_tsvector('{config}', body), 'C')"
        for code, config in (("nl", "dutch"), ("fr", "french"), ("en", "english"))
    )
)


class CustomerRow(Base):
    """A person who may call, of a company or not. `reference` is the customer number that is spelled on the phone."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    company: Mapped[str | None]
    level: Mapped[str]  # end-user | administrator
    language: Mapped[str]  # nl | fr | en
    email: Mapped[str | None]
    plan: Mapped[str | None]  # the contract's name; None is no contract
    contract_until: Mapped[date | None]  # the last covered day


class CustomerNumberRow(Base):
    """A telephone number (E.164) of a customer. A number may belong to several, such as a shop's or a family's."""

    __tablename__ = "customer_numbers"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True, index=True)


class CallCustomerRow(Base):
    """Who an operator confirmed to be calling. `number` is the caller's, so that the next call may recognise them."""

    __tablename__ = "call_customers"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    number: Mapped[str | None] = mapped_column(index=True)
    confirmed_by: Mapped[str]
    confirmed_at: Mapped[datetime]


class TicketRow(Base):
    """A ticket. `version` counts its changes, so that two people do not overwrite each other."""

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'pending', 'closed')", name="status"),
        CheckConstraint("priority IN ('P1', 'P2', 'P3', 'P4')", name="priority"),
    )

    number: Mapped[int] = mapped_column(Identity(start=FIRST_TICKET), primary_key=True)
    subject: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    status: Mapped[Status] = mapped_column(String, index=True)
    priority: Mapped[Priority] = mapped_column(String)
    queue: Mapped[str | None]
    note: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class CallLinkRow(Base):
    """The ticket that a call is about. One per call; `linked_by` is "system" when nobody chose it."""

    __tablename__ = "ticket_calls"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    ticket_number: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    linked_by: Mapped[str]
    linked_at: Mapped[datetime]


class TicketEntryRow(Base):
    """What an ended call left behind: one row per call, whichever ticket it is linked to. Times in seconds."""

    __tablename__ = "ticket_entries"

    call_id: Mapped[str] = mapped_column(ForeignKey("ticket_calls.call_id"), primary_key=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    direction: Mapped[str]
    from_number: Mapped[str | None]
    language: Mapped[str | None]
    queue: Mapped[str | None]
    operator: Mapped[str | None]  # display name
    outcome: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    duration_s: Mapped[float]
    menu_s: Mapped[float]
    wait_s: Mapped[float]
    ring_s: Mapped[float]
    talk_s: Mapped[float]
    hold_s: Mapped[float]
    consult_s: Mapped[float]
    wrap_up_s: Mapped[float]
    wrap_up_code: Mapped[str | None]
    within_target: Mapped[bool | None]
    transcript_url: Mapped[str | None]
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ArticleRow(Base):
    """A knowledge-base article in one language; the same `slug` is the same article in another. `keywords` are words
    that callers use for it and that it does not use itself, with commas between them."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("slug", "language"),
        CheckConstraint("language IN ('nl', 'fr', 'en')", name="language"),
        Index("ix_articles_search", "search", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    language: Mapped[str]
    queue: Mapped[str | None]
    title: Mapped[str]
    body: Mapped[str]
    keywords: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="article")  # article | problem: something that is wrong now
    search: Mapped[str] = mapped_column(TSVECTOR, Computed(_SEARCH, persisted=True), deferred=True)


class SuggestionRow(Base):
    """What the screen suggested in a call, and what the operator did with it. `subject` is an article's slug, or the
    name of a key phrase; `sentence` is what triggered it."""

    __tablename__ = "call_suggestions"
    __table_args__ = (CheckConstraint("state IN ('shown', 'used', 'dismissed')", name="state"),)

    call_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # article | problem | flag
    subject: Mapped[str] = mapped_column(primary_key=True)
    sentence: Mapped[str]
    state: Mapped[str]
    shown_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
