"""The spoken test set as worse lines would bring it: hum, music, other voices, a quiet speaker. The same each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from foundation.settings import ROOT
from tests.support.word_errors import spoken
from transcription import wav
from transcription.audio import mulaw_decode, mulaw_encode

Sound = NDArray[np.float64]
HOLD_MUSIC = ROOT / "webhooks" / "audio" / "hold.wav"
LINE_NOISE = 6.0  # rms of what a quiet line still carries: about -75 dB of full scale


def sound_of(recording: wav.Recording) -> Sound:
    return mulaw_decode(recording.mulaw).astype(np.float64)


def conversation(language: str) -> Sound:
    """The first recorded conversation of the test set."""
    return sound_of(wav.read(next(each.path for each in spoken(language) if each.kind == "call")))


def speech_level(sound: Sound) -> float:
    """Root mean square of the louder half of the sound's 20 ms frames."""
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160)
    power = (frames**2).mean(axis=1)
    return float(np.sqrt(power[power >= np.median(power)].mean()))


def hum(samples: int) -> Sound:
    """The mains and its harmonics."""
    t = np.arange(samples) / 8000
    return np.asarray(sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in range(1, 12)))


def music(samples: int) -> Sound:
    return _stretch(sound_of(wav.read(HOLD_MUSIC)), samples)


def babble(others: Sequence[Sound], samples: int, seed: int = 1) -> Sound:
    """Five people who speak elsewhere in the room, made of other recordings."""
    chance = np.random.default_rng(seed)
    voices = (np.concatenate([others[i] for i in chance.permutation(len(others))[:6]]) for _ in range(5))
    return np.asarray(sum(_stretch(voice / (speech_level(voice) or 1.0), samples) for voice in voices))


def line(samples: int, seed: int = 1) -> Sound:
    return np.random.default_rng(seed).normal(0.0, LINE_NOISE, samples)


def over(sound: Sound, noise: Sound, snr_db: float) -> wav.Recording:
    """The sound with noise `snr_db` below its speech."""
    scale = speech_level(sound) / float(np.sqrt((noise**2).mean())) * 10 ** (-snr_db / 20)
    return recorded(sound + noise * scale)


def noises(others: Sequence[Sound], samples: int, seed: int) -> dict[str, Callable[[], Sound]]:
    chance = np.random.default_rng(seed)
    start = int(chance.integers(8000 * 20))
    return {
        "babble": lambda: babble(others, samples, seed),
        "hum": lambda: hum(samples),
        "music": lambda: music(samples + start)[start:],
        "noise": lambda: chance.normal(0.0, 1.0, samples),
    }


# What is on the line, and by how many dB the speech is louder than it; or by how many dB all is quieter.
LINES: dict[str, tuple[str | None, float]] = {
    "as it is": (None, 0.0),
    "20 dB quieter": (None, 20.0),
    "30 dB quieter": (None, 30.0),
    **{f"{name} {snr} dB": (name, float(snr)) for name in ("babble", "hum", "music", "noise") for snr in (20, 15, 10)},
}


def over_line(kind: str, sound: Sound, others: Sequence[Sound], seed: int) -> wav.Recording:
    """The sound as a line of `LINES` brings it, with a second on both ends in which only the line is heard."""
    rest = np.zeros(8000)
    whole = np.concatenate([rest, sound, rest])
    name, value = LINES[kind]
    quiet_line = line(len(whole), seed)
    if name is None:
        return recorded(whole * 10 ** (-value / 20) + quiet_line)
    noise = noises(others, len(whole), seed)[name]()
    scale = speech_level(sound) / float(np.sqrt((noise**2).mean())) * 10 ** (-value / 20)
    return recorded(whole + noise * scale + quiet_line)


def recorded(sound: Sound) -> wav.Recording:
    loudest = float(np.abs(sound).max(initial=1.0))
    samples = np.rint(sound * min(1.0, 32000 / loudest)).astype(np.int16)
    return wav.Recording(mulaw_encode(samples), len(samples) / 8000)


def _stretch(sound: Sound, samples: int) -> Sound:
    return np.tile(sound, samples // len(sound) + 1)[:samples]
