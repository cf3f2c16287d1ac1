"""The helpdesk as the other rooms see it: each method is one transaction."""

from __future__ import annotations

from collections.abc import Collection

from foundation.clock import Clock
from foundation.database import Database
from helpdesk import articles, customers, entries, tickets
from helpdesk.views import Article, Customer, CustomerCandidate, Earlier, EndedCall, Ticket, TicketEntry


class Helpdesk:
    """Customers, tickets and articles. `actor` is a user name, or "system".

    Errors are foundation's: NotFound, InvalidInput, and Conflict with a sentence that says who or what was first.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    # Customers

    def candidates(self, number: str | None) -> list[CustomerCandidate]:
        """Who may be calling from `number`, surest first; nobody for a withheld number."""
        with self._database.transaction() as session:
            return customers.candidates(session, number)

    def names_of(self, numbers: Collection[str]) -> dict[str, str]:
        """Number -> the name of the one customer who may be calling from it; one query for all of them."""
        with self._database.transaction() as session:
            return customers.names_of(session, numbers)

    def customer(self, customer_id: int) -> Customer:
        with self._database.transaction() as session:
            return customers.customer(session, customer_id)

    def customers(self, query: str, limit: int = 20) -> list[Customer]:
        """Customers by part of a name or company, by customer number or by telephone number."""
        with self._database.transaction() as session:
            return customers.search(session, query.replace("\x00", "").strip(), limit)

    def confirm_customer(self, call_id: str, customer_id: int, actor: str, number: str | None = None) -> Customer:
        """Say who is calling; saying it again corrects. With the caller's `number` the next call from it may be
        recognised; without, it is learned when the call is recorded."""
        with self._database.transaction() as session:
            return customers.confirm(session, call_id, customer_id, number, actor, self._clock.now())

    def customer_of_call(self, call_id: str) -> Customer | None:
        """Who was confirmed to be calling."""
        with self._database.transaction() as session:
            return customers.of_call(session, call_id)

    def history(self, customer_id: int, limit: int = 20) -> list[Earlier]:
        """The customer's tickets and calls, newest first."""
        with self._database.transaction() as session:
            return customers.history(session, customer_id, limit)

    # Tickets

    def ticket(self, number: int) -> Ticket:
        with self._database.transaction() as session:
            return tickets.ticket(session, number)

    def tickets(self, query: str = "", status: str | None = None, limit: int = 50) -> list[Ticket]:
        """Tickets by number, or by part of the subject or the customer's name, newest first."""
        with self._database.transaction() as session:
            return tickets.search(session, query, status, limit)

    def ticket_of_call(self, call_id: str) -> Ticket | None:
        with self._database.transaction() as session:
            return tickets.of_call(session, call_id)

    def create_ticket(
        self,
        call_id: str | None,
        subject: str,
        priority: str,
        note: str,
        queue: str | None,
        customer_id: int | None,
        actor: str,
    ) -> Ticket:
        """Open a ticket for a call (or for none). Without a customer it is the confirmed caller's; a ticket that the
        system opened for this call is filled in instead. Conflict when the call is on somebody's ticket already."""
        with self._database.transaction() as session:
            return tickets.create(
                session,
                call_id=call_id,
                subject=subject,
                priority=priority,
                note=note,
                queue=queue,
                customer_id=customer_id,
                actor=actor,
                now=self._clock.now(),
            )

    def link_ticket(self, call_id: str, ticket_number: int, actor: str) -> Ticket:
        """Put a call on an existing ticket; a call that was on another moves over."""
        with self._database.transaction() as session:
            return tickets.link(session, call_id, ticket_number, actor, self._clock.now())

    def update_ticket(
        self,
        number: int,
        *,
        actor: str,
        subject: str | None = None,
        priority: str | None = None,
        note: str | None = None,
        status: str | None = None,
        customer_id: int | None = None,
        version: int | None = None,
    ) -> Ticket:
        """Change what is given; `status` "open" opens a closed ticket again. With the `version` that the person saw,
        a change by somebody else meanwhile is a Conflict. Without, the last one wins."""
        with self._database.transaction() as session:
            return tickets.change(
                session,
                number,
                subject=subject,
                priority=priority,
                note=note,
                status=status,
                customer_id=customer_id,
                version=version,
                actor=actor,
                now=self._clock.now(),
            )

    def close_ticket(self, number: int, actor: str) -> Ticket:
        """Close a ticket; a Conflict when it has no subject, nothing when it is closed already."""
        with self._database.transaction() as session:
            return tickets.close(session, number, actor, self._clock.now())

    # Calls on tickets

    def record_call(self, entry: EndedCall) -> int:
        """Write an ended call on its ticket and give the ticket's number. Once per call: recording it again, with the
        wrap-up, updates the same entry."""
        with self._database.transaction() as session:
            return entries.record(session, entry, self._clock.now())

    def entry_of_call(self, call_id: str) -> TicketEntry | None:
        with self._database.transaction() as session:
            return entries.of_call(session, call_id)

    def calls_of_ticket(self, number: int) -> list[TicketEntry]:
        """The calls on a ticket, oldest first."""
        with self._database.transaction() as session:
            return entries.of_ticket(session, number)

    # Knowledge base

    def search_articles(self, text: str, language: str, limit: int = 5) -> list[Article]:
        """Articles in `language` that fit the text, best first; a spoken sentence is a fine search."""
        with self._database.transaction() as session:
            return articles.search(session, text, language, limit)

    def article(self, slug: str, language: str) -> Article:
        with self._database.transaction() as session:
            return articles.article(session, slug, language)

    def articles(self, language: str | None = None) -> list[Article]:
        """All articles, or those in one language, by slug."""
        with self._database.transaction() as session:
            return articles.every(session, language)

    def article_numbered(self, number: int) -> Article:
        with self._database.transaction() as session:
            return articles.numbered(session, number)

    def set_article_keywords(self, number: int, keywords: str, actor: str) -> Article:
        """Replace the callers' words of an article, comma-separated, with an audit row; found by them at once."""
        with self._database.transaction() as session:
            return articles.set_keywords(session, number, keywords, actor, self._clock.now())
