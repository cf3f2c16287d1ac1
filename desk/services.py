"""Everything that the desk is given. What it needs of another room is a Protocol beside the page that uses it; only the
waiting room's, which several pages share, is here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from redis import Redis

from desk.accounts import Accounts
from desk.slowdown import SignInBrake
from foundation.clock import Clock
from foundation.database import Database
from foundation.settings import Settings
from queueing.glance import QueueGlance
from queueing.model import Board, ChosenState, Offer, Operator, Presence, Queue
from queueing.periods import Period, WhenMissed

if TYPE_CHECKING:  # the pages import this module
    from desk.board import Figures
    from desk.calls import CallBook, Syncs
    from desk.figures import Reports
    from desk.follow_ups import FollowUpBook
    from desk.incidents import IncidentBook
    from desk.listening import OptingOut, SuggestionBook
    from desk.operator import Conversations
    from desk.owed import CallbackBook, VoicemailBook
    from desk.rules import RuleBook
    from desk.said import Transcripts, WrittenDown
    from desk.skills import SkillBook
    from desk.tickets import Tickets
    from desk.wording import Texts


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

    def operators(self) -> Sequence[Operator]: ...

    def glance(self) -> Sequence[QueueGlance]: ...

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


@dataclass(frozen=True)
class DeskServices:
    """Everything that the desk is given. `written` tells how a call is written down (id, and `over`: whether it is
    over); `transcribed` names the languages that have a speech model at this moment;
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
    reports: Reports
    syncs: Syncs
    rules: RuleBook
    skills: SkillBook
    incidents: IncidentBook
    follow_ups: FollowUpBook
    callbacks: CallbackBook
    voicemails: VoicemailBook
    delete_voicemail: Callable[[int, str], object]  # with its sound, here and at the provider
    written: WrittenDown
    transcribed: Callable[[], Collection[str]]
