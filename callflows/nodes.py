"""The kinds of node that a flow is made of: what each says, asks, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, TypeAdapter, model_validator

from callflows.node_parts import (
    BaseNode,
    Choice,
    EndOutcome,
    Key,
    Language,
    VariableName,
    WaitChoice,
)
from callflows.promise_nodes import CallbackNode, NumberNode, OfferedNode, SlotsNode, VoicemailNode
from callflows.set_node import SetNode


class LanguageNode(BaseNode):
    """Ask for the language in every language of `keys`, with the placeholder `key`. No answer: the flow's own."""

    kind: Literal["language"]
    prompt: str
    keys: Annotated[dict[Key, Language], Field(min_length=1)]
    timeout_s: int = Field(default=5, ge=1, le=60)
    retries: int = Field(default=1, ge=0, le=5)
    next: str

    digits: ClassVar[int] = 1
    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next}


class MenuNode(BaseNode):
    """Ask, and go where the key leads. After `retries` more questions in vain: `no_input` or `wrong_key`."""

    kind: Literal["menu"]
    prompt: str
    args: dict[str, VariableName] = Field(default_factory=dict)  # placeholder of the prompt -> variable
    keys: Annotated[dict[Key, Choice], Field(min_length=1)]
    digits: int = Field(default=1, ge=1, le=20)
    timeout_s: int = Field(default=6, ge=1, le=60)
    retries: int = Field(default=2, ge=0, le=5)
    no_input: str
    wrong_key: str
    no_input_prompt: str = "menu-no-input"
    wrong_key_prompt: str = "menu-wrong-key"
    speech: bool = False  # callers may say their choice; they hear `speech_prompt` when we can understand them
    speech_prompt: str = "speech-choice"

    unattended = frozenset({"no_input"})

    def exits(self) -> dict[str, str]:
        chosen = {f"keys.{key}.exit": choice.exit for key, choice in self.keys.items()}
        return chosen | {"no_input": self.no_input, "wrong_key": self.wrong_key}

    def choices(self) -> Mapping[str, Choice]:
        return self.keys


class NoticeNode(BaseNode):
    """Tell the caller something that may be answered with a key but need not be (placeholder `retention_days`)."""

    kind: Literal["notice"]
    prompt: str
    keys: dict[Key, Choice] = Field(default_factory=dict)
    timeout_s: int = Field(default=2, ge=1, le=60)
    next: str

    digits: ClassVar[int] = 1
    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {f"keys.{key}.exit": choice.exit for key, choice in self.keys.items()} | {"next": self.next}

    def choices(self) -> Mapping[str, Choice]:
        return self.keys


class SayNode(BaseNode):
    """Speak and go on. With a `calendar` the prompt knows the next opening (see `hours.opening_args`)."""

    kind: Literal["say"]
    prompt: str
    args: dict[str, VariableName] = Field(default_factory=dict)  # placeholder of the prompt -> variable
    calendar: str = ""
    hours_prompt: str = ""  # with a calendar: spoken after `prompt`, once for each line of the weekly hours
    next: str

    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next}


class AskNode(BaseNode):
    """Ask for digits and keep them in the variable `store`: `min_digits` to `max_digits` of them, ended by `#` or by a
    pause. With `format = "phone"` they must be a telephone number, which is kept as E.164.

    After `retries` more questions in vain: `no_input`, or `wrong` when what was typed cannot be it.
    """

    kind: Literal["ask"]
    prompt: str
    args: dict[str, VariableName] = Field(default_factory=dict)
    store: VariableName
    format: Literal["digits", "phone"] = "digits"
    min_digits: int = Field(default=1, ge=1, le=20)
    max_digits: int = Field(default=15, ge=1, le=20)
    timeout_s: int = Field(default=6, ge=1, le=60)
    retries: int = Field(default=2, ge=0, le=5)
    next: str
    no_input: str
    wrong: str
    no_input_prompt: str = "ask-no-input"
    wrong_prompt: str = "ask-wrong"
    speech: bool = False  # callers may say the digits; they hear `speech_prompt` when we can understand them
    speech_prompt: str = "speech-digits"

    stores = ("store",)
    unattended = frozenset({"no_input"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next, "no_input": self.no_input, "wrong": self.wrong}

    @model_validator(mode="after")
    def _in_order(self) -> AskNode:
        if self.min_digits > self.max_digits:
            raise ValueError("min_digits is more than max_digits")
        return self


class RecordNode(BaseNode):
    """Record the caller after a tone, for at most `max_s` seconds, until `finish_on_key` or `silence_s` of silence.
    The recording's sid is kept in the variable `store`; a caller who said nothing leaves by `empty`."""

    kind: Literal["record"]
    prompt: str
    args: dict[str, VariableName] = Field(default_factory=dict)
    store: VariableName = "recording"
    max_s: int = Field(default=120, ge=5, le=600)
    silence_s: int = Field(default=5, ge=2, le=30)
    finish_on_key: Literal["#", "*", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] = "#"
    next: str
    empty: str

    stores = ("store",)
    unattended = frozenset({"next", "empty"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next, "empty": self.empty}


class CallNode(BaseNode):
    """Go through another flow of the folder and come back: `exits` says where each of its `return` nodes leads."""

    kind: Literal["call"]
    flow: str
    back: dict[str, str] = Field(default={}, alias="exits")

    def exits(self) -> dict[str, str]:
        return {f"exits.{name}": target for name, target in self.back.items()}


class ReturnNode(BaseNode):
    """Back to the flow that called this one, by its exit `exit`."""

    kind: Literal["return"]
    exit: str = Field(default="done", pattern=r"^[a-z][a-z0-9_-]{0,39}$")


class PassageNode(BaseNode):
    """Go on at `next`. Not written in a file: a `call` and a `return` become one when flows are joined."""

    kind: Literal["passage"] = "passage"
    next: str

    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next}


class IncidentNode(BaseNode):
    """Read out the messages that a supervisor has set, as far as this caller has not heard them; mostly there are none.
    `prompt` is what a caller hears for a message that does not have their language."""

    kind: Literal["incident"]
    prompt: str = "incident-standard"
    next: str

    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next}


class RatingNode(BaseNode):
    """The satisfaction question: a key from 1 (bad) to 5 (good) is kept with the call. Asked once; whatever the caller
    does, the call goes on. With `speech` the digit may be said."""

    kind: Literal["rating"]
    prompt: str
    timeout_s: int = Field(default=5, ge=1, le=60)
    speech: bool = False
    speech_prompt: str = "speech-choice"
    next: str

    digits: ClassVar[int] = 1
    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next}


class HoursNode(BaseNode):
    """Look at a calendar."""

    kind: Literal["hours"]
    calendar: str
    open: str
    closed: str
    holiday: str

    unattended = frozenset({"open", "closed", "holiday"})

    def exits(self) -> dict[str, str]:
        return {"open": self.open, "closed": self.closed, "holiday": self.holiday}


class QueueNode(BaseNode):
    """Wait in `queue` for an operator: `announce_prompt` (placeholder `position`) at once and then every
    `announce_every` rounds of `music_s` seconds; `estimate_prompt` (and `minutes`) when the wait is known.

    Exits: `done` when the talk is over, `full` and `failed` when the queue does not take the caller, `left` when the
    caller is out of it for another reason. `closed` (the helpdesk closes during the wait) and `nobody` (no operator is
    signed in) are taken when the queue's own rules say so; without such an exit the caller waits on. When the rules
    move the caller to another queue, `overflow_prompt` says it and the wait goes on at this node.
    """

    kind: Literal["queue"]
    queue: str
    prompt: str = ""
    announce_prompt: str = "queue-position"
    estimate_prompt: str = "queue-position-estimate"
    music_s: int = Field(default=20, ge=5, le=120)
    announce_every: int = Field(default=2, ge=1, le=20)
    keys: dict[Key, WaitChoice] = Field(default_factory=dict)
    done: str
    full: str
    failed: str
    left: str = ""
    closed: str = ""
    nobody: str = ""
    calendar: str = ""  # when `closed` is
    overflow_prompt: str = "queue-overflow"
    incident_prompt: str = "incident-standard"
    callback_prompt: str = ""  # once a callback may be offered, with every announcement
    keys_prompt: str = ""  # the other keys, with every announcement

    digits: ClassVar[int] = 1
    unattended = frozenset({"full", "failed", "left", "closed", "nobody"})

    def exits(self) -> dict[str, str]:
        chosen = {f"keys.{key}.exit": choice.exit for key, choice in self.keys.items() if choice.exit}
        others = {"left": self.left, "closed": self.closed, "nobody": self.nobody}
        ways = {"done": self.done, "full": self.full, "failed": self.failed}
        return chosen | ways | {name: target for name, target in others.items() if target}

    def choices(self) -> Mapping[str, WaitChoice]:
        return self.keys


class HangupNode(BaseNode):
    """Say goodbye, perhaps with the next opening as in `say`, and end the call with `outcome`."""

    kind: Literal["hangup"]
    prompt: str = ""
    args: dict[str, VariableName] = Field(default_factory=dict)  # placeholder of the prompt -> variable
    calendar: str = ""
    hours_prompt: str = ""
    outcome: EndOutcome


WrittenNode = Annotated[
    LanguageNode
    | MenuNode
    | NoticeNode
    | SayNode
    | AskNode
    | RecordNode
    | IncidentNode
    | RatingNode
    | HoursNode
    | SetNode
    | QueueNode
    | OfferedNode
    | SlotsNode
    | NumberNode
    | CallbackNode
    | VoicemailNode
    | CallNode
    | ReturnNode
    | HangupNode,
    Field(discriminator="kind"),
]
NODE: TypeAdapter[WrittenNode] = TypeAdapter(WrittenNode)
Node = WrittenNode | PassageNode
