"""The real-time `SoundPlane`: one thread, one event loop, a tick every 20 ms.

Every tick takes one frame from each leg's phone, works out what each leg hears, and hands it to its phone and to its
Media Streams. The exchange's calls come from any thread and return at once: they are done, in order, by the loop.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self, TypeVar

from simulator.ports import StreamEvent, StreamRequest
from simulator.sound import mulaw
from simulator.sound.legs import LegSound, Playback, Sink, Wanted
from simulator.sound.media_stream import MediaStream
from simulator.sound.rooms import Part, Rooms

log = logging.getLogger(__name__)
T = TypeVar("T")

_HOPELESS_TICKS = 50  # 1 s behind (a sleeping machine): the missed ticks are skipped, which shows as a jump in time


class RealTimeSound:
    """Carries sound on the wall clock. `start` before use, `stop` at the end; neither may be called from the loop."""

    def __init__(self, routes: Mapping[str, str] | None = None) -> None:
        """`routes` says where the servers of streams are really reached: a URL that begins with a key is opened at
        its value instead, as if a TLS proxy stood there (`{"wss://127.0.0.1": "ws://127.0.0.1"}`)."""
        self._routes = dict(routes or {})
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._reports = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sound-reports")
        self._legs: dict[str, LegSound] = {}
        self._phones: dict[str, tuple[Sink | None, Wanted | None]] = {}
        self._rooms = Rooms()
        self._streams: dict[str, MediaStream] = {}
        self._recordings: dict[str, tuple[str, bytearray]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.Task[None] | None = None
        self._busy = asyncio.Event()

    def start(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close every stream and end the thread."""
        if self._thread.is_alive():
            self.run(self._wind_up()).result(10)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(10)
        self._reports.shutdown()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The sound's own loop: the phones' sockets are served on it too, so that frames never change threads."""
        if self._loop is None:
            raise RuntimeError("the sound has not been started")
        return self._loop

    def run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine on the sound's loop, from another thread."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    # ------------------------------------------------------------------------------ what the exchange calls

    def open_leg(self, leg: str) -> None:
        self._do(self._open_leg, leg)

    def close_leg(self, leg: str) -> None:
        self._do(self._close_leg, leg)

    def play(self, leg: str, audio: bytes, loops: int) -> None:
        """Play mu-law to this leg `loops` times; 0 is for ever."""
        self._do(self._play, leg, Playback(audio, loops))

    def hush(self, leg: str) -> None:
        self._do(self._play, leg, None)

    def join(self, room: str, leg: str, *, muted: bool, held: bool, coaches: str | None) -> None:
        self._do(self._join, room, leg, Part(muted, held, coaches))

    def leave(self, room: str, leg: str) -> None:
        self._do(self._rooms.leave, room, leg)

    def start_stream(self, request: StreamRequest, report: Callable[[StreamEvent, str], None]) -> None:
        self._do(self._start_stream, request, report)

    def stop_stream(self, stream: str) -> None:
        self._do(self._stop_stream, stream)

    def start_recording(self, recording: str, leg: str) -> None:
        self._do(self._start_recording, recording, leg)

    def stop_recording(self, recording: str, done: Callable[[bytes], None]) -> None:
        self._do(self._stop_recording, recording, done)

    # --------------------------------------------------------------------------------- what the phones call

    def attach(self, leg: str, sink: Sink | None, wanted: Wanted | None = None) -> None:
        """Give the leg a phone: `sink` gets each frame the leg hears (nothing when it is silent), `wanted` is called
        once when the leg's own sound first goes somewhere. Both are called on the loop's thread."""
        self._do(self._attach, leg, sink, wanted)

    def detach(self, leg: str) -> None:
        self._do(self._detach, leg)

    def speak(self, leg: str, sound: bytes) -> None:
        """Say recorded mu-law on this leg, at the pace of speech."""
        self._do(self._speak, leg, sound)

    def want(self, leg: str) -> None:
        """The leg is recorded: its sound goes somewhere."""
        self._do(self._want, leg)

    def frame_from_phone(self, leg: str, frame: bytes) -> None:
        """A 160-byte frame of a live microphone; on the loop's thread only."""
        if leg in self._legs:
            self._legs[leg].hear_from_phone(frame)

    def stream(self, stream: str) -> MediaStream | None:
        """A running stream by its sid, so that a test can make it fail (on the loop: `plane.loop`)."""
        return self._streams.get(stream)

    # ---------------------------------------------------------------------------------------- on the loop

    def _do(self, action: Callable[..., None], *arguments: object) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(action, *arguments)

    def _open_leg(self, leg: str) -> None:
        sink, wanted = self._phones.get(leg, (None, None))
        self._legs[leg] = LegSound(sink=sink, wanted=wanted)
        self._busy.set()

    def _close_leg(self, leg: str) -> None:
        for stream in [stream for stream in self._streams.values() if stream.request.leg == leg]:
            stream.stop()
        if room := self._rooms.room_of(leg):
            self._rooms.leave(room, leg)
        self._legs.pop(leg, None)
        if not self._legs:
            self._busy.clear()

    def _attach(self, leg: str, sink: Sink | None, wanted: Wanted | None) -> None:
        self._phones[leg] = (sink, wanted)
        if sound := self._legs.get(leg):
            sound.sink, sound.wanted = sink, wanted
            if sound.goes_somewhere and wanted:
                wanted()

    def _detach(self, leg: str) -> None:
        self._phones.pop(leg, None)
        if sound := self._legs.get(leg):
            sound.sink = sound.wanted = None

    def _play(self, leg: str, playback: Playback | None) -> None:
        if leg in self._legs:
            self._legs[leg].playback = playback

    def _join(self, room: str, leg: str, part: Part) -> None:
        if leg in self._legs:
            self._rooms.join(room, leg, part)
            self._heard_by_somebody(leg)

    def _speak(self, leg: str, sound: bytes) -> None:
        if leg in self._legs:
            self._legs[leg].speak(sound)

    def _want(self, leg: str) -> None:
        if leg in self._legs:
            self._legs[leg].want()

    def _start_stream(self, request: StreamRequest, report: Callable[[StreamEvent, str], None]) -> None:
        def tell(event: StreamEvent, error: str) -> None:
            if event != "stream-started":
                self._streams.pop(request.stream, None)
            self._heard_by_somebody(request.leg)
            self._reports.submit(report, event, error)  # a report may wait for the exchange: never on the loop

        self._streams[request.stream] = stream = MediaStream(request, tell)
        self._keep(stream.run(self._reached_at(request.url)))

    def _reached_at(self, url: str) -> str:
        for prefix, instead in self._routes.items():
            if url.startswith(prefix):
                return instead + url.removeprefix(prefix)
        return url

    def _heard_by_somebody(self, leg: str) -> None:
        """Ask for the leg's microphone when its sound goes to a room or a stream; not while a stream is still being
        opened, so that no first word is missed."""
        streams = [stream for stream in self._streams.values() if stream.request.leg == leg]
        if leg in self._legs and not any(stream.opening for stream in streams):
            part = self._rooms.part_of(leg)
            if (part and not part.held) or any(stream.request.track != "outbound_track" for stream in streams):
                self._legs[leg].want()

    def _stop_stream(self, stream: str) -> None:
        if stream in self._streams:
            self._streams[stream].stop()

    def _start_recording(self, recording: str, leg: str) -> None:
        self._recordings[recording] = (leg, bytearray())
        self._want(leg)

    def _stop_recording(self, recording: str, done: Callable[[bytes], None]) -> None:
        _, kept = self._recordings.pop(recording, ("", bytearray()))
        self._reports.submit(done, bytes(kept))  # whoever is told may wait for the exchange: never on the loop

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _run(self) -> None:
        loop = self.loop
        asyncio.set_event_loop(loop)
        self._ticking = loop.create_task(self._tick_for_ever())
        try:
            loop.run_forever()
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    async def _wind_up(self) -> None:
        for stream in list(self._streams.values()):
            stream.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3)
        left = [*self._tasks, *([self._ticking] if self._ticking else [])]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _tick_for_ever(self) -> None:
        """Tick by the wall clock: a late tick is made up for at once, so that an hour of sound takes an hour."""
        began = time.monotonic()
        number = 0
        while True:
            if not self._busy.is_set():
                await self._busy.wait()
                number = int((time.monotonic() - began) / mulaw.FRAME_S)
            behind = int((time.monotonic() - began) / mulaw.FRAME_S) - number
            if behind > _HOPELESS_TICKS:
                number += behind
            number += 1
            await asyncio.sleep(max(0.0, began + number * mulaw.FRAME_S - time.monotonic()))
            self._tick(number)

    def _tick(self, number: int) -> None:
        spoken = {leg: sound.next_spoken() for leg, sound in self._legs.items()}
        for leg, kept in self._recordings.values():
            kept += spoken.get(leg) or mulaw.SILENCE
        mixed = self._rooms.heard(spoken)
        heard: dict[str, bytes | None] = {}
        for leg, sound in self._legs.items():
            heard[leg] = frame = sound.next_played() or mixed.get(leg)
            if frame is not None and sound.sink:
                sound.sink(frame)
        for stream in self._streams.values():
            leg = stream.request.leg
            stream.tick(number, spoken.get(leg) or mulaw.SILENCE, heard.get(leg) or mulaw.SILENCE)
