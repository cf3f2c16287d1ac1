"""What anybody can see of one track, and its record, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from transcription.store import MissingSound, Segment, Speaker

DIGITS = frozenset(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])


class Screen:
    """Each sentence at its place, and the words so far; and what is stored, by the sentence's number."""

    def __init__(self) -> None:
        self.lines: dict[float, str] = {}
        self.record: dict[int, str] = {}
        self.most_digits = 0
        self.shown: list[str] = []

    def publish(self, topic: str, kind: str, data: Mapping[str, Any] | None = None) -> None:
        data = data or {}
        if kind in ("segment", "partial"):
            self.lines[-1.0 if kind == "partial" else data["start_s"]] = data["text"]
            self.shown.append(data["text"])
            self._look(self.lines.values())

    def add(self, segment: Segment) -> Segment:
        self.record[segment.ordinal] = segment.text
        self._look(self.record.values())
        return segment

    def add_gap(self, gap: MissingSound) -> None: ...

    def set_level(self, call_id: str, speaker: Speaker, stream: str, state: str) -> None: ...

    def _look(self, lines: Iterable[str]) -> None:
        self.most_digits = max(self.most_digits, sum(word in DIGITS for line in lines for word in line.split()))
