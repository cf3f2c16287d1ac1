"""A transcript as a list of lines: sentences, missing sound, and where the call changed its clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from callflows.facts import Fact

# Facts that change what is heard; the transcript shows them at their moment.
_TURNS = frozenset(
    {"leg-joined", "leg-left", "hold-changed", "requeued", "transcription-refused", "queue-entered", "room-ended"}
)


class ShownWord(Protocol):
    """A word as a person would write it; `unsure`: the recogniser doubted it."""

    @property
    def text(self) -> str: ...

    @property
    def unsure(self) -> bool: ...


class Stretch(Protocol):
    """A piece of one speaker's track; seconds count from the call's start."""

    @property
    def speaker(self) -> str: ...

    @property
    def start_s(self) -> float: ...

    @property
    def end_s(self) -> float: ...


class Line(Stretch, Protocol):
    """One stretch of speech of a transcript."""

    @property
    def id(self) -> int | None: ...

    @property
    def text(self) -> str: ...

    @property
    def display(self) -> Sequence[ShownWord]: ...


class MissingSound(Stretch, Protocol):
    """A stretch of which no sound came."""


class Transcripts(Protocol):
    """What was said: transcription.store."""

    def of_call(self, call_id: str) -> Sequence[Line]: ...

    def gaps_of_call(self, call_id: str) -> Sequence[MissingSound]: ...


OVER = frozenset({"wrap-up", "ended"})  # statuses of a call in which nobody speaks any more


class Written(Protocol):
    """How a call is written down: transcription.spools.Written."""

    @property
    def how(self) -> str: ...

    @property
    def percent(self) -> int: ...


class WrittenDown(Protocol):
    def __call__(self, call_id: str, *, over: bool) -> Written: ...


@dataclass(frozen=True)
class SaidLine:
    """One line; seconds from the call's start. `display` are words with whether the recogniser doubted them."""

    kind: Literal["segment", "gap", "turn"]
    speaker: str
    start_s: float
    end_s: float
    display: Sequence[tuple[str, bool]] = ()
    text: str = ""
    fact: Fact | None = None

    @property
    def plain(self) -> str:
        return " ".join(word for word, _ in self.display) or self.text


def said_lines(segments: Iterable[Line], gaps: Iterable[MissingSound]) -> list[SaidLine]:
    """Sentences and missing sound, in the order in which they began."""
    lines = [
        SaidLine("segment", line.speaker, line.start_s, line.end_s, shown(line.display), line.text) for line in segments
    ]
    lines += [SaidLine("gap", gap.speaker, gap.start_s, gap.end_s) for gap in gaps]
    return sorted(lines, key=lambda line: line.start_s)


def with_turns(lines: Sequence[SaidLine], facts: Iterable[Fact], started_at: datetime | None) -> list[SaidLine]:
    """The same, with what happened to the call in between."""
    if started_at is None:
        return list(lines)
    turns = []
    for fact in facts:
        if fact.kind in _TURNS:
            at_s = max(0.0, (fact.at - started_at).total_seconds())
            turns.append(SaidLine("turn", "", at_s, at_s, fact=fact))
    return sorted([*turns, *lines], key=lambda line: line.start_s)


def shown(words: Iterable[ShownWord]) -> list[tuple[str, bool]]:
    return [(word.text, word.unsure) for word in words]
