"""What the speakers of a call asked each other for: on every stream, in every process, and for as long as it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.support.screen import Screen
from transcription.outlet import LOOK_EVERY_S, Outlet
from transcription.pipeline import Final, Partial, Result
from transcription.questions import Asking, Question, Questions
from transcription.recogniser import Word
from transcription.store import Speaker
from transcription.tokens import StreamClaim

CALL = "6ba7b810-9dad-51d1-80b4-00c04fd430c8"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WHAT_IS_IT = ["wat", "is", "uw", "wachtwoord"]
PIN, CARD = Question("secret", 1.0, 41.0), Question("card", 60.0, 100.0)


class Minutes:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def minutes() -> Minutes:
    return Minutes()


def final(text: str, at_s: float) -> Final:
    words = tuple(Word(word, at_s + n, at_s + n + 0.8, 0.9) for n, word in enumerate(text.split()))
    return Final(words, said_at=0.0, heard_at=0.0)


class _Told:
    """Questions that are given, and how old each reading of the other speaker's might be."""

    def __init__(self, *asked: Question) -> None:
        self.asked = list(asked)
        self.within_s: list[float] = []

    def put(self, call_id: str, speaker: Speaker, stream: str, questions: Sequence[Question]) -> None: ...

    def of(self, call_id: str, speaker: Speaker, *, within_s: float) -> list[Question]:
        if speaker == "caller":
            return []
        self.within_s.append(within_s)
        return self.asked


def said_by_caller(questions: Questions | _Told, *results: Result) -> tuple[Screen, Outlet]:
    screen = Screen()

    async def run() -> Outlet:
        with ThreadPoolExecutor(1) as pool:
            outlet = Outlet(
                StreamClaim(CALL, "caller", None, "nl", NOW, "CA1"), stream_sid="MZ1", stream_started_at=NOW,
                record=screen, screens=screen, pool=pool, questions=questions,
            )  # fmt: skip
            running = asyncio.create_task(outlet.run())
            for result in results:
                outlet.put(result)
                while outlet._waiting or outlet._partial is not None:
                    await asyncio.sleep(0.005)
            outlet.close()
            await running
            return outlet

    return screen, asyncio.run(run())


def test_an_answer_that_is_read_long_after_the_call_finds_its_question(redis: Redis) -> None:
    asking = Asking("nl")
    for ordinal in range(40):
        asking.heard(ordinal, WHAT_IS_IT, [60.0 * ordinal + 0.3 * at for at in range(4)])
    Questions(redis).put(CALL, "operator", "MZ2", asking.questions)
    screen, _ = said_by_caller(Questions(redis), final("zonnebloem", 63.0))
    assert list(screen.record.values()) == ["[geheim]"]


def test_each_stream_of_a_speaker_keeps_its_own_questions(redis: Redis) -> None:
    lost, resumed = Questions(redis), Questions(redis)
    lost.put(CALL, "operator", "MZ1", [PIN])
    resumed.put(CALL, "operator", "MZ2", [])
    resumed.put(CALL, "operator", "MZ2", [CARD])
    for process in (lost, resumed, Questions(redis)):
        assert process.of(CALL, "operator") == [PIN, CARD]
        assert process.of(CALL, "caller") == []
    assert 0 < redis.ttl(f"asked-by:{CALL}:operator") <= 6 * 3600


def test_what_was_asked_elsewhere_is_read_as_often_as_it_must_be(redis: Redis, minutes: Minutes) -> None:
    here, elsewhere = Questions(redis, monotonic=minutes), Questions(redis)
    assert here.of(CALL, "operator", within_s=1.0) == []
    elsewhere.put(CALL, "operator", "MZ2", [PIN])
    assert here.of(CALL, "operator", within_s=1.0) == [], "it was read just now"
    minutes.now += 1.0
    assert here.of(CALL, "operator", within_s=1.0) == [PIN]
    elsewhere.put(CALL, "operator", "MZ2", [CARD])
    assert here.of(CALL, "operator") == [CARD], "a sentence is judged by what is so now"
    here.put(CALL, "operator", "MZ3", [PIN])
    assert here.of(CALL, "operator", within_s=1.0) == [PIN, CARD], "what was heard here is known at once"


def test_without_redis_what_was_read_before_still_counts(redis: Redis) -> None:
    questions = Questions(redis)
    Questions(redis).put(CALL, "operator", "MZ2", [PIN])
    assert questions.of(CALL, "operator") == [PIN]
    questions._redis = Redis(port=1, decode_responses=True, retry=Retry(NoBackoff(), 0))
    assert questions.of(CALL, "operator") == [PIN], "what was hidden stays hidden"


def test_calls_that_are_long_over_are_let_go(redis: Redis, minutes: Minutes) -> None:
    questions = Questions(redis, monotonic=minutes)
    questions.put(CALL, "operator", "MZ1", [PIN])
    questions.of(CALL, "operator")
    minutes.now += 7 * 3600
    questions.of("another", "operator")
    assert set(questions._heard) | set(questions._read) == {"asked-by:another:operator"}


def test_partial_words_do_with_an_older_reading_and_sentences_do_not() -> None:
    questions = _Told()
    said_by_caller(questions, Partial("zon", 1.0), Partial("zonne", 1.0), final("zonnebloem", 1.0))
    sentence = questions.within_s.index(0.0)
    assert sentence >= 2 and set(questions.within_s[:sentence]) == {LOOK_EVERY_S}
    assert questions.within_s[-1] == 0.0, "nor does the end"


def test_questions_whose_answers_are_forgotten_are_not_asked_again_and_again() -> None:
    _, outlet = said_by_caller(_Told(PIN, CARD), final("zonnebloem", 3.0), final("goed", 90.0))
    assert [question for question, _ in outlet._discretion._questions] == [CARD]
