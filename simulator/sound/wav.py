"""WAV files as telephone sound.

The standard library's `wave` reads PCM only; telephone recordings are mu-law, so the few header fields are read here.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.errors import InvalidInput
from simulator.sound import mulaw

_PCM = 1
_MULAW = 7
_EXTENSIBLE = 0xFFFE  # the real format is the first half of the sub-format at byte 24 of the chunk
_TAPS_PER_STEP = 16  # length of the low-pass on each side, in output samples


@lru_cache(maxsize=32)
def load(path: Path) -> bytes:
    """The sound of a WAV file as 8 kHz mu-law: 8 kHz or a multiple of it, mu-law or 16-bit PCM, one or more channels
    (averaged). Raises InvalidInput with a sentence for anything else."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"The recording {path} cannot be read: {error.strerror}.") from None
    kind, channels, rate_hz, bits, data = _chunks(content, path)
    if kind == _MULAW and channels == 1 and rate_hz == mulaw.RATE_HZ:
        return data
    if kind == _MULAW and bits == 8:
        samples = mulaw.decode(data)
    elif kind == _PCM and bits == 16:
        samples = np.frombuffer(data[: len(data) // 2 * 2], "<i2")
    else:
        raise InvalidInput(f"{path.name} has format {kind} with {bits} bits; use mu-law or 16-bit PCM.")
    if rate_hz % mulaw.RATE_HZ:
        raise InvalidInput(f"{path.name} has {rate_hz} samples a second; use 8000 or a multiple of it.")
    mono = samples[: len(samples) // channels * channels].reshape(-1, channels).mean(axis=1)
    return mulaw.encode(_decimate(mono, rate_hz // mulaw.RATE_HZ))


def pack(sound: bytes) -> bytes:
    """mu-law as a WAV file of 16-bit PCM, the way Twilio serves its recordings."""
    samples = mulaw.decode(sound).astype("<i2").tobytes()
    form = struct.pack("<HHIIHH", _PCM, 1, mulaw.RATE_HZ, mulaw.RATE_HZ * 2, 2, 16)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def _chunks(content: bytes, path: Path) -> tuple[int, int, int, int, bytes]:
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise InvalidInput(f"{path.name} is not a WAV file.")
    at, header = 12, None
    while at + 8 <= len(content):
        name, size = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        body = content[at + 8 : at + 8 + size]
        if name == b"fmt " and len(body) >= 16:
            kind, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", body)
            if kind == _EXTENSIBLE and len(body) >= 26:
                kind = struct.unpack_from("<H", body, 24)[0]
            header = (kind, max(channels, 1), rate_hz, bits)
        elif name == b"data" and header:
            return *header, body
        at += 8 + size + size % 2
    raise InvalidInput(f"{path.name} has no sound in it.")


def _decimate(samples: NDArray[np.float64], step: int) -> NDArray[np.int16]:
    """Every `step`th sample after a windowed-sinc low-pass at 90 % of the new Nyquist frequency."""
    if step > 1:
        reach = _TAPS_PER_STEP * step
        kernel = np.sinc(0.9 * np.arange(-reach, reach + 1) / step) * np.hamming(2 * reach + 1)
        samples = np.convolve(samples, kernel / kernel.sum(), mode="same")[::step]
    return np.clip(np.round(samples), -32768, 32767).astype(np.int16)
