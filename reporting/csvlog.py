"""Reads call records from a CSV file of anywhere."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from foundation.errors import InvalidInput
from reporting.figures import OUTCOMES, CallFigures

REQUIRED = ("queue", "entered_at", "outcome", "wait_s")
OPTIONAL = ("ring_s", "talk_s", "hold_s", "consult_s", "wrap_up_s")

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_S = Decimal(10**9)  # some thirty years: whatever is longer is not a time on the telephone


class BadRow(InvalidInput):
    """A line that cannot be used; `line` counts from 1, the header included."""

    code = "bad-row"

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def read_calls(content: bytes) -> list[CallFigures]:
    """The calls in a CSV file: UTF-8 (a byte order mark and CRLF are fine), comma-separated, with a header.

    Columns come in any order; unknown ones are ignored, blank lines too. An absent optional column was not measured;
    an empty cell in one is zero. A moment without an offset is UTC. Raises BadRow for the first line that is wrong.
    """
    rows = _rows(_decoded(content))
    line, header = next(rows, (1, []))
    columns = _columns(line, header)
    return [_figures(line, _cells(line, row, columns, len(header))) for line, row in rows]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRow(content.count(b"\n", 0, error.start) + 1, "This line is not UTF-8 text.") from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line that it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadRow(line, f"This line is not CSV: {error}.") from None
        if any(cell.strip() for cell in row):
            yield line, [cell.strip() for cell in row]


def _columns(line: int, header: list[str]) -> dict[str, int]:
    if not header:
        raise BadRow(line, f"The file is empty; its first line must name the columns {', '.join(REQUIRED)}.")
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        which = "column is" if len(missing) == 1 else "columns are"
        raise BadRow(line, f"The {which} missing: {', '.join(missing)}.")
    twice = [name for name in REQUIRED + OPTIONAL if header.count(name) > 1]
    if twice:
        raise BadRow(line, f"The column {twice[0]} is there twice.")
    return {name: header.index(name) for name in REQUIRED + OPTIONAL if name in header}


def _cells(line: int, row: list[str], columns: Mapping[str, int], width: int) -> dict[str, str]:
    if len(row) != width:
        raise BadRow(line, f"The row has {len(row)} cells, the header names {width}.")
    cells = {name: row[place] for name, place in columns.items()}
    for name in REQUIRED:
        if not cells[name]:
            raise BadRow(line, f"{name} is empty.")
    return cells


def _figures(line: int, cells: Mapping[str, str]) -> CallFigures:
    outcome = next((known for known in OUTCOMES if known == cells["outcome"]), None)
    if outcome is None:
        raise BadRow(line, f"The outcome '{cells['outcome']}' is unknown; use one of {', '.join(OUTCOMES)}.")
    clocks = {name: _seconds(line, name, cells[name]) for name in OPTIONAL if name in cells}
    return CallFigures(
        queue=cells["queue"],
        entered_at=_moment(line, cells["entered_at"]),
        outcome=outcome,
        wait_s=_seconds(line, "wait_s", cells["wait_s"]),
        ring_s=clocks.get("ring_s", Decimal(0)),
        talk_s=clocks.get("talk_s"),
        hold_s=clocks.get("hold_s"),
        consult_s=clocks.get("consult_s"),
        wrap_up_s=clocks.get("wrap_up_s"),
    )


def _moment(line: int, text: str) -> datetime:
    try:
        if not _DATE.match(text):
            raise ValueError("not a date")
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRow(line, f"entered_at '{text}' is not a moment such as 2026-11-23T09:00:00+01:00.") from None


def _seconds(line: int, name: str, text: str) -> Decimal:
    if not text:
        return Decimal(0)
    if not _NUMBER.fullmatch(text):
        raise BadRow(line, f"{name} '{text}' is not a number of seconds.")
    value = Decimal(text)
    if value < 0:
        raise BadRow(line, f"{name} '{text}' is negative; a time is zero or more.")
    if value > _LONGEST_S:
        raise BadRow(line, f"{name} '{text}' is longer than a call can be.")
    return value
