"""What Silero's network takes for a voice."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support import noisy_speech
from transcription.audio import Samples, mulaw_decode
from transcription.gate import PRE_ROLL_WINDOWS
from transcription.voice import BEGINS, WINDOW, VoiceDetector, Window

TWO_S = 62 * WINDOW


def on_the_line(sound: noisy_speech.Sound) -> Samples:
    """As the line brings it, in whole windows."""
    samples = mulaw_decode(noisy_speech.recorded(sound + noisy_speech.line(len(sound))).mulaw)
    return samples[: len(samples) // WINDOW * WINDOW]


def talk(language: str) -> noisy_speech.Sound:
    """Two seconds from the middle of a conversation."""
    return noisy_speech.conversation(language)[24_000 : 24_000 + TWO_S]


def voices(heard: list[Window]) -> float:
    """The share of the windows in which there is one."""
    return sum(window.chance >= BEGINS for window in heard) / len(heard)


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("quieter_db", [0, 30])
def test_a_voice_is_heard_in_every_language_and_from_across_the_room(language: str, quieter_db: int) -> None:
    assert voices(VoiceDetector().hear(on_the_line(talk(language) * 10 ** (-quieter_db / 20)))) > 0.3


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_voice_is_heard_beside_music(language: str) -> None:
    sound = talk(language)
    mixed = noisy_speech.over(sound, noisy_speech.music(len(sound)), snr_db=10)
    assert voices(VoiceDetector().hear(mulaw_decode(mixed.mulaw))) > 0.3


@pytest.mark.parametrize("level", [100, 3000])
@pytest.mark.parametrize("kind", ["music", "hum", "noise"])
def test_music_hum_and_noise_are_no_voice(kind: str, level: float) -> None:
    noise = noisy_speech.noises([], 10 * TWO_S, seed=3)[kind]()
    assert voices(VoiceDetector().hear(on_the_line(noise / np.sqrt((noise**2).mean()) * level))) < 0.02


def test_silence_is_no_voice_and_the_network_is_not_asked() -> None:
    one = VoiceDetector()
    assert {window.chance for window in one.hear(np.zeros(TWO_S, np.int16))} == {0.0}


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_voice_is_heard_at_once_after_minutes_of_music(language: str) -> None:
    """The network alone would remember the music and miss a second."""
    sound, one = noisy_speech.conversation(language), VoiceDetector()
    one.hear(on_the_line(noisy_speech.music(60 * TWO_S)))
    heard = one.hear(on_the_line(sound[: 2 * TWO_S]))
    begins = next(n for n, each in enumerate(heard) if each.chance >= BEGINS)
    loud = np.sqrt((sound[: 2 * TWO_S].reshape(-1, WINDOW) ** 2).mean(axis=1)) > noisy_speech.speech_level(sound) / 4
    assert begins <= int(np.argmax(loud)) + PRE_ROLL_WINDOWS - 4  # and an eighth of a second before it passes


def test_it_hears_the_same_however_the_sound_comes_in_pieces() -> None:
    sound = on_the_line(talk("nl"))
    whole, pieces = VoiceDetector(), VoiceDetector()
    first = 16 * WINDOW  # the level begins with what is heard first
    expected = [*whole.hear(sound[:first]), *whole.hear(sound[first:])]
    found = pieces.hear(sound[:first])
    for at in range(first, len(sound), 2 * WINDOW):
        found += pieces.hear(sound[at : at + 2 * WINDOW])
    assert [each.chance for each in found] == pytest.approx([each.chance for each in expected], abs=1e-6)
