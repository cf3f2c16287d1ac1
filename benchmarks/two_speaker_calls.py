"""Two-speaker calls made of the spoken test set, with the shares of time that conversations on the telephone have.

ITU-T P.59 (1993, artificial conversational speech; means over English, Italian and Japanese) gives for each speaker
talk-spurts of 1.004 s and pauses of 1.587 s: 38.5 % of a track is speech. Brady's sixteen telephone conversations (Bell
System Technical Journal 47, 1968) and the rule of thumb of 40 % agree. Turns here are whole sentences; the silence
between them is drawn so that this share comes out (`python -m benchmarks.two_speaker_calls` prints it), and one turn in
five begins before the other has ended. Nothing is looked up, nobody is on hold: a helpdesk's calls are quieter. Each
speaker has a track of their own, which carries line noise while the other speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from tests.support import noisy_speech
from tests.support.word_errors import Spoken, spoken
from transcription import wav

LANGUAGES = ("nl", "fr", "en")
SPEECH_SHARE = 0.385
OVERLAP_SHARE = 0.2
OVERLAP_S = 0.6  # at most
PAUSE_MEAN_S = 1.05  # gives SPEECH_SHARE with the sentences of the test sets, over calls of 40 s
SAME_SPEAKER = 0.2  # goes on after a pause


@dataclass(frozen=True)
class Track:
    """`said` is what was spoken on it; `speech_s` for how long."""

    mulaw: bytes
    said: str
    speech_s: float


@cache
def turns(language: str) -> list[tuple[Spoken, noisy_speech.Sound]]:
    """The sentences of the test set. Its `call_*` hold two voices, its menu answers have grammars of their own."""
    return [
        (each, noisy_speech.sound_of(wav.read(each.path)))
        for each in spoken(language)
        if each.grammar is None and each.kind != "call"
    ]


def call(language: str, length_s: float, seed: int) -> tuple[Track, Track]:
    """The caller's and the operator's track; the last turn ends half a second before `length_s`."""
    chance = np.random.default_rng([seed, LANGUAGES.index(language)])
    length = int(length_s * 8000)
    tracks = [noisy_speech.line(length, seed * 2 + n) for n in range(2)]
    said: list[list[str]] = [[], []]
    speech = [0, 0]
    ends = [0, 0]  # where each speaker's last turn ended
    at, who = int(chance.exponential(PAUSE_MEAN_S) * 8000), 1
    while True:
        spoken_turn, sound = turns(language)[int(chance.integers(len(turns(language))))]
        at = max(at, ends[who] + 2400)
        if at + len(sound) > length - 4000:
            break
        tracks[who][at : at + len(sound)] += sound
        said[who].append(spoken_turn.text)
        speech[who] += len(sound)
        ends[who] = at + len(sound)
        who = who if chance.random() < SAME_SPEAKER else 1 - who
        early = chance.random() < OVERLAP_SHARE
        gap_s = -chance.uniform(0, OVERLAP_S) if early else chance.exponential(PAUSE_MEAN_S)
        at = max(ends) + int(gap_s * 8000)
    caller, operator = (
        Track(noisy_speech.recorded(track).mulaw, " ".join(words), count / 8000)
        for track, words, count in zip(tracks, said, speech, strict=True)
    )
    return caller, operator


def speech_share(calls: list[tuple[Track, Track]]) -> float:
    """Speech over sound, of all tracks."""
    tracks = [track for pair in calls for track in pair]
    return sum(track.speech_s for track in tracks) / sum(len(track.mulaw) / 8000 for track in tracks)


def main() -> None:
    for length_s in (20.0, 40.0, 300.0):
        share = speech_share([call(language, length_s, seed) for language in LANGUAGES for seed in range(8)])
        print(f"calls of {length_s:.0f} s: {100 * share:.1f} % of a track is speech")


if __name__ == "__main__":
    main()
