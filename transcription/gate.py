"""The speech gate: what of a track is worth decoding, and when a speaker has paused.

Each 20 ms the power in six bands is held against the lowest that band had in the last seconds, so steady noise and hum
shut themselves out and a quiet voice on a quiet line passes. What changes like speech does (babble, music) passes too:
a word lost is worse than a second decoded for nothing. Speech opens the gate with the sound just before it; a pause
of `HANG_FRAMES` shuts it, and of that pause only the first `TAIL_FRAMES` are decoded unless speech goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcription.audio import Samples, mulaw_decode

FRAME = 160  # samples, and bytes of mu-law: 20 ms
BLOCK_FRAMES = 10
BLOCK = FRAME * BLOCK_FRAMES  # what `hear` takes at a time: 200 ms

PRE_ROLL_FRAMES = 15  # soft beginnings (h, f, s) lie before the frame that is loud enough
HANG_FRAMES = 20
TAIL_FRAMES = 12  # the models look 190 ms ahead
FLOOR_BLOCKS = 25  # five seconds: nobody speaks so long without each band falling back once
ONSET_FRAMES = 2  # of the last three: a click is one

_EDGES_HZ = (100, 300, 600, 1000, 1600, 2400, 3500)
_BIN_HZ = 8000 / FRAME
_STARTS = np.array([round(hz / _BIN_HZ) for hz in _EDGES_HZ[:-1]])
_STOP = round(_EDGES_HZ[-1] / _BIN_HZ)
_WIDTHS = np.diff([*_STARTS, _STOP])
_WINDOW = np.hanning(FRAME + 2)[1:-1]
_SCALE = 1 / (FRAME * np.sum(_WINDOW**2))
_QUIETEST = 10 * np.log10(4.0**2 / len(_WIDTHS))  # dB in a band: below an amplitude of 4 lies mu-law's own noise
_MARGIN_DB = 5.0  # noise wanders so far above its lowest
_FULL_DB = 12.0  # more than this in one band says nothing more
_SPEECH_DB = 1.6  # mean over the bands of what is above the margin

Bands = NDArray[np.float64]


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

    def __init__(self) -> None:
        self._floors = np.full((FLOOR_BLOCKS, len(_WIDTHS)), _QUIETEST)
        self._blocks = 0
        self._tail: Bands = np.zeros((2, len(_WIDTHS)))  # power of the last two frames, for smoothing
        self._recent = deque([False, False], maxlen=3)
        self._held: deque[bytes] = deque(maxlen=PRE_ROLL_FRAMES)  # not decoded: before speech, or in a pause
        self._quiet = 0  # frames since speech, while open
        self._at = 0
        self._open = False

    @property
    def open(self) -> bool:
        return self._open

    @property
    def decided_bytes(self) -> int:
        """How much of the track need not be heard again, when what was given out is dealt with."""
        return self._at - sum(len(frame) for frame in self._held)

    def hear(self, mulaw: bytes) -> list[Heard]:
        """What to do with the next `BLOCK` bytes, or with fewer at the very end of the track."""
        if len(mulaw) != BLOCK:
            return list(self._last(mulaw))
        flags = self._speech(mulaw_decode(mulaw))
        if not self._open and not flags.any():
            self._held.extend(mulaw[at : at + FRAME] for at in range(0, BLOCK, FRAME))
            self._recent.extend((False, False, False))
            self._at += BLOCK
            return []
        return list(self._frames(mulaw, flags.tolist()))

    def _frames(self, mulaw: bytes, flags: list[bool]) -> Iterator[Heard]:
        ready = bytearray()
        began = self._at
        for index, speech in enumerate(flags):
            frame = mulaw[index * FRAME : (index + 1) * FRAME]
            self._recent.append(speech)
            if speech and (self._open or sum(self._recent) >= ONSET_FRAMES):
                if not ready:
                    began = self._at - FRAME * len(self._held)
                ready += b"".join(self._held) + frame
                self._held.clear()
                self._quiet = 0
                self._open = True
            elif not self._open:
                self._held.append(frame)
            else:
                self._quiet += 1
                if self._quiet <= TAIL_FRAMES:
                    if not ready:
                        began = self._at
                    ready += frame
                else:
                    self._held.append(frame)
                if self._quiet >= HANG_FRAMES:
                    if ready:
                        yield Speech(bytes(ready), began)
                        ready.clear()
                    yield Pause()
                    self._open = False
            self._at += FRAME
        if ready:
            yield Speech(bytes(ready), began)

    def _last(self, mulaw: bytes) -> Iterator[Heard]:
        """The end of the track, whatever it holds: half a word at most."""
        if self._open or any(self._recent):
            yield Speech(b"".join(self._held) + mulaw, self._at - FRAME * len(self._held))
            self._held.clear()
            yield Pause()
        self._open = False

    def _speech(self, samples: Samples) -> NDArray[np.bool_]:
        """Which of the block's frames hold speech, as far as sound alone tells."""
        spectrum = np.fft.rfft(samples.reshape(BLOCK_FRAMES, FRAME) * _WINDOW)[:, :_STOP]
        power = np.add.reduceat(spectrum.real**2 + spectrum.imag**2, _STARTS, axis=1) * (2 * _SCALE)
        stretch = np.concatenate([self._tail, power])
        self._tail = stretch[-2:]
        smooth = 10 * np.log10((stretch[:-2] + stretch[1:-1] + stretch[2:]) / 3 + 1e-3)
        floor = np.maximum(self._floors.min(axis=0), _QUIETEST)
        above = np.clip(smooth - floor - _MARGIN_DB, 0.0, _FULL_DB)
        self._floors[self._blocks % FLOOR_BLOCKS] = smooth.min(axis=0)
        self._blocks += 1
        speech: NDArray[np.bool_] = above.mean(axis=1) >= _SPEECH_DB
        return speech
