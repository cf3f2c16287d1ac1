"""The seam between the exchange (who is connected to whom) and what is heard (sound, phones, bots).

The exchange calls a `SoundPlane` and a leg's `Phone` from inside its own lock: both must return at once.
Times are the exchange's, in seconds of its timeline. Sound is 8 kHz mu-law everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


class Phone(Protocol):
    """The far end of a leg: a softphone page, a bot with a script, or a test. It is told what a person would notice.

    kinds and their data:
    `ringing` {from, to} (the phone is being rung: answer it with `Exchange.answer`), `answered` {},
    `saying` {text, language, duration_s}, `playing` {url, duration_s}, `gathering` {input, digits, timeout_s},
    `gather-ended` {}, `queued` {queue}, `room` {room, others, held, muted} (others: number of people who can be heard),
    `recording` {}, `ended` {reason}.
    """

    def notice(self, leg: str, kind: str, data: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True)
class StreamRequest:
    """A Media Stream to open: twilio.md 3.2 and 3.4. `signature` is the X-Twilio-Signature of the handshake."""

    stream: str  # MZ...
    leg: str  # CA...
    account: str
    url: str
    name: str
    track: Literal["inbound_track", "outbound_track", "both_tracks"]
    parameters: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""


StreamEvent = Literal["stream-started", "stream-stopped", "stream-error"]


class SoundPlane(Protocol):
    """Carries the sound. `SilentPlane` (tests on virtual time) carries none and lets every stream start and stop."""

    def open_leg(self, leg: str) -> None: ...

    def close_leg(self, leg: str) -> None: ...

    def play(self, leg: str, audio: bytes, loops: int) -> None:
        """Play mu-law to this leg until it ends or `hush`."""
        ...

    def hush(self, leg: str) -> None: ...

    def join(self, room: str, leg: str, *, muted: bool, held: bool, coaches: str | None) -> None:
        """Put a leg in a room, or change how it takes part: a muted leg is not heard, a held leg neither hears nor
        is heard, a coach is heard by the coached leg only."""
        ...

    def leave(self, room: str, leg: str) -> None: ...

    def start_stream(self, request: StreamRequest, report: Callable[[StreamEvent, str], None]) -> None:
        """Open the socket and send the leg's sound; `report(event, error)` may come from any thread."""
        ...

    def stop_stream(self, stream: str) -> None: ...

    def start_recording(self, recording: str, leg: str) -> None:
        """Keep what this leg says from now on."""
        ...

    def stop_recording(self, recording: str, done: Callable[[bytes], None]) -> None:
        """Hand over what was kept, as mu-law; `done` may come from any thread, and later."""
        ...
