"""Tickets and the calls they are about. Runs inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from foundation.errors import Conflict, InvalidInput, NotFound
from helpdesk import customers
from helpdesk.locks import lock_call
from helpdesk.tables import CallCustomerRow, CallLinkRow, CustomerRow, TicketRow
from helpdesk.views import PRIORITIES, STATUSES, SYSTEM, Priority, Status, Ticket
from helpdesk.words import cleaned

LONGEST_SUBJECT = 200
LONGEST_NOTE = 20_000


def ticket(session: Session, number: int) -> Ticket:
    """One ticket. Raises NotFound."""
    row = session.get(TicketRow, number)
    if row is None:
        raise NotFound(f"There is no ticket {number}.")
    return _view(session, row)


def search(session: Session, query: str, status: str | None, limit: int) -> list[Ticket]:
    """Tickets with that number, or with `query` in the subject or the customer's name or company, newest first."""
    found = select(TicketRow).outerjoin(CustomerRow, CustomerRow.id == TicketRow.customer_id)
    query = query.replace("\x00", "").strip().removeprefix("#")
    if query:
        matches: list[ColumnElement[bool]] = [
            TicketRow.subject.icontains(query, autoescape=True),
            CustomerRow.name.icontains(query, autoescape=True),
            CustomerRow.company.icontains(query, autoescape=True),
        ]
        if query.isascii() and query.isdigit() and len(query) < 10:  # ten digits do not fit an integer
            matches.append(TicketRow.number == int(query))
        found = found.where(or_(*matches))
    if status is not None:
        found = found.where(TicketRow.status == _status(status))
    rows = session.scalars(found.order_by(TicketRow.created_at.desc(), TicketRow.number.desc()).limit(limit)).all()
    return _views(session, rows)


def of_call(session: Session, call_id: str) -> Ticket | None:
    """The ticket that a call is about."""
    link = session.get(CallLinkRow, call_id)
    return None if link is None else ticket(session, link.ticket_number)


def create(
    session: Session,
    *,
    call_id: str | None,
    subject: str,
    priority: str,
    note: str,
    queue: str | None,
    customer_id: int | None,
    actor: str,
    now: datetime,
    status: Status = "open",
) -> Ticket:
    """Open a ticket, for a call or for none. The subject may still be empty.

    A call that ended before the operator wrote its ticket has one from the system already: that one is filled in, so
    that a call never has two. Without `customer_id` the ticket is the confirmed caller's. Raises Conflict when somebody
    made or linked this call's ticket already, InvalidInput, NotFound for the customer.
    """
    values = {
        "subject": cleaned("subject", subject, LONGEST_SUBJECT),
        "priority": _priority(priority),
        "note": cleaned("note", note, LONGEST_NOTE),
        "queue": queue,
        "status": status,
    }
    if customer_id is not None:
        customers.customer(session, customer_id)
    if call_id is not None:
        lock_call(session, call_id)
        confirmed = session.get(CallCustomerRow, call_id)
        customer_id = customer_id if customer_id is not None or confirmed is None else confirmed.customer_id
        link = session.get(CallLinkRow, call_id)
        if link is not None:
            row = _locked(session, link.ticket_number)
            if not link.linked_by == row.updated_by == SYSTEM:
                raise Conflict(f"This call is on ticket {link.ticket_number} already.")
            link.linked_by, link.linked_at = actor, now
            for name, value in values.items():
                setattr(row, name, value)
            row.customer_id = customer_id if customer_id is not None else row.customer_id
            row.created_by, row.closed_at = actor, None
            _touch(row, actor, now)
            return _view(session, row)
    row = TicketRow(
        **values, customer_id=customer_id, created_at=now, created_by=actor, updated_at=now, updated_by=actor
    )
    row.closed_at = now if status == "closed" else None
    session.add(row)
    session.flush()
    if call_id is not None:
        session.add(CallLinkRow(call_id=call_id, ticket_number=row.number, linked_by=actor, linked_at=now))
    return _view(session, row)


def link(session: Session, call_id: str, number: int, actor: str, now: datetime) -> Ticket:
    """Put a call on an existing ticket; a call that was on another moves over. Raises NotFound.

    A ticket that the system made for this call alone, and that nobody touched, goes away with the move.
    """
    lock_call(session, call_id)
    row = _locked(session, number)
    present = session.get(CallLinkRow, call_id)
    if present is None:
        session.add(CallLinkRow(call_id=call_id, ticket_number=number, linked_by=actor, linked_at=now))
    else:
        left = present.ticket_number
        present.ticket_number, present.linked_by, present.linked_at = number, actor, now
        session.flush()
        if left != number:
            session.execute(
                delete(TicketRow).where(
                    TicketRow.number == left,
                    TicketRow.updated_by == SYSTEM,
                    ~exists().where(CallLinkRow.ticket_number == left),
                )
            )
    confirmed = session.get(CallCustomerRow, call_id)
    if row.customer_id is None and confirmed is not None:
        row.customer_id = confirmed.customer_id
    _touch(row, actor, now)
    return _view(session, row)


def change(
    session: Session,
    number: int,
    *,
    subject: str | None,
    priority: str | None,
    note: str | None,
    status: str | None,
    customer_id: int | None,
    version: int | None,
    actor: str,
    now: datetime,
) -> Ticket:
    """Change what is given. Raises Conflict when the ticket is closed and stays so, or is no longer at `version`."""
    row = _locked(session, number)
    if version is not None and version != row.version:
        raise Conflict(f"{row.updated_by} changed ticket {number} meanwhile; look at it again before you save.")
    if row.status == "closed" and status in (None, "closed"):
        raise Conflict(f"Ticket {number} is closed; open it again first.")
    if customer_id is not None:
        row.customer_id = customers.customer(session, customer_id).id
    if subject is not None:
        row.subject = cleaned("subject", subject, LONGEST_SUBJECT)
    if priority is not None:
        row.priority = _priority(priority)
    if note is not None:
        row.note = cleaned("note", note, LONGEST_NOTE)
    if status is not None:
        row.status = _status(status)
        if row.status == "closed":
            _require_subject(row)
        row.closed_at = now if row.status == "closed" else None
    _touch(row, actor, now)
    return _view(session, row)


def close(session: Session, number: int, actor: str, now: datetime) -> Ticket:
    """Close a ticket; closing it again changes nothing. Raises Conflict when it has no subject."""
    row = _locked(session, number)
    if row.status != "closed":
        _require_subject(row)
        row.status, row.closed_at = "closed", now
        _touch(row, actor, now)
    return _view(session, row)


def _locked(session: Session, number: int) -> TicketRow:
    row = session.scalar(
        select(TicketRow).where(TicketRow.number == number).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(f"There is no ticket {number}.")
    return row


def _require_subject(row: TicketRow) -> None:
    if not row.subject:
        raise Conflict(f"Ticket {row.number} has no subject; give it one before you close it.")


def _touch(row: TicketRow, actor: str, now: datetime) -> None:
    row.updated_by, row.updated_at = actor, now
    row.version += 1


def _priority(text: str) -> Priority:
    found = next((priority for priority in PRIORITIES if priority == text), None)
    if found is None:
        raise InvalidInput(f"The priority '{text}' is unknown; use one of {', '.join(PRIORITIES)}.")
    return found


def _status(text: str) -> Status:
    found = next((status for status in STATUSES if status == text), None)
    if found is None:
        raise InvalidInput(f"The status '{text}' is unknown; use one of {', '.join(STATUSES)}.")
    return found


def _view(session: Session, row: TicketRow) -> Ticket:
    return _views(session, [row])[0]


def _views(session: Session, rows: Iterable[TicketRow]) -> list[Ticket]:
    rows = list(rows)
    session.flush()
    people = customers.by_ids(session, {row.customer_id for row in rows if row.customer_id is not None})
    return [
        Ticket(
            number=row.number,
            subject=row.subject,
            customer=people.get(row.customer_id) if row.customer_id is not None else None,
            status=row.status,
            priority=row.priority,
            queue=row.queue,
            note=row.note,
            created_at=row.created_at,
            created_by=row.created_by,
            updated_at=row.updated_at,
            updated_by=row.updated_by,
            closed_at=row.closed_at,
            version=row.version,
        )
        for row in rows
    ]
