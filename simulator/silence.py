"""A sound plane that carries no sound, for tests on virtual time: every stream starts and stops as it should.

A test that wants a recording to have sound puts the speech (mu-law) into `spoken`, by leg.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.ports import StreamEvent, StreamRequest


class SilentPlane:
    """Remembers which streams are open and which rooms legs are in; nobody hears anything."""

    def __init__(self) -> None:
        self.requests: list[StreamRequest] = []
        self.rooms: dict[str, set[str]] = {}
        self.spoken: dict[str, bytes] = {}
        self._recorded: dict[str, str] = {}
        self._open: dict[str, Callable[[StreamEvent, str], None]] = {}

    def open_leg(self, leg: str) -> None:
        pass

    def close_leg(self, leg: str) -> None:
        pass

    def play(self, leg: str, audio: bytes, loops: int) -> None:
        pass

    def hush(self, leg: str) -> None:
        pass

    def join(self, room: str, leg: str, *, muted: bool, held: bool, coaches: str | None) -> None:
        self.rooms.setdefault(room, set()).add(leg)

    def leave(self, room: str, leg: str) -> None:
        members = self.rooms.get(room, set())
        members.discard(leg)
        if not members:
            self.rooms.pop(room, None)

    def start_stream(self, request: StreamRequest, report: Callable[[StreamEvent, str], None]) -> None:
        self.requests.append(request)
        self._open[request.stream] = report
        report("stream-started", "")

    def stop_stream(self, stream: str) -> None:
        report = self._open.pop(stream, None)
        if report is not None:
            report("stream-stopped", "")

    def start_recording(self, recording: str, leg: str) -> None:
        self._recorded[recording] = leg

    def stop_recording(self, recording: str, done: Callable[[bytes], None]) -> None:
        done(self.spoken.get(self._recorded.pop(recording, ""), b""))

    def cut_stream(self, stream: str, error: str) -> None:
        """For tests: the socket of a stream breaks."""
        report = self._open.pop(stream, None)
        if report is not None:
            report("stream-error", error)
