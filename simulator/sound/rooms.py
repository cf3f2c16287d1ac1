"""Who hears whom: rooms of legs, mixed so that each hears all the others (N-1). Pure: frames in, frames out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.sound import mulaw


@dataclass(frozen=True)
class Part:
    """How a leg takes part in a room. `coaches` names the one leg that hears this one; it still hears everybody."""

    muted: bool = False
    held: bool = False
    coaches: str | None = None

    def reaches(self, listener: str) -> bool:
        return not self.muted and not self.held and self.coaches in (None, listener)


class Rooms:
    """The rooms and the legs in them. A leg is in one room at most."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[str, Part]] = {}
        self._room_of: dict[str, str] = {}

    def join(self, room: str, leg: str, part: Part) -> None:
        """Put a leg in a room, out of any other, or change its part."""
        if self._room_of.get(leg, room) != room:
            self.leave(self._room_of[leg], leg)
        self._rooms.setdefault(room, {})[leg] = part
        self._room_of[leg] = room

    def leave(self, room: str, leg: str) -> None:
        """Take a leg out; nothing happens when it is not there."""
        parts = self._rooms.get(room, {})
        if parts.pop(leg, None) is not None:
            self._room_of.pop(leg, None)
        if not parts:
            self._rooms.pop(room, None)

    def room_of(self, leg: str) -> str | None:
        return self._room_of.get(leg)

    def part_of(self, leg: str) -> Part | None:
        return self._rooms[self._room_of[leg]][leg] if leg in self._room_of else None

    def heard(self, spoken: Mapping[str, bytes | None]) -> dict[str, bytes]:
        """What each leg hears when the legs speak the frames `spoken` (None: silent). A leg that hears nothing
        is not in the answer."""
        result: dict[str, bytes] = {}
        for parts in self._rooms.values():
            voices = [(leg, part, frame) for leg, part in parts.items() if (frame := spoken.get(leg)) is not None]
            for listener, own in parts.items():
                if own.held:
                    continue
                frames = [frame for leg, part, frame in voices if leg != listener and part.reaches(listener)]
                if frames:
                    result[listener] = mulaw.mix(frames)
        return result
