"""A flow: what a call may do, as data. One TOML file a flow; `docs/call-flows.md` shows how to change one."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from callflows.faults import Fault, FlowError, Lines, said_plainly
from callflows.hours import Calendar

Language = Literal["nl", "fr", "en"]
Key = Annotated[str, Field(pattern=r"^[0-9*#]{1,20}$")]
EndOutcome = Literal["answered", "callback", "voicemail", "overflow", "closed", "failed", "left-menu"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Part):
    """What one key does: where it leads, what the choice is called (a prompt id), and what else it brings about."""

    exit: str
    label: str = ""
    action: Literal["", "refuse-transcription"] = ""


class WaitChoice(_Part):
    """What one key does in the queue: say the caller's position again, or step out of the queue to `exit`."""

    exit: str = ""
    label: str = ""
    action: Literal["", "say-position"] = ""


class _Node(_Part):
    """`unattended` exits are taken without the caller pressing anything: a loop of only those would never end."""

    unattended: ClassVar[frozenset[str]] = frozenset()

    def exits(self) -> dict[str, str]:
        """Every way out: name in the file (dotted) -> node."""
        return {}

    def choices(self) -> Mapping[str, Choice | WaitChoice]:
        return {}


class LanguageNode(_Node):
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


class MenuNode(_Node):
    """Ask, and go where the key leads. After `retries` more questions in vain: `no_input` or `wrong_key`."""

    kind: Literal["menu"]
    prompt: str
    keys: Annotated[dict[Key, Choice], Field(min_length=1)]
    digits: int = Field(default=1, ge=1, le=20)
    timeout_s: int = Field(default=6, ge=1, le=60)
    retries: int = Field(default=2, ge=0, le=5)
    no_input: str
    wrong_key: str
    no_input_prompt: str = "menu-no-input"
    wrong_key_prompt: str = "menu-wrong-key"

    unattended = frozenset({"no_input"})

    def exits(self) -> dict[str, str]:
        chosen = {f"keys.{key}.exit": choice.exit for key, choice in self.keys.items()}
        return chosen | {"no_input": self.no_input, "wrong_key": self.wrong_key}

    def choices(self) -> Mapping[str, Choice]:
        return self.keys


class NoticeNode(_Node):
    """Tell the caller something that may be answered with a key but need not be (placeholder `retention_days`)."""

    kind: Literal["notice"]
    prompt: str
    keys: dict[Key, Choice] = {}
    timeout_s: int = Field(default=2, ge=1, le=60)
    next: str

    digits: ClassVar[int] = 1
    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {f"keys.{key}.exit": choice.exit for key, choice in self.keys.items()} | {"next": self.next}

    def choices(self) -> Mapping[str, Choice]:
        return self.keys


class SayNode(_Node):
    """Speak and go on. With a `calendar` the prompt knows the next opening (see `hours.opening_args`)."""

    kind: Literal["say"]
    prompt: str
    calendar: str = ""
    hours_prompt: str = ""  # with a calendar: spoken after `prompt`, once for each line of the weekly hours
    next: str

    unattended = frozenset({"next"})

    def exits(self) -> dict[str, str]:
        return {"next": self.next}


class HoursNode(_Node):
    """Look at a calendar."""

    kind: Literal["hours"]
    calendar: str
    open: str
    closed: str
    holiday: str

    unattended = frozenset({"open", "closed", "holiday"})

    def exits(self) -> dict[str, str]:
        return {"open": self.open, "closed": self.closed, "holiday": self.holiday}


class QueueNode(_Node):
    """Wait in `queue` for an operator: `announce_prompt` (placeholder `position`) at once and then every
    `announce_every` rounds of `music_s` seconds; `estimate_prompt` (and `minutes`) when the wait is known.

    Exits: `done` when the talk is over, `full` and `failed` when the queue does not take the caller, `left` when the
    caller is out of it for another reason.
    """

    kind: Literal["queue"]
    queue: str
    prompt: str = ""
    announce_prompt: str = "queue-position"
    estimate_prompt: str = "queue-position-estimate"
    music_s: int = Field(default=20, ge=5, le=120)
    announce_every: int = Field(default=2, ge=1, le=20)
    keys: dict[Key, WaitChoice] = {}
    done: str
    full: str
    failed: str
    left: str = ""

    digits: ClassVar[int] = 1
    unattended = frozenset({"full", "failed", "left"})

    def exits(self) -> dict[str, str]:
        chosen = {f"keys.{key}.exit": choice.exit for key, choice in self.keys.items() if choice.exit}
        left = {"left": self.left} if self.left else {}
        return chosen | {"done": self.done, "full": self.full, "failed": self.failed} | left

    def choices(self) -> Mapping[str, WaitChoice]:
        return self.keys


class HangupNode(_Node):
    """Say goodbye, perhaps with the next opening as in `say`, and end the call with `outcome`."""

    kind: Literal["hangup"]
    prompt: str = ""
    calendar: str = ""
    hours_prompt: str = ""
    outcome: EndOutcome


Node = Annotated[
    LanguageNode | MenuNode | NoticeNode | SayNode | HoursNode | QueueNode | HangupNode, Field(discriminator="kind")
]
NODE: TypeAdapter[Node] = TypeAdapter(Node)


class Flow(_Part):
    """A flow. `version` is a short hash of the text: a call keeps the version it started with."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    start: str
    language: Language  # spoken to a caller who has not chosen
    apology: str = "apology"  # prompt for when a flow cannot go on
    calendars: dict[str, Calendar] = {}
    nodes: dict[str, Node]
    version: str = ""


@dataclass(frozen=True)
class Reading:
    """What could be read of a flow: `flow` is None when there was nothing to build on; broken nodes are left out
    of it and named in `broken`."""

    file: str
    lines: Lines
    flow: Flow | None
    faults: tuple[Fault, ...]
    broken: frozenset[str] = frozenset()

    def fault(self, sentence: str, *path: str) -> Fault:
        node = path[1] if len(path) > 1 and path[0] == "nodes" else ""
        return Fault(self.file, self.lines.line(*path), node, sentence)


def read_flow(text: str, file: str) -> Reading:
    """Read a flow and note every fault of its form. Raises nothing."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        fault = Fault(file, int(where[1]) if where else 1, "", f"This is not TOML: {error}.")
        return Reading(file, Lines(), None, (fault,))
    lines = Lines.of(text)
    reading = Reading(file, lines, None, ())
    faults: list[Fault] = []
    nodes: dict[str, Node] = {}
    raw_nodes = raw.get("nodes")
    for name, body in raw_nodes.items() if isinstance(raw_nodes, dict) else ():
        try:
            nodes[name] = NODE.validate_python(body)
        except ValidationError as error:
            faults += _form_faults(reading, error, ("nodes", name))
    broken = frozenset(raw_nodes) - frozenset(nodes) if isinstance(raw_nodes, dict) else frozenset()
    flow: Flow | None = None
    try:
        version = hashlib.sha256(text.encode()).hexdigest()[:12]
        flow = Flow.model_validate({**raw, "nodes": nodes, "version": version})
    except ValidationError as error:
        faults += _form_faults(reading, error, ())
    else:
        faults += _name_faults(reading, flow, broken)
    return Reading(file, lines, flow, tuple(faults), broken)


def load_flow(path: Path) -> Flow:
    """The flow in `path`. Raises FlowError with every fault of form and every unknown name; `check` looks further."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FlowError([Fault(str(path), 1, "", f"The file cannot be read: {error.strerror}.")]) from None
    reading = read_flow(text, str(path))
    if reading.flow is None or reading.faults:
        raise FlowError(reading.faults)
    return reading.flow


def _form_faults(reading: Reading, error: ValidationError, around: tuple[str, ...]) -> list[Fault]:
    found = []
    for detail in error.errors():
        where = [str(part) for part in detail["loc"] if part != "[key]"]
        if detail["type"].startswith("union_tag"):
            where = ["kind"]
        elif around and len(where) > 1:
            where = where[1:]  # pydantic names the member of the union, the kind, first
        found.append(reading.fault(f"{'.'.join(where)}: {said_plainly(detail)}.", *around, *where))
    return found


def _name_faults(reading: Reading, flow: Flow, broken: frozenset[str]) -> list[Fault]:
    known = flow.nodes.keys() | broken
    found = []
    if flow.start not in known:
        found.append(reading.fault(f'start leads to "{flow.start}", which is not a node.', "start"))
    for name, node in flow.nodes.items():
        for exit_name, target in node.exits().items():
            if target not in known:
                where = ("nodes", name, *exit_name.split("."))
                found.append(reading.fault(f'{exit_name} leads to "{target}", which is not a node.', *where))
        calendar = getattr(node, "calendar", "")
        if calendar and calendar not in flow.calendars:
            sentence = f'calendar "{calendar}" is not one of this flow.'
            found.append(reading.fault(sentence, "nodes", name, "calendar"))
    return found
