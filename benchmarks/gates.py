"""What may stand in the place of the speech gate: everything decoded, and two libraries behind the gate's own opening,
pre-roll and hang-over, so that only the judgement of a frame differs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import webrtcvad
from numpy.typing import NDArray

from transcription import voice
from transcription.audio import TELEPHONE_HZ, Samples
from transcription.gate import BLOCK, BLOCK_FRAMES, FRAME, Heard, Pause, Speech, SpeechGate

SURELY_DB = 12.0  # what the gate takes for speech, of a library that only says yes or no


class Everything(SpeechGate):
    """No gate: each sample is decoded, and Vosk's own end-pointing ends the sentences."""

    def __init__(self) -> None:
        super().__init__(asks=False)

    def hear(self, mulaw: bytes) -> list[Heard]:
        at, self._at = self._at, self._at + len(mulaw)
        return [Speech(mulaw, at)] if len(mulaw) == BLOCK else [Speech(mulaw, at), Pause()]


class WebRtc(SpeechGate):
    """py-webrtcvad: Gaussian mixtures over six bands, as in browsers. `strictness` from 0 to 3."""

    def __init__(self, strictness: int) -> None:
        super().__init__(asks=False)
        self._vad = webrtcvad.Vad(strictness)

    def _above(self, samples: Samples) -> NDArray[np.float64]:
        frames = samples.reshape(BLOCK_FRAMES, FRAME)
        return SURELY_DB * np.array([self._vad.is_speech(frame.tobytes(), TELEPHONE_HZ) for frame in frames])


class Silero(SpeechGate):
    """Silero's network alone, at the threshold that its authors give."""

    def __init__(self) -> None:
        super().__init__(asks=False)
        self._detector = voice.VoiceDetector()
        self._waiting = 0  # samples of a window that is not whole

    def _above(self, samples: Samples) -> NDArray[np.float64]:
        flags = [chance >= voice.SURE for chance in self._detector.chances(samples)]
        ends = voice.WINDOW * np.arange(1, len(flags) + 1) - self._waiting
        self._waiting = (self._waiting + len(samples)) % voice.WINDOW
        # a frame is judged by the window in which it ends; what no window holds yet, by the last one
        windows = np.searchsorted(ends, np.arange(1, BLOCK_FRAMES + 1) * FRAME)
        return SURELY_DB * np.array([flags[min(int(window), len(flags) - 1)] for window in windows])


GATES: dict[str, Callable[[], SpeechGate]] = {
    "everything": Everything,
    "ours": SpeechGate,
    "bands": lambda: SpeechGate(asks=False),
    "webrtc 1": lambda: WebRtc(1),
    "webrtc 2": lambda: WebRtc(2),
    "webrtc 3": lambda: WebRtc(3),
    "silero": Silero,
}
