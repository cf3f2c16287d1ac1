"""Who is calling: customers, their numbers, and what they came for before. Runs inside the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from foundation.errors import NotFound
from helpdesk.locks import lock_call
from helpdesk.tables import CallCustomerRow, CallLinkRow, CustomerNumberRow, CustomerRow, TicketEntryRow, TicketRow
from helpdesk.views import Certainty, Customer, CustomerCandidate, Earlier
from helpdesk.words import e164


def customer(session: Session, customer_id: int) -> Customer:
    """One customer. Raises NotFound."""
    found = _by_ids(session, [customer_id])
    if not found:
        raise NotFound(f"There is no customer {customer_id}.")
    return found[0]


def by_ids(session: Session, ids: set[int]) -> dict[int, Customer]:
    """Customers by id."""
    return {found.id: found for found in _by_ids(session, sorted(ids))}


def search(session: Session, text: str, limit: int) -> list[Customer]:
    """Customers whose name, company, customer number or telephone number has `text` in it."""
    matches = [
        CustomerRow.name.icontains(text, autoescape=True),
        CustomerRow.company.icontains(text, autoescape=True),
        CustomerRow.reference.startswith(text, autoescape=True),
    ]
    number = e164(text)
    if number:
        matches.append(
            CustomerRow.id.in_(select(CustomerNumberRow.customer_id).where(CustomerNumberRow.number == number))
        )
    found = select(CustomerRow.id).where(or_(*matches)).order_by(CustomerRow.name, CustomerRow.id).limit(limit)
    return _by_ids(session, session.scalars(found).all())


def candidates(session: Session, number: str | None) -> list[CustomerCandidate]:
    """Who may be calling from `number`, surest first. Nobody for a withheld number."""
    number = e164(number)
    if number is None:
        return []
    owners = session.scalars(
        select(CustomerRow.id)
        .join(CustomerNumberRow)
        .where(CustomerNumberRow.number == number)
        .order_by(CustomerRow.name, CustomerRow.id)
    ).all()
    earlier = session.scalars(
        select(CallCustomerRow.customer_id)
        .where(CallCustomerRow.number == number, CallCustomerRow.customer_id.not_in(owners))
        .group_by(CallCustomerRow.customer_id)
        .order_by(CallCustomerRow.customer_id)
    ).all()
    certainty: Certainty = "known" if len(owners) == 1 else "shared"
    return [CustomerCandidate(found, certainty) for found in _by_ids(session, owners)] + [
        CustomerCandidate(found, "maybe") for found in _by_ids(session, earlier)
    ]


def names_of(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """Number as given -> the name of the one customer it may be (`candidates`); without those of nobody or several."""
    written = {number: found for number in numbers if (found := e164(number))}
    owners = select(CustomerNumberRow.number, CustomerNumberRow.customer_id)
    earlier = select(CallCustomerRow.number, CallCustomerRow.customer_id)
    either = union(
        owners.where(CustomerNumberRow.number.in_(written.values())),
        earlier.where(CallCustomerRow.number.in_(written.values())),
    ).subquery()
    alone = (
        select(either.c.number, func.min(CustomerRow.name))
        .join(CustomerRow, CustomerRow.id == either.c.customer_id)
        .group_by(either.c.number)
        .having(func.count() == 1)
    )
    names = {row[0]: row[1] for row in session.execute(alone)}
    return {number: names[found] for number, found in written.items() if found in names}


def confirm(
    session: Session, call_id: str, customer_id: int, number: str | None, actor: str, now: datetime
) -> Customer:
    """Write down who is calling, also on the call's ticket and entry. Confirming again corrects. Raises NotFound."""
    lock_call(session, call_id)
    confirmed = customer(session, customer_id)
    earlier = session.get(CallCustomerRow, call_id)
    entry = session.get(TicketEntryRow, call_id)
    thought = {None, earlier and earlier.customer_id, entry and entry.customer_id}  # what this call said until now
    values: dict[str, object] = {"customer_id": customer_id, "confirmed_by": actor, "confirmed_at": now}
    number = e164(number)
    if number:
        values["number"] = number
    session.execute(
        insert(CallCustomerRow)
        .values(call_id=call_id, **values)
        .on_conflict_do_update(index_elements=[CallCustomerRow.call_id], set_=values)
    )
    if entry is not None:
        entry.customer_id = customer_id
    link = session.get(CallLinkRow, call_id)
    if link is not None:
        ticket = session.get_one(TicketRow, link.ticket_number)
        if ticket.customer_id in thought:
            ticket.customer_id = customer_id
    return confirmed


def of_call(session: Session, call_id: str) -> Customer | None:
    """Who was confirmed to be calling."""
    row = session.get(CallCustomerRow, call_id)
    return None if row is None else customer(session, row.customer_id)


def history(session: Session, customer_id: int, limit: int) -> list[Earlier]:
    """The customer's tickets and calls, newest first."""
    tickets = session.scalars(
        select(TicketRow)
        .where(TicketRow.customer_id == customer_id)
        .order_by(TicketRow.created_at.desc(), TicketRow.number.desc())
        .limit(limit)
    )
    calls = session.execute(
        select(TicketEntryRow, TicketRow)
        .join(CallLinkRow, CallLinkRow.call_id == TicketEntryRow.call_id)
        .join(TicketRow, TicketRow.number == CallLinkRow.ticket_number)
        .where(TicketEntryRow.customer_id == customer_id)
        .order_by(TicketEntryRow.started_at.desc())
        .limit(limit)
    )
    lines = [
        Earlier("ticket", row.created_at, row.subject, row.number, row.status, row.queue, priority=row.priority)
        for row in tickets
    ]
    for entry, row in calls:
        lines.append(
            Earlier(
                "call",
                entry.started_at,
                row.subject,
                row.number,
                row.status,
                entry.queue,
                call_id=entry.call_id,
                outcome=entry.outcome,
                operator=entry.operator,
                duration_s=entry.duration_s,
            )
        )
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def _by_ids(session: Session, ids: Sequence[int]) -> list[Customer]:
    """Customers with their numbers, in the order of `ids`."""
    if not ids:
        return []
    numbers: dict[int, list[str]] = defaultdict(list)
    for row in session.scalars(
        select(CustomerNumberRow).where(CustomerNumberRow.customer_id.in_(ids)).order_by(CustomerNumberRow.number)
    ):
        numbers[row.customer_id].append(row.number)
    rows = {row.id: row for row in session.scalars(select(CustomerRow).where(CustomerRow.id.in_(ids)))}
    return [
        Customer(
            id=row.id,
            reference=row.reference,
            name=row.name,
            company=row.company,
            level=row.level,
            language=row.language,
            email=row.email,
            numbers=tuple(numbers[row.id]),
            plan=row.plan,
            contract_until=row.contract_until,
        )
        for row in (rows[found] for found in ids if found in rows)
    ]
