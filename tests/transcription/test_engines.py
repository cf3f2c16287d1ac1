"""Vosk's recognisers are lent for a sentence; and the malloc under them."""

from __future__ import annotations

import subprocess
import sys
from ctypes.util import find_library

import pytest

from foundation.settings import ROOT
from tests.support.word_errors import SPEECH
from transcription import wav
from transcription.audio import Samples, mulaw_decode
from transcription.models import ENOUGH_MEMORY_BYTES, Models
from transcription.recogniser import Recogniser


def samples(name: str) -> Samples:
    return mulaw_decode(wav.read(SPEECH / "en" / name).mulaw)


def said(recogniser: Recogniser, sound: Samples) -> str:
    words = recogniser.accept(sound) or ()
    return " ".join(word.word for word in (*words, *recogniser.finish()))


@pytest.fixture
def free() -> list[int]:
    return [1 << 40]


@pytest.fixture
def models(free: list[int]) -> Models:
    return Models(ROOT / "models", free_bytes=lambda: free[0])


def test_who_speaks_next_gets_the_engine_that_spoke_last(models: Models) -> None:
    model = models._model("en")
    first, second = models.recogniser("en"), models.recogniser("en")
    assert said(first, samples("heldout_00.wav")) == "when i want to call someone the system crashes"
    (engine,) = model._idle
    second.accept(samples("heldout_00.wav")[:8000])
    assert not model._idle and second.partial(), "it is in use"
    first.accept(samples("heldout_00.wav")[:8000])
    first.finish()
    second.finish()
    assert len(model._idle) == 2 and model._idle[-1] is engine


def test_times_are_the_tracks_own_whoever_used_the_engine_before(models: Models) -> None:
    sound = samples("heldout_00.wav")
    alone = Recogniser(models._model("en"))
    alone.accept(sound)
    fresh = alone.finish()
    lent = models.recogniser("en")
    other = models.recogniser("en")
    other.accept(samples("heldout_02.wav"))
    other.finish()
    lent.accept(sound)
    assert [(word.word, word.start_s) for word in lent.finish()] == [(word.word, word.start_s) for word in fresh]
    lent.accept(sound)
    again = lent.finish()
    assert again[0].start_s == pytest.approx(fresh[0].start_s + len(sound) / 8000, abs=0.05)


def test_nothing_of_one_track_is_heard_on_the_next(models: Models) -> None:
    talker, quiet = models.recogniser("en"), models.recogniser("en")
    talker.accept(samples("heldout_00.wav"))
    talker.finish()
    quiet.accept(mulaw_decode(b"\xff" * 16000))
    assert quiet.partial() == "" and quiet.finish() == ()


def test_a_sentence_that_is_given_up_takes_its_engine_with_it(models: Models) -> None:
    cut_off = models.recogniser("en")
    cut_off.accept(samples("heldout_00.wav")[:16000])
    del cut_off
    assert not models._model("en")._idle, "half a sentence must not go on in another call"
    assert said(models.recogniser("en"), samples("heldout_00.wav")) == "when i want to call someone the system crashes"


def test_a_grammar_has_an_engine_of_its_own(models: Models) -> None:
    answer = models.recogniser("en", ["yes", "no"])
    answer.accept(samples("heldout_00.wav"))
    answer.finish()
    assert not models._model("en")._idle


def test_when_memory_is_short_no_engine_is_kept(models: Models, free: list[int]) -> None:
    recogniser = models.recogniser("en")
    recogniser.accept(samples("heldout_00.wav")[:8000])
    free[0] = ENOUGH_MEMORY_BYTES - 1
    recogniser.finish()
    assert not models._model("en")._idle


def test_a_process_begins_again_with_jemalloc_where_there_is_one() -> None:
    program = (
        "import sys; from transcription import allocator; allocator.prefer_jemalloc();"
        "maps = open('/proc/self/maps').read(); print(allocator.name(), 'jemalloc' in maps, sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "kept"], cwd=ROOT, env={"PATH": "/usr/bin"}, capture_output=True, text=True
    )
    there = find_library("jemalloc") is not None
    expected = "jemalloc True ['kept']\n" if there else "the system's False ['kept']\n"
    assert (done.stdout, done.returncode) == (expected, 0), done.stderr
