"""What happened to a call: the entries of the call log. They are only ever added; the call record is a fold over them.

`at` is when it happened, by the most truthful clock there is: the provider's own timestamp (whole seconds,
twilio.md 1.6 and 1.8) where it sends one, ours otherwise. `key` is unique within the call, so that what is reported
twice is kept once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    key: str


class CallStarted(_Fact):
    kind: Literal["call-started"] = "call-started"
    leg: str  # the caller's CallSid
    from_number: str
    to_number: str
    flow: str
    flow_version: str


class StepTaken(_Fact):
    """One step of the flow: the event, and the session after it, from which a lost session is rebuilt."""

    kind: Literal["step-taken"] = "step-taken"
    event: dict[str, Any]
    session: dict[str, Any]


class LanguageChosen(_Fact):
    kind: Literal["language-chosen"] = "language-chosen"
    language: str


class TranscriptionRefused(_Fact):
    kind: Literal["transcription-refused"] = "transcription-refused"
    by: Literal["caller", "operator"]


class MenuChosen(_Fact):
    kind: Literal["menu-chosen"] = "menu-chosen"
    node: str
    digits: str
    label: str  # prompt id of the choice's name


class IncidentHeard(_Fact):
    """The caller was read a message about an incident; `incident` is its id and revision, as "3.1"."""

    kind: Literal["incident-heard"] = "incident-heard"
    incident: str


class Rated(_Fact):
    """The caller's answer to the satisfaction question, 1 (bad) to 5 (good)."""

    kind: Literal["rated"] = "rated"
    score: int = Field(ge=1, le=5)


class QueueExited(_Fact):
    """The flow took the caller out of a queue before an operator did; `way` is the exit: full, closed, overflow ..."""

    kind: Literal["queue-exited"] = "queue-exited"
    queue: str
    ordinal: int
    way: str


class QueueEntered(_Fact):
    """The service-level clock starts here. `ordinal` counts the queues of this call from 1."""

    kind: Literal["queue-entered"] = "queue-entered"
    queue: str
    ordinal: int


class TargetSet(_Fact):
    """The wait-time target that counts for this call: share 0-1 within seconds."""

    kind: Literal["target-set"] = "target-set"
    queue: str
    share: float
    within_s: int


class WaitAnnounced(_Fact):
    """What a waiting caller was told. `estimate_s` is the estimate of the wait that was left, None when it was not
    known; it was said as `bound` and whole `minutes`."""

    kind: Literal["wait-announced"] = "wait-announced"
    position: int
    estimate_s: float | None
    bound: Literal["less-than", "about", "more-than"] | None = None
    minutes: int | None = None


class OfferMade(_Fact):
    kind: Literal["offer-made"] = "offer-made"
    offer: str
    operator: int


class OfferSettled(_Fact):
    kind: Literal["offer-settled"] = "offer-settled"
    offer: str
    operator: int
    how: Literal["accepted", "declined", "lapsed", "withdrawn"]


class LegJoined(_Fact):
    """A leg is in the talking room. `operator` is None for the caller's own leg."""

    kind: Literal["leg-joined"] = "leg-joined"
    leg: str
    operator: int | None
    sequence: int


class LegLeft(_Fact):
    kind: Literal["leg-left"] = "leg-left"
    leg: str
    operator: int | None
    sequence: int
    reason: str


class HoldChanged(_Fact):
    """The caller is put on hold, or taken back."""

    kind: Literal["hold-changed"] = "hold-changed"
    leg: str
    held: bool
    sequence: int


class Requeued(_Fact):
    """The operator was lost; the caller is back at the head of the queue."""

    kind: Literal["requeued"] = "requeued"
    queue: str
    operator: int


class RoomEnded(_Fact):
    kind: Literal["room-ended"] = "room-ended"
    room: str
    sequence: int
    reason: str


class LegStatus(_Fact):
    """A status callback of one leg; `status` is the provider's word (twilio.md 1.2)."""

    kind: Literal["leg-status"] = "leg-status"
    leg: str
    status: str
    sequence: int
    caller: bool  # whether this is the caller's leg


class FlowEnded(_Fact):
    """The flow came to its end by itself: `outcome` is closed, failed, ... as the flow's hang-up node says."""

    kind: Literal["flow-ended"] = "flow-ended"
    outcome: str


class CallEnded(_Fact):
    """The caller's leg is over (our own knowledge; LegStatus is the provider's)."""

    kind: Literal["call-ended"] = "call-ended"
    reason: str


class StreamChanged(_Fact):
    """A Media Stream of a leg started, stopped or failed."""

    kind: Literal["stream-changed"] = "stream-changed"
    leg: str
    stream: str
    change: Literal["stream-started", "stream-stopped", "stream-error"]


class RecordingChanged(_Fact):
    kind: Literal["recording-changed"] = "recording-changed"
    recording: str
    status: str
    duration_s: int | None


class CallbackRequested(_Fact):
    """The caller wants to be rung back instead of waiting. `session` is the flow's at the queue whose place is kept,
    for the talk to go on from; `calendar` the opening hours within which may be called. Without a slot: in turn."""

    kind: Literal["callback-requested"] = "callback-requested"
    queue: str
    number: str  # E.164
    slot_begins_at: datetime | None
    slot_ends_at: datetime | None
    session: dict[str, Any]
    calendar: dict[str, Any]


class CallbackBegan(_Fact):
    """This call is an attempt at a callback, the `attempt`th (from 1); `origin` is the call in which it was asked."""

    kind: Literal["callback-began"] = "callback-began"
    callback: int
    origin: str
    attempt: int


class CallbackDialled(_Fact):
    """The operator is there and the caller is being rung: `leg` is the caller's."""

    kind: Literal["callback-dialled"] = "callback-dialled"
    leg: str


class VoicemailLeft(_Fact):
    """A message that somebody must listen to, before `due_at`. `recording` is the provider's id of its sound."""

    kind: Literal["voicemail-left"] = "voicemail-left"
    queue: str
    recording: str
    due_at: datetime


class WrapUpStarted(_Fact):
    kind: Literal["wrap-up-started"] = "wrap-up-started"
    operator: int


class WrapUpEnded(_Fact):
    kind: Literal["wrap-up-ended"] = "wrap-up-ended"
    operator: int
    code: str | None


Fact = Annotated[
    CallStarted
    | StepTaken
    | LanguageChosen
    | TranscriptionRefused
    | MenuChosen
    | QueueEntered
    | QueueExited
    | IncidentHeard
    | Rated
    | TargetSet
    | WaitAnnounced
    | OfferMade
    | OfferSettled
    | LegJoined
    | LegLeft
    | HoldChanged
    | Requeued
    | RoomEnded
    | LegStatus
    | FlowEnded
    | CallEnded
    | StreamChanged
    | RecordingChanged
    | CallbackRequested
    | CallbackBegan
    | CallbackDialled
    | VoicemailLeft
    | WrapUpStarted
    | WrapUpEnded,
    Field(discriminator="kind"),
]
FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
