"""What the REST API is asked to do, with the refusals of twilio.md 5.2. Runs inside the exchange's lock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from simulator.legs import callback_of
from simulator.records import Callback, Conference, Leg, Participant, Queue, Stream
from simulator.streams import StreamRefused, Track
from simulator.twiml_rules import CALL_EVENTS, CONFERENCE_EVENTS, TRACKS, label_allowed

if TYPE_CHECKING:
    from simulator.exchange import Exchange

MAX_TWIML = 4000  # characters in the Twiml parameter
LONGEST_QUEUE_TIME_S = 24 * 3600
_E164 = re.compile(r"\+[1-9]\d{6,14}")


class RestRefused(Exception):
    """An error answer: HTTP status, Twilio code, sentence."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Form:
    """The parameters of a request; names as Twilio spells them."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, default: str = "") -> str:
        return self.values[name][0] if self.values.get(name) else default

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(self.values.get(name, ()))

    def true(self, name: str, default: bool) -> bool:
        if name not in self.values:
            return default
        value = self.get(name).lower()
        if value not in ("true", "false"):
            raise RestRefused(400, 20001, f"{name} must be true or false")
        return value == "true"

    def whole(self, name: str, default: int, low: int, high: int, code: int) -> int:
        value = self.get(name)
        if not value:
            return default
        if not value.isdigit() or not low <= int(value) <= high:
            raise RestRefused(400, code, f"{name} must be a whole number from {low} to {high}")
        return int(value)

    def url(self, name: str, code: int = 21205) -> str:
        value = self.get(name)
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise RestRefused(400, code, f"{name} is not a valid URL: {value}")
        return value

    def method(self, name: str, default: str = "POST") -> str:
        value = self.get(name, default).upper()
        if value not in ("GET", "POST"):
            raise RestRefused(400, 21209, f"{name} must be GET or POST")
        return value

    def callback(self, prefix: str, allowed: frozenset[str], default: frozenset[str]) -> Callback | None:
        """The `<prefix>StatusCallback` parameters."""
        names = {
            name for event in self.several(f"{prefix}StatusCallbackEvent") for name in re.split(r"[ ,]+", event) if name
        }
        if names - allowed:
            raise RestRefused(400, 20001, f"{prefix}StatusCallbackEvent has unknown events: {sorted(names - allowed)}")
        method = self.method(f"{prefix}StatusCallbackMethod")
        return callback_of(self.url(f"{prefix}StatusCallback", 21609), method, tuple(names or default))


class Orders:
    """`calls_per_second` limits calls placed by REST (None: no limit); the rest of them waits, as at Twilio."""

    def __init__(self, exchange: Exchange, calls_per_second: float | None = None) -> None:
        self._exchange = exchange
        self.calls_per_second = calls_per_second
        self._next_call_at: datetime | None = None

    # Calls

    def create_call(self, form: Form) -> Leg:
        exchange = self._exchange
        voice, twiml = (form.url("Url"), form.method("Method")), form.get("Twiml")
        fallback = (form.url("FallbackUrl"), form.method("FallbackMethod"))
        callback = form.callback("", CALL_EVENTS, frozenset({"completed"}))
        if form.get("ApplicationSid"):
            application = exchange.applications.get(form.get("ApplicationSid"))
            if application is None:
                raise RestRefused(400, 21218, "ApplicationSid is not an application of this account")
            voice, twiml = (application.url, application.method), ""
            fallback, callback = (application.fallback_url, "POST"), callback_of(application.status_callback)
        elif not voice[0] and not twiml:
            raise RestRefused(400, 21205, "Url, Twiml or ApplicationSid is needed")
        self._check_twiml(twiml)
        leg = self._place(form)
        leg.voice, leg.twiml = voice, "" if voice[0] else twiml  # Twiml is ignored when there is a Url
        leg.fallback, leg.callback = fallback, callback
        return leg

    def _place(self, form: Form) -> Leg:
        """A call that will be rung when its turn has come."""
        exchange = self._exchange
        to, from_ = form.get("To"), form.get("From")
        if not to:
            raise RestRefused(400, 21201, "To is needed")
        if not from_:
            raise RestRefused(400, 21213, "From is needed")
        if not to.startswith("client:") and not _E164.fullmatch(to):
            raise RestRefused(400, 21211, f"To is not a telephone number: {to}")
        if not from_.startswith("client:"):
            if not _E164.fullmatch(from_):
                raise RestRefused(400, 21212, f"From is not a telephone number: {from_}")
            if from_ not in exchange.numbers:
                raise RestRefused(400, 21210, f"From is not a number of this account: {from_}")
        elif not to.startswith("client:"):
            raise RestRefused(400, 21212, f"From is not a telephone number: {from_}")
        timeout_s = form.whole("Timeout", 60, 1, 600, 21208)
        limit_s = form.whole("TimeLimit", 14_400, 1, 86_400, 20001)
        delay_s = self._turn_s()
        leg = exchange.legs.new(from_, to, "outbound-api")
        leg.queue_time_ms, leg.limit_s = round(delay_s * 1000), limit_s

        def ring() -> None:
            if leg.status == "queued":
                exchange.legs.ring(leg, timeout_s)

        exchange.later(delay_s, ring)
        return leg

    def _turn_s(self) -> float:
        """How long a new call waits because of the calls-per-second limit."""
        if self.calls_per_second is None:
            return 0.0
        now = self._exchange.timeline.now()
        start = max(now, self._next_call_at or now)
        delay_s = (start - now).total_seconds()
        if delay_s > LONGEST_QUEUE_TIME_S:
            raise RestRefused(429, 22005, "too many calls are waiting to be placed")
        self._next_call_at = start + timedelta(seconds=1 / self.calls_per_second)
        return delay_s

    def update_call(self, leg: Leg, form: Form) -> None:
        """Url, Twiml or Status of a call. Raises RestRefused 21220 when it is over, or not up yet."""
        status, url, twiml = form.get("Status"), form.url("Url"), form.get("Twiml")
        if url and twiml:
            raise RestRefused(400, 20001, "Url and Twiml exclude each other")
        self._check_twiml(twiml)
        if leg.over:
            raise RestRefused(400, 21220, f"The call is not in-progress: it is {leg.status}")
        if status:
            self._end_call(leg, status)
            return
        if (url or twiml) and leg.direction != "inbound" and leg.status != "in-progress":
            raise RestRefused(400, 21220, f"The call is not in-progress: it is {leg.status}. Cannot redirect")
        if "FallbackUrl" in form:
            leg.fallback = (form.url("FallbackUrl"), form.method("FallbackMethod"))
        if "StatusCallback" in form:
            leg.callback = form.callback("", CALL_EVENTS, frozenset({"completed"}))
        if "TimeLimit" in form:
            self._exchange.legs.limit(leg, form.whole("TimeLimit", 14_400, 1, 86_400, 20001))
        if url or twiml:
            self._exchange.legs.redirect(leg, url=url, method=form.method("Method"), twiml=twiml)

    def _end_call(self, leg: Leg, status: str) -> None:
        if status not in ("completed", "canceled"):
            raise RestRefused(400, 20001, f"Status cannot be {status!r}")
        if status == "canceled" and leg.status not in ("queued", "ringing"):
            raise RestRefused(400, 21220, "The call is in-progress already: it cannot be canceled")
        if leg.status == "queued":
            leg.callback = None  # canceled while queued: no callbacks at all (twilio.md 1.2)
        up = leg.status == "in-progress"
        self._exchange.legs.finish(leg, "completed" if up else "canceled", "ended by REST")

    @staticmethod
    def _check_twiml(twiml: str) -> None:
        if len(twiml) > MAX_TWIML:
            raise RestRefused(400, 20001, f"Twiml has {len(twiml)} characters, {MAX_TWIML} are allowed")

    # Queues

    def create_queue(self, form: Form) -> Queue:
        name = self._queue_name(form)
        size = form.whole("MaxSize", 1000, 1, 5000, 20001)
        if self._exchange.queues.named(name):
            raise RestRefused(400, 22003, f"a queue named {name!r} exists already")
        return self._exchange.queues.create(name, size)

    def update_queue(self, queue: Queue, form: Form) -> None:
        queue.max_size = form.whole("MaxSize", queue.max_size, 1, 5000, 20001)
        if form.get("FriendlyName", queue.name) != queue.name:
            self._exchange.queues.rename(queue, self._queue_name(form))

    def delete_queue(self, queue: Queue) -> None:
        if queue.members:
            raise RestRefused(400, 20009, "the queue is not empty")
        self._exchange.queues.delete(queue)

    @staticmethod
    def _queue_name(form: Form) -> str:
        name = form.get("FriendlyName")
        if not 0 < len(name) <= 64:
            raise RestRefused(400, 20002, "FriendlyName is needed, with at most 64 characters")
        return name

    def dequeue(self, leg: Leg, form: Form) -> None:
        """POST to a queue member: the call leaves the queue for the document at Url."""
        url = form.url("Url")
        if not url:
            raise RestRefused(400, 21205, "Url is needed")
        self._exchange.legs.redirect(leg, url=url, method=form.method("Method"))

    # Conferences

    def add_participant(self, room: str, form: Form) -> Leg:
        """Ring somebody into a conference, by its SID or its name."""
        label = form.get("Label")
        if not label_allowed(label):
            raise RestRefused(400, 16024, f"the label {label!r} is not allowed")
        conferences = self._exchange.conferences
        running = conferences.find(room)
        if room.startswith("CF") and (running is None or running.status == "completed"):
            raise RestRefused(404, 20404, "the conference is over, or never was")
        name = running.name if running else room
        if running and label and conferences.seat(running, label):
            raise RestRefused(400, 16026, f"the label {label!r} is in use")
        callback = form.callback("Conference", CONFERENCE_EVENTS, frozenset({"start", "end"}))
        muted, start = form.true("Muted", False), form.true("StartConferenceOnEnter", True)
        end = form.true("EndConferenceOnExit", False)
        coaching = form.get("CallSidToCoach") if form.true("Coaching", False) else ""
        leg = self._place(form)
        leg.callback = form.callback("", CALL_EVENTS, frozenset({"completed"}))

        def join() -> None:
            code, message = conferences.join(
                leg, name, callback, label=label, muted=muted, start_on_enter=start, end_on_exit=end,
                coaching=coaching, hangs_up=True,
            )  # fmt: skip
            if code:
                self._exchange.fault(code, leg.sid, "", message)
                self._exchange.legs.finish(leg, "completed", message)

        leg.joins = join
        return leg

    def update_participant(self, seat: Participant, form: Form) -> None:
        conferences = self._exchange.conferences
        url, method = form.url("HoldUrl"), form.method("HoldMethod", "GET")
        if "Coaching" in form or "CallSidToCoach" in form:
            coached = form.get("CallSidToCoach") if form.true("Coaching", True) else ""
            if form.true("Coaching", True) and coached not in seat.conference.seats:
                raise RestRefused(400, 16028, "the participant to coach is not in the conference")
            conferences.coach(seat, coached)
        if "Hold" in form:
            conferences.hold(seat, form.true("Hold", False), url, method)
        if form.get("AnnounceUrl"):
            conferences.announce(seat, form.url("AnnounceUrl"), form.method("AnnounceMethod"))
        if "Muted" in form:
            conferences.mute(seat, form.true("Muted", False))
        if "EndConferenceOnExit" in form:
            conferences.set_end_on_exit(seat, form.true("EndConferenceOnExit", False))

    def update_conference(self, conference: Conference, form: Form) -> None:
        if form.get("Status") not in ("", "completed"):
            raise RestRefused(400, 20001, f"Status cannot be {form.get('Status')!r}")
        if form.get("AnnounceUrl"):
            for seat in conference.seats.values():
                self._exchange.conferences.announce(seat, form.url("AnnounceUrl"), form.method("AnnounceMethod"))
        if form.get("Status"):
            self._exchange.conferences.complete(conference)

    # Streams

    def start_stream(self, leg: Leg, form: Form) -> Stream:
        if leg.status != "in-progress":
            raise RestRefused(400, 21220, f"The call is not in-progress: it is {leg.status}")
        track = form.get("Track", "inbound_track")
        if track not in TRACKS:
            raise RestRefused(400, 31941, f"Track cannot be {track!r}")
        callback = callback_of(form.url("StatusCallback"), form.method("StatusCallbackMethod"))
        parameters = {
            form.get(f"Parameter{n}.Name"): form.get(f"Parameter{n}.Value")
            for n in range(1, 100)
            if f"Parameter{n}.Name" in form
        }
        try:
            return self._exchange.streamer.start(
                leg, form.get("Url"), form.get("Name"), cast(Track, track), callback, parameters
            )
        except StreamRefused as refusal:
            raise RestRefused(400, refusal.code or 20001, str(refusal)) from refusal
