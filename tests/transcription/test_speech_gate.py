"""What the gate lets pass, and that no word is lost by it."""

from __future__ import annotations

import numpy as np
import pytest

from foundation.settings import ROOT
from tests.support import noisy_speech
from tests.support.word_errors import SPEECH, Spoken, spoken, word_errors
from transcription import from_file, gate, wav
from transcription.audio import mulaw_decode
from transcription.models import Models
from transcription.wav import Recording

LOUD_DB = -25.0  # below a sentence's level: what is softer lies within its pauses, or in the line's own noise
MOSTLY = 0.98  # of the loud frames; the rest is what the file's own line brings before and behind a sentence
BEGINNING = 5  # frames: a tenth of a second


def through(mulaw: bytes) -> list[gate.Heard]:
    one = gate.SpeechGate()
    return [heard for at in range(0, len(mulaw) + 1, gate.BLOCK) for heard in one.hear(mulaw[at : at + gate.BLOCK])]


def passed(mulaw: bytes) -> float:
    """The share of the sound that is decoded."""
    return sum(len(heard.mulaw) for heard in through(mulaw) if isinstance(heard, gate.Speech)) / len(mulaw)


def sentences(language: str) -> list[tuple[Spoken, noisy_speech.Sound]]:
    return [
        (each, noisy_speech.sound_of(wav.read(each.path)))
        for each in spoken(language)
        if each.grammar is None and each.kind != "call"
    ]


def loud_frames(sound: noisy_speech.Sound) -> np.ndarray:
    """Which 20 ms frames of `over_line`'s recording of this sound hold speech, as the clean sound tells."""
    rest = np.zeros(8000)
    whole = np.concatenate([rest, sound, rest])
    frames = whole[: len(whole) // gate.FRAME * gate.FRAME].reshape(-1, gate.FRAME)
    return np.sqrt((frames**2).mean(axis=1)) > noisy_speech.speech_level(sound) * 10 ** (LOUD_DB / 20)


def passed_frames(mulaw: bytes) -> np.ndarray:
    flags = np.zeros(len(mulaw) // gate.FRAME + 1, np.bool_)
    for heard in through(mulaw):
        if isinstance(heard, gate.Speech):
            flags[heard.at // gate.FRAME : (heard.at + len(heard.mulaw)) // gate.FRAME] = True
    return flags


@pytest.mark.parametrize("kind", [kind for kind in noisy_speech.LINES if kind != "30 dB quieter"])
def test_on_every_line_what_is_said_passes_from_its_first_sound(kind: str) -> None:
    """(A voice 30 dB quieter is as soft as its line in many frames: of that one the words tell, below.)"""
    loud = lost = 0
    for language in ("nl", "fr", "en"):
        chosen = [sound for _, sound in sentences(language)[::3]]
        for index, sound in enumerate(chosen):
            others = chosen[:index] + chosen[index + 1 :]
            speech = loud_frames(sound)
            went = passed_frames(noisy_speech.over_line(kind, sound, others, seed=index).mulaw)[: len(speech)]
            first = int(np.argmax(speech))
            assert went[first : first + BEGINNING].all(), (language, index)
            loud += int(speech.sum())
            lost += int((speech & ~went).sum())
    assert lost <= (1 - MOSTLY) * loud


def without_gate(models: Models, language: str, recording: Recording) -> list[str]:
    """Every sample decoded, Vosk's own end-pointing."""
    recogniser = models.recogniser(language)
    words = []
    for at in range(0, len(recording.mulaw), 3200):
        words += list(recogniser.accept(mulaw_decode(recording.mulaw[at : at + 3200])) or ())
    return [word.word for word in [*words, *recogniser.finish()]]


@pytest.mark.parametrize("kind", ["as it is", "30 dB quieter", "hum 10 dB", "music 15 dB"])
def test_the_gate_costs_no_words(kind: str) -> None:
    """Of a sentence a language: `python -m benchmarks.speech_gate` has all of them, on every line."""
    models = Models(ROOT / "models")
    plain = gated = 0
    for index, language in enumerate(("nl", "fr", "en")):
        each, sound = sentences(language)[index]
        recording = noisy_speech.over_line(kind, sound, [], seed=index)
        said = each.text.split()
        plain += word_errors(said, without_gate(models, language, recording))
        gated += word_errors(said, from_file.transcribe(recording, models, language).text.split())
    assert gated <= plain + 1


def test_a_quiet_line_costs_nothing() -> None:
    assert passed(b"\xff" * 80_000) == 0
    assert passed(noisy_speech.recorded(noisy_speech.line(80_000)).mulaw) < 0.02


def test_steady_noise_and_hum_shut_themselves_out_within_seconds() -> None:
    noise = np.random.default_rng(2).normal(0, 300, 8000 * 40)
    for sound in (noise, noisy_speech.hum(8000 * 40) * 800):
        assert passed(noisy_speech.recorded(sound).mulaw) < 0.2


@pytest.mark.parametrize("quieter_db", [0, 20])
def test_hold_music_is_decoded_for_some_seconds_and_no_longer(quieter_db: int) -> None:
    music = noisy_speech.music(8000 * 60) * 10 ** (-quieter_db / 20)
    assert passed(noisy_speech.recorded(music + noisy_speech.line(len(music))).mulaw) < 0.2


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("quieter_db", [5, 15])
def test_who_speaks_after_or_into_hold_music_is_heard_from_the_first_sound(language: str, quieter_db: int) -> None:
    sound = noisy_speech.conversation(language)
    music = noisy_speech.music(8000 * 20)
    music *= noisy_speech.speech_level(sound) / np.sqrt((music**2).mean()) * 10 ** (-quieter_db / 20)
    into = sound.copy()
    into[: 8000 * 3] += music[: 8000 * 3]  # it goes on for a while
    recording = noisy_speech.recorded(np.concatenate([sound[: 8000 * 8], music, sound, music, into]))
    went = passed_frames(recording.mulaw)
    second = 400 + len(music) // 160
    third = second + (len(sound) + len(music)) // 160
    music_shut = went[500:second].mean() < 0.5
    assert music_shut
    for begins in (second, third):
        frames = sound[: len(sound) // 160 * 160].reshape(-1, 160)
        speech = np.sqrt((frames**2).mean(axis=1)) > noisy_speech.speech_level(sound) * 10 ** (-15 / 20)
        here = went[begins + 1 : begins + 1 + len(speech)]
        first = int(np.argmax(speech))
        assert here[first : first + BEGINNING].all()
        assert (speech[: len(here)] & ~here).sum() <= (1 - MOSTLY) * speech.sum()


def test_talk_is_never_taken_for_music() -> None:
    """All conversations on end, with pauses: the network shuts nothing."""
    for language in ("nl", "fr", "en"):
        calls = [noisy_speech.sound_of(wav.read(each.path)) for each in spoken(language) if each.kind == "call"]
        sound = np.concatenate([part for call in calls for part in (call, np.zeros(12_000))])
        mulaw = noisy_speech.recorded(sound + noisy_speech.line(len(sound))).mulaw
        asked, alone = gate.SpeechGate(), gate.SpeechGate(asks=False)
        for at in range(0, len(mulaw) + 1, gate.BLOCK):
            assert asked.hear(mulaw[at : at + gate.BLOCK]) == alone.hear(mulaw[at : at + gate.BLOCK])


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
