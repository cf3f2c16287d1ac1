"""What can happen to a caller in a flow: the inputs of the engine. A webhook becomes exactly one of these."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Bound = Literal["less-than", "about", "more-than"]
WayOut = Literal["", "full", "closed", "nobody", "overflow"]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CallArrived(_Event):
    """The caller rang. Numbers are E.164 where the provider could tell, otherwise its own words ("anonymous")."""

    kind: Literal["call-arrived"] = "call-arrived"
    from_number: str
    to_number: str


class DigitsPressed(_Event):
    """The caller pressed keys (0-9 * #) that a `Gather` asked for."""

    kind: Literal["digits-pressed"] = "digits-pressed"
    digits: str


class AnswerSpoken(_Event):
    """The caller answered a `Gather` by word of mouth. `digits` are the keys that it stands for, empty when it was none
    of the answers; what was said is not kept. `confidence` is from 0 to 1."""

    kind: Literal["answer-spoken"] = "answer-spoken"
    digits: str
    confidence: float = 1.0


class InputTimedOut(_Event):
    """A `Gather` ended without a key."""

    kind: Literal["input-timed-out"] = "input-timed-out"


class Recorded(_Event):
    """A `Record` is over: the caller spoke for `duration_s` seconds and then stopped, pressed a key or hung up.
    `recording` is the provider's id of it and `url` its address; the sound may take a while to be there (twilio.md
    1.7)."""

    kind: Literal["recorded"] = "recorded"
    recording: str
    url: str = ""
    duration_s: int


class Continued(_Event):
    """A document without a question has been spoken; the flow goes on."""

    kind: Literal["continued"] = "continued"


class WaitLooped(_Event):
    """The caller in the queue is due for the next round of the wait loop.

    `position` counts from 1; `estimate_s` is the estimated remaining wait in seconds, None when it is not known.
    It is said as `estimate_minutes` (rounded up from the seconds when not given) with `estimate_bound` before it.
    `way_out` is what the queue's own rules say now: nothing, `full`, `closed`, `nobody`, or `overflow` to the queue
    `overflow_to`.
    """

    kind: Literal["wait-looped"] = "wait-looped"
    position: int | None = None
    estimate_s: float | None = None
    estimate_bound: Bound = "about"
    estimate_minutes: int | None = None
    way_out: WayOut = ""
    callback: bool = False  # this caller may be offered one; with a way out: the queue offers them at all
    overflow_to: str = ""


class WaitKeyPressed(_Event):
    """The caller pressed a key while waiting in the queue."""

    kind: Literal["wait-key-pressed"] = "wait-key-pressed"
    digits: str


class QueueLeft(_Event):
    """The caller is out of the provider's queue without being moved to an operator.

    `result` is the provider's word: hangup, leave, queue-full, error, system-error.
    """

    kind: Literal["queue-left"] = "queue-left"
    result: str
    callback: bool = False  # the queue offers callbacks


class TalkEnded(_Event):
    """The conversation with the operator is over and the caller is still on the line."""

    kind: Literal["talk-ended"] = "talk-ended"


Event = Annotated[
    CallArrived
    | DigitsPressed
    | AnswerSpoken
    | InputTimedOut
    | Recorded
    | Continued
    | WaitLooped
    | WaitKeyPressed
    | QueueLeft
    | TalkEnded,
    Field(discriminator="kind"),
]
