"""Words and phrases: how a table says them, and where one stands in what was said.

A phrase is a tuple of tokens, and what was said a sequence of them (`redaction.tokens_of`).
"""

from __future__ import annotations

from collections.abc import Sequence

Phrases = Sequence[tuple[str, ...]]


def words(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


def phrases(*texts: str) -> tuple[tuple[str, ...], ...]:
    """Each text as a phrase."""
    return tuple(tuple(text.split()) for text in texts)


def size_at(texts: Sequence[str], at: int, known: Phrases) -> int:
    """How many tokens the longest phrase has that begins at `at`; 0 when none does."""
    return max((len(phrase) for phrase in known if tuple(texts[at : at + len(phrase)]) == phrase), default=0)


def size_before(texts: Sequence[str], end: int, known: Phrases, *, start: int = 0) -> int:
    """How many tokens the longest phrase has that ends before `end` and begins not before `start`; 0: none does."""
    fitting = (phrase for phrase in known if end - len(phrase) >= start)
    return max((len(phrase) for phrase in fitting if tuple(texts[end - len(phrase) : end]) == phrase), default=0)
