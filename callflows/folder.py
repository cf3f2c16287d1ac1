"""A folder of flows: read together, joined where one calls another, and loaded by name.

A flow that another calls is put in at the place of the call, under the name of the call node: the node `number` of the
flow called at `callback` becomes `callback/number`. So a session is one node of one flow, however deep the calls go.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from callflows.faults import Fault, FlowError
from callflows.flow import Flow, Reading, read_calendars, read_flow
from callflows.hours import Calendar
from callflows.nodes import CallNode, Node, PassageNode, ReturnNode

CALENDARS = "calendars"  # the file of the calendars that all flows share; every other file is a flow
SUFFIX = ".toml"


def read_texts(folder: Path) -> dict[str, str]:
    """Every file of the folder by its name without the suffix. Raises FlowError."""
    texts: dict[str, str] = {}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            texts[path.stem] = path.read_text(encoding="utf-8")
        except OSError as error:
            raise FlowError([Fault(str(path), 1, "", f"The file cannot be read: {error.strerror}.")]) from None
    return texts


@dataclass(frozen=True)
class Joined:
    """A flow with what it calls. `origins`: node of the joined flow -> where it is written and its name there.
    `files` are the names of the files it is made of."""

    flow: Flow
    origins: Mapping[str, tuple[Reading, str]]
    files: frozenset[str]


class Folder:
    """The flows of one folder, from their texts by name; `where` is what faults call the folder."""

    def __init__(self, texts: Mapping[str, str], where: str = "") -> None:
        prefix = f"{where.rstrip('/')}/" if where else ""
        self.texts = dict(texts)
        self.where = where
        self.calendars, self.calendar_faults = read_calendars(texts.get(CALENDARS, ""), f"{prefix}{CALENDARS}{SUFFIX}")
        self.readings: dict[str, Reading] = {
            name: read_flow(text, f"{prefix}{name}{SUFFIX}", self.calendars)
            for name, text in texts.items()
            if name != CALENDARS
        }

    @classmethod
    def at(cls, folder: Path) -> Folder:
        """The folder on disk. Raises FlowError when a file cannot be read."""
        return cls(read_texts(folder), str(folder))

    def calls(self, name: str) -> Iterator[tuple[str, CallNode]]:
        """The call nodes of one flow."""
        reading = self.readings.get(name)
        for node_name, node in reading.flow.nodes.items() if reading and reading.flow else ():
            if isinstance(node, CallNode):
                yield node_name, node

    def callers(self, name: str) -> frozenset[str]:
        """The flows that call this one, directly or through others."""
        found: set[str] = set()
        todo = [name]
        while todo:
            wanted = todo.pop()
            for other in self.readings.keys() - found:
                if any(call.flow == wanted for _, call in self.calls(other)):
                    found.add(other)
                    todo.append(other)
        return frozenset(found)

    def call_faults(self) -> Iterator[Fault]:
        """Calls of flows that are not there, that call back, or that do not come back where they are expected."""
        for name, reading in self.readings.items():
            for node_name, node in self.calls(name):
                called = self.readings.get(node.flow)
                if called is None:
                    yield reading.fault(f'flow "{node.flow}" is not in this folder.', "nodes", node_name, "flow")
                    continue
                if node.flow == name or node.flow in self.callers(name):
                    yield reading.fault(f'flow "{node.flow}" comes back to itself.', "nodes", node_name, "flow")
                if called.flow is None or called.broken:
                    continue
                returns = {one.exit for one in called.flow.nodes.values() if isinstance(one, ReturnNode)}
                for exit_name in sorted(returns - node.back.keys()):
                    sentence = f'flow "{node.flow}" returns by "{exit_name}", and no exit says where that leads.'
                    yield reading.fault(sentence, "nodes", node_name, "exits")
                for exit_name in sorted(node.back.keys() - returns):
                    sentence = f'flow "{node.flow}" never returns by "{exit_name}".'
                    yield reading.fault(sentence, "nodes", node_name, "exits", exit_name)

    def joined(self, name: str) -> Joined | None:
        """The flow with what it calls in its place; calls that cannot be followed are left standing. None when there
        is nothing to build on."""
        reading = self.readings.get(name)
        if reading is None or reading.flow is None:
            return None
        nodes: dict[str, Node] = {}
        origins: dict[str, tuple[Reading, str]] = {}
        files = {name} | ({CALENDARS} & self.texts.keys())
        calendars = dict(reading.flow.calendars)
        self._put(name, "", {}, (), nodes, origins, files, calendars)
        parts = "".join(f"{part}\n{self.texts[part]}\n" for part in sorted(files))
        version = hashlib.sha256(parts.encode()).hexdigest()[:12]
        flow = reading.flow.model_copy(update={"nodes": nodes, "version": version, "calendars": calendars})
        return Joined(flow, origins, frozenset(files))

    def _put(
        self,
        name: str,
        prefix: str,
        back: Mapping[str, str],
        around: tuple[str, ...],
        nodes: dict[str, Node],
        origins: dict[str, tuple[Reading, str]],
        files: set[str],
        calendars: dict[str, Calendar],
    ) -> None:
        """Put the nodes of one flow in, under `prefix`; `back` says where its returns lead."""
        reading = self.readings[name]
        flow = reading.flow
        if flow is None:
            return
        for node_name, node in flow.nodes.items():
            full = prefix + node_name
            origins[full] = (reading, node_name)
            called = self.readings.get(node.flow) if isinstance(node, CallNode) else None
            if isinstance(node, CallNode) and called and called.flow and node.flow not in (*around, name):
                nodes[full] = PassageNode(next=f"{full}/{called.flow.start}")
                ways = {exit_name: prefix + target for exit_name, target in node.back.items()}
                files.add(node.flow)
                for calendar, hours in called.flow.calendars.items():
                    calendars.setdefault(calendar, hours)
                self._put(node.flow, f"{full}/", ways, (*around, name), nodes, origins, files, calendars)
            elif isinstance(node, ReturnNode) and node.exit in back:
                nodes[full] = PassageNode(next=back[node.exit])
            else:
                nodes[full] = node.led(lambda target: prefix + target) if prefix else node

    def load(self, name: str) -> Flow:
        """The flow, joined. Raises FlowError with every fault of form, every unknown name and every wrong call in it;
        `check` looks further."""
        found = self.joined(name)
        if found is None:
            reading = self.readings.get(name)
            missing = Fault(f"{self.where}/{name}{SUFFIX}", 1, "", "There is no such flow.")
            raise FlowError(reading.faults if reading else [missing])
        files = {self.readings[part].file for part in found.files if part in self.readings}
        faults = [fault for part in sorted(found.files & self.readings.keys()) for fault in self.readings[part].faults]
        faults += [*self.calendar_faults, *(fault for fault in self.call_faults() if fault.file in files)]
        if faults:
            raise FlowError(faults)
        return found.flow


def load_flow(path: Path) -> Flow:
    """The flow in the file `path`, with the flows beside it that it calls. Raises FlowError."""
    try:
        path.read_text(encoding="utf-8")
    except OSError as error:
        raise FlowError([Fault(str(path), 1, "", f"The file cannot be read: {error.strerror}.")]) from None
    return Folder.at(path.parent).load(path.stem)
