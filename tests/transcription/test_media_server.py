"""The media server over real sockets, with real Redis, PostgreSQL and Vosk; sound comes faster than it was spoken."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from foundation.settings import ROOT
from tests.support.media_house import CALL, LEG, SAID, House, closed, play
from tests.support.word_errors import SPEECH, word_error_rate
from transcription import media_stream, wav
from transcription.audio import Gap, Samples
from transcription.models import Models
from transcription.pipeline import Decoder, Final, FrameBuffer, Result, transcribe
from transcription.protocol import Media, parse
from transcription.questions import Questions
from transcription.recogniser import Recogniser, RecognitionFailed, Word
from transcription.store import Segment


def test_words_reach_the_screens_while_they_are_spoken_and_the_record_after(house: House) -> None:
    async def scene() -> None:
        async with house.stream(house.token()) as socket:
            await house.say(socket, "call_01.wav")
            await house.until(lambda: len(house.published("segment")) >= 5)
            await socket.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    states = [message["state"] for message in house.published("transcription-state")]
    assert states == ["listening", "ended"]
    segments = house.published("segment")
    assert word_error_rate([(SAID["call_01.wav"], " ".join(s["text"] for s in segments))]) < 0.10
    assert any(message["text"] for message in house.published("partial"))
    kept = house.transcripts.of_call(CALL)
    assert [(s.id, s.start_s, s.end_s, s.text) for s in kept] == [
        (s["id"], s["start_s"], s["end_s"], s["text"]) for s in segments
    ]
    assert all(s["lag_ms"] >= 0 and s["after_word_ms"] >= s["lag_ms"] for s in segments)
    first = kept[0]
    assert 10.1 < first.start_s < 12  # the stream began ten seconds into the call
    assert first.started_at == house.clock.now() + timedelta(seconds=first.start_s - 10)
    assert " ".join(word.word for word in first.words) == first.text
    assert all(0 < word.conf <= 1 and first.start_s <= word.start_s < word.end_s <= first.end_s for word in first.words)


def test_both_sides_of_a_call_are_told_apart(house: House) -> None:
    async def side(token: str, file: str, sid: str, leg: str) -> None:
        async with house.stream(token, sid, leg) as socket:
            await house.say(socket, file, sid)
            await socket.send(media_stream.closing(sid, leg))

    async def scene() -> None:
        operator_leg = "CA" + "2" * 32
        await asyncio.gather(
            side(house.token(), "seen_00.wav", "MZ1", LEG),
            side(
                house.token(speaker="operator", operator_id=7, leg=operator_leg), "heldout_00.wav", "MZ2", operator_leg
            ),
        )
        await house.ended("caller")
        await house.ended("operator")

    play(house, scene)
    kept = {(s.speaker, s.operator_id): s.text for s in house.transcripts.of_call(CALL)}
    assert kept == {("caller", None): SAID["seen_00.wav"], ("operator", 7): SAID["heldout_00.wav"]}


def test_a_stream_that_is_cut_keeps_its_last_words(house: House) -> None:
    async def scene() -> None:
        async with house.stream(house.token()) as socket:
            await house.say(socket, "heldout_00.wav")
            socket.transport.abort()
            await house.ended()

    play(house, scene)
    assert [s.text for s in house.transcripts.of_call(CALL)] == [SAID["heldout_00.wav"]]


def test_a_server_that_is_stopped_tells_what_it_heard_first(house: House) -> None:
    async def scene() -> None:
        async with house.stream(house.token()) as socket:
            await house.say(socket, "heldout_00.wav")
            await house.until(lambda: house.published("partial"))
            stopping = asyncio.create_task(house.server.stop())
            assert await closed(socket) == 1001
            await stopping

    play(house, scene)
    assert [s.text for s in house.transcripts.of_call(CALL)] == [SAID["heldout_00.wav"]]
    assert house.published("transcription-state")[-1]["state"] == "ended"


def test_the_health_page_answers_on_the_same_port(house: House) -> None:
    def ask() -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{house.server.port}/healthz", timeout=5) as answer:
            assert answer.headers.get_all("Content-Type") == ["application/json"]
            return json.load(answer)

    async def scene() -> None:
        before = await asyncio.to_thread(ask)
        assert (before["status"], before["streams"]) == ("ok", 0)
        async with house.stream(house.token()):
            await house.until(lambda: house.published("transcription-state"))
            during = await asyncio.to_thread(ask)
            assert (during["streams"], during["capacity"]["tracks"]["live"]) == (1, 1)
            assert during["capacity"]["cpu_s_a_speech_second"] == {"en": {"live": 0.03, "sentences": 0.025}}
            assert during["capacity"]["room_for_calls"] > 0

    play(house, scene)


def test_a_language_without_a_model_is_said_and_the_stream_goes_on(house: House) -> None:
    async def scene() -> None:
        async with house.stream(house.token(language="de")) as socket:
            await house.until(lambda: house.published("transcription-state"))
            await house.say(socket, "call_01.wav")
            await socket.ping()
            assert socket.close_code is None
            await socket.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    assert [message["state"] for message in house.published("transcription-state")] == ["unavailable", "ended"]
    assert house.transcripts.of_call(CALL) == []


def test_lost_sound_is_said_and_the_clock_stays_right(house: House) -> None:
    async def scene() -> None:
        async with house.stream(house.token()) as socket:
            await house.say(socket, "seen_00.wav", first_ms=0)
            late = media_stream.frames("MZ1", wav.read(SPEECH / "en" / "heldout_00.wav").mulaw, first_ms=60_000)
            for index, text in enumerate(late, start=3000):
                message = json.loads(text)
                message["media"]["chunk"] = str(index)
                await socket.send(json.dumps(message))
            await socket.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    before, after = house.transcripts.of_call(CALL)
    assert (before.text, after.text) == (SAID["seen_00.wav"], SAID["heldout_00.wav"])
    assert 70 < after.start_s < 71  # ten seconds into the call, sixty into the stream
    (gap,) = house.published("transcription-gap")
    assert gap["start_s"] == pytest.approx(10 + 3.575) and gap["end_s"] == 70


def test_a_slow_database_holds_back_nobody(house: House) -> None:
    async def scene() -> None:
        house.transcripts.gate.clear()
        async with house.stream(house.token()) as socket:
            await house.say(socket, "call_01.wav")
            await house.until(lambda: house.transcripts.tried)
            started = time.monotonic()
            await socket.ping()  # the loop is free
            assert time.monotonic() - started < 1
            house.transcripts.gate.set()
            await socket.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    assert len(house.transcripts.of_call(CALL)) == len(house.published("segment")) > 5


def test_a_database_that_is_away_for_a_while_loses_no_words(house: House) -> None:
    async def scene() -> None:
        house.transcripts.away = True
        async with house.stream(house.token()) as socket:
            await house.say(socket, "call_01.wav")
            await house.until(lambda: len(house.published("segment")) >= 3)
            assert house.published("segment")[0]["id"] is None  # shown, not stored
            house.transcripts.away = False
            await socket.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    shown = [message["text"] for message in house.published("segment")]
    assert [segment.text for segment in house.transcripts.of_call(CALL)] == shown


def test_a_segment_is_stored_once(house: House) -> None:
    segment = Segment(CALL, "caller", None, house.clock.now(), 0.0, 1.0, "yes", (), "en", "MZ1", 1)
    assert house.transcripts.add(segment) == house.transcripts.add(segment)
    assert len(house.transcripts.of_call(CALL)) == 1


class _Broken(Recogniser):
    """Fails at the second block of sound, as a damaged model might."""

    def accept(self, samples: Samples) -> tuple[Word, ...] | None:
        if getattr(self, "heard", 0):
            raise RecognitionFailed("Vosk could not process the sound.")
        self.heard = len(samples)
        return super().accept(samples)


class _BrokenForDutch(Models):
    def recogniser(self, language: str, grammar: Sequence[str] | None = None) -> Recogniser:
        return _Broken(self._model("en")) if language == "nl" else super().recogniser(language, grammar)


def test_a_recogniser_that_breaks_takes_no_other_stream_with_it(house: House) -> None:
    house.server = house.serve(_BrokenForDutch(ROOT / "models"))

    async def scene() -> None:
        operator_leg = "CA" + "2" * 32
        broken = house.token(speaker="operator", operator_id=7, leg=operator_leg, language="nl")
        async with house.stream(house.token()) as good, house.stream(broken, "MZ2", operator_leg) as bad:
            await house.say(bad, "seen_00.wav", "MZ2")
            await house.until(lambda: len(house.published("transcription-state", "operator")) == 2)
            await house.say(bad, "seen_00.wav", "MZ2")  # Twilio may go on sending
            await bad.ping()
            await house.say(good, "seen_00.wav")
            await good.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    assert [m["state"] for m in house.published("transcription-state", "operator")] == [
        "listening", "unavailable", "ended",
    ]  # fmt: skip
    assert [(s.speaker, s.text) for s in house.transcripts.of_call(CALL)] == [("caller", SAID["seen_00.wav"])]


class _Saying(Recogniser):
    """Hears its sentence in whatever is said first, and nothing after it."""

    sentence: tuple[Word, ...] = ()

    def finish(self) -> tuple[Word, ...]:
        super().finish()
        said, self.sentence = self.sentence, ()
        return said


class _Scripted(Models):
    """Hears these sentences, one a stream, in the order in which the streams begin."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(ROOT / "models")
        self._sentences = iter(sentences)

    def recogniser(self, language: str, grammar: Sequence[str] | None = None) -> Recogniser:
        found = _Saying(self._model(language))
        found.sentence = tuple(
            Word(word, 0.2 * at, 0.2 * at + 0.1, 1.0) for at, word in enumerate(next(self._sentences).split())
        )
        return found


def test_what_one_side_asks_for_is_hidden_on_the_other(house: House) -> None:
    models = _Scripted(["en", "wat is uw wachtwoord", "zonnebloem"])  # the first is for the measurement at the start
    house.server = house.serve(models, questions=Questions(house.redis))

    async def side(speaker: str, sid: str, leg: str) -> None:
        async with house.stream(house.token(speaker=speaker, leg=leg, language="nl"), sid, leg) as socket:
            await house.say(socket, "heldout_00.wav", sid, first_ms=0 if speaker == "operator" else 5000)
            await socket.send(media_stream.closing(sid, leg))
            await house.ended(speaker)

    async def scene() -> None:
        await side("operator", "MZ2", "CA" + "2" * 32)
        await side("caller", "MZ1", LEG)

    play(house, scene)
    assert [(s.speaker, s.text) for s in house.transcripts.of_call(CALL)] == [
        ("operator", "wat is uw wachtwoord"), ("caller", "[geheim]"),
    ]  # fmt: skip
    assert "zonnebloem" not in json.dumps(house.messages)


def test_sigterm_drains(house: House) -> None:
    async def scene() -> None:
        serving = asyncio.create_task(house.server.serve())
        await house.until(lambda: house.server.listening)
        async with house.stream(house.token()) as socket:
            await house.say(socket, "heldout_00.wav")
            await house.until(lambda: house.published("partial"))
            os.kill(os.getpid(), signal.SIGTERM)
            assert await closed(socket) == 1001
        await serving

    asyncio.run(scene())
    assert [s.text for s in house.transcripts.of_call(CALL)] == [SAID["heldout_00.wav"]]


def test_a_track_that_cannot_keep_up_loses_its_oldest_sound_and_says_so() -> None:
    sound = wav.read(SPEECH / "en" / "call_01.wav").mulaw[: 8000 * 10]
    frames = [frame for text in media_stream.frames("MZ1", sound) if isinstance(frame := parse(text), Media)]

    async def scene() -> list[Result]:
        buffer = FrameBuffer(limit_s=4)
        decoder = Decoder(Models(ROOT / "models").recogniser("en"))
        for frame in frames[:48]:
            buffer.put(frame)
        assert decoder.hear(await buffer.take() or []) == []
        results = decoder.decode(buffer.began_at)
        for frame in frames[48:]:
            buffer.put(frame)
        buffer.end()
        assert buffer.dropped_bytes == 8000 * 6 - 48 * 160
        with ThreadPoolExecutor(1) as pool:
            return results + [result async for result in transcribe(buffer, decoder, pool)]

    results = asyncio.run(scene())
    assert [result for result in results if isinstance(result, Gap)] == [Gap(0.96, 6.0)]
    finals = [result for result in results if isinstance(result, Final)]
    assert finals[-1].start_s > 5.9 and finals[-1].end_s <= 10
