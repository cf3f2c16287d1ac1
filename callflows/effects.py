"""What the engine asks for. A step gives any number of spoken effects and exactly one closing effect,
so that a call is never left without a next instruction. `ivr.twiml` turns them into TwiML."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Effect(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Say(_Effect):
    """Speak one prompt of the catalogue in `language`. `args` are the prompt's placeholders."""

    kind: Literal["say"] = "say"
    prompt: str
    language: str
    args: dict[str, str | int | float] = {}


class ReadOut(_Effect):
    """Read a text that is not of the catalogue: a supervisor's message, in `language`."""

    kind: Literal["read-out"] = "read-out"
    text: str
    language: str


class PlayHoldMusic(_Effect):
    """Play hold music for about `duration_s` seconds."""

    kind: Literal["play-hold-music"] = "play-hold-music"
    duration_s: int


Spoken = Annotated[Say | ReadOut | PlayHoldMusic, Field(discriminator="kind")]


class Gather(_Effect):
    """Closing. Speak, and wait for keys: `digits` of them, or until `finish_on_key`; at most `timeout_s` after the
    last spoken effect. Becomes DigitsPressed or InputTimedOut (WaitKeyPressed or WaitLooped in a queue).

    `speech`: listen for a spoken answer too (then AnswerSpoken is possible). `deaf`: the flow asks for it, but nobody
    here understands the caller's language."""

    kind: Literal["gather"] = "gather"
    spoken: tuple[Spoken, ...] = ()
    digits: int = 1
    timeout_s: int = 5
    finish_on_key: str = ""
    speech: Literal["off", "on", "deaf"] = "off"


class Record(_Effect):
    """Closing. Speak, give a tone, and record the caller for at most `max_s` seconds, until `finish_on_key` or until
    `silence_s` seconds of silence. Becomes Recorded, or Continued when nothing was said."""

    kind: Literal["record"] = "record"
    spoken: tuple[Spoken, ...] = ()
    max_s: int
    silence_s: int
    finish_on_key: str


class Continue(_Effect):
    """Closing. Come back at once for the next step (Continued)."""

    kind: Literal["continue"] = "continue"


class Enqueue(_Effect):
    """Closing. Put the caller in `queue`; WaitLooped follows for every round of the wait loop."""

    kind: Literal["enqueue"] = "enqueue"
    queue: str


class WaitOn(_Effect):
    """Closing, only in a queue. Stay in the queue and come back for the next round (WaitLooped)."""

    kind: Literal["wait-on"] = "wait-on"


class LeaveQueue(_Effect):
    """Closing, only in a queue. Step out of it; QueueLeft(result="leave") follows."""

    kind: Literal["leave-queue"] = "leave-queue"


class Hangup(_Effect):
    """Closing. End the call."""

    kind: Literal["hangup"] = "hangup"


Closing = Annotated[
    Gather | Record | Continue | Enqueue | WaitOn | LeaveQueue | Hangup,
    Field(discriminator="kind"),
]
Effect = Annotated[
    Say | ReadOut | PlayHoldMusic | Gather | Record | Continue | Enqueue | WaitOn | LeaveQueue | Hangup,
    Field(discriminator="kind"),
]
