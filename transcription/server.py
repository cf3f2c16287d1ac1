"""The `media` process: Twilio opens a WebSocket for each leg, words go out.

The reader of a socket only puts frames into a buffer: when it is slow, Twilio throws sound away (warning 31930). All
else happens in tasks and threads. Whatever goes wrong in one stream ends, at most, that stream; the call itself does
not depend on this process (`<Start><Stream>`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Protocol

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response
from websockets.protocol import State

from foundation.clock import Clock
from foundation.errors import Forbidden, OnthaalError
from transcription import allocator, calibration, pipeline
from transcription.admission import Admission
from transcription.keeping import Record
from transcription.listening import Answers, Listener
from transcription.models import Models
from transcription.outlet import Outlet, Questions, Screens
from transcription.protocol import (
    MAX_MESSAGE_BYTES,
    TELEPHONE,
    Connected,
    InvalidMessage,
    Media,
    Started,
    Stopped,
    parse,
)
from transcription.spool import SpoolFolder
from transcription.tokens import AnswerClaim, Claim
from transcription.track import Index, Measure, Tracks
from transcription.warming import Warming

log = logging.getLogger(__name__)

MEDIA_PATH = "/media"
LOOK_EVERY_S = 0.1  # at a stream's socket: a block waits for this 50 ms on average
CROWD = 16  # streams; with more, each is looked at half as often, and a block waits for 100 ms
_TRICKLE_BYTES = 8192  # 0.4 s of messages: who sends more at a time does not send at the pace of speech
START_WITHIN_S = 5.0  # Twilio sends `start` within milliseconds of the handshake
_sockets = logging.getLogger(f"{__name__}.sockets")  # of the library, which tells every health check at INFO
_STORE_THREADS = 8  # wait for SQL, Redis and model files; take no processor time


class Handshake(Protocol):
    """Whether the upgrade request was signed by Twilio. `signature` is its X-Twilio-Signature header."""

    def allows(self, path: str, signature: str | None) -> bool: ...


class Tokens(Protocol):
    """transcription.tokens.StreamTokens: raises Forbidden; may block."""

    def redeem(self, token: str, call_sid: str) -> Claim: ...


class _OneWay(ServerConnection):
    """A connection to which we say next to nothing. Who does not even read that is no telephone exchange, and would
    let our answers to its pings pile up. It brings a frame every 20 ms, and nobody needs them one by one: what comes
    drop by drop is looked at ten times a second, which halves what reading costs, and five times in a crowd."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if len(data) < _TRICKLE_BYTES and self.state is State.OPEN and self.transport.is_reading():
            self.transport.pause_reading()
            crowded = len(self.server.all_connections) > CROWD
            self.loop.call_later(LOOK_EVERY_S * (2 if crowded else 1), self.transport.resume_reading)

    def pause_writing(self) -> None:
        log.warning("stream cut", extra={"reason": "the other side does not read"})
        self.transport.abort()
        super().pause_writing()


class _Refused(Exception):
    """Close this stream with `code`; `str` is the reason that Twilio's debugger shows."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class MediaServer:
    """Receives Media Streams, transcribes them, stores and publishes what was said."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        threads: int,
        models: Models,
        handshake: Handshake,
        tokens: Tokens,
        transcripts: Record,
        live: Screens,
        clock: Clock,
        path: str = MEDIA_PATH,
        start_within_s: float = START_WITHIN_S,
        redact_emails: bool = False,
        questions: Questions | None = None,
        answers: Answers | None = None,
        admission: Admission | None = None,
        spools: SpoolFolder | None = None,
        index: Index | None = None,
        measure: Measure = calibration.measure,
        warms: bool = False,
    ) -> None:
        """`threads` decode at once; `port` 0 takes a free one (see `port` after `start`). `answers` takes what callers
        say in a menu, `questions` what the speakers ask each other for. Without `spools` a track that lags is late, and
        what its buffer cannot hold is a gap. `warms`: a language that was measured is warmed for the calls to come."""
        self._address = (host, port)
        self._handshake = handshake
        self._tokens = tokens
        self._transcripts = transcripts
        self._live = live
        self._clock = clock
        self._path = path
        self._start_within_s = start_within_s
        self._redact_emails = redact_emails
        self._questions = questions
        self._decoding = ThreadPoolExecutor(threads, "decode")
        self._storing = ThreadPoolExecutor(_STORE_THREADS, "store")
        self._warming = Warming(models) if warms else None
        self._tracks = Tracks(
            models,
            self._decoding,
            self._storing,
            admission or Admission(calibration.cores(threads), spools=spools is not None),
            folder=spools,
            index=index,
            measure=measure,
            warming=self._warming,
        )
        self._listener: Listener | None = None
        if answers is not None:
            self._listener = Listener(
                models, answers, decoding=self._decoding, waiting=self._storing, spent=self._tracks.besides
            )
        self._server: Server | None = None
        self._streams = 0

    @property
    def listening(self) -> bool:
        return self._server is not None and self._server.is_serving()

    @property
    def port(self) -> int:
        """The port it listens on."""
        if self._server is None:
            return self._address[1]
        return int(next(iter(self._server.sockets)).getsockname()[1])

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        host, port = self._address
        _sockets.setLevel(logging.WARNING)
        self._server = await serve(
            self._connected,
            host,
            port,
            process_request=self._request,
            max_size=MAX_MESSAGE_BYTES,
            max_queue=64,
            open_timeout=self._start_within_s,
            create_connection=_OneWay,
            close_timeout=2.0,  # for the other side's answer; a call that is over does not answer
            compression=None,  # base64 of mu-law hardly shrinks, and each socket would hold 300 KB for trying
            server_header=None,
            logger=_sockets,
        )

    async def stop(self) -> None:
        """Take no more streams, close those that are open, transcribe and store what they already sent."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()  # also waits for `_connected` of every stream
        if self._warming is not None:
            await self._warming.stop()
        self._decoding.shutdown()
        self._storing.shutdown()

    async def serve(self) -> None:
        """Listen until SIGTERM or SIGINT, then drain."""
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, asked.set)
        await self.start()
        log.info("listening", extra={"port": self.port, "malloc": allocator.name()})
        measuring = asyncio.create_task(self._tracks.measure_one())
        await asked.wait()
        await measuring
        log.info("draining", extra={"count": self._streams})
        await self.stop()

    def _request(self, connection: ServerConnection, request: Request) -> Response | None:
        """Before the upgrade: the health page, and who may pass."""
        path = request.path.partition("?")[0]
        if path == "/healthz":
            capacity = {**self._tracks.figures(), "malloc": allocator.name()}
            health = {"status": "ok", "streams": self._streams, "capacity": capacity}
            response = connection.respond(HTTPStatus.OK, json.dumps(health) + "\n")
            del response.headers["Content-Type"]
            response.headers["Content-Type"] = "application/json"
            return response
        if path != self._path:
            return connection.respond(HTTPStatus.NOT_FOUND, "Nothing here.\n")
        if not self._handshake.allows(path, request.headers.get("X-Twilio-Signature")):
            log.warning("handshake refused", extra={"reason": "signature"})
            return connection.respond(HTTPStatus.FORBIDDEN, "The signature does not hold.\n")
        return None

    async def _connected(self, socket: ServerConnection) -> None:
        """One stream, from its first message to its last stored word."""
        self._streams += 1
        try:
            async with asyncio.timeout(self._start_within_s):
                started = await self._started(socket)
            await self._stream(socket, started)
        except TimeoutError:
            await self._refuse(socket, CloseCode.POLICY_VIOLATION, "no start message in time")
        except InvalidMessage as error:
            await self._refuse(socket, CloseCode.INVALID_DATA, str(error))
        except _Refused as refused:
            await self._refuse(socket, refused.code, str(refused))
        except ConnectionClosed:
            log.info("stream closed before it started")
        finally:
            self._streams -= 1

    async def _refuse(self, socket: ServerConnection, code: CloseCode, reason: str) -> None:
        """Close a stream that nobody reads any more. What still comes is read and dropped: behind a full queue the
        other side's answer to the close would not be seen."""
        log.warning("stream refused", extra={"code": int(code), "reason": reason})
        closing = asyncio.create_task(socket.close(code, reason))
        with contextlib.suppress(ConnectionClosed):
            async for _ in socket:
                pass
        await closing

    async def _started(self, socket: ServerConnection) -> Started:
        """Read up to `start`. Raises InvalidMessage when it does not come first, _Refused for what is no telephone."""
        while True:
            match parse(await socket.recv()):
                case Started() as started if started.media_format == TELEPHONE:
                    return started
                case Started():
                    raise _Refused(CloseCode.UNSUPPORTED_DATA, "only audio/x-mulaw at 8000 Hz, one channel")
                case Connected() | None:
                    continue
                case _:
                    raise InvalidMessage("The stream does not begin with 'start'.")

    async def _stream(self, socket: ServerConnection, started: Started) -> None:
        """Read until the stream ends; whatever ends it, what was heard is still transcribed and stored."""
        buffer = pipeline.FrameBuffer()
        work = asyncio.create_task(self._transcribe(socket, started, buffer))
        try:
            await self._read(socket, started, buffer)
        except InvalidMessage as error:
            await self._refuse(socket, CloseCode.INVALID_DATA, str(error))
        finally:
            buffer.end()
            await work

    async def _read(self, socket: ServerConnection, started: Started, buffer: pipeline.FrameBuffer) -> None:
        track = started.tracks[0]  # we ask for one; of `both_tracks` the second would be a mix of the first
        try:
            async for raw in socket:
                match parse(raw):
                    case Media() as frame if frame.stream_sid != started.stream_sid:
                        raise InvalidMessage("The message belongs to another stream.")
                    case Media() as frame if frame.track == track:
                        buffer.put(frame)
                    case Stopped():
                        return
        except ConnectionClosed as closed:
            log.info("stream cut", extra={"leg": started.call_sid, "code": closed.rcvd.code if closed.rcvd else 1006})

    async def _transcribe(self, socket: ServerConnection, started: Started, buffer: pipeline.FrameBuffer) -> None:
        loop = asyncio.get_running_loop()
        began_at = self._clock.now()
        token = started.parameters.get("token", "")
        try:
            claim = await loop.run_in_executor(self._storing, self._tokens.redeem, token, started.call_sid)
        except Forbidden as error:
            buffer.discard()
            log.warning("stream refused", extra={"leg": started.call_sid, "reason": str(error)})
            await socket.close(CloseCode.POLICY_VIOLATION, str(error))  # `_read` still reads, until it is closed
            return
        if isinstance(claim, AnswerClaim):
            if self._listener is not None:
                await self._listener.listen(claim, buffer)
            return
        outlet = Outlet(
            claim,
            stream_sid=started.stream_sid,
            stream_started_at=began_at,
            record=self._transcripts,
            screens=self._live,
            pool=self._storing,
            redact_emails=self._redact_emails,
            questions=self._questions,
        )
        telling = asyncio.create_task(outlet.run())
        try:
            await self._tracks.write_down(claim, started.stream_sid, began_at, buffer, outlet)
        except Exception as error:  # the stream's edge: this call goes on without words, others untouched
            known = isinstance(error, OnthaalError)
            log.warning(
                "transcription unavailable",
                extra={"call": claim.call_id, "language": claim.language, "reason": type(error).__name__},
                exc_info=None if known else error,
            )
            buffer.discard()  # go on reading, so that Twilio sees no error
            outlet.state("unavailable")
            while await buffer.take() is not None:
                pass
        finally:
            outlet.state("ended")
            outlet.close()
            await telling
