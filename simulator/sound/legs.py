"""One leg's sound: what its phone says, what it is played, what reaches its ear."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.sound import mulaw

_DEEPEST_FRAMES = 100  # 2 s: a page that was frozen may hand in so much at once without losing a word
_HEAD_START_FRAMES = 4  # 80 ms are gathered before speech starts, so that a late frame leaves no hole in a word
_LONGEST_HEAD_START_FRAMES = 12  # every hole that there was nevertheless makes the head start longer, up to 240 ms
_COMFORTABLE_FRAMES = 5  # 100 ms more than the head start: beyond this, pauses are shortened until the delay is gone
_QUIET_CODES = frozenset(range(0x70, 0x80)) | frozenset(range(0xF0, 0x100))  # magnitude below 120 of 32124

Sink = Callable[[bytes], None]
Wanted = Callable[[], None]


@dataclass
class Playback:
    """Sound played to a leg, around and around; `loops` 0 is for ever."""

    sound: bytes
    loops: int
    at: int = 0

    def next(self) -> bytes | None:
        """The next frame, or None at the end."""
        end = len(self.sound) * self.loops if self.loops else None
        if not self.sound or (end is not None and self.at >= end):
            return None
        frame = b""
        while len(frame) < mulaw.FRAME_BYTES and (end is None or self.at < end):
            start = self.at % len(self.sound)
            piece = self.sound[start : start + mulaw.FRAME_BYTES - len(frame)]
            frame += piece
            self.at += len(piece)
        return frame.ljust(mulaw.FRAME_BYTES, b"\xff")


@dataclass
class LegSound:
    """Frames wait here between the phone and the tick. `sink` gets what the leg hears; `wanted` is called once, when
    the leg's own sound first goes somewhere."""

    playback: Playback | None = None
    sink: Sink | None = None
    wanted: Wanted | None = None
    goes_somewhere: bool = False
    _spoken: deque[bytes] = field(default_factory=deque)
    _live: deque[bytes] = field(default_factory=deque)
    _flowing: bool = False
    _head_start: int = _HEAD_START_FRAMES

    def speak(self, sound: bytes) -> None:
        """Queue recorded speech, said frame by frame after what is already queued."""
        self._spoken.extend(mulaw.frames(sound))

    def hear_from_phone(self, frame: bytes) -> None:
        """A frame from a microphone. When far too many wait, the oldest is given up."""
        if len(self._live) >= _DEEPEST_FRAMES:
            self._live.popleft()
        self._live.append(frame)

    def next_spoken(self) -> bytes | None:
        """The frame the leg says now; None is silence."""
        if self._spoken:
            return self._spoken.popleft()
        while len(self._live) > self._head_start + _COMFORTABLE_FRAMES and _QUIET_CODES.issuperset(self._live[0]):
            self._live.popleft()
        if self._flowing and not self._live:
            self._head_start = min(self._head_start + 2, _LONGEST_HEAD_START_FRAMES)
        self._flowing = len(self._live) >= (1 if self._flowing else self._head_start)
        return self._live.popleft() if self._flowing else None

    def next_played(self) -> bytes | None:
        """The frame the leg is played now; None when nothing is."""
        frame = self.playback.next() if self.playback else None
        if frame is None:
            self.playback = None
        return frame

    def want(self) -> None:
        """The leg's sound goes somewhere: its microphone may open."""
        if not self.goes_somewhere:
            self.goes_somewhere = True
            if self.wanted:
                self.wanted()
