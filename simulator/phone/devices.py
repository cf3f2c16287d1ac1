"""Softphones' sockets: one WebSocket a telephone, JSON text frames for signalling, binary frames for sound.

A binary frame is 160 bytes of mu-law (20 ms), in both directions; none is sent for silence. Text frames, phone to us:

    {"type": "register", "token": "..."}                    take calls for the token's identity
    {"type": "register", "identity": "op_3"}                the same without a token: the simulator's own page
    {"type": "unregister"}
    {"type": "connect", "token": "...", "params": {...}}    Twilio's device.connect
    {"type": "dial", "from": "+32...", "to": "+32..."}      as from any telephone
    {"type": "answer"} {"type": "reject"} {"type": "hangup"}
    {"type": "press", "digits": "1"} {"type": "mute", "muted": true}

and from us to the phone:

    {"type": "registered", "identity": "op_3"} {"type": "unregistered"}
    {"type": "calling", "call": "CA..."}                    the answer to connect and dial
    {"type": "notice", "call": "CA...", "kind": "...", "data": {...}}      see `ports.Phone`
    {"type": "microphone", "call": "CA..."}                 the phone's sound goes somewhere now: open it
    {"type": "error", "during": "connect", "code": "...", "message": "a sentence"}

A phone has one call at a time; it does not ring while it is in one, as with Twilio's SDK. A closed socket hangs up.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from simulator.errors import InvalidInput, SimulatorError, Unavailable
from simulator.phone.line import Line
from simulator.sound import mulaw
from simulator.sound.plane import RealTimeSound

log = logging.getLogger(__name__)

_BACKLOG_FRAMES = 100  # 2 s of sound: a page that reads slower loses sound, never a notice


class Device:
    """One telephone on a socket: a `Phone` to the exchange. `notice` comes from any thread, the rest on the loop."""

    def __init__(self, socket: ServerConnection, line: Line, sound: RealTimeSound):
        self._socket = socket
        self._line = line
        self._sound = sound
        self._outgoing: asyncio.Queue[str | bytes] = asyncio.Queue()
        self._commands: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._leg: str | None = None
        self._placing = False
        self._listening = False
        self._muted = False
        self._identity: str | None = None

    def notice(self, leg: str, kind: str, data: Mapping[str, Any]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the program is ending
            self._sound.loop.call_soon_threadsafe(self._noticed, leg, kind, dict(data))

    async def serve(self) -> None:
        """Until the socket closes."""
        tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._obey())]
        try:
            async for message in self._socket:
                if isinstance(message, bytes):
                    self._hear(message)
                else:
                    self._take(message)
        except ConnectionClosed:
            pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._leave()

    def _hear(self, frame: bytes) -> None:
        if self._leg and not self._muted and len(frame) == mulaw.FRAME_BYTES:
            self._sound.frame_from_phone(self._leg, frame)

    def _take(self, text: str) -> None:
        try:
            command = json.loads(text)
            kind = command["type"]
        except (ValueError, TypeError, KeyError):
            return self._tell_error("message", InvalidInput("A message must be a JSON object with a type."))
        if kind == "mute":
            self._muted = bool(command.get("muted"))
            return None
        return self._commands.put_nowait(command)

    def _noticed(self, leg: str, kind: str, data: dict[str, Any]) -> None:
        if self._leg is None and self._placing:
            self._adopt(leg)
            self._listen(leg)
        elif self._leg is None and kind == "ringing":
            self._adopt(leg)
        if leg != self._leg:
            return  # rung while busy, or a call that was given up
        if kind == "answered":
            self._listen(leg)
        if kind == "recording":
            self._sound.want(leg)
        if kind == "ended":
            self._give_up()
        self._tell({"type": "notice", "call": leg, "kind": kind, "data": data})

    def _adopt(self, leg: str) -> None:
        if self._placing:
            self._tell({"type": "calling", "call": leg})
        self._leg, self._muted, self._placing = leg, False, False

    def _listen(self, leg: str) -> None:
        """Take the leg's sound: not while it only rings, for then it may ring elsewhere too."""
        if not self._listening:
            self._listening = True
            self._sound.attach(leg, self._play, lambda: self._tell({"type": "microphone", "call": leg}))

    def _give_up(self) -> None:
        if self._listening and self._leg:
            self._sound.detach(self._leg)
        self._leg, self._listening = None, False

    def _play(self, frame: bytes) -> None:
        if self._outgoing.qsize() < _BACKLOG_FRAMES:
            self._outgoing.put_nowait(frame)

    def _tell(self, message: Mapping[str, Any]) -> None:
        self._outgoing.put_nowait(json.dumps(message))

    def _tell_error(self, during: str, error: SimulatorError) -> None:
        self._tell({"type": "error", "during": during, "code": error.code, "message": str(error)})

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self._socket.send(await self._outgoing.get())

    async def _obey(self) -> None:
        """Commands one by one, in threads: the exchange's lock is never waited for on the sound's loop."""
        while True:
            command = await self._commands.get()
            try:
                await self._do(command["type"], command)
            except SimulatorError as error:
                self._placing = False
                self._tell_error(command["type"], error)
            except Exception as error:  # noqa: BLE001 - an edge: one phone's fault must not silence the phone
                self._placing = False
                log.warning("a softphone's command failed", extra={"kind": command["type"], "reason": repr(error)})
                self._tell_error(command["type"], Unavailable("The telephone exchange could not do that."))

    async def _do(self, kind: str, command: Mapping[str, Any]) -> None:
        match kind:
            case "register":
                await self._register(command)
            case "unregister":
                await self._unregister()
            case "connect":
                params = {str(name): str(value) for name, value in dict(command.get("params") or {}).items()}
                token = str(command.get("token", ""))
                await self._place(lambda: self._line.connect(token, params, self))
            case "dial":
                from_, to = str(command.get("from", "")), str(command.get("to", ""))
                await self._place(lambda: self._line.dial(from_, to, self))
            case "answer" if self._leg:
                await asyncio.to_thread(self._line.answer, self._leg, self._identity, self)
            case "reject" | "hangup" if self._leg:
                await asyncio.to_thread(self._line.hang_up, self._leg)
            case "press" if self._leg:
                await asyncio.to_thread(self._line.press, self._leg, str(command.get("digits", "")))

    async def _place(self, place: Callable[[], str]) -> None:
        if self._leg is not None:
            raise InvalidInput("This telephone is already in a call.")
        self._placing = True
        leg = await asyncio.to_thread(place)
        if self._placing:  # no notice came first
            self._adopt(leg)
            self._listen(leg)

    async def _register(self, command: Mapping[str, Any]) -> None:
        if token := command.get("token"):
            identity = self._line.identity_of(str(token))
        else:
            identity = str(command.get("identity", ""))
        if not identity:
            raise InvalidInput("A telephone registers with a token or an identity.")
        if identity != self._identity:
            await self._unregister()
            await asyncio.to_thread(self._line.register, identity, self)
            self._identity = identity
        self._tell({"type": "registered", "identity": identity})

    async def _unregister(self) -> None:
        if self._identity is not None:
            await asyncio.to_thread(self._line.unregister, self._identity, self)
            self._identity = None
            self._tell({"type": "unregistered"})

    async def _leave(self) -> None:
        """The socket is gone: so is the telephone."""
        if self._leg is not None:
            leg, ringing = self._leg, not self._listening
            self._give_up()
            if not ringing:  # a telephone that only rang takes nothing with it: others may ring on
                await asyncio.to_thread(self._line.hang_up, leg)
        await self._unregister()


class Devices:
    """The WebSocket server of the softphones, on the sound's loop."""

    def __init__(self, line: Line, sound: RealTimeSound, *, host: str, port: int) -> None:
        self._line = line
        self._sound = sound
        self._host = host
        self._port = port
        self._server: Server | None = None

    @property
    def port(self) -> int:
        """The port listened on, also when 0 was asked for."""
        if self._server is None:
            return self._port
        return int(next(iter(self._server.sockets)).getsockname()[1])

    def start(self) -> None:
        """Listen. Raises Unavailable with a sentence when the port is taken."""
        self._sound.run(self._listen()).result(10)

    def stop(self) -> None:
        """Close every telephone; their calls hang up."""
        if self._server is not None:
            self._sound.run(self._close(self._server)).result(10)
            self._server = None

    async def _listen(self) -> None:
        try:
            self._server = await serve(self._take, self._host, self._port, compression=None, max_size=64 * 1024)
        except OSError as error:
            raise Unavailable(
                f"Port {self._port} (softphone audio) cannot be used: {error.strerror or error}. "
                "Stop the program that has it, or set SIMULATOR_AUDIO_PORT to another port."
            ) from None

    async def _take(self, socket: ServerConnection) -> None:
        await Device(socket, self._line, self._sound).serve()

    async def _close(self, server: Server) -> None:
        server.close()
        await server.wait_closed()
