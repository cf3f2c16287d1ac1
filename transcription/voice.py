"""Whether there is a voice in a sound: Silero's network, which knows speech in any language from music and noise.

The network is Silero VAD 6 (`silero/silero_vad.onnx`, MIT licence). At 8 kHz it hears 256 samples at a time with the 32
before them, keeps a state of 2 x 1 x 128 floats, and gives the chance that it was speech (snakers4/silero-vad,
utils_vad.py, OnnxWrapper). One session serves all tracks of a process; what it remembers of a track is with the track.
"""

from __future__ import annotations

from collections import deque
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcription.audio import TELEPHONE_HZ, Samples

WINDOW = 256  # samples: 32 ms
_CONTEXT = 32
_REMEMBERED = 62  # windows: two seconds
SURE = 0.5  # the threshold that its authors give
_WINDOWS = 3  # so many of those remembered are a voice; one or two are a bar of music
_LEVEL = 3000 / 32768  # root mean square to which sound is brought: a voice across the room is a voice
_FADE = 0.995  # of the level a window: half of it in 4.4 s
_QUIETEST = 4.0
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


class VoiceDetector:
    """The network's memory of one stretch of sound at 8 kHz. Takes 3 ms for a second of it."""

    def __init__(self) -> None:
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._level = 0.0
        self._sure: deque[bool] = deque(maxlen=_REMEMBERED)

    def hears_voice(self, samples: Samples) -> bool:
        """Whether there is a voice in the last two seconds of the sound that ends with these samples."""
        self._sure.extend(chance >= SURE for chance in self.chances(samples))
        return sum(self._sure) >= _WINDOWS

    def chances(self, samples: Samples) -> list[float]:
        """The chance of speech in each `WINDOW` that is now whole."""
        load()
        sound = np.concatenate([self._rest, samples.astype(np.float32)])
        whole = len(sound) // WINDOW * WINDOW
        windows, self._rest = sound[:whole].reshape(-1, WINDOW), sound[whole:]
        levels = np.sqrt((windows**2).mean(axis=1))
        self._level = self._level or float(levels.max(initial=0.0))
        return [self._chance(window, level) for window, level in zip(windows, levels.tolist(), strict=True)]

    def _chance(self, window: NDArray[np.float32], level: float) -> float:
        self._level = max(level, self._level * _FADE, _QUIETEST)
        heard = np.concatenate([self._context, np.clip(window * (_LEVEL / self._level), -1, 1)])
        self._context = heard[-_CONTEXT:]
        given = {"input": heard[np.newaxis], "state": self._state, "sr": _RATE}
        chance, self._state = _session().run(None, given)
        return float(chance[0, 0])
