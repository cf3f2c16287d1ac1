"""What the gate lets pass, and that no word is lost by it."""

from __future__ import annotations

import numpy as np
import pytest

from foundation.settings import ROOT
from tests.support import noisy_speech
from tests.support.word_errors import SPEECH, spoken, word_error_rate
from transcription import from_file, gate, wav
from transcription.audio import mulaw_decode
from transcription.models import Models
from transcription.wav import Recording

NO_WORSE = 0.005  # half a point of word error rate


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(ROOT / "models")


def through(mulaw: bytes) -> list[gate.Heard]:
    one = gate.SpeechGate()
    return [heard for at in range(0, len(mulaw) + 1, gate.BLOCK) for heard in one.hear(mulaw[at : at + gate.BLOCK])]


def passed(mulaw: bytes) -> float:
    """The share of the sound that is decoded."""
    return sum(len(heard.mulaw) for heard in through(mulaw) if isinstance(heard, gate.Speech)) / len(mulaw)


def without_gate(models: Models, language: str, recording: Recording) -> str:
    """Every sample decoded, Vosk's own end-pointing."""
    recogniser = models.recogniser(language)
    words = []
    for at in range(0, len(recording.mulaw), 1600):
        words += list(recogniser.accept(mulaw_decode(recording.mulaw[at : at + 1600])) or ())
    return " ".join(word.word for word in [*words, *recogniser.finish()])


def clean(sound: noisy_speech.Sound) -> Recording:
    return noisy_speech.recorded(sound)


def quiet(sound: noisy_speech.Sound) -> Recording:
    return noisy_speech.recorded(sound / 10)


def hum(sound: noisy_speech.Sound) -> Recording:
    return noisy_speech.over(sound, noisy_speech.hum(len(sound)), 10)


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_no_word_is_lost_by_the_gate(models: Models, language: str) -> None:
    """Over all kinds of lines together: in so few words one word is half a point."""
    plain, gated = [], []
    for each in spoken(language)[:9]:
        if each.grammar is None:
            sound = noisy_speech.sound_of(wav.read(each.path))
            rest = np.zeros(8000)
            for kind in (clean, quiet, hum):
                recording = kind(np.concatenate([rest, sound, rest]) + noisy_speech.line(len(sound) + 16000))
                plain.append((each.text, without_gate(models, language, recording)))
                gated.append((each.text, from_file.transcribe(recording, models, language).text))
    assert word_error_rate(gated) <= word_error_rate(plain) + NO_WORSE


def test_a_quiet_line_costs_nothing() -> None:
    assert passed(b"\xff" * 80_000) == 0
    assert passed(noisy_speech.recorded(noisy_speech.line(80_000)).mulaw) < 0.02


def test_steady_noise_and_hum_shut_themselves_out_within_seconds() -> None:
    noise = np.random.default_rng(2).normal(0, 300, 8000 * 40)
    for sound in (noise, noisy_speech.hum(8000 * 40) * 800):
        assert passed(noisy_speech.recorded(sound).mulaw) < 0.2


def test_a_sentence_ends_soon_after_its_last_word() -> None:
    sound = wav.read(SPEECH / "en" / "heldout_00.wav").mulaw + b"\xff" * 16000
    one = gate.SpeechGate()
    speech_until = paused_at = 0
    for at in range(0, len(sound), gate.BLOCK):
        for heard in one.hear(sound[at : at + gate.BLOCK]):
            if isinstance(heard, gate.Pause):
                paused_at = at + gate.BLOCK
        if one.open:
            speech_until = at + gate.BLOCK
    assert paused_at and paused_at - speech_until <= gate.BLOCK
    assert paused_at <= len(sound) - 16000 + 0.7 * 8000


def test_what_passes_is_what_was_sent_in_its_place_and_once() -> None:
    sound = wav.read(SPEECH / "nl" / "call_00.wav").mulaw
    end = 0
    for heard in through(sound):
        if isinstance(heard, gate.Speech):
            assert heard.at >= end and sound[heard.at : heard.at + len(heard.mulaw)] == heard.mulaw
            end = heard.at + len(heard.mulaw)


def test_the_soft_beginning_of_a_word_passes() -> None:
    sound = noisy_speech.sound_of(wav.read(SPEECH / "en" / "seen_00.wav"))
    recording = noisy_speech.recorded(np.concatenate([noisy_speech.line(16000), sound]))
    first = next(heard for heard in through(recording.mulaw) if isinstance(heard, gate.Speech))
    loud = 16000 + 160 * int(np.argmax(np.abs(sound[: len(sound) // 160 * 160]).reshape(-1, 160).max(axis=1) > 300))
    assert loud - first.at >= 8000 * 0.2
