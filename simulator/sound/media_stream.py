"""One Media Stream to a server, as Twilio opens it: message shapes and types of twilio.md 3.2, behaviour of 3.5.

A stream is one way only and never reconnects. `sequenceNumber`, `chunk` and `timestamp` are strings; `sampleRate`
and `channels` are numbers. Time is the stream's own, in milliseconds, and does not begin at 0.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from simulator.ports import StreamEvent, StreamRequest

_FIRST_TIMESTAMP_MS = 102  # as recorded from Twilio; others seen are 88 and 155
_OPEN_TIMEOUT_S = 5.0
_BACKLOG = 250  # messages, 5 s of one track; a slower reader loses sound (Twilio's warning 31930)
_TRACKS = {"inbound_track": ["inbound"], "outbound_track": ["outbound"], "both_tracks": ["inbound", "outbound"]}


class MediaStream:
    """Sends one leg's sound. All methods belong to the loop's thread; `report` is called exactly as the stream lives:
    `stream-started` once open, then `stream-stopped` or `stream-error` once."""

    def __init__(self, request: StreamRequest, report: Callable[[StreamEvent, str], None]) -> None:
        self.request = request
        self.opening = True
        self.lost = 0  # media messages thrown away because the server read too slowly
        self._report = report
        self._tracks = _TRACKS[request.track]
        self._backlog: asyncio.Queue[str | None] = asyncio.Queue()
        self._sequence = 0
        self._chunks = dict.fromkeys(self._tracks, 0)
        self._first_tick: int | None = None
        self._open = False
        self._stopping = False
        self._to_drop = 0
        self._socket: ClientConnection | None = None

    def tick(self, number: int, inbound: bytes, outbound: bytes) -> None:
        """Send what the leg said and heard in tick `number` (20 ms each) of the plane."""
        if not self._open or self._stopping:
            return
        if self._first_tick is None:
            self._first_tick = number
        elapsed = number - self._first_tick
        timestamp_ms = _FIRST_TIMESTAMP_MS + 20 * elapsed - elapsed % 3  # real ones wander by a few ms too
        if self._to_drop:
            self._to_drop -= 1
            return
        if self._backlog.qsize() >= _BACKLOG:
            self.lost += 1
            return
        for track in self._tracks:
            self._chunks[track] += 1
            media = {
                "track": track,
                "chunk": str(self._chunks[track]),
                "timestamp": str(timestamp_ms),
                "payload": base64.b64encode(inbound if track == "inbound" else outbound).decode(),
            }
            self._send("media", {"media": media})

    def stop(self) -> None:
        """End in an orderly way: what is on its way, then `stop`, then close."""
        if not self._stopping:
            self._stopping = True
            if self._open:
                self._send("stop", {"stop": {"accountSid": self.request.account, "callSid": self.request.leg}})
            self._backlog.put_nowait(None)

    def drop_frames(self, count: int) -> None:
        """Lose the next `count` frames, as a bad network does: the timestamps jump, the chunk numbers do not."""
        self._to_drop += count

    def cut(self) -> None:
        """Break the connection without `stop`."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def run(self, url: str) -> None:
        """Open the socket at `url` and send until the end."""
        try:
            async with connect(
                url,
                additional_headers={"X-Twilio-Signature": self.request.signature},
                user_agent_header="Twilio.TmeWs/1.0",
                compression=None,
                open_timeout=_OPEN_TIMEOUT_S,
                close_timeout=2.0,
                ping_interval=None,
                max_queue=16,
                proxy=None,
            ) as socket:
                self._socket = socket
                self._greet()
                self._tell("stream-started", "")
                await self._pump(socket)
        except TimeoutError:
            self._tell("stream-error", "31901 the server did not answer in time")
        except InvalidStatus as error:
            self._tell("stream-error", f"31920 the server answered {error.response.status_code}")
        except ConnectionClosed as error:
            if error.rcvd is None and not self._stopping:
                self._tell("stream-error", "31921 the connection broke")
            else:
                self._tell("stream-stopped", "")
        except (InvalidHandshake, OSError, ValueError) as error:
            self._tell("stream-error", f"31902 {type(error).__name__}")
        else:
            self._tell("stream-stopped", "")
        finally:
            self._open = False

    def _tell(self, event: StreamEvent, error: str) -> None:
        self.opening = False
        self._report(event, error)

    def _greet(self) -> None:
        request = self.request
        self._backlog.put_nowait(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        start = {
            "accountSid": request.account,
            "streamSid": request.stream,
            "callSid": request.leg,
            "tracks": self._tracks,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": dict(request.parameters),
        }
        self._send("start", {"start": start})
        self._open = not self._stopping

    def _send(self, event: str, body: dict[str, Any]) -> None:
        self._sequence += 1
        message = {"event": event, "sequenceNumber": str(self._sequence), **body, "streamSid": self.request.stream}
        self._backlog.put_nowait(json.dumps(message, separators=(",", ":")))

    async def _pump(self, socket: ClientConnection) -> None:
        """Send the backlog; what the server says is read and ignored, so that its closing is noticed at once."""
        reading = asyncio.ensure_future(_drain(socket))
        sending = asyncio.ensure_future(self._send_backlog(socket))
        try:
            await asyncio.wait({reading, sending}, return_when=asyncio.FIRST_COMPLETED)
            for task in (reading, sending):
                if task.done():
                    task.result()
        finally:
            for task in (reading, sending):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, ConnectionClosed):
                    await task

    async def _send_backlog(self, socket: ClientConnection) -> None:
        while (message := await self._backlog.get()) is not None:
            await socket.send(message)


async def _drain(socket: ClientConnection) -> None:
    while True:
        await socket.recv()
