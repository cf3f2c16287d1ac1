"""Sound as numbers: mu-law, sample rates, and the time axis of a stream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

TELEPHONE_HZ = 8000
BYTES_PER_MS = TELEPHONE_HZ // 1000  # mu-law: one byte a sample
SILENCE = b"\xff"  # mu-law's +0
GAP_MS = 40  # timestamps wander by a few ms; a jump beyond two frames is lost sound
_BIAS = 132  # G.711: added before the logarithm
_CLIP = 32635  # G.711: the largest magnitude that has a code


def _decode_table() -> Samples:
    code = ~np.arange(256) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + _BIAS) << ((code >> 4) & 7)) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


_DECODE = _decode_table()


def mulaw_decode(data: bytes) -> Samples:
    """16-bit samples of G.711 mu-law (audioop, which did this, left Python in 3.13)."""
    return _DECODE[np.frombuffer(data, np.uint8)]


def mulaw_encode(samples: Samples) -> bytes:
    """G.711 mu-law of 16-bit samples: `mulaw_encode(mulaw_decode(data))` is `data`, but for -0, which becomes +0."""
    wide = samples.astype(np.int32)
    magnitude = np.minimum(np.abs(wide), _CLIP) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    code = np.where(wide < 0, 0x80, 0) | (exponent << 4) | mantissa
    return bytes((~code & 0xFF).astype(np.uint8))


def _half_band(taps: int) -> NDArray[np.float64]:
    """A low-pass at a quarter of the higher sample rate: a sinc under a Kaiser window (beta 8: about 80 dB down)."""
    n = np.arange(taps) - (taps - 1) / 2
    window = np.kaiser(taps, 8.0)
    response = np.sinc(n / 2) * window
    return np.asarray(response / response.sum(), np.float64)


_LOW_PASS = _half_band(95)  # odd, so that it delays by a whole number of samples; passes up to about 3.5 kHz at 16 kHz


def halve_rate(samples: Samples) -> Samples:
    """16 kHz to 8 kHz, a whole recording at once, without aliases and without delay."""
    if not len(samples):
        return samples
    return _to_int16(
        np.convolve(samples.astype(np.float64), _LOW_PASS, mode="full")[len(_LOW_PASS) // 2 :][: len(samples)][::2]
    )


class RateDoubler:
    """8 kHz to 16 kHz block by block, for models that were trained on 16 kHz and refuse less. Delays by 3 ms."""

    def __init__(self) -> None:
        self._tail = np.zeros(len(_LOW_PASS) - 1)

    def double(self, samples: Samples) -> Samples:
        """Twice as many samples; blocks join without a seam."""
        spread = np.zeros(2 * len(samples))
        spread[::2] = samples
        stretch = np.concatenate([self._tail, spread])
        self._tail = stretch[-(len(_LOW_PASS) - 1) :]
        return _to_int16(2 * np.convolve(stretch, _LOW_PASS, mode="valid")) if len(samples) else samples


def _to_int16(values: NDArray[np.float64]) -> Samples:
    return np.clip(np.rint(values), -32768, 32767).astype(np.int16)


@dataclass(frozen=True, slots=True)
class Gap:
    """Sound that never came, in seconds of the stream."""

    start_s: float
    end_s: float


class TimeAxis:
    """Puts frames in their place on the stream's own time, and remembers what was left out.

    Twilio's `timestamp` is the axis, never the number of frames. What goes to the recogniser (`heard`) may be shorter
    than the stream: of a long gap only `MAX_SILENCE_MS` are filled in, enough for it to end the sentence before.
    """

    MAX_SILENCE_MS = 1000

    def __init__(self) -> None:
        self._chunk = -1
        self._next_ms = -1.0  # where the next frame should start; -1 before the first
        self._heard_bytes = 0
        self._anchors: list[tuple[float, float]] = []  # (heard s, stream s) from where the two run in step again

    @property
    def end_s(self) -> float:
        """Stream time up to which sound has been placed."""
        return max(0.0, self._next_ms) / 1000

    def place(self, chunk: int, timestamp_ms: int, data: bytes) -> tuple[bytes, Gap | None]:
        """The mu-law bytes that the recogniser must hear now, and the gap before them, if any.

        A repeated frame, or one that lies before what was already heard, gives no bytes.
        """
        if chunk <= self._chunk or not data:
            return b"", None
        self._chunk = chunk
        gap = None
        silence = b""
        if self._next_ms < 0:
            self._next_ms = float(timestamp_ms)
            self._anchor()
        elif timestamp_ms - self._next_ms > GAP_MS:
            missing_ms = timestamp_ms - self._next_ms
            gap = Gap(self._next_ms / 1000, timestamp_ms / 1000)
            silence = SILENCE * (int(min(missing_ms, self.MAX_SILENCE_MS)) * BYTES_PER_MS)
            self._heard_bytes += len(silence)
            self._next_ms = float(timestamp_ms)
            self._anchor()
        elif self._next_ms - timestamp_ms > GAP_MS:
            return b"", None
        self._heard_bytes += len(data)
        self._next_ms += len(data) / BYTES_PER_MS
        return silence + data, gap

    def stream_s(self, heard_s: float) -> float:
        """Stream time of a moment in what the recogniser heard."""
        heard, stream = next((a for a in reversed(self._anchors) if a[0] <= heard_s + 1e-6), self._anchors[0])
        return stream + heard_s - heard

    def _anchor(self) -> None:
        self._anchors.append((self._heard_bytes / TELEPHONE_HZ, self._next_ms / 1000))
