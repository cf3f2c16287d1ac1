"""Kinds of node by which a caller leaves something to be done: a time to be rung back at, a callback, a message."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from callflows.node_parts import BaseNode, VariableName

COUNTRIES = ("BE", "LU", "NL", "FR", "DE", "GB")  # a caller may type any number, and we pay


class OfferedNode(BaseNode):
    """Whether the queue that the caller was in offers callbacks: a way out of a queue that is full, or fails, leads on
    to a callback only where there is one."""

    kind: Literal["callback-offered"]
    yes: str
    no: str

    unattended = frozenset({"yes", "no"})

    def exits(self) -> dict[str, str]:
        return {"yes": self.yes, "no": self.no}


class SlotsNode(BaseNode):
    """Read out times within the opening hours of `calendar`, before the next working day ends, and keep the one that
    the caller chooses in the variable `store`. `slot_prompt` has the placeholders `key`, `slot_day` (today, tomorrow
    or a weekday), `hour` and `until_hour`. `none`: there is no time to choose."""

    kind: Literal["slots"]
    calendar: str
    prompt: str
    slot_prompt: str
    store: VariableName = "slot"
    timeout_s: int = Field(default=6, ge=1, le=60)
    retries: int = Field(default=2, ge=0, le=5)
    next: str
    none: str
    no_input: str
    no_input_prompt: str = "menu-no-input"
    wrong_key_prompt: str = "menu-wrong-key"
    speech: bool = False  # callers may say the key
    speech_prompt: str = "speech-choice"

    stores = ("store",)
    unattended = frozenset({"none", "no_input"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next, "none": self.none, "no_input": self.no_input}


class NumberNode(BaseNode):
    """Look at the telephone number in `variable`: `good` when we would ring it back, `bad` when it is withheld, dear,
    or not of one of `countries`."""

    kind: Literal["number"]
    variable: VariableName
    countries: tuple[str, ...] = COUNTRIES
    good: str
    bad: str

    unattended = frozenset({"good", "bad"})

    def exits(self) -> dict[str, str]:
        return {"good": self.good, "bad": self.bad}


class CallbackNode(BaseNode):
    """Write down that the caller wants to be rung back on the number in the variable `number` (nothing stored there:
    the one they ring from), in turn or at the time in `slot`. The place kept is that of the queue the caller came from,
    else it begins now, in `queue`. Numbers outside `countries`, dear ones and withheld ones are `refused`."""

    kind: Literal["callback"]
    number: VariableName = "callback-number"
    slot: VariableName = "slot"
    queue: str
    calendar: str
    countries: tuple[str, ...] = COUNTRIES
    next: str
    refused: str

    unattended = frozenset({"next", "refused"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next, "refused": self.refused}


class VoicemailNode(BaseNode):
    """Make what a `record` node has recorded an item of work, due at the end of the next working day by `calendar`, for
    the queue the caller came from, else for `queue`."""

    kind: Literal["voicemail"]
    recording: VariableName = "recording"
    queue: str
    calendar: str
    next: str

    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next}
