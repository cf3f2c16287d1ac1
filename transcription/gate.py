"""The speech gate: what of a track is worth decoding, and when a speaker has paused.

A network that knows voices (transcription/voice.py) hears each 32 ms. The first voice opens the gate, and the sound
just before it passes too. The sentence is over, and the gate shut, when there was no voice for `SILENT_WINDOWS`, or for
`DISTANT_WINDOWS` none but such as are far below the speaker's: other people in the room. So music, hum and noise are
not decoded, and a sentence ends over them as soon as over silence.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcription.audio import Samples, mulaw_decode
from transcription.voice import BEGINS, GOES_ON, WINDOW, VoiceDetector, Window

BLOCK_WINDOWS = 5
BLOCK = WINDOW * BLOCK_WINDOWS  # samples, and bytes of mu-law, that `hear` takes at a time: 160 ms, or eight frames

PRE_ROLL_WINDOWS = 15  # 0.5 s: in noise a voice is known only some tenths of a second after its soft beginning
SILENT_WINDOWS = 13  # 0.4 s: the models look 190 ms ahead, and tell the end of a word better with more
DISTANT_WINDOWS = 18  # 0.6 s: the soft end of a long sentence is not yet another person
_DISTANT = 10 ** (-12 / 20)  # of the loudest of the sentence


@dataclass(frozen=True, slots=True)
class Speech:
    """Sound to decode: mu-law, from `at` bytes after the beginning of the track."""

    mulaw: bytes
    at: int


@dataclass(frozen=True, slots=True)
class Pause:
    """The speaker has paused: what was decoded since the last pause is a sentence."""


Heard = Speech | Pause


class SpeechGate:
    """The gate of one track."""

    def __init__(self, begins: float = BEGINS) -> None:
        """`begins`: the chance of speech that opens the gate."""
        self._begins = begins
        self._detector = VoiceDetector()
        self._held: deque[bytes] = deque(maxlen=PRE_ROLL_WINDOWS)  # passes when speech begins
        self._at = 0
        self._open = False
        self._silent = self._distant = 0  # windows of the sentence since a voice, and since one as near as the speaker
        self._loudest = 0.0  # voice of the sentence

    @property
    def open(self) -> bool:
        return self._open

    @property
    def decided_bytes(self) -> int:
        """How much of the track need not be heard again, when what was given out is dealt with."""
        return self._at - WINDOW * len(self._held)

    def hear(self, mulaw: bytes) -> list[Heard]:
        """What to do with the next `BLOCK` bytes, or with fewer at the very end of the track."""
        if len(mulaw) != BLOCK:
            return list(self._last(mulaw))
        return list(self._windows(mulaw, self._judged(mulaw_decode(mulaw))))

    def _judged(self, samples: Samples) -> Sequence[Window]:
        return self._detector.hear(samples)

    def _windows(self, mulaw: bytes, judged: Sequence[Window]) -> Iterator[Heard]:
        ready = bytearray()
        began = self._at
        for index, window in enumerate(judged):
            sound = mulaw[index * WINDOW : (index + 1) * WINDOW]
            if self._open:
                ready += sound
                if self._over(window):
                    yield Speech(bytes(ready), began)
                    yield Pause()
                    ready.clear()
                    self._open = False
            elif window.chance >= self._begins:
                began = self.decided_bytes
                ready += b"".join((*self._held, sound))
                self._held.clear()
                self._silent = self._distant = 0
                self._loudest = window.level
                self._open = True
            else:
                self._held.append(sound)
            self._at += WINDOW
        if ready:
            yield Speech(bytes(ready), began)

    def _over(self, window: Window) -> bool:
        """Whether the sentence is, with this window."""
        if window.chance >= BEGINS:
            self._loudest = max(self._loudest, window.level)
        voice = window.chance >= GOES_ON
        near = voice and window.level >= _DISTANT * self._loudest
        self._silent = 0 if voice else self._silent + 1
        self._distant = 0 if near else self._distant + 1
        return self._silent >= SILENT_WINDOWS or self._distant >= DISTANT_WINDOWS

    def _last(self, mulaw: bytes) -> Iterator[Heard]:
        """The end of the track, whatever it holds: half a word at most."""
        if self._open:
            yield Speech(mulaw, self._at)
            yield Pause()
        self._open = False
