"""Two-speaker calls made of the spoken test set: turns in alternation, short pauses, now and then a long one while the
operator looks something up. Each speaker has a track of their own, which carries line noise while the other speaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.support import noisy_speech
from tests.support.word_errors import spoken
from transcription import wav

PAUSE_S = (0.3, 1.2)
LOOKING_UP_S = (4.0, 8.0)
LOOKING_UP_SHARE = 0.12


@dataclass(frozen=True)
class Track:
    """`said` is what was spoken on it; `speech_s` for how long."""

    mulaw: bytes
    said: str
    speech_s: float


def call(language: str, length_s: float, seed: int) -> tuple[Track, Track]:
    """The caller's and the operator's track; the last turn ends before `length_s`."""
    chance = np.random.default_rng(seed)
    turns = [each for each in spoken(language) if each.grammar is None and each.kind != "call"]
    sounds = [noisy_speech.sound_of(wav.read(each.path)) for each in turns]
    length = int(length_s * 8000)
    tracks = [noisy_speech.line(length, seed * 2 + n) for n in range(2)]
    said: list[list[str]] = [[], []]
    speech = [0, 0]
    at, who = int(0.5 * 8000), 1
    while True:
        which = int(chance.integers(len(turns)))
        sound = sounds[which]
        if at + len(sound) > length - 8000:
            break
        tracks[who][at : at + len(sound)] += sound
        said[who].append(turns[which].text)
        speech[who] += len(sound)
        pause = LOOKING_UP_S if chance.random() < LOOKING_UP_SHARE else PAUSE_S
        at += len(sound) + int(chance.uniform(*pause) * 8000)
        who = 1 - who if chance.random() < 0.8 else who
    caller, operator = (
        Track(noisy_speech.recorded(track).mulaw, " ".join(words), count / 8000)
        for track, words, count in zip(tracks, said, speech, strict=True)
    )
    return caller, operator
