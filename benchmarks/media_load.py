"""Calls as Media Streams at the pace of speech, sent as cheaply as can be: what is sent is encoded before the clock
starts, and one thread writes it to plain sockets. A machine that measures a server has little left for the sender."""

from __future__ import annotations

import json
import selectors
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from benchmarks.two_speaker_calls import Track
from foundation.live import call_topic, channel
from foundation.memory import connect_for_jobs
from transcription import media_stream
from transcription.tokens import StreamClaim, StreamTokens

FRAME_S = 0.02
SLOTS = 4  # sockets send at different moments of the 20 ms, as those of different calls do
LATE_S = 30.0
ARRIVE_WITHIN_S = 5.0  # calls begin one after the other
SPEAKERS = ("caller", "operator")


def encoded(text: str) -> bytes:
    """The WebSocket frame of a text, masked as a client must."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=True)


def encoded_track(track: Track) -> list[bytes]:
    return [encoded(text) for text in media_stream.frames("MZ", track.mulaw)]


@dataclass(frozen=True)
class Played:
    """One call that is to be sent: both tracks, encoded."""

    language: str
    tracks: tuple[Track, Track]
    frames: tuple[list[bytes], list[bytes]]


@dataclass
class Heard:
    """What the screens received. Lags in ms: last sound needed to message; end of the last word to message."""

    sentences: dict[tuple[str, str], dict[float, str]] = field(default_factory=lambda: defaultdict(dict))
    lags_ms: list[float] = field(default_factory=list)
    words_ms: list[float] = field(default_factory=list)
    ended: int = 0
    whole: bool = False  # each stream has ended in time: nothing is missing


class Screens(threading.Thread):
    """Receives what is published about these calls, until each of their streams has ended."""

    def __init__(self, redis_url: str, names: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self.heard = Heard()
        self._streams = 2 * len(names)
        self._stopped = threading.Event()
        self._listener = connect_for_jobs(redis_url).pubsub()
        self._listener.subscribe(*(channel(call_topic(name)) for name in names))

    def run(self) -> None:
        heard = self.heard
        while heard.ended < self._streams:
            message = self._listener.get_message(timeout=0.5)
            if self._stopped.is_set():
                return
            if message is None or message["type"] != "message":
                continue
            text: bytes = message["data"]
            if b'"partial"' in text:
                continue
            data = json.loads(text)
            if data["kind"] == "segment":
                name = message["channel"].decode().rsplit(":", 1)[1]
                sentences = heard.sentences[(name, data["speaker"])]
                if data["start_s"] not in sentences:  # one that ends in a number may be told again when it goes on
                    heard.lags_ms.append(data["lag_ms"])
                    heard.words_ms.append(data["after_word_ms"])
                sentences[data["start_s"]] = data["text"]
            heard.ended += data.get("state") == "ended"
        heard.whole = True

    def stop(self, within_s: float) -> Heard:
        """Wait for the last stream's end, but not longer than that."""
        self.join(within_s)
        self._stopped.set()
        self.join()
        self._listener.close()
        return self.heard


class Line:
    """One stream's socket."""

    def __init__(self, port: int, frames: list[bytes], begins_s: float) -> None:
        self.frames = frames
        self.begins_s = begins_s
        self.sent = 0
        self._protocol = ClientProtocol(parse_uri(f"ws://127.0.0.1:{port}/media"))
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._protocol.send_request(self._protocol.connect())
        self.answer()
        while self._protocol.state is State.CONNECTING:
            self.read()

    def read(self) -> None:
        """What the server says: its handshake, and the pings that must be answered."""
        self._protocol.receive_data(self.socket.recv(65536))
        self.answer()

    def answer(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self.socket.sendall(data)

    def due(self, passed_s: float) -> None:
        """Send what has been said by now: at most what lies between two of these."""
        until = min(len(self.frames), int((passed_s - self.begins_s) / FRAME_S))
        if until > self.sent:
            self.socket.sendall(b"".join(self.frames[self.sent : until]))
            self.sent = until


def play(port: int, redis_url: str, tokens: StreamTokens, calls: Sequence[Played]) -> tuple[Heard, float]:
    """Send these calls. What the screens received, and the sound that was sent in seconds of call. A server that has
    not told the last word `LATE_S` after the last frame is not waited for."""
    names = [f"{time.time_ns()}-{index}" for index in range(len(calls))]
    screens = Screens(redis_url, names)
    screens.start()
    lines: list[tuple[str, Line]] = []
    for index, (name, call) in enumerate(zip(names, calls, strict=True)):
        for side, speaker in enumerate(SPEAKERS):
            leg = f"{name}-{side}"
            claim = StreamClaim(name, speaker, side or None, call.language, datetime.now(UTC), leg)  # type: ignore[arg-type]
            line = Line(port, call.frames[side], ARRIVE_WITHIN_S * index / len(calls))
            for text in media_stream.opening("MZ", leg, {"token": tokens.issue(claim)}):
                line.socket.sendall(encoded(text))
            lines.append((leg, line))
    _send([line for _, line in lines])
    for leg, line in lines:
        line.socket.sendall(encoded(media_stream.closing("MZ", leg)))
    heard = screens.stop(LATE_S)
    for _, line in lines:
        line.socket.close()
    return heard, sum(len(call.frames[0]) for call in calls) * FRAME_S


def _send(lines: Sequence[Line]) -> None:
    waiting = selectors.DefaultSelector()
    for line in lines:
        waiting.register(line.socket, selectors.EVENT_READ, line)
    begin = time.monotonic()
    slot = 0
    while any(line.sent < len(line.frames) for line in lines):
        slot += 1
        time.sleep(max(0.0, begin + slot * FRAME_S / SLOTS - time.monotonic()))
        passed_s = time.monotonic() - begin
        for line in lines[slot % SLOTS :: SLOTS]:
            line.due(passed_s)
        if slot % (SLOTS * 10) == 0:
            for key, _ in waiting.select(0):
                key.data.read()
    waiting.close()
