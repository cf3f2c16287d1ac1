"""Tickets within a call, and one entry for each call whatever happens to its ticket."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from foundation.clock import ManualClock
from foundation.database import Database
from foundation.errors import Conflict, InvalidInput, NotFound
from helpdesk import Helpdesk, Ticket
from helpdesk.tables import CallLinkRow, TicketEntryRow, TicketRow

Add = Callable[..., int]


def write(helpdesk: Helpdesk, subject: str = "No internet", call_id: str | None = "call-1", note: str = "") -> Ticket:
    return helpdesk.create_ticket(call_id, subject, "P2", note, "internet", None, "dana")


def test_numbers_start_at_10001_and_count_up(helpdesk: Helpdesk) -> None:
    assert [write(helpdesk, call_id=None).number for _ in range(2)] == [10001, 10002]


def test_a_ticket_made_in_a_call_is_the_calls_ticket_and_the_confirmed_callers(
    helpdesk: Helpdesk, add_customer: Add
) -> None:
    els = helpdesk.confirm_customer("call-1", add_customer("Els"), "dana")
    ticket = write(helpdesk)
    assert helpdesk.ticket_of_call("call-1") == ticket
    assert (ticket.customer, ticket.status, ticket.priority, ticket.created_by) == (els, "open", "P2", "dana")
    assert helpdesk.ticket_of_call("call-2") is None


def test_a_call_has_one_ticket(helpdesk: Helpdesk) -> None:
    write(helpdesk)
    with pytest.raises(Conflict, match="This call is on ticket 10001 already"):
        write(helpdesk)


def test_two_operators_who_save_at_once_make_one_ticket(helpdesk: Helpdesk, database: Database) -> None:
    start, conflicts = threading.Barrier(2), []

    def save() -> None:
        start.wait(5)
        try:
            write(helpdesk)
        except Conflict as error:
            conflicts.append(error)

    threads = [threading.Thread(target=save) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(conflicts) == 1
    assert len(helpdesk.tickets()) == 1


def test_a_ticket_that_someone_else_changed_meanwhile_is_not_overwritten(helpdesk: Helpdesk) -> None:
    seen = write(helpdesk)
    changed = helpdesk.update_ticket(seen.number, priority="P1", actor="noor", version=seen.version)
    with pytest.raises(Conflict, match="noor changed ticket 10001 meanwhile"):
        helpdesk.update_ticket(seen.number, note="Modem restarted", actor="dana", version=seen.version)
    assert helpdesk.ticket(seen.number) == changed


def test_closing_needs_a_subject_and_closing_twice_is_once(helpdesk: Helpdesk, clock: ManualClock) -> None:
    number = write(helpdesk, subject="  ").number
    with pytest.raises(Conflict, match="has no subject"):
        helpdesk.close_ticket(number, "dana")
    with pytest.raises(Conflict, match="has no subject"):
        helpdesk.update_ticket(number, status="closed", actor="dana")
    helpdesk.update_ticket(number, subject="No internet", actor="dana")
    closed = helpdesk.close_ticket(number, "dana")
    assert closed.closed_at == clock.now()
    clock.advance(timedelta(minutes=1))
    assert helpdesk.close_ticket(number, "noor") == closed


def test_a_closed_ticket_is_opened_again_before_it_is_changed(helpdesk: Helpdesk) -> None:
    number = write(helpdesk).number
    helpdesk.close_ticket(number, "dana")
    with pytest.raises(Conflict, match="is closed; open it again first"):
        helpdesk.update_ticket(number, note="More", actor="dana")
    opened = helpdesk.update_ticket(number, status="open", note="More", actor="dana")
    assert (opened.status, opened.closed_at, opened.note) == ("open", None, "More")


def test_what_cannot_be_stored_is_refused_with_a_sentence(helpdesk: Helpdesk) -> None:
    number = write(helpdesk, note="a\x00b").number
    assert helpdesk.ticket(number).note == "ab"
    with pytest.raises(InvalidInput, match="The priority 'high' is unknown; use one of P1, P2, P3, P4"):
        helpdesk.update_ticket(number, priority="high", actor="dana")
    with pytest.raises(InvalidInput, match="The status 'done' is unknown"):
        helpdesk.tickets(status="done")
    with pytest.raises(InvalidInput, match="The subject has 201 characters; 200 is the most"):
        helpdesk.update_ticket(number, subject="x" * 201, actor="dana")
    with pytest.raises(NotFound, match="There is no ticket 99"):
        helpdesk.close_ticket(99, "dana")


def test_tickets_are_found_by_number_subject_customer_and_status(helpdesk: Helpdesk, add_customer: Add) -> None:
    els = add_customer("Els Vermeulen")
    helpdesk.create_ticket(None, "Printer: paper jam", "P4", "", "workplace", els, "dana")
    helpdesk.create_ticket(None, "Mailbox 100% full", "P3", "", "workplace", None, "dana")
    helpdesk.close_ticket(10001, "dana")
    found = {query: [ticket.number for ticket in helpdesk.tickets(query)] for query in ("#10002", "paper", "els", "%")}
    assert found == {"#10002": [10002], "paper": [10001], "els": [10001], "%": [10002]}
    assert [ticket.number for ticket in helpdesk.tickets(status="closed")] == [10001]
    assert [ticket.number for ticket in helpdesk.tickets(limit=1)] == [10002]
    assert helpdesk.tickets("9" * 30) == []


def test_an_ended_call_goes_on_the_ticket_that_was_linked_during_the_talk(helpdesk: Helpdesk, ended: Any) -> None:
    earlier = write(helpdesk, call_id=None)
    helpdesk.link_ticket("call-1", earlier.number, "dana")
    assert helpdesk.record_call(ended) == earlier.number
    (entry,) = helpdesk.calls_of_ticket(earlier.number)
    assert (entry.call_id, entry.talk_s, entry.wait_s, entry.within_target) == ("call-1", 225.0, 60.0, True)
    assert helpdesk.ticket(earlier.number).subject == "No internet"


@pytest.mark.parametrize(
    ("outcome", "subject", "status"),
    [
        ("abandoned", "Missed call: Internet and telephony", "open"),
        ("answered", "Call: Internet and telephony", "pending"),
        ("closed", "Call outside opening hours: Internet and telephony", "closed"),
    ],
)
def test_a_call_without_a_ticket_gets_one_that_says_what_it_was(
    helpdesk: Helpdesk, ended: Any, outcome: str, subject: str, status: str
) -> None:
    ticket = helpdesk.ticket(helpdesk.record_call(ended.but(outcome=outcome)))
    assert (ticket.subject, ticket.status, ticket.created_by) == (subject, status, "system")


def test_recording_a_call_again_with_its_wrap_up_updates_the_same_entry(
    helpdesk: Helpdesk, database: Database, ended: Any
) -> None:
    first = helpdesk.record_call(ended)
    assert helpdesk.record_call(ended.but(wrap_up_s=45.0, wrap_up_code="solved")) == first
    (entry,) = helpdesk.calls_of_ticket(first)
    assert (entry.wrap_up_s, entry.wrap_up_code) == (45.0, "solved")
    with database.transaction() as session:
        for table in (TicketEntryRow, CallLinkRow, TicketRow):
            assert session.scalar(select(func.count()).select_from(table)) == 1


def test_the_caller_is_the_numbers_only_owner_and_nobody_when_it_is_shared(
    helpdesk: Helpdesk, add_customer: Add, ended: Any
) -> None:
    els = add_customer("Els", "+32460001001", "+32460001009")
    add_customer("Bram", "+32460001009")
    known = helpdesk.ticket(helpdesk.record_call(ended)).customer
    assert known is not None
    assert known.id == els
    shared = ended.but(call_id="call-2", from_number="+32460001009")
    assert helpdesk.ticket(helpdesk.record_call(shared)).customer is None


def test_a_ticket_written_after_the_call_was_recorded_fills_in_the_systems(helpdesk: Helpdesk, ended: Any) -> None:
    number = helpdesk.record_call(ended)
    ticket = write(helpdesk, subject="Modem replaced")
    assert (ticket.number, ticket.subject, ticket.created_by, ticket.status) == (
        number,
        "Modem replaced",
        "dana",
        "open",
    )
    assert len(helpdesk.tickets()) == 1
    with pytest.raises(Conflict):
        write(helpdesk)


def test_linking_a_recorded_call_moves_it_and_leaves_no_empty_ticket(helpdesk: Helpdesk, ended: Any) -> None:
    known_problem = write(helpdesk, subject="Outage in the north", call_id=None)
    automatic = helpdesk.record_call(ended)
    helpdesk.link_ticket("call-1", known_problem.number, "dana")
    assert [entry.call_id for entry in helpdesk.calls_of_ticket(known_problem.number)] == ["call-1"]
    with pytest.raises(NotFound):
        helpdesk.ticket(automatic)
    other = write(helpdesk, subject="Something else", call_id=None)
    helpdesk.link_ticket("call-1", other.number, "dana")
    assert helpdesk.ticket(known_problem.number).subject == "Outage in the north"


def test_a_system_ticket_that_an_operator_wrote_on_is_not_overwritten(helpdesk: Helpdesk, ended: Any) -> None:
    number = helpdesk.record_call(ended)
    helpdesk.update_ticket(number, note="Modem replaced", actor="dana")
    with pytest.raises(Conflict):
        write(helpdesk)
    helpdesk.link_ticket("call-1", write(helpdesk, call_id=None).number, "dana")
    assert helpdesk.ticket(number).note == "Modem replaced"
