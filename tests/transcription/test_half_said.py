"""A number that is half said is not shown, without partial words either, and however long decoding is kept waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from tests.support import noisy_speech
from tests.support.screen import Screen
from transcription.admission import Admission, Cost, Level
from transcription.audio import TELEPHONE_HZ, Samples, mulaw_encode
from transcription.models import Models
from transcription.outlet import Outlet
from transcription.pipeline import BLOCK_BYTES, Decoder, Final, FrameBuffer, Work, transcribe
from transcription.protocol import Media
from transcription.questions import Question
from transcription.recogniser import Recogniser, Word
from transcription.store import Speaker
from transcription.tokens import StreamClaim
from transcription.track import Tracks

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CLAIM = StreamClaim("call", "caller", None, "en", NOW, "CA1")
GROUPS = ["four five three nine one four eight eight", "zero three four three six four six seven"]
HOLD_S = 0.3
BLOCK_S = BLOCK_BYTES / TELEPHONE_HZ


class _Groups(Recogniser):
    """Hears one group of the number between two pauses. Takes `stall_s` for the beginning of the second."""

    def __init__(self, stall_s: float) -> None:
        self.left = list(GROUPS)
        self.fed_s = self.began_s = 0.0
        self.stall_s = stall_s

    def accept(self, samples: Samples) -> tuple[Word, ...] | None:
        if len(self.left) == 1 and self.fed_s == self.began_s:
            Event().wait(self.stall_s)
        self.fed_s += len(samples) / TELEPHONE_HZ
        return None

    def partial(self) -> str:
        return ""

    def finish(self) -> tuple[Word, ...]:
        words = self.left.pop(0).split() if self.left else []
        a_word = (self.fed_s - self.began_s) / max(1, len(words))
        found = tuple(
            Word(word, self.began_s + n * a_word, self.began_s + (n + 0.9) * a_word, 0.9)
            for n, word in enumerate(words)
        )
        self.began_s = self.fed_s
        return found


class _Models(Models):
    def __init__(self, stall_s: float) -> None:
        super().__init__(Path("nowhere"))
        self.stall_s = stall_s

    def check(self, language: str) -> None: ...

    def recogniser(self, language: str, grammar: Sequence[str] | None = None) -> Recogniser:
        return _Groups(self.stall_s)


class _Line:
    """Sound that comes in, block by block, at the pace of `pace_s` a block."""

    def __init__(self, buffer: FrameBuffer) -> None:
        self.buffer = buffer
        self.blocks = 0
        self.voice = mulaw_encode(noisy_speech.conversation("en")[8000 : 8000 + 12 * BLOCK_BYTES].astype(np.int16))

    async def say(self, blocks: int, *, loud: bool, pace_s: float = 0.005) -> None:
        for block in range(blocks):
            sound = self.voice[block * BLOCK_BYTES : (block + 1) * BLOCK_BYTES] if loud else b"\xff" * BLOCK_BYTES
            at_ms = round(self.blocks * BLOCK_S * 1000)
            self.blocks += 1
            self.buffer.put(Media("MZ1", "inbound", self.blocks, at_ms, sound))
            await asyncio.sleep(pace_s)


def played(admission: Admission, *, stall_s: float, pace_s: float) -> Screen:
    """The two groups with a breath between them; the sound of the second takes 12 times `pace_s` to come in."""
    screen = Screen()

    async def run() -> None:
        buffer = FrameBuffer()
        with ThreadPoolExecutor(1) as decoding, ThreadPoolExecutor(4) as storing:
            tracks = Tracks(_Models(stall_s), decoding, storing, admission, folder=None, index=None)
            outlet = Outlet(
                CLAIM, stream_sid="MZ1", stream_started_at=NOW, record=screen, screens=screen, pool=storing,
                hold_s=HOLD_S,
            )  # fmt: skip
            running = asyncio.create_task(outlet.run())
            writing = asyncio.create_task(tracks.write_down(CLAIM, "MZ1", NOW, buffer, outlet))
            line = _Line(buffer)
            await line.say(8, loud=True)
            await line.say(4, loud=False)
            async with asyncio.timeout(5):
                while not screen.shown:
                    await asyncio.sleep(0.005)
            await line.say(12, loud=True, pace_s=pace_s)
            await line.say(4, loud=False)
            buffer.end()
            await writing
            outlet.close()
            await running

    asyncio.run(run())
    return screen


@pytest.fixture
def sentences() -> Admission:
    """Room for a call without partial words only."""
    found = Admission(1.0, spools=False)
    found.measured("en", Cost(live=1.0, sentences=0.5))
    return found


@pytest.fixture
def live() -> Admission:
    found = Admission(1.0, spools=False)
    found.measured("en", Cost(live=0.01, sentences=0.01))
    return found


def test_sentence_by_sentence_the_first_half_of_a_card_waits_for_the_second(sentences: Admission) -> None:
    screen = played(sentences, stall_s=0.0, pace_s=HOLD_S / 4)
    assert screen.shown == ["…", "[card number]", "[card number]"]
    assert screen.most_digits == 0 and set(screen.record.values()) == {"[card number]"}


@pytest.mark.parametrize("level", list(Level)[:2])
def test_a_decoder_that_is_kept_waiting_makes_no_number_whole(level: Level, request: pytest.FixtureRequest) -> None:
    admission: Admission = request.getfixturevalue(level.value)
    screen = played(admission, stall_s=3 * HOLD_S, pace_s=0.005)
    assert screen.shown == ["…", "[card number]", "[card number]"]
    assert screen.most_digits == 0


class _SlowQuestions:
    """Nobody asked for anything, and it takes until `answered` to know that."""

    def __init__(self) -> None:
        self.asked, self.answered = Event(), Event()

    def put(self, call_id: str, speaker: Speaker, stream: str, questions: Sequence[Question]) -> None: ...

    def of(self, call_id: str, speaker: Speaker, *, within_s: float) -> list[Question]:
        self.asked.set()
        self.answered.wait(10)
        return []


def test_a_sentence_that_is_on_its_way_out_holds_too() -> None:
    """Whether a number stands open is not known before it was looked at: until then a track does not give way."""
    questions = _SlowQuestions()
    words = tuple(Word(word, n, n + 0.5, 0.9) for n, word in enumerate(GROUPS[0].split()))

    async def run() -> list[bool]:
        with ThreadPoolExecutor(1) as pool:
            outlet = Outlet(
                CLAIM, stream_sid="MZ1", stream_started_at=NOW, record=Screen(), screens=Screen(), pool=pool,
                hold_s=HOLD_S, questions=questions,
            )  # fmt: skip
            held = [outlet.holding]
            outlet.put(Final(words, said_at=0.0, heard_at=0.0))
            held.append(outlet.holding)
            running = asyncio.create_task(outlet.run())
            await asyncio.to_thread(questions.asked.wait, 10)
            held.append(outlet.holding)
            questions.answered.set()
            outlet.close()
            await running
            return [*held, outlet.holding]

    assert asyncio.run(run()) == [False, True, True, False]


def test_a_decoder_is_heard_to_speak_until_its_results_are_told() -> None:
    async def run() -> tuple[list[bool], list[bool]]:
        buffer = FrameBuffer()
        line = _Line(buffer)
        await line.say(8, loud=True, pace_s=0.0)
        await line.say(4, loud=False, pace_s=0.0)
        buffer.end()
        decoder = Decoder(_Groups(0.0), partials=False)
        told: list[bool] = []
        afterwards: list[bool] = []

        def go_on(work: Work) -> bool:
            afterwards.append(decoder.speaking)
            return True

        with ThreadPoolExecutor(1) as pool:
            async for _ in transcribe(buffer, decoder, pool, go_on=go_on):
                told.append(decoder.speaking)
        return told, afterwards

    told, afterwards = asyncio.run(run())
    assert told == [True] and afterwards[0] and not afterwards[-1]
