"""What may stand in the place of the speech gate: everything decoded, and WebRTC's detector behind the gate's own
opening, pre-roll and hang-over, so that only the judgement of a window differs."""

from __future__ import annotations

from collections.abc import Callable

import webrtcvad

from transcription.audio import TELEPHONE_HZ, Samples
from transcription.gate import BLOCK, Heard, Pause, Speech, SpeechGate
from transcription.voice import WINDOW, Window

_FRAME = 240  # samples: the longest that WebRTC's takes, in the middle of a window
_EDGE = (WINDOW - _FRAME) // 2


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

    def _judged(self, samples: Samples) -> list[Window]:
        frames = samples.reshape(-1, WINDOW)[:, _EDGE : _EDGE + _FRAME]
        return [Window(float(self._vad.is_speech(frame.tobytes(), TELEPHONE_HZ)), 1.0) for frame in frames]


GATES: dict[str, Callable[[], SpeechGate]] = {
    "everything": Everything,
    "ours": SpeechGate,
    "webrtc 1": lambda: WebRtc(1),
    "webrtc 2": lambda: WebRtc(2),
    "webrtc 3": lambda: WebRtc(3),
}
