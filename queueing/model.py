"""What the waiting room is about: queues, operators, waiting calls, offers, and the board that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from queueing.estimate import Estimate, Wording, wording
from queueing.periods import Period, Target, WhenMissed, in_force

ChosenState = Literal["ready", "pause", "away"]
OperatorState = Literal["away", "ready", "pause", "offered", "connecting", "talking", "wrap-up"]
CallKind = Literal["call", "callback"]
Skill = Literal["language", "queue", "level"]
SKILLS: tuple[Skill, ...] = get_args(Skill)
Pace = Literal["on-time", "at-risk", "late"]
OfferStatus = Literal["ringing", "accepted", "declined", "lapsed", "withdrawn"]

NO_ANSWER = "no-answer"  # reason of a pause: an offer rang, or a connection was waited for, in vain
CONNECTION_LOST = "connection-lost"  # reason of a pause: the operator's leg fell away during the talk


@dataclass(frozen=True)
class WrapUpCode:
    """How a call may be put away; `labels` by language."""

    code: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Queue:
    """A queue and its target: `share` (0-1] of the callers answered within `within_s` seconds, at other times that of
    one of its `periods`; `special_days` are the days that differ, by ISO date. `relax`: after how many seconds of
    waiting an operator may lack a skill; what is not named is never relaxed. `priority_cap_s` is the most virtual
    waited time that a call can be given."""

    name: str
    labels: Mapping[str, str]
    share: float
    within_s: int
    target_version: int
    short_abandon_s: int
    wrap_up_s: int
    wrap_up_codes: tuple[WrapUpCode, ...]
    longest_s: int = 600
    when_missed: WhenMissed = "warn"
    periods: tuple[Period, ...] = ()
    timezone: str = "Europe/Brussels"
    special_days: Mapping[str, str] = field(default_factory=dict)
    relax: Mapping[Skill, int] = field(default_factory=dict)
    priority_cap_s: int = 120

    @property
    def target(self) -> Target:
        """The queue's own target, for when no period covers the moment."""
        return Target(self.share, self.within_s, self.longest_s, self.when_missed)

    def target_at(self, moment: datetime) -> Target:
        """The target that counts for a caller who enters at `moment`."""
        return self._in_force(moment)[0]

    def period_at(self, moment: datetime) -> str | None:
        """The name of the period that covers `moment`."""
        return self._in_force(moment)[1]

    def _in_force(self, moment: datetime) -> tuple[Target, str | None]:
        if not self.periods:
            return self.target, None
        local = moment.astimezone(ZoneInfo(self.timezone))
        return in_force(self.target, self.periods, local, self.special_days.get(local.date().isoformat()))

    def label(self, language: str) -> str:
        """The queue's name in `language`, else its key."""
        return self.labels.get(language, self.name)


@dataclass(frozen=True)
class Operator:
    """`queues` are the products that the operator knows, `levels` how well (1 when not named)."""

    id: int
    name: str
    languages: frozenset[str]
    queues: frozenset[str]
    levels: Mapping[str, int] = field(default_factory=dict)

    def level(self, queue: str) -> int:
        """How well the operator knows the queue's product; 0 is not at all."""
        return self.levels.get(queue, 1) if queue in self.queues else 0


@dataclass(frozen=True)
class Offer:
    """One operator rung for one waiting call, from `made_at` until accepted, declined, lapsed or withdrawn."""

    id: str
    call_id: str
    ordinal: int
    operator_id: int
    queue: str
    language: str
    entered_at: datetime  # when the caller entered the queue
    made_at: datetime
    lapses_at: datetime
    status: OfferStatus = "ringing"
    settled_at: datetime | None = None
    rev: int = 0


@dataclass(frozen=True)
class Refusal:
    """An operator let this call go by, declined or unanswered."""

    operator_id: int
    at: datetime


@dataclass(frozen=True)
class WaitingCall:
    """A call in a queue until its operator is heard; `offer` is the one that rings or is being connected. A callback
    stands in the queue in its caller's stead: nobody is on the line yet, and its `entered_at` is virtual."""

    call_id: str
    queue: str
    language: str
    entered_at: datetime
    order_at: datetime
    ordinal: int = 1
    kind: CallKind = "call"
    offer: Offer | None = None
    refusals: tuple[Refusal, ...] = ()
    level: int = 1  # what the operator must have in the queue
    rev: int = 0

    @property
    def state(self) -> Literal["waiting", "offered", "connecting"]:
        if self.offer is None:
            return "waiting"
        return "offered" if self.offer.status == "ringing" else "connecting"

    def waited_s(self, now: datetime) -> float:
        return max(0.0, (now - self.entered_at).total_seconds())


@dataclass(frozen=True)
class Presence:
    """What an operator does now. `until` is the deadline of offered, connecting and wrap-up; `wish` is the state chosen
    for after the call. `idle_since` is the operator's turn: it survives an offer that came to nothing."""

    operator_id: int
    state: OperatorState
    since: datetime
    reason: str | None = None
    call_id: str | None = None
    queue: str | None = None
    offer_id: str | None = None
    until: datetime | None = None
    wish: ChosenState | None = None
    wish_reason: str | None = None
    idle_since: datetime | None = None
    rev: int = 0

    @property
    def wrap_up_until(self) -> datetime | None:
        return self.until if self.state == "wrap-up" else None


@dataclass(frozen=True)
class Place:
    """Where a caller stands: `position` counts from 1, `waiting` is how many stand in that queue."""

    queue: str
    position: int
    waiting: int
    waited_s: float
    estimate: Estimate | None = None  # of the wait that is left; None when it is not known
    pace: Pace = "on-time"

    @property
    def estimate_s(self) -> float | None:
        return self.estimate.wait_s if self.estimate else None

    @property
    def wording(self) -> Wording | None:
        """How the estimate is said."""
        return wording(self.estimate) if self.estimate else None


@dataclass(frozen=True)
class QueueView:
    """A queue on the board. `waiting` is in order; `paces` and `estimates` (seconds still to wait; None when not known)
    go with it. `target` is the one in force now, from `period`. `late` counts those who waited longer than their
    target, `at_risk` those who will at the present pace."""

    queue: Queue
    waiting: tuple[WaitingCall, ...]
    longest_wait_s: float | None  # None: nobody waits
    late: int
    target: Target
    period: str | None = None
    at_risk: int = 0
    paces: tuple[Pace, ...] = ()
    estimates: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class OperatorView:
    operator: Operator
    presence: Presence


@dataclass(frozen=True)
class Board:
    """The whole room at one moment."""

    at: datetime
    queues: tuple[QueueView, ...]
    operators: tuple[OperatorView, ...]
