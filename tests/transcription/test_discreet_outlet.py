"""What leaves a stream: nothing that is secret, in partials or in the record, and nothing after an opt-out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from foundation.clock import ManualClock
from foundation.database import Database
from foundation.live import Live, call_topic, channel
from tests.support.stages import eventually
from transcription.audio import Gap
from transcription.outlet import Outlet
from transcription.pipeline import Final, Partial
from transcription.questions import Asking, Questions
from transcription.recogniser import Word
from transcription.store import Speaker, Transcripts
from transcription.tokens import StreamClaim

CALL = "6ba7b810-9dad-51d1-80b4-00c04fd430c8"
CARD = "vier vijf drie negen een vier acht acht nul drie vier drie zes vier zes zeven"


class Stage:
    """One speaker's outlet, with everything real around it."""

    def __init__(self, database: Database, redis: Redis, clock: ManualClock) -> None:
        self.transcripts = Transcripts(database)
        self.clock = clock
        self._redis = redis
        self.questions = Questions(redis)
        self._heard = redis.pubsub(ignore_subscribe_messages=True)
        self._heard.subscribe(channel(call_topic(CALL)))
        self._heard.get_message(timeout=1)
        self.messages: list[dict[str, Any]] = []

    def play(
        self,
        *results: Any,
        hold_s: float = 30.0,
        speaker: Speaker = "caller",
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Everything that a decoder gave, what happens `meanwhile` elsewhere, then the end of the stream. Each stream
        is heard by a process of its own, as far as questions go."""

        async def run() -> None:
            with ThreadPoolExecutor(1) as pool:
                outlet = Outlet(
                    StreamClaim(CALL, speaker, None, "nl", self.clock.now(), "CA1"),
                    stream_sid=f"MZ-{speaker}",
                    stream_started_at=self.clock.now(),
                    record=self.transcripts,
                    screens=Live(self._redis),
                    pool=pool,
                    hold_s=hold_s,
                    questions=Questions(self._redis),
                )
                running = asyncio.create_task(outlet.run())
                for result in results:
                    outlet.put(result)
                    while outlet._waiting or outlet._partial is not None:  # each is told by itself
                        await asyncio.sleep(0.005)
                if meanwhile is not None:
                    meanwhile()
                outlet.close()
                await running

        asyncio.run(run())
        while (message := self._heard.get_message(timeout=0)) is not None:
            self.messages.append(json.loads(message["data"]))

    def told(self, kind: str) -> list[str]:
        return [message["text"] for message in self.messages if message["kind"] == kind]


@pytest.fixture
def stage(database: Database, redis: Redis, clock: ManualClock) -> Stage:
    return Stage(database, redis, clock)


def final(text: str, at_s: float) -> Final:
    words = tuple(Word(word, at_s + n, at_s + n + 0.8, 0.9) for n, word in enumerate(text.split()))
    return Final(words, said_at=0.0, heard_at=0.0)


def test_a_card_number_over_two_sentences_is_seen_by_nobody(stage: Stage) -> None:
    first, second = CARD[: CARD.index("nul")].strip(), CARD[CARD.index("nul") :]
    stage.play(
        Partial("dat is vier vijf", 0.0), final(f"dat is {first}", 0.0), Partial("nul drie", 12.0), final(second, 12.0)
    )
    assert stage.told("segment") == ["dat is …", "dat is [kaartnummer]", "[kaartnummer]"]
    assert [segment.text for segment in stage.transcripts.of_call(CALL)] == ["dat is [kaartnummer]", "[kaartnummer]"]
    everything = json.dumps(stage.messages)
    assert not any(word in everything for word in ("vier", "vijf", "negen", "4539"))


def test_a_number_that_may_go_on_has_its_place_in_the_sentence_at_once(stage: Stage) -> None:
    stage.play(Partial("het is vier", 0.0), final("het is vier vijf drie negen", 0.0), hold_s=0.05)
    assert stage.told("partial") == ["het is vier", ""]
    shown, settled = (message for message in stage.messages if message["kind"] == "segment")
    assert (shown["text"], settled["text"]) == ("het is …", "het is vier vijf drie negen")
    assert (shown["id"], shown["start_s"]) == (settled["id"], settled["start_s"])  # in the same place
    assert " ".join(text for text, _ in settled["display"]) == "Het is 4539"
    assert 0 == shown["held_ms"] < settled["held_ms"]
    assert shown["after_word_ms"] == settled["after_word_ms"]


def test_a_ticket_number_waits_for_nothing(stage: Stage) -> None:
    stage.play(final("mijn ticket is een nul vier vier twee", 0.0))
    assert stage.told("segment") == ["mijn ticket is een nul vier vier twee"]


def test_a_password_that_the_other_track_asked_for_is_seen_by_nobody(stage: Stage) -> None:
    stage.play(final("en wat is uw wachtwoord", 0.0), speaker="operator")
    stage.play(
        Partial("zomer", 6.0),
        Partial("zomer twee nul", 6.0),
        final("zomer twee nul twee vier", 6.0),
        final("ja hoor", 14.0),
    )
    assert stage.told("segment") == ["en wat is uw wachtwoord", "[geheim]", "ja hoor"]
    assert [segment.text for segment in stage.transcripts.of_call(CALL)][1:] == ["[geheim]", "ja hoor"]
    assert "zomer" not in json.dumps(stage.messages)


def test_the_words_of_a_question_that_goes_on_count_already(stage: Stage) -> None:
    stage.play(Partial("wat is uw pincode", 0.0), speaker="operator")
    stage.play(Partial("vier acht", 2.0), final("vier acht een twee", 2.0))
    assert stage.told("segment") == ["[geheim]"]


def test_a_question_that_is_known_after_the_answer_hides_it_still(stage: Stage) -> None:
    def operator_lags() -> None:
        eventually(lambda: stage.transcripts.of_call(CALL), what="the answer in the record")
        asking = Asking("nl")
        asking.heard(1, ["wat", "is", "uw", "wachtwoord"], [0.0, 0.4, 0.8, 1.2])
        stage.questions.put(CALL, "operator", "MZ-lags", asking.questions)

    stage.play(final("zonnebloem", 3.0), meanwhile=operator_lags)
    assert stage.told("segment") == ["zonnebloem", "[geheim]"]
    assert [segment.text for segment in stage.transcripts.of_call(CALL)] == ["[geheim]"]


def test_without_redis_a_question_is_known_where_it_was_heard() -> None:
    nobody = Redis(port=1, decode_responses=True, retry=Retry(NoBackoff(), 0))
    questions = Questions(nobody)
    asking = Asking("nl")
    assert asking.heard(1, ["mag", "ik", "uw", "pincode"], [0.0, 0.4, 0.8, 1.2])
    questions.put(CALL, "operator", "MZ1", asking.questions)
    assert [question.kind for question in questions.of(CALL, "operator")] == ["secret"]
    assert questions.of(CALL, "caller") == [] == Questions(nobody).of(CALL, "operator")


def test_missing_sound_is_kept_for_who_reloads(stage: Stage) -> None:
    stage.play(final("hallo", 0.0), Gap(3.0, 5.0))
    (gap,) = stage.transcripts.gaps_of_call(CALL)
    assert (gap.start_s, gap.end_s) == (3.0, 5.0)


def test_after_an_opt_out_nothing_is_stored_or_shown(stage: Stage) -> None:
    stage.play(final("hallo met els", 0.0))
    stage.messages.clear()
    stage.transcripts.opt_out(CALL, by="dana", at=stage.clock.now())
    stage.play(final("dit is niet voor u bestemd", 5.0), Partial("en dit", 9.0))
    assert [segment.text for segment in stage.transcripts.of_call(CALL)] == ["hallo met els"]
    assert stage.told("segment") == [] and stage.told("partial") == []
