"""A flow: what a call may do, as data. One TOML file a flow; `docs/call-flows.md` shows how to change one."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callflows.faults import Fault, Lines, said_plainly
from callflows.hours import Calendar
from callflows.node_parts import GIVEN_VARIABLES, Language
from callflows.nodes import NODE, Node


class Flow(BaseModel):
    """A flow. `version` is a short hash of the text: a call keeps the version it started with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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


def read_flow(text: str, file: str, calendars: Mapping[str, Calendar] | None = None) -> Reading:
    """Read a flow and note every fault of its form. `calendars` are those that all flows share; a flow's own of the
    same name comes first. Raises nothing."""
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
        flow = flow.model_copy(update={"calendars": {**(calendars or {}), **flow.calendars}})
        faults += _name_faults(reading, flow, broken)
    return Reading(file, lines, flow, tuple(faults), broken)


def _form_faults(
    reading: Reading, error: ValidationError, around: tuple[str, ...], *, whole: bool = False
) -> list[Fault]:
    found = []
    for detail in error.errors():
        where = [str(part) for part in detail["loc"] if part != "[key]"]
        if detail["type"].startswith("union_tag"):
            where = ["kind"]
        elif around and not whole:
            where = where[1:]  # pydantic names the member of the union, the kind, first
        said = f"{'.'.join(where)}: {said_plainly(detail)}." if where else f"{said_plainly(detail)}."
        found.append(reading.fault(said, *around, *where))
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
            sentence = f'calendar "{calendar}" is not one of this flow, nor of all flows.'
            found.append(reading.fault(sentence, "nodes", name, "calendar"))
    return [*found, *([] if broken else _variable_faults(reading, flow))]


def _variable_faults(reading: Reading, flow: Flow) -> list[Fault]:
    """Variables that are spoken but never stored. What a calling flow stores is not known here: name it there."""
    stored = {getattr(node, key) for node in flow.nodes.values() for key in node.stores} | GIVEN_VARIABLES
    found = []
    for name, node in flow.nodes.items():
        for placeholder, variable in getattr(node, "args", {}).items():
            if variable not in stored:
                sentence = f'args.{placeholder}: no node stores "{variable}".'
                found.append(reading.fault(sentence, "nodes", name, "args", placeholder))
    return found


def read_calendars(text: str, file: str) -> tuple[dict[str, Calendar], tuple[Fault, ...]]:
    """The calendars that all flows share, one table each, and what is wrong with them."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        return {}, (Fault(file, int(where[1]) if where else 1, "", f"This is not TOML: {error}."),)
    reading = Reading(file, Lines.of(text), None, ())
    found: dict[str, Calendar] = {}
    faults: list[Fault] = []
    for name, body in raw.items():
        try:
            found[name] = Calendar.model_validate(body)
        except ValidationError as error:
            faults += _form_faults(reading, error, (name,), whole=True)
    return found, tuple(faults)
