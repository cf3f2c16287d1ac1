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

LOUD_DB = -12.0  # below a sentence's level: what is softer may be the room in which it was recorded
MOSTLY = 0.98  # of the loud frames
BEGINNING = 3  # frames: the soft sound before the first loud one
FRAME = 160  # 20 ms
SOON_S = 0.75  # after the last sound of a sentence
LATE_S = 1.2  # in which the recordings of `over_line` end


def through(mulaw: bytes) -> list[gate.Heard]:
    one = gate.SpeechGate()
    return [heard for at in range(0, len(mulaw) + 1, gate.BLOCK) for heard in one.hear(mulaw[at : at + gate.BLOCK])]


def paused_s(mulaw: bytes) -> list[float]:
    """When the gate said so, in seconds of the track."""
    one = gate.SpeechGate()
    blocks = range(0, len(mulaw) - gate.BLOCK + 1, gate.BLOCK)
    return [
        (at + gate.BLOCK) / 8000
        for at in blocks
        for heard in one.hear(mulaw[at : at + gate.BLOCK])
        if isinstance(heard, gate.Pause)
    ]


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
    """Which frames of the sound hold speech."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    return np.sqrt((frames**2).mean(axis=1)) > noisy_speech.speech_level(sound) * 10 ** (LOUD_DB / 20)


def on_both_ends(sound: noisy_speech.Sound) -> noisy_speech.Sound:
    """With the second before and after it that `over_line` adds."""
    rest = np.zeros(8000)
    return np.concatenate([rest, sound, rest])


def passed_frames(mulaw: bytes) -> np.ndarray:
    """Which frames are decoded: those of which the most is."""
    flags = np.zeros(len(mulaw) // FRAME + 1, np.bool_)
    for heard in through(mulaw):
        if isinstance(heard, gate.Speech):
            flags[round(heard.at / FRAME) : round((heard.at + len(heard.mulaw)) / FRAME)] = True
    return flags


def lost(speech: np.ndarray, went: np.ndarray) -> float:
    """The share of the speech that is not decoded."""
    return float((speech & ~went[: len(speech)]).sum() / speech.sum())


@pytest.mark.parametrize("kind", [kind for kind in noisy_speech.LINES if kind != "30 dB quieter"])
def test_on_every_line_what_is_said_passes_from_its_first_sound(kind: str) -> None:
    """(A voice 30 dB quieter is as soft as its line in many frames: of that one the words tell, below.)"""
    shares = []
    for language in ("nl", "fr", "en"):
        chosen = [sound for _, sound in sentences(language)[::3]]
        for index, sound in enumerate(chosen):
            others = chosen[:index] + chosen[index + 1 :]
            speech = loud_frames(on_both_ends(sound))
            went = passed_frames(noisy_speech.over_line(kind, sound, others, seed=index).mulaw)
            first = int(np.argmax(speech))
            assert went[first - BEGINNING : first + BEGINNING].all(), (language, index)
            shares.append(lost(speech, went))
    assert np.mean(shares) <= 1 - MOSTLY


@pytest.mark.parametrize("kind", noisy_speech.LINES)
def test_on_every_line_the_sentence_ends_soon_after_its_last_sound(kind: str) -> None:
    """Beside voices 10 dB below the speaker's too, mostly: there the soft end of the sentence is one of them."""
    waits = []
    for language in ("nl", "fr", "en"):
        chosen = [sound for _, sound in sentences(language)[::3]]
        for index, sound in enumerate(chosen):
            mulaw = noisy_speech.over_line(kind, sound, chosen[:index] + chosen[index + 1 :], seed=index).mulaw
            last_s = (np.flatnonzero(loud_frames(on_both_ends(sound)))[-1] + 1) * FRAME / 8000
            pauses = [pause - last_s for pause in paused_s(mulaw)]
            waits.append(next((wait for wait in pauses if wait > 0), LATE_S))
    assert np.median(waits) <= SOON_S


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


@pytest.mark.parametrize("kind", ["hum", "music", "noise"])
@pytest.mark.parametrize("level", [80, 800])
def test_what_has_no_voice_is_not_decoded(kind: str, level: float) -> None:
    noise = noisy_speech.noises([], 8000 * 60, seed=2)[kind]()
    noise *= level / np.sqrt((noise**2).mean())
    assert passed(noisy_speech.recorded(noise + noisy_speech.line(len(noise))).mulaw) < 0.1


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
    second = 400 + len(music) // FRAME
    third = second + (len(sound) + len(music)) // FRAME
    assert went[420 : second - 10].mean() < 0.1
    speech = loud_frames(sound)
    for begins in (second, third):
        here = went[begins + 1 :]
        first = int(np.argmax(speech))
        assert here[first : first + BEGINNING].all()
        assert lost(speech[: len(here)], here) <= 1 - MOSTLY


@pytest.mark.parametrize("softer_db", [10, 25])
def test_who_speaks_softly_after_another_is_heard(softer_db: int) -> None:
    """Two people at one telephone: one close to it, one across the room."""
    (_, near), (_, far) = sentences("nl")[0], sentences("nl")[1]
    far = far * noisy_speech.speech_level(near) / noisy_speech.speech_level(far) * 10 ** (-softer_db / 20)
    sound = np.concatenate([near, np.zeros(4000), far, np.zeros(8000)])
    went = passed_frames(noisy_speech.recorded(sound + noisy_speech.line(len(sound))).mulaw)
    assert lost(loud_frames(far), went[(len(near) + 4000) // FRAME + 1 :]) <= 1 - MOSTLY


def test_a_bang_hides_no_words_behind_it() -> None:
    _, sound = sentences("fr")[0]
    sound = sound / 10
    bang = np.random.default_rng(4).normal(0, 20_000, 400)
    whole = np.concatenate([np.zeros(8000), bang, np.zeros(4000), sound, np.zeros(8000)])
    went = passed_frames(noisy_speech.recorded(whole.clip(-32000, 32000) + noisy_speech.line(len(whole))).mulaw)
    assert lost(loud_frames(sound), went[12_400 // FRAME + 1 :]) <= 1 - MOSTLY


def test_behind_silence_a_sentence_ends_soon_after_its_last_word() -> None:
    sound = wav.read(SPEECH / "en" / "heldout_00.wav").mulaw
    (pause_s,) = paused_s(sound + b"\xff" * 16000)
    assert pause_s <= len(sound) / 8000 + 0.7


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
