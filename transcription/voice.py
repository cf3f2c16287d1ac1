"""Whether there is a voice in a sound: Silero's network, which knows speech in any language from music and noise.

The network is Silero VAD 6 (`silero/silero_vad.onnx`, MIT licence). At 8 kHz it hears 256 samples at a time with the 32
before them, keeps a state of 2 x 1 x 128 floats, and gives the chance that it was speech (snakers4/silero-vad,
utils_vad.py, OnnxWrapper). One session serves all tracks of a process; what it remembers of a track is with the track.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcription.audio import TELEPHONE_HZ, Samples

WINDOW = 256  # samples: 32 ms
BEGINS = 0.5  # chance of speech; this and the next are the thresholds of its authors (utils_vad.py, VADIterator)
GOES_ON = 0.35
_CONTEXT = 32
_LEVEL = 3000 / 32768  # root mean square to which sound is brought: a voice across the room is a voice
_BANG = 3  # windows: what is no longer says nothing about how loud the sound is
_FADE = 0.995  # of the level a window: half of it in 4.4 s
_QUIETEST = 4.0  # below it lies mu-law's own noise
_FORGETS = 0.985  # of the state, in a window without speech: after a song it would miss the first second of a voice
_FILE = Path(__file__).resolve().parent / "silero" / "silero_vad.onnx"
_RATE = np.array(TELEPHONE_HZ, np.int64)
_loading = Lock()


@cache
def _session() -> Any:
    import onnxruntime  # 40 MB, and a tenth of a second: for who listens, not for who prints a help text

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a window is too little to share
    return onnxruntime.InferenceSession(_FILE, options, providers=["CPUExecutionProvider"])


def load() -> None:
    """Have the network in memory, so that nobody waits for it in the middle of a call."""
    with _loading:
        _session()


@dataclass(frozen=True, slots=True)
class Window:
    """`chance`, from 0 to 1, that there is speech in it; `level`: its root mean square, in steps of 16 bits."""

    chance: float
    level: float


class VoiceDetector:
    """The network's memory of one track at 8 kHz. Takes 2 to 3 ms for a second of sound, and none for silence."""

    def __init__(self) -> None:
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._loudest = 0.0
        self._lately: deque[float] = deque(maxlen=_BANG)

    def hear(self, samples: Samples) -> list[Window]:
        """The next windows, of which `samples` is a whole number."""
        windows = samples.astype(np.float32).reshape(-1, WINDOW)
        levels = np.sqrt((windows**2).mean(axis=1))
        return [
            Window(self._chance(window, level), level) for window, level in zip(windows, levels.tolist(), strict=True)
        ]

    def _chance(self, window: NDArray[np.float32], level: float) -> float:
        self._lately.append(level)
        self._loudest = max(min(self._lately), self._loudest * _FADE, _QUIETEST)
        if level < _QUIETEST:
            return 0.0
        heard = np.concatenate([self._context, np.clip(window * (_LEVEL / self._loudest), -1, 1)])
        self._context = heard[-_CONTEXT:]
        given = {"input": heard[np.newaxis], "state": self._state, "sr": _RATE}
        found, state = _session().run(None, given)
        chance = float(found[0, 0])
        self._state = state if chance >= GOES_ON else state * np.float32(_FORGETS)
        return chance
