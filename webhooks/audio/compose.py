"""Composes `hold.wav`: sixteen slow bars of our own, so that nobody's licence is asked for. Run: python compose.py

8 kHz mu-law, because that is what the telephone network carries and Twilio plays it without transcoding.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

RATE_HZ = 8000
BEAT_S = 0.625
# Chords as MIDI notes, one a bar of two beats; each is played as a soft broken chord.
BARS = [(57, 60, 64, 69), (53, 57, 60, 65), (48, 55, 60, 64), (55, 59, 62, 67)] * 4


def tone(midi: int, length_s: float) -> np.ndarray:
    t = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    hz = 440.0 * 2 ** ((midi - 69) / 12)
    wave = np.sin(2 * np.pi * hz * t) + 0.3 * np.sin(4 * np.pi * hz * t)
    return np.asarray(wave * np.exp(-2.2 * t) * np.minimum(1.0, t / 0.02))


def mulaw(samples: np.ndarray) -> bytes:
    """ITU-T G.711 mu-law of samples in -1..1."""
    pcm = np.clip(samples * 32635, -32635, 32635).astype(np.int32)
    sign = np.where(pcm < 0, 0x80, 0)
    magnitude = np.abs(pcm) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return bytes((~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8))


def main() -> None:
    total = int(len(BARS) * 2 * BEAT_S * RATE_HZ)
    music = np.zeros(total + 2 * RATE_HZ)
    for bar, chord in enumerate(BARS):
        for step, note in enumerate(chord):
            start = int((bar * 2 + step * 0.5) * BEAT_S * RATE_HZ)
            sound = tone(note, 1.6)
            music[start : start + len(sound)] += sound
    music = 0.25 * music[:total] / np.max(np.abs(music))
    data = mulaw(music)
    form = (b"fmt ", 16, 7, 1, RATE_HZ, RATE_HZ, 1, 8)  # format 7 is mu-law: one channel, one byte a sample
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", *form, b"data", len(data))
    Path(__file__).with_name("hold.wav").write_bytes(header + data)


if __name__ == "__main__":
    main()
