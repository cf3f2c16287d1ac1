"""What the desk needs from the other rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from redis import Redis

from callflows.facts import Fact
from callflows.record import CallRecord
from crm_sync.delivery import SyncState
from desk.accounts import Accounts
from desk.slowdown import SignInBrake
from foundation.clock import Clock
from foundation.database import Database
from foundation.settings import Settings
from helpdesk.suggestions import Suggestion
from helpdesk.views import Customer, CustomerCandidate, Earlier, Ticket
from queueing.callback_model import Callback
from queueing.model import Board, ChosenState, Offer, Presence, Queue
from queueing.periods import Period, WhenMissed
from queueing.voicemails import Voicemail
from reporting.summary import Summary


class Texts(Protocol):
    """A catalogue. `text` raises callflows.prompts.PromptError for an id that the language does not have."""

    def text(self, language: str, prompt_id: str, args: Mapping[str, object] | None = None, /) -> str: ...


class CallBook(Protocol):
    """The call log, to read."""

    def record_of(self, call_id: str) -> CallRecord: ...

    def facts_of(self, call_id: str) -> Sequence[Fact]: ...

    def calls(
        self,
        limit: int = 50,
        *,
        before: datetime | None = None,
        since: datetime | None = None,
        queue: str | None = None,
        outcome: str | None = None,
        operator: int | None = None,
    ) -> Sequence[CallRecord]: ...


class Conversations(Protocol):
    """The talking room of a call."""

    def hold(self, call_id: str, held: bool) -> None: ...

    def hang_up(self, call_id: str) -> None: ...


class Queues(Protocol):
    """The waiting room: queueing.service."""

    def presence(self, operator_id: int) -> Presence: ...

    def set_presence(self, operator_id: int, state: ChosenState, reason: str | None = None) -> Presence: ...

    def offer(self, offer_id: str) -> Offer: ...

    def offer_for(self, operator_id: int) -> Offer | None: ...

    def accept(self, offer_id: str, operator_id: int) -> Offer: ...

    def decline(self, offer_id: str, operator_id: int) -> Any: ...

    def finish_wrap_up(self, operator_id: int, code: str | None) -> Any: ...

    def queue(self, name: str) -> Queue: ...

    def queues(self) -> Sequence[Queue]: ...

    def board(self) -> Board: ...

    def set_target(
        self,
        name: str,
        *,
        share: float,
        within_s: int,
        actor: str,
        longest_s: int | None = None,
        when_missed: WhenMissed | None = None,
    ) -> Any: ...

    def set_period(self, name: str, period: Period, *, actor: str) -> Any: ...

    def drop_period(self, name: str, period: str, *, actor: str) -> Any: ...


class Tickets(Protocol):
    """The built-in ticketing store: helpdesk.service."""

    def candidates(self, number: str | None) -> Sequence[CustomerCandidate]: ...

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


class Figures(Protocol):
    """Today's figures of a queue: reporting.live."""

    def today(self, queue: str, threshold_s: Decimal | int) -> Summary: ...


class Line(Protocol):
    """One stretch of speech of a transcript; seconds count from the call's start."""

    @property
    def id(self) -> int | None: ...

    @property
    def speaker(self) -> str: ...

    @property
    def start_s(self) -> float: ...

    @property
    def end_s(self) -> float: ...

    @property
    def text(self) -> str: ...

    @property
    def display(self) -> Sequence[ShownWord]: ...


class ShownWord(Protocol):
    """A word as a person would write it; `unsure`: the recogniser doubted it."""

    @property
    def text(self) -> str: ...

    @property
    def unsure(self) -> bool: ...


class MissingSound(Protocol):
    """A stretch of which no sound came."""

    @property
    def speaker(self) -> str: ...

    @property
    def start_s(self) -> float: ...

    @property
    def end_s(self) -> float: ...


class Transcripts(Protocol):
    """What was said: transcription.store."""

    def of_call(self, call_id: str) -> Sequence[Line]: ...

    def gaps_of_call(self, call_id: str) -> Sequence[MissingSound]: ...


class SuggestionBook(Protocol):
    """What is suggested in calls: helpdesk.suggestions."""

    def for_call(self, call_id: str, language: str, lines: Sequence[Line]) -> Sequence[Suggestion]: ...

    def of_call(self, call_id: str, language: str) -> Sequence[Suggestion]: ...

    def decide(self, call_id: str, kind: str, subject: str, state: str, actor: str) -> None: ...

    def erase(self, call_id: str) -> int: ...


class OptingOut(Protocol):
    """Stops the transcription of a call that goes on: ivr.opting_out."""

    def opt_out(self, call_id: str, by: str) -> None: ...

    def erase(self, call_id: str) -> int: ...


class Syncs(Protocol):
    """The delivery of calls to the ticketing store: crm_sync.delivery."""

    def of_call(self, call_id: str) -> SyncState | None: ...

    def retry(self, call_id: str) -> None: ...


class IncidentMessage(Protocol):
    """A message that callers hear; `queue` "" is every queue."""

    @property
    def id(self) -> int: ...

    @property
    def queue(self) -> str: ...

    @property
    def texts(self) -> Mapping[str, str]: ...

    @property
    def began_at(self) -> datetime: ...

    @property
    def ended_at(self) -> datetime | None: ...


class IncidentBook(Protocol):
    """Messages about incidents: ivr.incidents."""

    def going_on(self) -> Sequence[IncidentMessage]: ...

    def over(self, limit: int = 10) -> Sequence[IncidentMessage]: ...

    def checked(self, texts: Mapping[str, str]) -> dict[str, str]: ...

    def set(self, texts: Mapping[str, str], *, queue: str = "", actor: str) -> IncidentMessage: ...

    def change(self, incident_id: int, texts: Mapping[str, str], *, actor: str) -> IncidentMessage: ...

    def end(self, incident_id: int, *, actor: str) -> IncidentMessage: ...


class LostCall(Protocol):
    """One call that came to nothing."""

    @property
    def outcome(self) -> str: ...

    @property
    def queue(self) -> str | None: ...

    @property
    def language(self) -> str | None: ...

    @property
    def waited_s(self) -> float: ...


class FollowUp(Protocol):
    """A number to ring back, and the calls it made in vain."""

    @property
    def id(self) -> int: ...

    @property
    def number(self) -> str: ...

    @property
    def calls(self) -> Sequence[LostCall]: ...

    @property
    def last(self) -> LostCall: ...

    @property
    def last_call_at(self) -> datetime: ...

    @property
    def closed_at(self) -> datetime | None: ...

    @property
    def closed_how(self) -> str | None: ...

    @property
    def closed_by(self) -> str | None: ...


class FollowUpBook(Protocol):
    """Who rang in vain: ivr.follow_ups."""

    def open(self, limit: int = 200) -> Sequence[FollowUp]: ...

    def closed(self, limit: int = 20) -> Sequence[FollowUp]: ...

    def close(self, follow_up_id: int, how: str, *, actor: str) -> FollowUp: ...


class CallbackBook(Protocol):
    """Who is to be rung back: queueing.callbacks."""

    def open(self, queues: frozenset[str] | None = None) -> Sequence[Callback]: ...

    def of_call(self, call_id: str) -> Callback | None: ...

    def cancel(self, callback_id: int, actor: str) -> None: ...


class VoicemailBook(Protocol):
    """Messages that were left: queueing.voicemails."""

    def open(self, queues: Collection[str] | None = None, operator_id: int | None = None) -> Sequence[Voicemail]: ...

    def one(self, voicemail_id: int) -> Voicemail: ...

    def assign(self, voicemail_id: int, operator_id: int) -> None: ...

    def close(self, voicemail_id: int, actor: str) -> None: ...


@dataclass(frozen=True)
class DeskServices:
    """Everything that the desk is given. `transcribed` names the languages that have a speech model at this moment;
    `redis` is for sign-in counts and subscriptions."""

    settings: Settings
    clock: Clock
    database: Database
    redis: Redis
    texts: Texts
    prompts: Texts
    accounts: Accounts
    brake: SignInBrake
    queues: Queues
    calls: CallBook
    conversations: Conversations
    helpdesk: Tickets
    transcripts: Transcripts
    suggestions: SuggestionBook
    opting_out: OptingOut
    figures: Figures
    syncs: Syncs
    incidents: IncidentBook
    follow_ups: FollowUpBook
    callbacks: CallbackBook
    voicemails: VoicemailBook
    delete_voicemail: Callable[[int, str], object]  # with its sound, here and at the provider
    transcribed: Callable[[], Collection[str]]
