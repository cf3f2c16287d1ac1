"""WAV files, as far as telephone speech comes in them. (The `wave` module does not read mu-law.)"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from foundation.errors import InvalidInput
from transcription.audio import TELEPHONE_HZ, Samples, halve_rate, mulaw_decode, mulaw_encode

_PCM, _MULAW, _EXTENSIBLE = 1, 7, 0xFFFE
_KNOWN = {3: "floating-point samples", 6: "A-law", 2: "ADPCM", 0x55: "MP3"}
MAX_FILE_BYTES = 1 << 30  # nine hours of 16 kHz PCM


class UnsupportedSound(InvalidInput):
    """Not a WAV file that can be transcribed; the sentence says what it is and what would do."""

    code = "unsupported-sound"


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as a telephone carries it: 8 kHz mu-law, one byte a sample."""

    mulaw: bytes
    audio_s: float


def read(path: Path) -> Recording:
    """A mono WAV of 8 or 16 kHz, PCM 16 bit or mu-law, brought to the telephone's format.

    Raises UnsupportedSound for anything else, and OSError when the file cannot be read.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnsupportedSound(f"{path.name} is larger than {MAX_FILE_BYTES >> 20} MB; cut it into parts.")
    return parse(path.read_bytes(), path.name)


def parse(content: bytes, name: str) -> Recording:
    """As `read`, from the file's bytes; `name` is for the sentences."""
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise UnsupportedSound(f"{name} is not a WAV file.")
    chunks = _chunks(content)
    if len(chunks.get(b"fmt ", b"")) < 16 or b"data" not in chunks:
        raise UnsupportedSound(f"{name} is a WAV file without a format or without sound.")
    form, data = chunks[b"fmt "], chunks[b"data"]
    encoding, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if encoding == _EXTENSIBLE and len(form) >= 26:
        encoding = struct.unpack_from("<H", form, 24)[0]  # the first two bytes of the sub-format are the old code
    if channels != 1:
        raise UnsupportedSound(f"{name} has {channels} channels; give one speaker a file, mono.")
    if rate_hz not in (8000, 16000):
        raise UnsupportedSound(f"{name} has {rate_hz} samples a second; 8000 and 16000 can be transcribed.")
    if (encoding, bits) not in ((_PCM, 16), (_MULAW, 8)):
        found = _KNOWN.get(encoding, f"format {encoding}") if encoding != _PCM else f"PCM of {bits} bits"
        raise UnsupportedSound(f"{name} holds {found}; PCM of 16 bits and mu-law can be transcribed.")
    if encoding == _MULAW and rate_hz == TELEPHONE_HZ:
        return Recording(data, len(data) / rate_hz)
    samples: Samples
    samples = mulaw_decode(data) if encoding == _MULAW else np.frombuffer(data[: len(data) // 2 * 2], "<i2")
    audio_s = len(samples) / rate_hz
    return Recording(mulaw_encode(halve_rate(samples) if rate_hz != TELEPHONE_HZ else samples), audio_s)


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """The file's parts by name. A length that runs past the end (a recording cut short, or written to a pipe) gives
    what is there."""
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        chunks.setdefault(content[at : at + 4], content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return chunks
