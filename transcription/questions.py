"""What the two speakers of a call ask each other for: "what is your password" makes the next words a secret.

The two tracks of a call may be heard by different `media` processes; what is asked on one is told to the other through
Redis, as a kind and seconds of the call, never words.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Lock
from typing import Any, Literal

from redis import Redis
from redis.exceptions import RedisError

from transcription.asking_words import ASKING
from transcription.passwords import noun_at
from transcription.phrases import size_at
from transcription.redaction import Kind, terms_of, tokens_of
from transcription.redaction_words import FALLBACK
from transcription.store import Speaker

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 40.0  # "one moment, I have to look for it"
_KEPT_S = 6 * 3600  # a call, and the job that writes down later what could not be written down at once
_MOST = 300  # questions a stream; sound that was spooled is read long after they were asked
_TIDY_EVERY_S = 60.0
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
            *((kind, size_at(texts, at, terms.announced[kind])) for kind in _NAMES),
            ("secret", max(noun_at(texts, at, terms), size_at(texts, at, asking.nouns))),
            ("other", size_at(texts, at, terms.other)),
        )
        if size
    ]
    if not named:
        return None
    at, kind, size = max(named, key=lambda each: (each[0] + each[2], each[2]))  # the last that was named
    told = any(size_at(texts, n, asking.asks) for n in range(len(texts)))
    wondered = any(size_at(texts, n, asking.may_ask) for n in range(len(texts)))
    alone = len(texts) <= _ALONE_TOKENS and at + size >= len(texts) - 2
    if told or ((wondered or alone) and not asking.about.intersection(texts)):
        return kind, places[at + size - 1][1]  # type: ignore[return-value]
    return None


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
        """All of them, also those that were answered: asking for something else closes the one before."""
        asked = [each for _, each in sorted(self._asked.items())]
        return [
            Question(kind, at_s, min(at_s + ANSWER_WITHIN_S, closed_s))
            for (kind, at_s), (_, closed_s) in pairwise([*asked, ("other", math.inf)])
            if kind != "other"
        ]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a speaker: the questions of each stream, and when, as `time.monotonic`."""

    at: float = -math.inf
    streams: Mapping[str, Sequence[Question]] = field(default_factory=dict)


class Questions:
    """The questions of both speakers of every call, shared by all `media` processes and workers.

    A speaker may be heard on more than one stream: one that was resumed, a spool that is read after the call. Each
    keeps its own questions.
    """

    def __init__(self, redis: Redis, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._monotonic = monotonic
        self._heard: dict[str, _Known] = {}  # by key: in this process
        self._read: dict[str, _Known] = {}  # by key: the last reading
        self._tidied_at = monotonic()
        self._lock = Lock()

    def put(self, call_id: str, speaker: Speaker, stream: str, questions: Sequence[Question]) -> None:
        """All that this speaker asked for on `stream`. Blocks, does not raise: without Redis the questions are known in
        this process only."""
        key, now = _key(call_id, speaker), self._monotonic()
        with self._lock:
            self._tidy(now)
            before = self._heard.get(key, _Known())
            self._heard[key] = _Known(now, {**before.streams, stream: list(questions)})
        try:
            text = json.dumps([[each.kind, each.from_s, each.until_s] for each in questions])
            with self._redis.pipeline() as pipe:
                pipe.hset(key, stream, text)
                pipe.expire(key, _KEPT_S)
                pipe.execute()
        except RedisError as error:
            log.warning("a question is known in this process only", extra={"reason": type(error).__name__})

    def of(self, call_id: str, speaker: Speaker, *, within_s: float = 0.0) -> list[Question]:
        """What this speaker asked for, in whatever process and on whatever stream it was heard. What was asked
        elsewhere may have been read `within_s` seconds ago, and when Redis is away any time ago. Blocks, does not
        raise."""
        key, now = _key(call_id, speaker), self._monotonic()
        with self._lock:
            self._tidy(now)
            read, heard = self._read.get(key, _Known()), self._heard.get(key, _Known())
        if now - read.at >= within_s:
            read = _Known(now, self._look(key, read.streams))
            with self._lock:
                self._read[key] = read
        streams = {**read.streams, **heard.streams}
        return sorted((each for stream in streams.values() for each in stream), key=lambda each: each.from_s)

    def _look(self, key: str, before: Mapping[str, Sequence[Question]]) -> Mapping[str, Sequence[Question]]:
        try:
            found: Any = self._redis.hgetall(key)
        except RedisError:
            return before
        return {stream: [Question(*each) for each in json.loads(text)] for stream, text in found.items()}

    def _tidy(self, now: float) -> None:
        """Let go of calls that are over."""
        if now - self._tidied_at >= _TIDY_EVERY_S:
            self._tidied_at = now
            for known in (self._heard, self._read):
                for key in [key for key, each in known.items() if now - each.at >= _KEPT_S]:
                    del known[key]


def _key(call_id: str, speaker: Speaker) -> str:
    return f"asked-by:{call_id}:{speaker}"
