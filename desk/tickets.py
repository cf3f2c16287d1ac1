"""The ticket panel: who is calling, and what the call is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from flask import request
from werkzeug.wrappers import Response

from desk.console import Console
from desk.drafts import LONGEST_NOTE, LONGEST_SUBJECT, Draft, Drafts
from desk.failures import wants_json
from desk.people import account, operator_id, services
from desk.regions import console_of
from desk.screen import Answer, done, page
from foundation.errors import InvalidInput, NotFound
from helpdesk.views import PRIORITIES, Customer, CustomerCandidate, Earlier, Ticket


class Tickets(Protocol):
    """The built-in ticketing store: helpdesk.service."""

    def candidates(self, number: str | None) -> Sequence[CustomerCandidate]: ...

    def names_of(self, numbers: Collection[str]) -> Mapping[str, str]: ...

    def customers(self, query: str, limit: int = 20) -> Sequence[Customer]: ...

    def confirm_customer(self, call_id: str, customer_id: int, actor: str, number: str | None = None) -> Customer: ...

    def customer_of_call(self, call_id: str) -> Customer | None: ...

    def history(self, customer_id: int, limit: int = 20) -> Sequence[Earlier]: ...

    def ticket_of_call(self, call_id: str) -> Ticket | None: ...

    def create_ticket(
        self,
        call_id: str | None,
        subject: str,
        priority: str,
        note: str,
        queue: str | None,
        customer_id: int | None,
        actor: str,
    ) -> Ticket: ...

    def link_ticket(self, call_id: str, ticket_number: int, actor: str) -> Ticket: ...

    def update_ticket(
        self,
        number: int,
        *,
        actor: str,
        subject: str | None = None,
        priority: str | None = None,
        note: str | None = None,
    ) -> Ticket: ...

    def close_ticket(self, number: int, actor: str) -> Ticket: ...

    def tickets(self, query: str = "", status: str | None = None, limit: int = 50) -> Sequence[Ticket]: ...


def confirm_customer(call_id: str) -> Answer:
    """Say who is calling: `customer` is the customer's id."""
    record = console_of(account()).own_call(call_id)
    chosen = request.form.get("customer", "")
    if not chosen.isdigit():
        raise InvalidInput("Choose a customer.")
    number = record.from_number if record else None
    services().helpdesk.confirm_customer(call_id, int(chosen), account().username, number)
    return done()


def keep_draft(call_id: str) -> Answer:
    """Remember the form as it stands; sent at every change. Always takes what it is given."""
    console_of(account()).own_call(call_id)
    Drafts(services().database).keep(_typed(call_id), operator_id(), services().clock.now())
    return Response(status=204)


def save_ticket(call_id: str) -> Answer:
    """Make the ticket of this call, or change it."""
    console, draft = _begin(call_id)
    save(console, draft)
    return _refused(console) if console.errors else done()


def close_ticket(call_id: str) -> Answer:
    """Save the form and close the ticket."""
    console, draft = _begin(call_id)
    save(console, draft)
    if console.errors:
        return _refused(console)
    ticket = services().helpdesk.ticket_of_call(call_id)
    if ticket is not None and ticket.status != "closed":
        services().helpdesk.close_ticket(ticket.number, account().username)
    return done()


def link_ticket(call_id: str) -> Answer:
    """Put this call on a ticket that is there already, by its number."""
    console = console_of(account())
    console.own_call(call_id)
    number = request.form.get("ticket", "").strip().removeprefix("#")
    if not number.isdigit() or len(number) > 9:
        console.errors["ticket"] = "error-ticket-number"
        return _refused(console)
    try:
        services().helpdesk.link_ticket(call_id, int(number), account().username)
    except NotFound:
        console.errors["ticket"] = "error-ticket-unknown"
        return _refused(console)
    return done()


def save(console: Console, draft: Draft) -> None:
    """Write the form down as the call's ticket; what is wrong with it is left in `console.errors`."""
    subject = draft.subject.strip()
    if not subject:
        console.errors["subject"] = "error-subject-missing"
    elif len(subject) > LONGEST_SUBJECT:
        console.errors["subject"] = "error-subject-long"
    if draft.priority not in PRIORITIES:
        console.errors["priority"] = "error-priority"
    if len(draft.note) >= LONGEST_NOTE:
        console.errors["note"] = "error-note-long"
    if console.errors:
        return
    desk, actor = services(), account().username
    ticket = desk.helpdesk.ticket_of_call(draft.call_id)
    if ticket is None:
        record = console.own_call(draft.call_id)
        customer = console.customer if console.call_id == draft.call_id else None
        desk.helpdesk.create_ticket(
            draft.call_id, subject, draft.priority, draft.note, record.queue if record else None,
            customer.id if customer else None, actor,
        )  # fmt: skip
    else:
        desk.helpdesk.update_ticket(
            ticket.number, subject=subject, priority=draft.priority, note=draft.note, actor=actor
        )
    Drafts(desk.database).forget(draft.call_id)


def _typed(call_id: str) -> Draft:
    form = request.form
    note = form.get("note", "").replace("\r\n", "\n")
    return Draft(call_id, form.get("subject", ""), form.get("priority", "P3"), note)


def _begin(call_id: str) -> tuple[Console, Draft]:
    """Keep what was typed before anything can go wrong with it."""
    console = console_of(account())
    console.own_call(call_id)
    draft = _typed(call_id)
    Drafts(services().database).keep(draft, operator_id(), services().clock.now())
    return console, draft


def _refused(console: Console) -> Answer:
    if wants_json():
        raise InvalidInput("; ".join(f"{field}: {reason}" for field, reason in console.errors.items()))
    fresh = console_of(account())  # the draft was kept after the first look
    fresh.errors = console.errors
    return page(fresh, status=422)
