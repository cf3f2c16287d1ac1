"""G.711 mu-law by table: one byte a sample, 8000 samples a second.

Source: ITU-T G.711. 0xFF is silence (+0); a frame is 160 bytes, 20 ms, as Twilio sends it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8000
FRAME_BYTES = 160
FRAME_S = FRAME_BYTES / RATE_HZ
SILENCE = b"\xff" * FRAME_BYTES

_BIAS = 0x84  # 132: moves every magnitude into a segment
_CLIP = 32635


def _decoding() -> NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.uint8)
    exponent = ((code >> 4) & 7).astype(np.int32)
    magnitude = ((((code & 15).astype(np.int32) << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _encoding() -> NDArray[np.uint8]:
    linear = np.arange(-32768, 32768, dtype=np.int32)
    sign = np.where(linear < 0, 0x80, 0)
    biased = np.minimum(np.abs(linear), _CLIP) + _BIAS
    exponent = np.floor(np.log2(biased)).astype(np.int32) - 7
    mantissa = (biased >> (exponent + 3)) & 15
    code: NDArray[np.uint8] = (~(sign | exponent << 4 | mantissa) & 0xFF).astype(np.uint8)
    return code


_DECODE = _decoding()
_ENCODE = _encoding()


def decode(sound: bytes) -> NDArray[np.int16]:
    """16-bit samples of mu-law `sound`."""
    return _DECODE[np.frombuffer(sound, np.uint8)]


def encode(samples: NDArray[np.int16]) -> bytes:
    """mu-law of 16-bit samples."""
    return _ENCODE[samples.astype(np.int32) + 32768].tobytes()


def mix(frames: Sequence[bytes]) -> bytes:
    """The sum of frames of one length, clipped. One frame passes untouched, so two people hear each other as sent."""
    if len(frames) == 1:
        return frames[0]
    total = np.sum([_DECODE[np.frombuffer(frame, np.uint8)] for frame in frames], axis=0, dtype=np.int32)
    return _ENCODE[np.clip(total, -32768, 32767) + 32768].tobytes()


def frames(sound: bytes) -> list[bytes]:
    """`sound` in frames of 160 bytes, the last one filled up with silence."""
    return [sound[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\xff") for at in range(0, len(sound), FRAME_BYTES)]


def duration_s(sound: bytes) -> float:
    return len(sound) / RATE_HZ
