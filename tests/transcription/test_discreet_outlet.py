"""What leaves a stream: nothing that is secret, in partials or in the record, and nothing after an opt-out."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis

from foundation.clock import ManualClock
from foundation.database import Database
from foundation.live import Live, call_topic, channel
from transcription.audio import Gap
from transcription.outlet import Outlet
from transcription.pipeline import Final, Partial
from transcription.recogniser import Word
from transcription.store import Transcripts
from transcription.tokens import StreamClaim

CALL = "6ba7b810-9dad-51d1-80b4-00c04fd430c8"
CARD = "vier vijf drie negen een vier acht acht nul drie vier drie zes vier zes zeven"


class Stage:
    """One speaker's outlet, with everything real around it."""

    def __init__(self, database: Database, redis: Redis, clock: ManualClock) -> None:
        self.transcripts = Transcripts(database)
        self.clock = clock
        self._redis = redis
        self._heard = redis.pubsub(ignore_subscribe_messages=True)
        self._heard.subscribe(channel(call_topic(CALL)))
        self._heard.get_message(timeout=1)
        self.messages: list[dict[str, Any]] = []

    def play(self, *results: Any, hold_s: float = 30.0) -> None:
        """Everything that a decoder gave, then the end of the stream."""

        async def run() -> None:
            with ThreadPoolExecutor(1) as pool:
                outlet = Outlet(
                    StreamClaim(CALL, "caller", None, "nl", self.clock.now(), "CA1"),
                    stream_sid="MZ1",
                    stream_started_at=self.clock.now(),
                    record=self.transcripts,
                    screens=Live(self._redis),
                    pool=pool,
                    hold_s=hold_s,
                )
                running = asyncio.create_task(outlet.run())
                for result in results:
                    outlet.put(result)
                    while outlet._waiting or outlet._partial is not None:  # each is told by itself
                        await asyncio.sleep(0.005)
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
    assert stage.told("segment") == ["dat is [kaartnummer]", "[kaartnummer]"]
    assert [segment.text for segment in stage.transcripts.of_call(CALL)] == ["dat is [kaartnummer]", "[kaartnummer]"]
    everything = json.dumps(stage.messages)
    assert not any(word in everything for word in ("vier", "vijf", "negen", "4539"))


def test_a_number_that_nothing_follows_is_told_when_its_time_is_over(stage: Stage) -> None:
    stage.play(final("mijn ticket is een nul vier vier twee", 0.0), hold_s=0.05)
    assert stage.told("partial") == ["mijn ticket is …", ""]
    (message,) = [message for message in stage.messages if message["kind"] == "segment"]
    assert message["text"] == "mijn ticket is een nul vier vier twee"
    assert " ".join(text for text, _ in message["display"]) == "Mijn ticket is 10442"


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
