"""What the exchange keeps: legs and what they are doing, queues, conferences, streams, recordings, faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from simulator.ports import Phone
from simulator.timeline import Timer
from simulator.twiml import Place, Verb

Direction = Literal["inbound", "outbound-api", "outbound-dial"]
LegStatus = Literal["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"]
OVER: frozenset[str] = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass(frozen=True)
class Fault:
    """Something Twilio's debugger would show. `code` 0: refused, but the vendor publishes no code for it."""

    at: datetime
    code: int
    leg: str
    url: str
    message: str


@dataclass(frozen=True)
class Callback:
    """Where to report, and which events ask for it."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(eq=False)
class Frame:
    """A document being executed. A leg has a stack of them: its own, and on top a wait or a hold document."""

    place: Place
    url: str  # base of relative URLs; empty for TwiML given by REST
    verbs: tuple[Verb, ...] = ()
    at: int = 0
    extra: Callable[[], list[tuple[str, str]]] = list  # parameters that every request for this frame carries
    when_out: Callable[[], None] | None = None  # what to do when out of verbs; None hangs up
    when_faulty: Callable[[], None] | None = None  # what to do on a fault; None is the fallback URL
    in_fallback: bool = False


@dataclass(eq=False)
class Gathering:
    """A <Gather> that is listening."""

    verb: Verb
    frame: Frame
    digits: str = ""
    prompts: list[Verb] = field(default_factory=list)


@dataclass(eq=False)
class Leg:
    """One call of Twilio's. `doing` is what keeps it busy at this moment."""

    sid: str
    from_: str
    to: str
    direction: Direction
    created_at: datetime
    phone: Phone | None = None
    status: LegStatus = "queued"
    parent: Leg | None = None
    extra: dict[str, str] = field(default_factory=dict)  # connect params, ApplicationSid
    offered: dict[str, str] = field(default_factory=dict)  # <Client><Parameter>: for the browser that is rung
    voice: tuple[str, str] = ("", "POST")  # the URL that is requested when the call is answered
    twiml: str = ""  # or the document itself
    fallback: tuple[str, str] = ("", "POST")
    callback: Callback | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    queue_time_ms: int = 0
    limit_s: int = 14_400  # how long it may be up: four hours
    # execution
    frames: list[Frame] = field(default_factory=list)
    turn: int = 0  # grows with every change of course; an answer or timer of an earlier turn is void
    timer: Timer | None = None
    ring_timer: Timer | None = None
    limit_timer: Timer | None = None
    doing: str = ""
    gathering: Gathering | None = None
    entry: Entry | None = None
    seat: Participant | None = None
    dialling: Any = None  # simulator.dialling.Dialling
    bridge: Leg | None = None  # the leg it is talking to outside conferences
    taken_by: Leg | None = None  # the leg whose <Dial><Queue> took this one out of its queue
    joins: Callable[[], None] | None = None  # what a leg placed by REST does instead of a document
    taking: Any = None  # the <Record> that is running
    streams: dict[str, Stream] = field(default_factory=dict)
    recordings: list[Recording] = field(default_factory=list)
    sequence: int = 0
    fetched_at: datetime | None = None  # the last document
    window_at: datetime | None = None  # start of the second in which `fetches` are counted, to catch loops
    fetches: int = 0
    end_reason: str = ""

    @property
    def over(self) -> bool:
        return self.status in OVER


@dataclass(eq=False)
class Entry:
    """A leg's place in a queue."""

    leg: Leg
    queue: Queue
    ticket: int
    entered_at: datetime
    verb: Verb
    base: str


@dataclass(eq=False)
class Queue:
    """A queue of Twilio's. Members by ticket, which only grows: the dictionary is in order of arrival."""

    sid: str
    name: str
    created_at: datetime
    max_size: int = 1000
    members: dict[int, Entry] = field(default_factory=dict)
    tickets: list[int] = field(default_factory=list)  # the same, sorted, to find a position quickly
    entered_sum_s: float = 0.0  # sum of the entries' times, to know the mean age quickly
    next_ticket: int = 1


@dataclass(eq=False)
class Participant:
    """A leg in a conference."""

    leg: Leg
    conference: Conference
    label: str
    muted: bool
    start_on_enter: bool
    end_on_exit: bool
    joined_at: datetime
    held: bool = False
    coaching: str = ""  # CallSid of the leg that alone hears this one
    hangs_up: bool = False  # joined by REST: it has no TwiML to go on with


@dataclass(eq=False)
class Conference:
    """One running of a named conference. Callbacks are those of the first participant, whoever asks later."""

    sid: str
    name: str
    created_at: datetime
    callback: Callback | None = None
    status: Literal["init", "in-progress", "completed"] = "init"
    seats: dict[str, Participant] = field(default_factory=dict)  # by CallSid
    sequence: int = 0
    max_participants: int = 250
    ended_at: datetime | None = None
    end_reason: str = ""
    end_leg: str = ""
    record: tuple[bool, Callback | None] = (False, None)
    recording: Recording | None = None


@dataclass(eq=False)
class Stream:
    """A Media Stream of a leg."""

    sid: str
    leg: Leg
    name: str
    url: str
    track: Literal["inbound_track", "outbound_track", "both_tracks"]
    callback: Callback | None
    status: Literal["in-progress", "stopped"] = "in-progress"
    error: str = ""


@dataclass(eq=False)
class Recording:
    """A recording. `sound` is mu-law: of a <Record> what the leg said, of others nothing, there the length counts."""

    sid: str
    leg: Leg | None
    conference: Conference | None
    started_at: datetime
    source: str
    callback: Callback | None
    channels: int = 1
    status: Literal["in-progress", "paused", "stopped", "completed", "absent"] = "in-progress"
    duration_s: int = 0
    sound: bytes | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True)
class LegView:
    """A leg at one moment, for tests, bots and pages. `doing`: fetching, saying, playing, pausing, gathering, queued,
    in-room, dialling, talking, recording, ringing or nothing."""

    sid: str
    from_: str
    to: str
    direction: Direction
    status: LegStatus
    parent: str
    doing: str
    queue: str
    room: str
    label: str
    held: bool
    muted: bool
    streams: tuple[str, ...]
    created_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class QueueView:
    """A queue at one moment; `members` are CallSids, first in line first."""

    sid: str
    name: str
    max_size: int
    members: tuple[str, ...]
    average_wait_s: float


@dataclass(frozen=True)
class SeatView:
    """A participant at one moment."""

    leg: str
    label: str
    muted: bool
    held: bool
    coaching: str
    end_on_exit: bool
    start_on_enter: bool


@dataclass(frozen=True)
class ConferenceView:
    """A conference at one moment (or as it ended)."""

    sid: str
    name: str
    status: Literal["init", "in-progress", "completed"]
    seats: tuple[SeatView, ...]
    end_reason: str
