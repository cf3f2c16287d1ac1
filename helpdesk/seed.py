"""Invented customers, articles and tickets for a demonstration. The texts are in `seed_data/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpdesk.locks import lock_seed
from helpdesk.tables import (
    ArticleRow,
    CallLinkRow,
    CustomerNumberRow,
    CustomerRow,
    TicketEntryRow,
    TicketRow,
)
from helpdesk.views import LANGUAGES, SYSTEM

_FOLDER = Path(__file__).with_name("seed_data")
_MENU_S = 22.0  # what the menu takes a caller who knows the way
_TARGET_S = 150  # the shipped wait-time target
_CODES = {"internet": "solved", "workplace": "solved", "invoices": "explained"}
# User names and display names of the demonstration's operators, as the accounts have them.
_OPERATORS = {
    "dana": "Dana Voorbeeld",
    "karim": "Karim Exemple",
    "lotte": "Lotte Verzonnen",
    "hugo": "Hugo Fictif",
    "robin": "Robin Sample",
    "amina": "Amina Modèle",
}


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many rows of each were new."""

    customers: int
    articles: int
    tickets: int


def seed(session: Session, now: datetime) -> Seeded:
    """Put the demonstration's data in, in the caller's transaction; whatever is there already stays as it is.

    Tickets only come into a store that has none: a ticket number that somebody saw is never taken.
    """
    lock_seed(session)
    new_customers = _customers(session, now)
    new_articles = _articles(session)
    empty = session.scalar(select(TicketRow.number).limit(1)) is None
    return Seeded(new_customers, new_articles, _tickets(session, now) if empty else 0)


def _read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))[name]
    return rows


def _customers(session: Session, now: datetime) -> int:
    present = set(session.scalars(select(CustomerRow.reference)))
    new = [row for row in _read("customers") if row["reference"] not in present]
    for row in new:
        ends_in = row.get("ends_in")
        company = row.get("company")
        customer = CustomerRow(
            reference=row["reference"],
            name=row["name"],
            company=company,
            level=row["level"],
            language=row["language"],
            email=f"{row['reference']}@customers.example",
            plan=row.get("plan"),
            contract_until=None if ends_in is None else (now + timedelta(days=ends_in)).date(),
        )
        session.add(customer)
        session.flush()
        session.add_all(CustomerNumberRow(customer_id=customer.id, number=number) for number in row["numbers"])
    return len(new)


def _articles(session: Session) -> int:
    texts = [
        {
            "slug": row["slug"],
            "language": language,
            "queue": row["queue"],
            "kind": row.get("kind", "article"),
            **row[language],
        }
        for row in _read("articles")
        for language in LANGUAGES
    ]
    statement = insert(ArticleRow).on_conflict_do_nothing(index_elements=[ArticleRow.slug, ArticleRow.language])
    return len(session.scalars(statement.returning(ArticleRow.id), texts).all())


def _tickets(session: Session, now: datetime) -> int:
    customers = {row.reference: row for row in session.scalars(select(CustomerRow))}
    rows = sorted(((_moment(now, row["days"], row["at"]), row) for row in _read("tickets")), key=lambda found: found[0])
    for created_at, row in rows:
        actor = row["by"] or SYSTEM
        closed_at = created_at + timedelta(minutes=35) if row["status"] == "closed" else None
        customer = customers[row["customer"]]
        ticket = TicketRow(
            subject=row["subject"],
            customer_id=customer.id,
            status=row["status"],
            priority=row["priority"],
            queue=row["queue"],
            note=row["note"],
            created_at=created_at,
            created_by=actor,
            updated_at=closed_at or created_at,
            updated_by=actor,
            closed_at=closed_at,
        )
        session.add(ticket)
        session.flush()  # one by one: numbers follow the time
        if "call" in row:
            call_id = str(uuid5(NAMESPACE_URL, f"onthaal:seed:{row['customer']}:{row['days']}:{row['at']}"))
            session.add(
                CallLinkRow(call_id=call_id, ticket_number=ticket.number, linked_by=actor, linked_at=created_at)
            )
            session.flush()
            session.add(_entry(call_id, customer, created_at, row))
    return len(rows)


def _entry(call_id: str, customer: CustomerRow, opened_at: datetime, row: dict[str, Any]) -> TicketEntryRow:
    """The call that the ticket was opened in: it began a little before."""
    outcome, wait_s, ring_s, talk_s, hold_s, wrap_up_s = row["call"]
    started_at = opened_at - timedelta(seconds=_MENU_S + wait_s + ring_s)
    duration_s = _MENU_S + wait_s + ring_s + talk_s + hold_s
    ended_at = started_at + timedelta(seconds=duration_s)
    number = select(CustomerNumberRow.number).where(CustomerNumberRow.customer_id == customer.id)
    return TicketEntryRow(
        call_id=call_id,
        customer_id=customer.id,
        direction="inbound",
        from_number=number.order_by(CustomerNumberRow.number.desc()).limit(1).scalar_subquery(),
        language=customer.language,
        queue=row["queue"],
        operator=_OPERATORS.get(row["by"]),
        outcome=outcome,
        started_at=started_at,
        ended_at=ended_at,
        duration_s=duration_s,
        menu_s=_MENU_S,
        wait_s=float(wait_s),
        ring_s=float(ring_s),
        talk_s=float(talk_s),
        hold_s=float(hold_s),
        consult_s=0.0,
        wrap_up_s=float(wrap_up_s),
        wrap_up_code=_CODES[row["queue"]] if outcome == "answered" else None,
        within_target=outcome == "answered" and wait_s + ring_s <= _TARGET_S,
        transcript_url=None,
        recorded_at=ended_at,
        updated_at=ended_at,
    )


def _moment(now: datetime, working_days_ago: int, at: str) -> datetime:
    """That time of day, so many working days before today: nobody rings a closed helpdesk at the weekend."""
    day = now.astimezone(UTC).date()
    while working_days_ago:
        day -= timedelta(days=1)
        working_days_ago -= day.weekday() < 5
    return datetime.combine(day, time.fromisoformat(at), UTC)
