"""<Start><Stream>: forks a leg's sound to a WebSocket, through the sound plane. Source: twilio.md 3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit, urlunsplit

from simulator.ports import StreamEvent, StreamRequest
from simulator.records import Callback, Frame, Leg, Stream
from simulator.twiml import Verb

if TYPE_CHECKING:
    from simulator.exchange import Exchange

MAX_TRACKS = 4  # per call; both_tracks counts twice
Track = Literal["inbound_track", "outbound_track", "both_tracks"]


class StreamRefused(Exception):
    """The stream cannot be started; `code` is Twilio's error code, or 0."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Streamer:
    """All streams of the account."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def start_verb(self, leg: Leg, frame: Frame, verb: Verb) -> bool:
        """`<Start><Stream>`: asynchronous, so a fault is written down and the next verb runs."""
        noun = verb.children[0]
        callback = None
        if noun.get("statusCallback"):
            callback = Callback(noun.get("statusCallback"), noun.get("statusCallbackMethod", "POST"))
        parameters = {child.get("name"): child.get("value") for child in noun.children}
        try:
            self.start(
                leg, noun.get("url"), noun.get("name"), cast(Track, noun.get("track", "inbound_track")), callback,
                parameters,
            )  # fmt: skip
        except StreamRefused as refusal:
            self._exchange.fault(refusal.code, leg.sid, noun.get("url"), str(refusal))
        return True

    def stop_verb(self, leg: Leg, _frame: Frame, verb: Verb) -> bool:
        stream = self.find(leg, verb.children[0].get("name"))
        if stream is not None:
            self.stop(stream)
        return True

    def find(self, leg: Leg, sid_or_name: str) -> Stream | None:
        """A stream that is running on this leg."""
        for stream in leg.streams.values():
            if stream.status == "in-progress" and sid_or_name in (stream.sid, stream.name):
                return stream
        return None

    def start(
        self, leg: Leg, url: str, name: str, track: Track, callback: Callback | None, parameters: Mapping[str, str]
    ) -> Stream:
        """Start a stream. Raises StreamRefused. A query string in the URL is dropped without a word, as at Twilio."""
        parts = urlsplit(url)
        if parts.scheme != "wss":
            raise StreamRefused(31922, f"a stream needs a wss URL, not {url!r}")
        if not parts.hostname:
            raise StreamRefused(31923, f"{url!r} has no host")
        running = [stream for stream in leg.streams.values() if stream.status == "in-progress"]
        if name and any(stream.name == name for stream in running):
            raise StreamRefused(0, f"a stream named {name!r} already runs on this call")
        if sum(_tracks(stream.track) for stream in running) + _tracks(track) > MAX_TRACKS:
            raise StreamRefused(31960, f"more than {MAX_TRACKS} tracks on one call")
        target = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
        sid = self._exchange.new_sid("MZ")
        stream = Stream(sid, leg, name or sid, target, track, callback)
        leg.streams[sid] = stream
        self._exchange.streams[sid] = stream
        request = StreamRequest(
            stream=sid, leg=leg.sid, account=self._exchange.account_sid, url=target, name=stream.name, track=track,
            parameters=dict(parameters), signature=self._exchange.wire.stream_signature(target),
        )  # fmt: skip

        def report(event: StreamEvent, error: str) -> None:
            self._exchange.later(0.0, lambda: self._reported(stream, event, error))  # from any thread

        self._exchange.sound.start_stream(request, report)
        return stream

    def stop(self, stream: Stream) -> None:
        if stream.status == "in-progress":
            stream.status = "stopped"
            self._exchange.sound.stop_stream(stream.sid)

    def _reported(self, stream: Stream, event: StreamEvent, error: str) -> None:
        if event != "stream-started":
            stream.status = "stopped"
            stream.error = error
        if event == "stream-error":
            self._exchange.fault(31921, stream.leg.sid, stream.url, error)
        if stream.callback is None:
            return
        params = [
            ("AccountSid", self._exchange.account_sid),
            ("CallSid", stream.leg.sid),
            ("StreamSid", stream.sid),
            ("StreamName", stream.name),
            ("StreamEvent", event),
            *([("StreamError", error)] if error else []),
            ("Timestamp", self._exchange.timeline.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")),
        ]
        self._exchange.tell("stream-status", stream.leg.sid, stream.callback, params)


def _tracks(track: str) -> int:
    return 2 if track == "both_tracks" else 1
