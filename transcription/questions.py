"""What the two speakers of a call ask each other for: "what is your password" makes the next words a secret.

The two tracks of a call may be heard by different `media` processes; what is asked on one is told to the other through
Redis, as a kind and seconds of the call, never words.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from redis import Redis
from redis.exceptions import RedisError

from transcription.asking_words import ASKING
from transcription.passwords import noun_at
from transcription.redaction import Kind, terms_of, tokens_of
from transcription.redaction_words import FALLBACK
from transcription.store import Speaker

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 40.0  # "one moment, I have to look for it"
_KEPT_S = 6 * 3600  # a call, and the job that writes down later what could not be written down at once
_MOST = 8  # questions a speaker
_ALONE_TOKENS = 5  # "and your password please": asked without a verb
_NAMES: tuple[Kind, ...] = ("card", "iban", "register")


@dataclass(frozen=True, slots=True)
class Question:
    """An answer to a question for a `kind` may begin from `from_s` to `until_s`, in seconds of the call."""

    kind: Kind
    from_s: float
    until_s: float


def asked_for(words: Sequence[str], language: str) -> tuple[Kind | Literal["other"], int] | None:
    """What a sentence asks for, and after which of its words; "other" is a number or a name that is no secret."""
    language = language if language in ASKING else FALLBACK
    terms, asking = terms_of(language), ASKING[language]
    places = [(token, at) for at, word in enumerate(words) for token in tokens_of(word)]
    texts = [token for token, _ in places]
    if asking.never.intersection(texts):
        return None
    named = [
        (at, kind, size)
        for at in range(len(texts))
        for kind, size in (
            *((kind, _longest(texts, at, terms.announced[kind])) for kind in _NAMES),
            ("secret", max(noun_at(texts, at, terms), _longest(texts, at, asking.nouns))),
            ("other", _longest(texts, at, terms.other)),
        )
        if size
    ]
    if not named:
        return None
    at, kind, size = max(named, key=lambda each: (each[0] + each[2], each[2]))  # the last that was named
    told = any(_longest(texts, n, asking.asks) for n in range(len(texts)))
    wondered = any(_longest(texts, n, asking.may_ask) for n in range(len(texts)))
    alone = len(texts) <= _ALONE_TOKENS and at + size >= len(texts) - 2
    if told or ((wondered or alone) and not asking.about.intersection(texts)):
        return kind, places[at + size - 1][1]  # type: ignore[return-value]
    return None


def _longest(texts: Sequence[str], at: int, phrases: Sequence[tuple[str, ...]]) -> int:
    return max((len(phrase) for phrase in phrases if tuple(texts[at : at + len(phrase)]) == phrase), default=0)


class Asking:
    """The questions of one speaker, as they become known: those of a sentence replace those of its partials."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._asked: dict[int, tuple[Kind | Literal["other"], float]] = {}

    def heard(self, ordinal: int, words: Sequence[str], starts_s: Sequence[float]) -> bool:
        """A sentence, or the words so far of one; `starts_s` in seconds of the call. Whether questions changed."""
        found = asked_for(words, self._language)
        before = self._asked.get(ordinal)
        if found is not None:
            self._asked[ordinal] = (found[0], starts_s[found[1]])
        else:
            self._asked.pop(ordinal, None)
        for old in sorted(self._asked)[:-_MOST]:
            del self._asked[old]
        return self._asked.get(ordinal) != before

    @property
    def questions(self) -> list[Question]:
        """Those that still count: asking for something else closes the ones before."""
        found: list[Question] = []
        for _, (kind, at_s) in sorted(self._asked.items()):
            found = [Question(each.kind, each.from_s, min(each.until_s, at_s)) for each in found]
            if kind != "other":
                found.append(Question(kind, at_s, at_s + ANSWER_WITHIN_S))
        return found


class Questions:
    """The questions of both speakers of every call, shared by all `media` processes."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._here: dict[str, tuple[float, list[Question]]] = {}  # key: when, what this process heard asked
        self._lock = Lock()

    def put(self, call_id: str, speaker: Speaker, questions: Sequence[Question]) -> None:
        """What this speaker asked for, all that still counts. Blocks, does not raise: without Redis the question is
        known in this process only."""
        key = _key(call_id, speaker)
        now = time.monotonic()
        with self._lock:
            self._here = {each: found for each, found in self._here.items() if now - found[0] < _KEPT_S}
            self._here[key] = (now, list(questions))
        try:
            text = json.dumps([[each.kind, each.from_s, each.until_s] for each in questions])
            self._redis.set(key, text, ex=_KEPT_S)
        except RedisError as error:
            log.warning("a question is known in this process only", extra={"reason": type(error).__name__})

    def of(self, call_id: str, speaker: Speaker) -> list[Question]:
        """What this speaker asked for, in whatever process it was heard. Blocks, does not raise."""
        key = _key(call_id, speaker)
        with self._lock:
            _, found = self._here.get(key, (0.0, []))
        try:
            text = self._redis.get(key)
        except RedisError:
            text = None
        elsewhere = [Question(*each) for each in json.loads(str(text))] if text else []
        return [*found, *(each for each in elsewhere if each not in found)]


def _key(call_id: str, speaker: Speaker) -> str:
    return f"asked:{call_id}:{speaker}"
