"""Ended calls on their tickets: one entry per call. Runs inside the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpdesk import customers, tickets
from helpdesk.locks import lock_call
from helpdesk.tables import CallCustomerRow, CallLinkRow, TicketEntryRow, TicketRow
from helpdesk.views import SYSTEM, EndedCall, Status, TicketEntry
from helpdesk.words import e164

_WHAT = {
    "answered": "Call",
    "abandoned": "Missed call",
    "callback": "Callback asked",
    "voicemail": "Voicemail",
    "not-reached": "Callback, nobody reached",
    "overflow": "Call passed on",
    "closed": "Call outside opening hours",
    "failed": "Call that failed",
    "left-menu": "Left in the menu",
}
# What is left to do on a ticket that nobody wrote: answered calls want their notes, the others want somebody to look.
# A caller who was told the hours, or hung up in the menu, asked for nothing.
_STATUS: dict[str, Status] = {"answered": "pending", "closed": "closed", "left-menu": "closed"}


def record(session: Session, call: EndedCall, now: datetime) -> int:
    """Write an ended call on its ticket; gives the ticket's number.

    The ticket is the one that an operator made or linked during the call, else one is opened. The entry's key is the
    call: a later delivery, with the wrap-up, updates the same entry and leaves the ticket's text alone. The customer is
    the confirmed one, else the number's only owner.
    """
    lock_call(session, call.call_id)
    customer_id = _customer_of(session, call)
    link = session.get(CallLinkRow, call.call_id)
    if link is None:
        number = tickets.create(
            session,
            call_id=call.call_id,
            subject=_subject(call),
            priority="P3",
            note="",
            queue=call.queue,
            customer_id=customer_id,
            actor=SYSTEM,
            now=now,
            status=_STATUS.get(call.outcome, "open"),
        ).number
        session.flush()
    else:
        number = link.ticket_number
        row = session.get_one(TicketRow, number)
        if row.customer_id is None:
            row.customer_id = customer_id
    values = {
        "customer_id": customer_id,
        "direction": call.direction,
        "from_number": call.from_number,
        "language": call.language,
        "queue": call.queue,
        "operator": call.operator,
        "outcome": call.outcome,
        "started_at": call.started_at,
        "ended_at": call.ended_at,
        "duration_s": call.duration_s,
        "menu_s": call.menu_s,
        "wait_s": call.wait_s,
        "ring_s": call.ring_s,
        "talk_s": call.talk_s,
        "hold_s": call.hold_s,
        "consult_s": call.consult_s,
        "wrap_up_s": call.wrap_up_s,
        "wrap_up_code": call.wrap_up_code,
        "within_target": call.within_target,
        "transcript_url": call.transcript_url,
        "updated_at": now,
    }
    session.execute(
        insert(TicketEntryRow)
        .values(call_id=call.call_id, recorded_at=now, **values)
        .on_conflict_do_update(index_elements=[TicketEntryRow.call_id], set_=values)
    )
    return number


def of_ticket(session: Session, number: int) -> list[TicketEntry]:
    """The calls on a ticket, oldest first."""
    rows = session.scalars(
        select(TicketEntryRow)
        .join(CallLinkRow, CallLinkRow.call_id == TicketEntryRow.call_id)
        .where(CallLinkRow.ticket_number == number)
        .order_by(TicketEntryRow.started_at)
    )
    return [_view(row, number) for row in rows]


def of_call(session: Session, call_id: str) -> TicketEntry | None:
    """What a call left behind; None as long as it was not recorded."""
    row = session.get(TicketEntryRow, call_id)
    return None if row is None else _view(row, session.get_one(CallLinkRow, call_id).ticket_number)


def _customer_of(session: Session, call: EndedCall) -> int | None:
    confirmed = session.get(CallCustomerRow, call.call_id)
    if confirmed is not None:
        confirmed.number = confirmed.number or e164(call.from_number)
        return confirmed.customer_id
    known = [found for found in customers.candidates(session, call.from_number) if found.certainty == "known"]
    return known[0].customer.id if known else None


def _subject(call: EndedCall) -> str:
    what, about = _WHAT.get(call.outcome, "Call"), call.queue_title or call.queue
    return f"{what}: {about}" if about else what


def _view(row: TicketEntryRow, ticket_number: int) -> TicketEntry:
    columns = {name: getattr(row, name) for name in TicketEntryRow.__table__.columns.keys()}  # noqa: SIM118
    return TicketEntry(ticket_number=ticket_number, **columns)
