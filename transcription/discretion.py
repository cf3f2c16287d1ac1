"""Redaction over a whole call, for one speaker: a number that is said over several sentences is one number.

Pure: no clock but the words' own. A sentence that ends in a number that may be the beginning of a secret is not settled
at once, because the number may go on in the next; until then "…" stands in its place. When a secret turns out to have
begun in a sentence that was settled already, or to have been asked for, that sentence changes too, and is told again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from transcription.questions import Question
from transcription.recogniser import Word
from transcription.redaction import Asked, Kind, Span, find, terms_of

_REMEMBER_S = 45.0  # nobody pauses longer in the middle of a number
_REMEMBER_SENTENCES = 24
_SURE_WORDS = 3  # of a partial: its last words still change


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence as it may be shown. `settled`: it may be stored; else more words are awaited."""

    ordinal: int
    words: tuple[Word, ...]
    settled: bool

    @property
    def text(self) -> str:
        return " ".join(word.word for word in self.words)


@dataclass(slots=True)
class _Heard:
    ordinal: int
    words: tuple[Word, ...]  # as recognised; only in memory, and not for long
    waited: bool = False
    told: Verdict | None = None


class Discretion:
    """One speaker of one call."""

    def __init__(self, language: str, *, emails: bool = False) -> None:
        self._language = language
        self._emails = emails
        self._heard: list[_Heard] = []
        self._questions: list[tuple[Question, bool]] = []  # with whether this speaker asked it

    def asked(self, theirs: Sequence[Question], own: Sequence[Question]) -> list[Verdict]:
        """What the other speaker and this one asked for, in the seconds of the words. The sentences it changes."""
        questions = [*((question, False) for question in theirs), *((question, True) for question in own)]
        if questions == self._questions:
            return []
        self._questions = questions
        return self._judged(self._found(()))

    def final(self, ordinal: int, words: Sequence[Word]) -> list[Verdict]:
        """A sentence was recognised. What may be told now: it, and earlier ones that it changes."""
        self._forget(words[0].start_s if words else 0.0)
        self._heard.append(_Heard(ordinal, tuple(words)))
        return self._judged(self._found(()))

    def waited(self) -> list[Verdict]:
        """Nothing followed in time: what was pending is what it seemed."""
        for heard in self._heard:
            heard.waited = True
        return self._judged(self._found((), ended=True))

    def partial(self, text: str, start_s: float = math.inf) -> tuple[str, list[Verdict]]:
        """What is being said, as it may be shown, and the sentences that it settles: a number at its end waits for
        what follows, and one before it has its end when other words follow."""
        words = [Word(word, start_s, math.inf, 1.0) for word in text.split()]
        spans = self._found(words)
        own = _within(spans, sum(len(heard.words) for heard in self._heard), len(words))
        said = " ".join(word.word for word in _shown(words, own, self._language))
        return said, self._judged(spans) if len(words) >= _SURE_WORDS else []

    @property
    def pending(self) -> bool:
        """Whether a sentence waits for what follows."""
        return any(heard.told is not None and not heard.told.settled for heard in self._heard)

    @property
    def oldest_s(self) -> float:
        """When the oldest word that is remembered was said; nothing before it can change any more."""
        return min((heard.words[0].start_s for heard in self._heard if heard.words), default=-math.inf)

    def _found(self, saying: Sequence[Word], *, ended: bool = False) -> list[Span]:
        """What is to be hidden in all that is remembered, and in what is being said."""
        words = [word for heard in self._heard for word in heard.words]
        begins = [*accumulate(len(heard.words) for heard in self._heard)]
        words += saying
        return find(
            [word.word for word in words],
            self._language,
            emails=self._emails,
            ended=ended,
            speaking=bool(saying),
            begins=begins,
            asked=[found for question, own in self._questions if (found := _answer(words, question, own)) is not None],
        )

    def _judged(self, spans: Sequence[Span]) -> list[Verdict]:
        """The sentences of which these spans, counted from the first sentence on, change what may be told."""
        changed, start = [], 0
        for heard in self._heard:
            own = _within(spans, start, len(heard.words))
            start += len(heard.words)
            if heard.waited or (heard.told is not None and heard.told.words == heard.words):  # it was seen whole
                own = [span for span in own if span.kind != "pending"]
            settled = all(span.kind != "pending" for span in own)
            verdict = Verdict(heard.ordinal, _shown(heard.words, own, self._language), settled)
            if verdict != heard.told:
                heard.told = verdict
                changed.append(verdict)
        return changed

    def _forget(self, now_s: float) -> None:
        """What was said long ago cannot be a part of what is said now."""
        recent = self._heard[-_REMEMBER_SENTENCES:]
        self._heard = [
            heard
            for heard in recent
            if (heard.words and now_s - heard.words[-1].end_s < _REMEMBER_S)
            or (heard.told is not None and not heard.told.settled)
        ]


def _answer(words: Sequence[Word], question: Question, own: bool) -> Asked | None:
    """Which words may be the answer to a question; None when none was said yet."""
    at = [n for n, word in enumerate(words) if word.end_s > question.from_s and word.start_s < question.until_s]
    return Asked(at[0], at[-1] + 1, question.kind, echo=own) if at else None


def _within(spans: Sequence[Span], start: int, count: int) -> list[Span]:
    """The parts of the spans that lie in `count` words from `start` on, counted from there."""
    return [
        Span(max(span.start, start) - start, min(span.end, start + count) - start, span.kind)
        for span in spans
        if span.end > start and span.start < start + count
    ]


def _shown(words: Sequence[Word], spans: Sequence[Span], language: str) -> tuple[Word, ...]:
    """The words with one word in the place of each span."""
    shown: list[Word] = []
    at = 0
    for span in spans:
        shown += words[at : span.start]
        hidden = words[span.start : span.end]
        shown.append(Word(_placeholder(span.kind, language), hidden[0].start_s, hidden[-1].end_s, 1.0))
        at = span.end
    return (*shown, *words[at:])


def _placeholder(kind: Kind, language: str) -> str:
    return terms_of(language).placeholders[kind]
