"""What is wrong with a text, and where: a fault has a file, a line, a node and a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with a flow or a catalogue. `line` counts from 1; `node` is empty outside a node."""

    file: str
    line: int
    node: str
    sentence: str

    def __str__(self) -> str:
        node = f" [{self.node}]" if self.node else ""
        return f"{self.file}:{self.line}:{node} {self.sentence}"


class FlowError(ValueError):
    """The flow cannot be used; `faults` says why, all at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


_HEADER = re.compile(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}")
_ASSIGNMENT = re.compile(r'^\s*((?:"[^"]*"|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|[\w-]+))*)\s*=')
_NAME = re.compile(r'"([^"]*)"|([\w-]+)')


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(quoted or bare for quoted, bare in _NAME.findall(dotted))


@dataclass(frozen=True)
class Lines:
    """Where in the text a table or key stands; `tomllib` does not tell."""

    found: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Lines:
        found: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                table = _names(header[1])
                found.setdefault(table, number)
            elif key := _ASSIGNMENT.match(line):
                found.setdefault(table + _names(key[1]), number)
        return cls(found)

    def line(self, *path: str) -> int:
        """The line of `path`, or of the nearest thing around it that has one."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.found:
                return self.found[path[:length]]
        return 1


def said_plainly(detail: Mapping[str, Any]) -> str:
    """One error of pydantic's `ValidationError.errors()` as the end of a sentence that begins with the key."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing" | "union_tag_not_found":
            return "is missing"
        case "extra_forbidden":
            return "is not known here"
        case "union_tag_invalid":
            return f'"{context["tag"]}" is not one of {context["expected_tags"]}'
        case "literal_error":
            return f'"{detail["input"]}" is not one of {context["expected"]}'
        case "value_error":
            return str(context["error"])
        case _:
            message = str(detail["msg"])
            return message[:1].lower() + message[1:]
