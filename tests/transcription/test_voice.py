"""What Silero's network takes for a voice."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support import noisy_speech
from transcription.audio import Samples, mulaw_decode
from transcription.voice import VoiceDetector

TWO_S = 16_000


def on_the_line(sound: noisy_speech.Sound) -> Samples:
    return mulaw_decode(noisy_speech.recorded(sound + noisy_speech.line(len(sound))).mulaw)


def talk(language: str) -> noisy_speech.Sound:
    """Two seconds from the middle of a conversation."""
    return noisy_speech.conversation(language)[24_000 : 24_000 + TWO_S]


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("quieter_db", [0, 30])
def test_a_voice_is_heard_in_every_language_and_from_across_the_room(language: str, quieter_db: int) -> None:
    assert VoiceDetector().hears_voice(on_the_line(talk(language) * 10 ** (-quieter_db / 20)))


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_voice_is_heard_beside_music(language: str) -> None:
    sound = talk(language)
    mixed = noisy_speech.over(sound, noisy_speech.music(len(sound)), snr_db=10)
    assert VoiceDetector().hears_voice(mulaw_decode(mixed.mulaw))


@pytest.mark.parametrize("level", [100, 3000])
@pytest.mark.parametrize("kind", ["music", "hum", "noise"])
def test_music_hum_and_noise_are_no_voice(kind: str, level: float) -> None:
    noise = noisy_speech.noises([], 10 * TWO_S, seed=3)[kind]()
    sound = on_the_line(noise / np.sqrt((noise**2).mean()) * level)
    found = [VoiceDetector().hears_voice(sound[at : at + TWO_S]) for at in range(0, len(sound), TWO_S)]
    assert sum(found) <= 1


def test_silence_is_no_voice() -> None:
    assert not VoiceDetector().hears_voice(np.zeros(TWO_S, np.int16))


def test_it_hears_the_same_however_the_sound_comes_in_pieces() -> None:
    sound = on_the_line(talk("nl"))
    whole, pieces = VoiceDetector(), VoiceDetector()
    pieces.chances(sound[:4000])  # the level begins with what is heard first
    expected = whole.chances(sound[:4000]) and whole.chances(sound[4000:])
    found = [chance for at in range(4000, len(sound), 300) for chance in pieces.chances(sound[at : at + 300])]
    assert found == pytest.approx(expected, abs=1e-6)


def test_what_it_remembers_is_two_seconds() -> None:
    one = VoiceDetector()
    assert one.hears_voice(on_the_line(talk("fr")))
    assert not one.hears_voice(on_the_line(noisy_speech.music(2 * TWO_S) / 4))
