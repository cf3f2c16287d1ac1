"""A media server with everything around it, real but for Twilio: read this before the tests of the media server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from redis import Redis
from redis.client import PubSub
from sqlalchemy.exc import OperationalError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from foundation.clock import ManualClock
from foundation.database import Database
from foundation.live import Live
from foundation.settings import ROOT
from tests.support.word_errors import SPEECH, spoken
from transcription import media_stream, wav
from transcription.admission import Admission, Cost, Limits
from transcription.models import Models
from transcription.server import MediaServer
from transcription.store import Segment, Transcripts
from transcription.tokens import StreamClaim, StreamTokens

LEG = "CA" + "1" * 32
CALL = "6ba7b810-9dad-51d1-80b4-00c04fd430c8"
SAID = {recording.path.name: recording.text for recording in spoken("en")}


class SignedBy:
    """Lets a handshake pass that carries the right signature for the path."""

    def allows(self, path: str, signature: str | None) -> bool:
        return (path, signature) == ("/media", "right")


class WatchedTranscripts(Transcripts):
    """Transcripts that can be made slow or made to fail, from the test."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.database = database
        self.away = False
        self.gate = Event()
        self.gate.set()
        self.tried = 0

    def add(self, segment: Segment) -> Segment:
        self.tried += 1
        self.gate.wait(20)
        if self.away:
            raise OperationalError("INSERT", {}, Exception("the database is away"))
        return super().add(segment)


@dataclass
class House:
    """The server and everything around it."""

    redis: Redis
    clock: ManualClock
    tokens: StreamTokens
    transcripts: WatchedTranscripts
    heard: PubSub
    messages: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = self.serve(Models(ROOT / "models"))

    def serve(self, models: Models, limits: Limits | None = None, **more: Any) -> MediaServer:
        """A server on a free port, when it is started. Sound comes faster than it was spoken, so without `limits` no
        track counts as late."""
        limits = limits or Limits(partials_within_s=1e6, spool_after_s=1e6, share=1e6)
        return MediaServer(
            host="127.0.0.1",
            port=0,
            threads=2,
            models=models,
            handshake=SignedBy(),
            tokens=self.tokens,
            transcripts=self.transcripts,
            live=Live(self.redis),
            clock=self.clock,
            start_within_s=0.5,
            admission=Admission(2.0, limits, spools="spools" in more),
            measure=lambda _recogniser, _language: Cost(live=0.03, sentences=0.025),
            **more,
        )

    def token(self, **changes: Any) -> str:
        claim: dict[str, Any] = {
            "call_id": CALL,
            "speaker": "caller",
            "operator_id": None,
            "language": "en",
            "call_started_at": self.clock.now() - timedelta(seconds=10),
            "leg": LEG,
        }
        return self.tokens.issue(StreamClaim(**(claim | changes)))

    def published(self, kind: str, speaker: str = "caller") -> list[dict[str, Any]]:
        while (message := self.heard.get_message(ignore_subscribe_messages=True, timeout=0)) is not None:
            self.messages.append(json.loads(message["data"]))
        found = [each for each in self.messages if each["kind"] == kind and each["speaker"] == speaker]
        if kind == "segment":  # one that is told again stands where it stood
            found = list({each["start_s"]: each for each in found}.values())
        return found

    async def until(self, condition: Callable[[], object], within_s: float = 15) -> None:
        deadline = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            await asyncio.sleep(0.01)

    async def ended(self, speaker: str = "caller") -> None:
        await self.until(lambda: [m for m in self.published("transcription-state", speaker) if m["state"] == "ended"])

    def connect(self, signature: str = "right", path: str = "/media") -> connect:
        url = f"ws://127.0.0.1:{self.server.port}{path}"
        return connect(url, additional_headers={"X-Twilio-Signature": signature}, compression=None)

    @asynccontextmanager
    async def stream(self, token: str, sid: str = "MZ1", leg: str = LEG) -> AsyncIterator[ClientConnection]:
        async with self.connect() as socket:
            for text in media_stream.opening(sid, leg, {"token": token}):
                await socket.send(text)
            yield socket

    async def say(self, socket: ClientConnection, file: str, sid: str = "MZ1", first_ms: int = 100) -> None:
        for text in media_stream.frames(sid, wav.read(SPEECH / "en" / file).mulaw, first_ms=first_ms):
            await socket.send(text)


def play(house: House, scene: Callable[[], Awaitable[None]]) -> None:
    """Run a scene with the server up, and drain the server."""

    async def run() -> None:
        await house.server.start()
        try:
            await scene()
        finally:
            await house.server.stop()

    asyncio.run(run())


async def closed(socket: ClientConnection) -> int:
    """The code with which the server closed."""
    async with asyncio.timeout(10):
        with pytest.raises(ConnectionClosed) as caught:
            while True:
                await socket.recv()
    received = caught.value.rcvd
    assert received is not None
    return received.code
