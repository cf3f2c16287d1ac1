"""Sound files that documents play: fetched once, measured, and turned into 8 kHz mu-law."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from simulator.records import Leg
from simulator.sound import mulaw
from simulator.wire import Answer

if TYPE_CHECKING:
    from simulator.exchange import Exchange

HZ = 8000
UNKNOWN_S = 3.0  # length of a sound in a format that is not read here (mp3)
_PCM, _MULAW = 1, 7
Ready = Callable[[float, bytes], None]
Failed = Callable[[int, str], None]


class NotWave(Exception):
    """The bytes are no WAV file that can be read here."""


class Sounds:
    """Fetched sounds by URL. Like Twilio it keeps what it fetched with GET."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._kept: dict[str, tuple[float, bytes]] = {}

    def keep(self, answer: Answer) -> None:
        try:
            audio = to_mulaw(answer.body)
            self._kept[answer.url] = (len(audio) / HZ, audio)
        except NotWave:
            self._kept[answer.url] = (UNKNOWN_S, b"")

    def get(self, leg: Leg, url: str, ready: Ready, failed: Failed) -> None:
        """Hand the sound's length in seconds and its mu-law to `ready`, or a Twilio error code to `failed`."""
        kept = self._kept.get(url)
        if kept is not None:
            ready(*kept)
            return

        def answered(answer: Answer) -> None:
            kind = answer.headers.get("content-type", "").partition(";")[0]
            if answer.code:
                failed(answer.code, answer.message)
            elif not kind.startswith("audio/"):
                failed(13420, f"<Play> got {kind or 'no content type'} instead of sound")
            else:
                self.keep(answer)
                self._kept.setdefault(url, self._kept[answer.url])
                ready(*self._kept[url])

        self._exchange.ask("audio", leg.sid, "GET", url, [], answered)


def to_mulaw(wav: bytes) -> bytes:
    """The sound of a WAV file (mu-law, or 16-bit PCM, any rate, first channel) as 8 kHz mu-law. Raises NotWave."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise NotWave
    at, form, data = 12, b"", b""
    while at + 8 <= len(wav):
        name, size = wav[at : at + 4], struct.unpack("<I", wav[at + 4 : at + 8])[0]
        if name == b"fmt ":
            form = wav[at + 8 : at + 8 + size]
        elif name == b"data":
            data = wav[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    if len(form) < 16:
        raise NotWave
    kind, channels, hz, _, _, bits = struct.unpack("<HHIIHH", form[:16])
    if kind == _MULAW and bits == 8:
        samples = mulaw.decode(data[::channels]).astype(np.float64)
        if hz == HZ and channels == 1:
            return data
    elif kind == _PCM and bits == 16:
        samples = np.frombuffer(data[: len(data) // 2 * 2], "<i2")[::channels].astype(np.float64)
    else:
        raise NotWave
    if hz != HZ:
        moments = np.arange(int(len(samples) * HZ / hz)) * (hz / HZ)
        samples = np.interp(moments, np.arange(len(samples)), samples)
    return mulaw.encode(np.clip(samples, -32768, 32767).astype(np.int16))
