"""Word error rate, by hand: the fewest words to insert, delete or replace, over the number of words said."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

SPEECH = Path(__file__).resolve().parent.parent / "speech"


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein's distance between two sequences of words."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


def word_error_rate(pairs: Iterable[tuple[str, str]]) -> float:
    """Over all pairs of (said, heard), as a share: 0.05 is one wrong word in twenty."""
    errors = words = 0
    for said, heard in pairs:
        errors += word_errors(said.split(), heard.split())
        words += len(said.split())
    return errors / words


@dataclass(frozen=True)
class Spoken:
    """One recording of the spoken test set."""

    path: Path
    text: str
    kind: str  # column `set`
    grammar: tuple[str, ...] | None


def spoken(language: str) -> list[Spoken]:
    """The spoken test set of a language."""
    folder = SPEECH / language
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as file:
        return [
            Spoken(
                folder / row["file"],
                row["text"],
                row["set"],
                tuple(json.loads(row["grammar"])) if row["grammar"] else None,
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]
