"""The demonstration starts with customers, articles and tickets that hang together."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest
from sqlalchemy import func, select

from foundation.clock import ManualClock
from foundation.database import Database
from helpdesk import LANGUAGES, Helpdesk
from helpdesk.seed import Seeded, seed
from helpdesk.tables import ArticleRow, CustomerNumberRow, CustomerRow, TicketEntryRow, TicketRow

SPEECH = Path(__file__).parent.parent / "speech"


@pytest.fixture
def seeded(database: Database, clock: ManualClock, helpdesk: Helpdesk) -> Helpdesk:
    with database.transaction() as session:
        assert seed(session, clock.now()) == Seeded(customers=30, articles=63, tickets=50)
    return helpdesk


def test_seeding_twice_adds_nothing_and_keeps_what_people_changed(
    seeded: Helpdesk, database: Database, clock: ManualClock
) -> None:
    seeded.update_ticket(10050, priority="P1", actor="dana", status="open")
    with database.transaction() as session:
        assert seed(session, clock.now()) == Seeded(0, 0, 0)
        for table, rows in ((CustomerRow, 30), (ArticleRow, 63), (TicketRow, 50)):
            assert session.scalar(select(func.count()).select_from(table)) == rows
    assert seeded.ticket(10050).priority == "P1"


def test_every_number_is_possible_and_some_are_shared(seeded: Helpdesk, database: Database) -> None:
    with database.transaction() as session:
        numbers = list(session.scalars(select(CustomerNumberRow.number)))
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(number)) for number in numbers)
    certainty = {number: seeded.candidates(number)[0].certainty for number in numbers}
    assert Counter(certainty.values()) == {"known": 29, "shared": 3}


def test_tickets_are_of_the_past_weeks_in_mixed_states_and_numbered_by_time(
    seeded: Helpdesk, clock: ManualClock, database: Database
) -> None:
    tickets = seeded.tickets(limit=100)
    assert {ticket.status for ticket in tickets} == {"open", "pending", "closed"}
    assert all(ticket.created_at < clock.now() and ticket.created_at.weekday() < 5 for ticket in tickets)
    assert [ticket.number for ticket in tickets] == list(range(10050, 10000, -1))
    with database.transaction() as session:
        for entry in session.scalars(select(TicketEntryRow)):
            clocks = entry.menu_s + entry.wait_s + entry.ring_s + entry.talk_s + entry.hold_s + entry.consult_s
            assert entry.duration_s == clocks == (entry.ended_at - entry.started_at).total_seconds()


def test_a_known_caller_has_a_history_of_tickets_and_calls(seeded: Helpdesk) -> None:
    (els,) = seeded.candidates("+32460001001")
    assert (els.customer.name, els.certainty) == ("Els Vermeulen", "known")
    assert {line.kind for line in seeded.history(els.customer.id)} == {"ticket", "call"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("call", "slugs"),
    [
        ("call_00.wav", {"slow-internet", "outage"}),
        ("call_01.wav", {"billed-twice"}),
        ("call_03.wav", {"black-screen"}),
    ],
)
def test_what_the_spoken_calls_say_finds_its_article(
    seeded: Helpdesk, language: str, call: str, slugs: set[str]
) -> None:
    with (SPEECH / language / "transcripts.tsv").open(encoding="utf-8") as file:
        said = {row["file"]: row["text"] for row in csv.DictReader(file, delimiter="\t")}
    assert seeded.search_articles(said[call], language, limit=1)[0].slug in slugs
