"""What one operator's screen shows at one moment. Everything is read when a region first asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

from callflows.record import CallRecord
from desk.accounts import Account
from desk.drafts import Draft, Drafts
from desk.said import OVER, Line, SaidLine, Written, said_lines
from desk.services import DeskServices
from desk.wording import Wording
from foundation.errors import Conflict, NotFound
from helpdesk.suggestions import Suggestion
from helpdesk.views import Customer, CustomerCandidate, Earlier, Ticket
from queueing.callback_model import Callback
from queueing.glance import QueueGlance
from queueing.model import Offer, Presence, Queue
from reporting import formulas
from reporting.figures import figures_of

_EARLIER = 12  # lines of history: what fits beside a call without scrolling far
_MY_CALLS = 8
_MY_TICKETS = 8
_A_DAY_OF_CALLS = 500  # more than anybody answers


class Console:
    """The model of the operator's page. `w` is the operator's wording; `glance` gives the queues as others saw them a
    moment ago, when that is new enough."""

    def __init__(
        self,
        desk: DeskServices,
        person: Account,
        operator_id: int,
        w: Wording,
        now: datetime,
        glance: Callable[[], Sequence[QueueGlance]] | None = None,
    ) -> None:
        self._desk = desk
        self._glance = glance or desk.queues.glance
        self._person = person
        self._operator_id = operator_id
        self._w = w
        self.now = now
        self.errors: dict[str, str] = {}  # field of the ticket form -> id of the text that says what is wrong

    @cached_property
    def presence(self) -> Presence:
        return self._desk.queues.presence(self._operator_id)

    @cached_property
    def queues(self) -> Sequence[QueueGlance]:
        return self._glance()

    @cached_property
    def offer(self) -> Offer | None:
        """The offer that rings here now."""
        return self._desk.queues.offer_for(self._operator_id) if self.presence.state == "offered" else None

    @property
    def in_call(self) -> bool:
        return self.presence.state in ("connecting", "talking", "wrap-up")

    @cached_property
    def call_id(self) -> str | None:
        """The call that the panels are about: the current one, the offered one, else one with an unsaved draft."""
        if self.presence.call_id:
            return self.presence.call_id
        if self.offer:
            return self.offer.call_id
        return self.left_drafts[0].call_id if self.left_drafts else None

    @cached_property
    def record(self) -> CallRecord | None:
        if self.call_id is None:
            return None
        try:
            return self._desk.calls.record_of(self.call_id)
        except NotFound:  # the offer can be quicker than the call log
            return None

    @cached_property
    def callback(self) -> Callback | None:
        """The callback that this call is an attempt at."""
        return self._desk.callbacks.of_call(self.call_id) if self.call_id else None

    @cached_property
    def queue(self) -> Queue | None:
        name = self.presence.queue or (self.record.queue if self.record else None)
        try:
            return self._desk.queues.queue(name) if name else None
        except NotFound:
            return None

    @cached_property
    def candidates(self) -> Sequence[CustomerCandidate]:
        """Who may be calling; empty for a withheld or unknown number."""
        return self._desk.helpdesk.candidates(self.record.from_number) if self.record else ()

    @cached_property
    def confirmed(self) -> Customer | None:
        return self._desk.helpdesk.customer_of_call(self.call_id) if self.call_id else None

    @property
    def customer(self) -> Customer | None:
        """Whom the screen takes the caller to be: confirmed, else the only one whose number this is."""
        if self.confirmed:
            return self.confirmed
        known = [candidate.customer for candidate in self.candidates if candidate.certainty == "known"]
        return known[0] if len(known) == 1 else None

    @property
    def caller_name(self) -> str:
        """The customer's name, else the number, else that it is withheld."""
        if self.customer:
            return self.customer.name
        number = self.record.from_number if self.record else ""
        return self._w.phone(number) if number else self._w("caller-unknown")

    @cached_property
    def earlier(self) -> Sequence[Earlier]:
        return self._desk.helpdesk.history(self.customer.id, _EARLIER) if self.customer else ()

    @cached_property
    def ticket(self) -> Ticket | None:
        return self._desk.helpdesk.ticket_of_call(self.call_id) if self.call_id else None

    @cached_property
    def draft(self) -> Draft | None:
        return Drafts(self._desk.database).of_call(self.call_id) if self.call_id else None

    @property
    def form(self) -> Draft:
        """The ticket form as it must look: typed so far, else as saved, else empty."""
        if self.draft:
            return self.draft
        if self.ticket:
            return Draft(self.call_id or "", self.ticket.subject, self.ticket.priority, self.ticket.note)
        return Draft(self.call_id or "", "", "P3", "")

    @cached_property
    def left_drafts(self) -> Sequence[Draft]:
        """Forms of earlier calls that were typed and never saved: wrap-up can end by itself."""
        return Drafts(self._desk.database).of_operator(self._operator_id)

    @property
    def left_over(self) -> bool:
        """The panels are about such an earlier call; an offer that rings now goes before it."""
        return not self.in_call and any(draft.call_id == self.call_id for draft in self.left_drafts)

    @cached_property
    def linkable(self) -> Sequence[Earlier]:
        """Tickets of this customer that are not closed: the likely ones to link the call to."""
        return [line for line in self.earlier if line.kind == "ticket" and line.status != "closed"][:4]

    @cached_property
    def segments(self) -> Sequence[Line]:
        return self._desk.transcripts.of_call(self.call_id) if self.call_id else ()

    @cached_property
    def lines(self) -> Sequence[SaidLine]:
        """What was said and where sound is missing, in order."""
        gaps = self._desk.transcripts.gaps_of_call(self.call_id) if self.call_id else ()
        return said_lines(self.segments, gaps)

    @cached_property
    def suggestions(self) -> Sequence[Suggestion]:
        """What fits what is being said; nothing before the talk, and nothing for a call that is not written down."""
        if not self.in_call or self.call_id is None or self.record is None or not self.segments:
            return ()
        return self._desk.suggestions.for_call(self.call_id, self.record.language or "", self.segments)

    @property
    def opted_out_by_operator(self) -> bool:
        """Whether the transcription was stopped in the middle, so that a part of it may be there."""
        if self.call_id is None or self.record is None or self.record.transcription:
            return False
        facts = self._desk.calls.facts_of(self.call_id)
        return any(fact.kind == "transcription-refused" and fact.by == "operator" for fact in facts)

    @property
    def transcript_state(self) -> str:
        """refused: the caller opted out; no-model: nobody can write this language down; how it is written down, when
        that is not as it goes on; else listening or ended."""
        record = self.record
        if record is None:
            return "listening"
        if not record.transcription:
            return "refused"
        if (record.language or "") not in self._desk.transcribed():
            return "no-model"
        return self.written.how or ("ended" if record.status in OVER else "listening")

    @cached_property
    def written(self) -> Written:
        """How the call is written down."""
        record = self.record
        return self._desk.written(self.call_id or "", over=record is not None and record.status in OVER)

    @cached_property
    def calls_today(self) -> Sequence[CallRecord]:
        since = self._w.day_start(self.now)
        return self._desk.calls.calls(_A_DAY_OF_CALLS, since=since, operator=self._operator_id)

    @property
    def my_calls(self) -> Sequence[CallRecord]:
        return self.calls_today[:_MY_CALLS]

    @property
    def answered_today(self) -> int:
        return sum(1 for record in self.calls_today if record.outcome == "answered" or record.answered_at)

    @cached_property
    def aht_s(self) -> float | None:
        """Average handle time of today's ended calls (kpi.md: AHT)."""
        figures = [figures_of(record) for record in self.calls_today]
        return formulas.average_handle_time([figure for figure in figures if figure is not None])

    @cached_property
    def my_tickets(self) -> Sequence[Ticket]:
        """Open tickets that this operator made, newest first."""
        found = self._desk.helpdesk.tickets("", "open", 100)
        return [ticket for ticket in found if ticket.created_by == self._person.username][:_MY_TICKETS]

    def queue_label(self, name: str | None) -> str:
        """A queue's name in this operator's language."""
        labels = {one.queue.name: one.queue.label(self._w.language) for one in self.queues}
        return labels.get(name or "", name or "")

    def waited_s(self) -> float:
        """How long the caller has waited so far, ringing included."""
        if self.record and self.record.entered_at and self.record.answered_at is None:
            return (self.now - self.record.entered_at).total_seconds()
        if self.record and self.record.clocks.answer_s:
            return self.record.clocks.answer_s
        return (self.now - self.offer.entered_at).total_seconds() if self.offer else 0.0

    def clock(self, name: str) -> tuple[float, datetime | None]:
        """A clock of the call: seconds counted so far, and since when it runs (None: it stands still)."""
        record = self.record
        if record is None:
            return 0.0, None
        return float(getattr(record.clocks, name)), record.running_since if record.running == name else None

    def own_call(self, call_id: str) -> CallRecord | None:
        """The record of a call that this operator may write on. Raises Conflict for anybody else's."""
        if self.presence.call_id == call_id or any(draft.call_id == call_id for draft in self.left_drafts):
            return self.record if self.call_id == call_id else self._record_or_none(call_id)
        record = self._record_or_none(call_id)
        if record is None or record.operator != self._operator_id:
            raise Conflict("This call is not yours any more.")
        return record

    def _record_or_none(self, call_id: str) -> CallRecord | None:
        try:
            return self._desk.calls.record_of(call_id)
        except NotFound:
            return None
