"""Who is calling, how sure that is, and what they came for before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from foundation.clock import ManualClock
from foundation.errors import NotFound
from helpdesk import Helpdesk

SHOP = "+32460001009"
MOBILE = "+32460001001"
Add = Callable[..., int]


def certainties(helpdesk: Helpdesk, number: str | None) -> list[tuple[str, str]]:
    return [(found.customer.name, found.certainty) for found in helpdesk.candidates(number)]


def test_a_number_of_one_customer_is_known_and_of_several_is_shared(helpdesk: Helpdesk, add_customer: Add) -> None:
    add_customer("Els", MOBILE, SHOP)
    add_customer("Bram", SHOP)
    assert certainties(helpdesk, MOBILE) == [("Els", "known")]
    assert certainties(helpdesk, SHOP) == [("Bram", "shared"), ("Els", "shared")]
    assert certainties(helpdesk, "0460 00 10 01") == [("Els", "known")]


@pytest.mark.parametrize("number", [None, "", "anonymous", "+1", "+32460009999"])
def test_a_withheld_or_unknown_number_is_nobody(helpdesk: Helpdesk, add_customer: Add, number: str | None) -> None:
    add_customer("Els", MOBILE)
    assert helpdesk.candidates(number) == []


def test_a_number_of_nobody_that_a_confirmed_call_came_from_is_maybe(
    helpdesk: Helpdesk, add_customer: Add, ended: Any
) -> None:
    els, neighbour = add_customer("Els", MOBILE), "+32460001777"
    helpdesk.confirm_customer("call-1", els, "dana", number=neighbour)
    assert certainties(helpdesk, neighbour) == [("Els", "maybe")]
    assert certainties(helpdesk, MOBILE) == [("Els", "known")]


def test_the_names_of_many_numbers_are_those_of_who_alone_may_be_calling(helpdesk: Helpdesk, add_customer: Add) -> None:
    els, bram, neighbour = add_customer("Els", MOBILE, SHOP), add_customer("Bram", SHOP), "+32460001777"
    helpdesk.confirm_customer("call-1", els, "dana", number=neighbour)
    helpdesk.confirm_customer("call-2", els, "dana", number=MOBILE)
    numbers = {MOBILE, "0460 00 10 01", SHOP, neighbour, "+32460009999", "anonymous", ""}
    assert helpdesk.names_of(numbers) == {MOBILE: "Els", "0460 00 10 01": "Els", neighbour: "Els"}
    assert helpdesk.names_of([]) == {}
    helpdesk.confirm_customer("call-3", bram, "dana", number=MOBILE)  # now it may be either
    for number in numbers:
        only = [one.customer.name for one in helpdesk.candidates(number)]
        assert helpdesk.names_of([number]) == ({number: only[0]} if len(only) == 1 else {})


def test_a_number_is_learned_when_a_confirmed_call_is_recorded(
    helpdesk: Helpdesk, add_customer: Add, ended: Any
) -> None:
    helpdesk.confirm_customer("call-1", add_customer("Els"), "dana")
    helpdesk.record_call(ended.but(from_number="+32460001777"))
    assert certainties(helpdesk, "+32460001777") == [("Els", "maybe")]


def test_confirming_again_corrects_the_call_its_ticket_and_its_entry(
    helpdesk: Helpdesk, add_customer: Add, ended: Any
) -> None:
    els, bram = add_customer("Els", MOBILE), add_customer("Bram")
    number = helpdesk.record_call(ended)
    ticket = helpdesk.ticket(number)
    assert ticket.customer is not None
    assert ticket.customer.id == els
    assert helpdesk.customer_of_call("call-1") is None
    helpdesk.confirm_customer("call-1", bram, "dana", number=MOBILE)
    confirmed, corrected, entry = (
        helpdesk.customer_of_call("call-1"),
        helpdesk.ticket(number).customer,
        helpdesk.entry_of_call("call-1"),
    )
    assert confirmed is not None
    assert corrected == confirmed
    assert entry is not None
    assert confirmed.id == bram == entry.customer_id


def test_confirming_a_customer_that_does_not_exist_is_refused(helpdesk: Helpdesk) -> None:
    with pytest.raises(NotFound):
        helpdesk.confirm_customer("call-1", 7, "dana")


def test_the_history_is_tickets_and_calls_newest_first(
    helpdesk: Helpdesk, add_customer: Add, clock: ManualClock, ended: Any
) -> None:
    els = add_customer("Els", MOBILE)
    helpdesk.create_ticket(None, "Invoice billed twice", "P3", "", "invoices", els, "dana")
    clock.advance(timedelta(hours=1))
    first = helpdesk.record_call(ended.but(started_at=clock.now() - timedelta(minutes=5)))
    lines = helpdesk.history(els)
    assert [(line.kind, line.title) for line in lines] == [
        ("ticket", "Call: Internet and telephony"),
        ("call", "Call: Internet and telephony"),
        ("ticket", "Invoice billed twice"),
    ]
    assert (lines[1].call_id, lines[1].operator, lines[1].ticket_number) == ("call-1", "Dana Voorbeeld", first)
    assert len(helpdesk.history(els, limit=1)) == 1


def test_a_contract_covers_up_to_and_with_its_last_day(helpdesk: Helpdesk, add_customer: Add) -> None:
    covered = helpdesk.customer(add_customer("Els", until=date(2027, 3, 31)))
    assert covered.covered_on(date(2027, 3, 31))
    assert not covered.covered_on(date(2027, 4, 1))
    assert not helpdesk.customer(add_customer("Bram")).covered_on(date(2026, 11, 23))


def test_a_customer_is_found_by_name_company_or_number(helpdesk: Helpdesk, add_customer: Add) -> None:
    add_customer("Els Vermeulen", MOBILE, company="Bakkerij Zon")
    add_customer("Bram 100%")
    assert [found.name for found in helpdesk.customers("zon")] == ["Els Vermeulen"]
    assert [found.name for found in helpdesk.customers(MOBILE)] == ["Els Vermeulen"]
    assert [found.name for found in helpdesk.customers("%")] == ["Bram 100%"]
