"""The call record: a fold over the call's facts, in any order and with repetitions, to the same result.

Clocks. Which clock runs is not stored but derived from what is true at a moment: who is in the room, who is on hold,
which offers are live, whether the caller is in a queue. So no order of facts can bring the fold into an odd state.

- `menu`: in the hands of the flow, before the queue or after it (a goodbye counts here too).
- `wait`: in a queue, or alone in the room because the operator was lost.
- `ring`: the same, while an offer is live, or accepted and not yet connected.
- `talk`: caller and operator are both in the room. The first such moment is `answered_at`, and it stays the first one
  when the operator is lost and another takes over: the target is about how long the caller waited to be heard at all,
  the second wait shows in the clocks. `within_target` compares wait and ring up to that first answer.
- `hold`, `consult`: the caller is held with one operator in the room, or with two or more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

from callflows.facts import (
    CallbackBegan,
    CallbackDialled,
    CallbackRequested,
    CallStarted,
    Fact,
    FlowEnded,
    HoldChanged,
    IncidentHeard,
    LanguageChosen,
    LegJoined,
    LegLeft,
    LegStatus,
    MenuChosen,
    OfferMade,
    OfferSettled,
    QueueEntered,
    QueueExited,
    Rated,
    RecordingChanged,
    Requeued,
    RoomEnded,
    StepTaken,
    StreamChanged,
    TargetSet,
    TranscriptionRefused,
    VoicemailLeft,
    WaitAnnounced,
    WrapUpEnded,
    WrapUpStarted,
)
from callflows.lifecycle import LEG
from callflows.record import CallRecord, Clocks, Outcome
from callflows.timeline import alive, end_of_call, in_order, once

ClockName = Literal["menu", "wait", "ring", "talk", "hold", "consult"]
Status = Literal["menu", "waiting", "offered", "connecting", "talking", "held", "wrap-up", "ended"]


def fold(call_id: str, facts: Iterable[Fact]) -> CallRecord:
    """What `facts` say about the call. Never raises; facts of one `key` count once."""
    kept = once(facts)
    if not kept:
        return CallRecord(call_id=call_id)
    moments = in_order(kept)
    ended_at = end_of_call(moments)
    state = _State(now=moments[0][0])
    for moment, fact in moments:
        if ended_at is not None and moment > ended_at:
            state.stop(ended_at)
        state.now = moment
        state.take(fact)
    if ended_at is not None:
        state.stop(ended_at)
    return _record(call_id, state, kept, ended_at)


def changes_nothing(fact: Fact) -> bool:
    """Whether the record of a call whose start is known is the same with this fact and without it. False is always
    right: it only costs a fold."""
    match fact:
        case WaitAnnounced() | IncidentHeard() | QueueExited() | StreamChanged() | RecordingChanged():
            return True
        case StepTaken():  # a round of music
            return fact.session.get("phase") == "waiting" and not alive(fact)
        case LegStatus():
            return fact.status not in LEG.final
        case _:
            return False


@dataclass
class _State:
    """What is true of the call at `now`."""

    now: datetime
    over: bool = False
    clock: ClockName | None = None
    clock_since: datetime | None = None
    spent: dict[str, timedelta] = field(default_factory=dict)
    queue: str | None = None
    ordinal: int = 0  # of the queue the caller entered last
    left_ordinal: int = 0  # of the queue the flow has taken the caller out of last
    connected: bool = False  # to an operator, since the caller was in the queue last
    caller_in: bool = False
    held: bool = False
    operators: dict[str, int] = field(default_factory=dict)  # leg -> operator, in the room
    live: set[str] = field(default_factory=set)  # offers
    accepted: dict[str, int] = field(default_factory=dict)  # offer -> operator
    entered_at: datetime | None = None
    answered_at: datetime | None = None
    answer_after: timedelta | None = None
    operator: int | None = None

    def stop(self, moment: datetime) -> None:
        if not self.over:
            self.now = moment
            self._turn_to(None)
            self.over = True

    def take(self, fact: Fact) -> None:
        match fact:
            case StepTaken():
                if fact.session.get("phase") != "waiting":
                    self.left_ordinal = max(self.left_ordinal, int(fact.session.get("queues_entered", 0)))
            case QueueEntered():
                if fact.ordinal > self.ordinal:
                    self.ordinal, self.queue, self.connected = fact.ordinal, fact.queue, False
                self.entered_at = self.entered_at or self.now
            case OfferMade():
                self.live.add(fact.offer)
            case OfferSettled():
                self.live.discard(fact.offer)
                self.accepted.pop(fact.offer, None)
                if fact.how == "accepted":
                    self.accepted[fact.offer] = fact.operator
            case LegJoined() if fact.operator is None:
                self.caller_in = True
            case LegJoined():
                self.operators[fact.leg] = fact.operator or 0
            case LegLeft() if fact.operator is None:
                self.caller_in = self.held = False
            case LegLeft():
                self.operators.pop(fact.leg, None)
            case HoldChanged():
                self.held = fact.held
            case RoomEnded():
                self.caller_in = self.held = False
                self.operators.clear()
            case Requeued():
                self.connected = False
                self.operators = {leg: who for leg, who in self.operators.items() if who != fact.operator}
                self.accepted = {offer: who for offer, who in self.accepted.items() if who != fact.operator}
            case _:
                pass
        if not self.over:
            self._settle()

    def _settle(self) -> None:
        """After every fact: who is heard, and which clock runs."""
        if self.caller_in and self.operators:
            self.connected = True
            self.operator = list(self.operators.values())[-1]
            self.accepted = {offer: who for offer, who in self.accepted.items() if who not in self.operators.values()}
        clock = self._which()
        if clock != self.clock:
            self._turn_to(clock)
        if self.answered_at is None and self.caller_in and self.operators:
            self.answered_at = self.now
            self.answer_after = self.spent.get("wait", timedelta()) + self.spent.get("ring", timedelta())

    def _turn_to(self, clock: ClockName | None) -> None:
        """Another clock runs from now on. What a clock has run counts when it stops, so that a record does not depend
        on when something was last heard of the call."""
        if self.clock is not None and self.clock_since is not None:
            self.spent[self.clock] = self.spent.get(self.clock, timedelta()) + (self.now - self.clock_since)
        self.clock, self.clock_since = clock, None if clock is None else self.now

    def _which(self) -> ClockName:
        if self.caller_in and self.operators:
            if self.held:
                return "consult" if len(self.operators) > 1 else "hold"
            return "talk"
        if self.caller_in or (self.ordinal > self.left_ordinal and not self.connected):
            return "ring" if self.live or self.accepted else "wait"
        return "menu"

    @property
    def status(self) -> Status:
        match self.clock:
            case "talk":
                return "talking"
            case "hold" | "consult":
                return "held"
            case "ring":
                return "connecting" if self.accepted else "offered"
            case "wait":
                return "waiting"
            case _:
                return "menu"


@dataclass(frozen=True)
class _WrapUp:
    spent: timedelta
    since: datetime | None  # of the one that is going on
    ended_at: datetime | None
    code: str | None


def _wrap_up(facts: list[Fact]) -> _WrapUp:
    """Wrap-up of all operators together. An operator may wrap up twice, after being lost and taking the call again."""
    spent, open_since, ended_at, code = timedelta(), dict[int, datetime](), None, None
    of_wrap_up = [fact for fact in facts if isinstance(fact, WrapUpStarted | WrapUpEnded)]
    for fact in sorted(of_wrap_up, key=lambda fact: (fact.at, isinstance(fact, WrapUpEnded), fact.key)):
        if isinstance(fact, WrapUpStarted):
            open_since.setdefault(fact.operator, fact.at)
        elif (since := open_since.pop(fact.operator, None)) is not None:
            spent += fact.at - since
            ended_at, code = fact.at, fact.code or code
    since = min(open_since.values(), default=None)
    return _WrapUp(spent, since, None if open_since else ended_at, code)


def _outcome(state: _State, facts: list[Fact]) -> Outcome:
    if state.answered_at is not None:
        return "answered"
    if any(isinstance(fact, CallbackBegan) for fact in facts):
        return "not-reached"
    said = [fact for fact in facts if isinstance(fact, FlowEnded)]
    if said:
        told = min(said, key=lambda fact: (fact.at, fact.key)).outcome
        # a talk that nobody was seen in did not take place
        known: dict[str, Outcome] = {name: name for name in get_args(Outcome) if name != "answered"}
        return known.get(told, "failed")
    return "abandoned" if state.entered_at is not None else "left-menu"


def _record(call_id: str, state: _State, facts: list[Fact], ended_at: datetime | None) -> CallRecord:
    started = next((fact for fact in facts if isinstance(fact, CallStarted)), None)
    languages = [fact for fact in facts if isinstance(fact, LanguageChosen)]
    targets = [fact for fact in facts if isinstance(fact, TargetSet) and fact.queue == state.queue]
    target = max(targets, key=lambda fact: (fact.at, fact.key), default=None)
    wrap_up = _wrap_up(facts)
    began = next((fact for fact in facts if isinstance(fact, CallbackBegan)), None)
    dialled = next((fact for fact in facts if isinstance(fact, CallbackDialled)), None)
    voicemail = next((fact for fact in facts if isinstance(fact, VoicemailLeft)), None)
    within: bool | None = None
    if state.answer_after is not None and target is not None:
        within = state.answer_after <= timedelta(seconds=target.within_s)
    elif state.entered_at is not None and ended_at is not None and target is not None:
        within = False
    after: Status = "wrap-up" if wrap_up.since is not None else "ended"
    seconds = {name: spent.total_seconds() for name, spent in state.spent.items()}
    return CallRecord(
        call_id=call_id,
        caller_leg=dialled.leg if dialled else (started.leg or None) if started else None,
        direction="callback" if began else "inbound",
        callback=began.callback if began else None,
        wants_callback=any(isinstance(fact, CallbackRequested) for fact in facts),
        voicemail=voicemail.recording if voicemail else None,
        from_number=started.from_number if started else "",
        to_number=started.to_number if started else "",
        language=max(languages, key=lambda fact: (fact.at, fact.key)).language if languages else None,
        transcription=not any(isinstance(fact, TranscriptionRefused) for fact in facts),
        menu_path=tuple(fact.label for fact in facts if isinstance(fact, MenuChosen)),
        status=state.status if ended_at is None else after,
        queue=state.queue,
        operator=state.operator,
        operator_leg=next(reversed(state.operators), None),
        outcome=_outcome(state, facts) if ended_at is not None else None,
        started_at=started.at if started else None,
        entered_at=state.entered_at,
        answered_at=state.answered_at,
        ended_at=ended_at,
        wrapped_up_at=wrap_up.ended_at,
        wrap_up_code=wrap_up.code,
        clocks=Clocks(**seconds, wrap_up=wrap_up.spent.total_seconds()),
        running=state.clock if ended_at is None else ("wrap_up" if wrap_up.since else None),
        running_since=state.clock_since if ended_at is None else wrap_up.since,
        target_s=target.within_s if target else None,
        target_share=target.share if target else None,
        within_target=within,
        rating=next((fact.score for fact in reversed(facts) if isinstance(fact, Rated)), None),
    )
