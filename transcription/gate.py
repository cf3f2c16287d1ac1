"""The speech gate: what of a track is worth decoding, and when a speaker has paused.

Each 20 ms the power in six bands is held against the lowest that band had in the last seconds, so steady noise and hum
shut themselves out and a quiet voice on a quiet line passes. Speech opens the gate with the sound just before it. A
sentence is over after `HANG_FRAMES` without speech, the last `CALM_FRAMES` with next to nothing. For soft words the
gate stays open until it heard nothing for `HANG_FRAMES`.

Babble and music change as speech does and pass. So after each `ASK_BLOCKS` of sound that passed, a network that knows
voices (transcription/voice.py) hears the last two seconds: without a voice in them the gate shuts, and stays shut until
the network hears one. Music is so decoded for five seconds and not for as long as it plays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcription.audio import Samples, mulaw_decode
from transcription.voice import VoiceDetector

FRAME = 160  # samples, and bytes of mu-law: 20 ms
BLOCK_FRAMES = 10
BLOCK = FRAME * BLOCK_FRAMES  # what `hear` takes at a time: 200 ms

PRE_ROLL_FRAMES = 15  # soft beginnings (h, f, s) lie before the frame that is loud enough
CALM_FRAMES = 14  # between the words of a sentence other voices are heard
HANG_FRAMES = 20  # the models look 190 ms ahead, and tell the end of a word better with more
FLOOR_BLOCKS = 25  # five seconds: nobody speaks so long without each band falling back once
ONSET_FRAMES = 2  # of the last three: a click is one
ASK_BLOCKS = 25  # five seconds that passed
HEARD_BLOCKS = 10  # of the track, when the network is asked
ASK_AGAIN_BLOCKS = 10  # a voice between two bars of music may be none
DOUBT_FRAMES = 120  # a voice that begins in the middle of music is known after two seconds

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
_CALM_DB = 0.7  # a soft word is above it, and so is what other voices do between two words
_STILL_DB = 0.4  # of one who speaks: the soft end of a word

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

    def __init__(self, *, asks: bool = True) -> None:
        """`asks`: the network is asked about what passes."""
        self._floors = np.full((FLOOR_BLOCKS, len(_WIDTHS)), _QUIETEST)
        self._blocks = 0
        self._tail: Bands = np.zeros((2, len(_WIDTHS)))  # power of the last two frames, for smoothing
        self._recent = deque([False, False], maxlen=3)
        self._held: deque[bytes] = deque(maxlen=DOUBT_FRAMES)  # of this some passes too when speech begins
        self._unspoken = self._calm = self._quiet = 0  # frames, while open, since something was so much above
        self._paused = False  # and the sentence is over
        self._at = 0
        self._open = False
        self._asks = asks
        self._unasked = 0  # blocks in which the gate was open since the network was last asked
        self._lately: deque[Samples] = deque(maxlen=HEARD_BLOCKS)
        self._doubt: VoiceDetector | None = None  # no voice was heard in what would pass, nor since
        self._pre_roll = PRE_ROLL_FRAMES

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
        samples = mulaw_decode(mulaw)
        above = self._above(samples)
        self._lately.append(samples)
        if self._doubt is not None and self._doubt.hears_voice(samples):
            self._doubt, self._unasked = None, ASK_BLOCKS - ASK_AGAIN_BLOCKS
            self._pre_roll = DOUBT_FRAMES
        if self._doubt is not None or (not self._open and above.max() < _SPEECH_DB):
            self._held.extend(mulaw[at : at + FRAME] for at in range(0, BLOCK, FRAME))
            self._recent.extend((False, False, False))
            self._at += BLOCK
            return []
        heard: list[Heard] = list(self._frames(mulaw, above.tolist()))
        if self._open and self._asks:
            self._ask(heard)
        return heard

    def _ask(self, heard: list[Heard]) -> None:
        """Now and then: shut when there was no voice in what passed."""
        self._unasked += 1
        if self._unasked < ASK_BLOCKS:
            return
        self._unasked = 0
        detector = VoiceDetector()
        if not detector.hears_voice(np.concatenate(self._lately)):
            self._doubt = detector
            self._open = False
            heard.append(Pause())

    def _frames(self, mulaw: bytes, above: list[float]) -> Iterator[Heard]:
        ready = bytearray()
        began = self._at
        for index, score in enumerate(above):
            frame = mulaw[index * FRAME : (index + 1) * FRAME]
            self._recent.append(score >= _SPEECH_DB)
            if self._open:
                ready += frame
                self._unspoken = 0 if score >= _SPEECH_DB else self._unspoken + 1
                self._calm = 0 if score >= _CALM_DB else self._calm + 1
                self._quiet = 0 if score >= _STILL_DB else self._quiet + 1
                self._open = self._quiet < HANG_FRAMES
                paused = self._unspoken >= HANG_FRAMES and self._calm >= CALM_FRAMES
                if (paused and not self._paused) or not self._open:
                    yield Speech(bytes(ready), began)
                    yield Pause()
                    ready.clear()
                    began = self._at + FRAME
                self._paused = paused
            elif sum(self._recent) >= ONSET_FRAMES:
                before = self._before()
                began = self._at - len(before)
                ready += before + frame
                self._unspoken = self._calm = self._quiet = 0
                self._paused = False
                self._open = True
            else:
                self._held.append(frame)
            self._at += FRAME
        if ready:
            yield Speech(bytes(ready), began)

    def _last(self, mulaw: bytes) -> Iterator[Heard]:
        """The end of the track, whatever it holds: half a word at most."""
        if self._open or any(self._recent):
            before = self._before()
            yield Speech(before + mulaw, self._at - len(before))
            yield Pause()
        self._open = False

    def _before(self) -> bytes:
        """What was held back and passes with the speech that follows it."""
        before = b"".join(list(self._held)[-self._pre_roll :])
        self._held.clear()
        self._pre_roll = PRE_ROLL_FRAMES
        return before

    def _above(self, samples: Samples) -> NDArray[np.float64]:
        """By how many dB each of the block's frames is above what the line carries without speech, as a mean of the
        bands."""
        spectrum = np.fft.rfft(samples.reshape(BLOCK_FRAMES, FRAME) * _WINDOW)[:, :_STOP]
        power = np.add.reduceat(spectrum.real**2 + spectrum.imag**2, _STARTS, axis=1) * (2 * _SCALE)
        stretch = np.concatenate([self._tail, power])
        self._tail = stretch[-2:]
        smooth = 10 * np.log10((stretch[:-2] + stretch[1:-1] + stretch[2:]) / 3 + 1e-3)
        floor = np.maximum(self._floors.min(axis=0), _QUIETEST)
        above = np.clip(smooth - floor - _MARGIN_DB, 0.0, _FULL_DB)
        self._floors[self._blocks % FLOOR_BLOCKS] = smooth.min(axis=0)
        self._blocks += 1
        mean: NDArray[np.float64] = above.mean(axis=1)
        return mean
