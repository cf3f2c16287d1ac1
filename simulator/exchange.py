"""The stand-in for Twilio: legs, queues, conferences, and the customer's web server at the other end of the wire.

Phones, bots and tests use the methods under "People"; the REST API is `simulator.rest` on `simulator.orders`.
One lock guards everything; no webhook is ever sent while it is held, so a webhook may call the REST API back.
"""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from types import TracebackType
from typing import Any

from simulator.access import open_token
from simulator.conferences import Conferences
from simulator.dialling import Dialler
from simulator.disturbances import Disturbances
from simulator.documents import Documents
from simulator.legs import Legs, callback_of
from simulator.ports import Phone, SoundPlane
from simulator.queues import Queues
from simulator.recordings import Recorder
from simulator.records import Callback, ConferenceView, Fault, Leg, LegView, QueueView, Stream
from simulator.silence import SilentPlane
from simulator.sounds import Sounds
from simulator.streams import Streamer
from simulator.timeline import Timeline, Timer
from simulator.wire import Answer, Params, Transport, Webhook, WebhookKind, Wire

# A browser's own parameters never replace what Twilio says.
_OURS = frozenset({"CallSid", "AccountSid", "From", "To", "Caller", "Called", "CallStatus", "ApiVersion", "Direction"})
MAX_SENT = 20_000  # webhooks that are remembered for inspection


@dataclass(frozen=True)
class Voice:
    """Where a number or an application gets its documents."""

    url: str
    method: str = "POST"
    fallback_url: str = ""
    status_callback: str = ""


@dataclass(frozen=True)
class Sent:
    """A webhook that was sent, and what came back."""

    at: datetime
    webhook: Webhook
    answer: Answer


class Exchange:
    """One account. `api_keys` (SID -> secret) open access tokens; `characters_per_second` is the speed of <Say>."""

    def __init__(
        self, timeline: Timeline, transport: Transport, *, account_sid: str, auth_token: str,
        sound: SoundPlane | None = None, api_keys: Mapping[str, str] | None = None,
        characters_per_second: float = 15.0, seed: int | None = None,
    ) -> None:  # fmt: skip
        self.timeline = timeline
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.api_keys = dict(api_keys or {})
        self.characters_per_second = characters_per_second
        self.sound: SoundPlane = sound or SilentPlane()
        self.wire = Wire(transport, auth_token)
        self.disturbances = Disturbances(seed or 0)
        self.faults: list[Fault] = []
        self.sent: deque[Sent] = deque(maxlen=MAX_SENT)
        self.numbers: dict[str, Voice] = {}
        self.applications: dict[str, Voice] = {}
        self.clients: dict[str, Phone] = {}
        self.phones: dict[str, Phone] = {}
        self.streams: dict[str, Stream] = {}
        self._random = random.Random(seed)
        self._lock = threading.RLock()
        self._depth = 0
        self._notices: deque[tuple[Phone, str, str, dict[str, Any]]] = deque()
        self.legs = Legs(self)
        self.queues = Queues(self)
        self.conferences = Conferences(self)
        self.dialler = Dialler(self)
        self.recorder = Recorder(self)
        self.streamer = Streamer(self)
        self.sounds = Sounds(self)
        self.documents = Documents(self)

    # People

    def register_number(
        self, number: str, voice_url: str, fallback_url: str = "", status_callback: str = "", method: str = "POST"
    ) -> None:
        """A number of ours; calls to it run the document at `voice_url`."""
        self.numbers[number] = Voice(voice_url, method, fallback_url, status_callback)

    def register_application(
        self, app_sid: str, voice_url: str, fallback_url: str = "", status_callback: str = ""
    ) -> None:
        """A TwiML App: calls from browsers run the document at `voice_url`."""
        self.applications[app_sid] = Voice(voice_url, "POST", fallback_url, status_callback)

    def register_client(self, identity: str, phone: Phone) -> None:
        """A browser telephone that can be rung as `client:<identity>`."""
        self.clients[identity] = phone

    def register_phone(self, number: str, phone: Phone) -> None:
        """A telephone in the outside world."""
        self.phones[number] = phone

    def dial(self, from_: str, to: str, phone: Phone) -> str:
        """Somebody rings one of our numbers. Gives the CallSid; KeyError when the number is not ours."""
        with self:
            return self._arrive(from_, to, self.numbers[to], phone, {})

    def connect(self, token: str, params: Mapping[str, str], phone: Phone) -> str:
        """A browser calls in, as `device.connect({params})`. `token` is an access token, or for tests a plain
        identity (then the application registered last answers). Raises simulator.access.TokenRefused, and KeyError
        when the application is not registered."""
        with self:
            if "." in token:
                grant = open_token(token, self.account_sid, self.api_keys, self.timeline.now().timestamp())
                identity, application = grant.identity, grant.application_sid
            else:
                identity, application = token, next(reversed(self.applications), "")
            extra = {"ApplicationSid": application}
            extra |= {name: value for name, value in params.items() if name not in _OURS}
            to = params.get("To", "")
            return self._arrive(f"client:{identity}", to, self.applications[application], phone, extra)

    def _arrive(self, from_: str, to: str, voice: Voice, phone: Phone, extra: dict[str, str]) -> str:
        leg = self.legs.new(from_, to, "inbound")
        leg.status = "ringing"
        leg.phone = phone
        leg.extra = extra
        leg.voice = (voice.url, voice.method)
        leg.fallback = (voice.fallback_url, "POST")
        leg.callback = callback_of(voice.status_callback)
        self.documents.begin(leg)
        return leg.sid

    def answer(self, leg: str) -> None:
        """Pick up a telephone that is being rung."""
        with self:
            self.legs.answered(self.legs.by_sid[leg])

    def press(self, leg: str, digits: str) -> None:
        """Press keys, one after the other."""
        with self:
            target = self.legs.by_sid[leg]
            for digit in digits:
                if target.over:
                    return
                if target.taking is not None:
                    self.recorder.key(target, digit)
                elif target.dialling is not None:
                    self.dialler.key(target, digit)
                else:
                    self.documents.key(target, digit)

    def speak(self, leg: str, text: str, confidence: float = 0.9) -> None:
        """Say something to a <Gather> that takes speech."""
        with self:
            self.documents.heard(self.legs.by_sid[leg], text, confidence)

    def silence(self, leg: str) -> None:
        """The person on this leg has stopped speaking: a <Record> ends."""
        with self:
            self.recorder.end(self.legs.by_sid[leg], "")

    def hang_up(self, leg: str) -> None:
        """The person on this leg hangs up; a telephone that is being rung is busy then."""
        with self:
            target = self.legs.by_sid[leg]
            if target.status == "in-progress":
                self.legs.finish(target, "completed", "hung up")
            else:
                self.legs.finish(target, "canceled" if target.direction == "inbound" else "busy", "hung up")

    def leg(self, sid: str) -> LegView:
        """A leg as it is now, or as it ended. KeyError for a CallSid that never was."""
        with self:
            return self.legs.view(self.legs.by_sid[sid])

    def calls(self) -> list[LegView]:
        """The legs that are not over."""
        with self:
            return [self.legs.view(leg) for leg in self.legs.active.values()]

    def rooms(self) -> list[ConferenceView]:
        """Every conference, also those that are over."""
        with self:
            return [self.conferences.view(conference) for conference in self.conferences.by_sid.values()]

    def waiting(self) -> list[QueueView]:
        """Every queue with who is in it."""
        with self:
            return [self.queues.view(queue) for queue in self.queues.by_sid.values()]

    # For the rooms of the simulator

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._depth == 1:  # phones hear of it when everything is in order again; they may act at once
                while self._notices:
                    phone, leg, event, data = self._notices.popleft()
                    phone.notice(leg, event, data)
        finally:
            self._depth -= 1
            self._lock.release()

    def later(self, delay_s: float, action: Callable[[], None]) -> Timer:
        """Run `action` in `delay_s` seconds, inside the lock."""

        def run() -> None:
            with self:
                action()

        return self.timeline.after(delay_s, run)

    def ask(
        self, kind: WebhookKind, leg: str, method: str, url: str, params: Params, then: Callable[[Answer], None],
        *, standard: Params = (),
    ) -> None:  # fmt: skip
        """Send a webhook, outside the lock, and hand its answer to `then`, inside the lock."""
        token = f"{self._random.getrandbits(128):032x}"
        webhook = Webhook(kind, leg, method, url, tuple(params), token, tuple(standard))
        plan = self.disturbances.plan(webhook)
        if not plan:
            lost = Answer(url, code=11200, message="lost on the way")
            self.later(0.0, lambda: then(lost))
            return

        def answered(answer: Answer, last: bool) -> None:
            with self:
                self.sent.append(Sent(self.timeline.now(), webhook, answer))
                if last:
                    then(answer)

        def send(last: bool) -> None:
            self.timeline.background(lambda: self.wire.deliver(webhook), lambda answer: answered(answer, last))

        for index, at in enumerate(sorted(plan), 1):
            sending = partial(send, last=index == len(plan))
            if at:
                self.timeline.after(at, sending)
            else:
                sending()

    def tell(self, kind: WebhookKind, leg: str, callback: Callback, params: Params) -> None:
        """Send a report; a failure is written down and has no other effect."""

        def answered(answer: Answer) -> None:
            if answer.code:
                self.fault(answer.code, leg, callback.url, answer.message)

        self.ask(kind, leg, callback.method, callback.url, params, answered)

    def notice(self, leg: Leg, kind: str, **data: Any) -> None:
        if leg.phone is not None:
            self._notices.append((leg.phone, leg.sid, kind, data))

    def fault(self, code: int, leg: str, url: str, message: str) -> None:
        self.faults.append(Fault(self.timeline.now(), code, leg, url, message))

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}{self._random.getrandbits(128):032x}"

    @staticmethod
    def rfc2822(moment: datetime) -> str:
        """`Fri, 20 Aug 2010 01:13:42 +0000`: whole seconds."""
        return format_datetime(moment)

    def rfc2822_now(self) -> str:
        return format_datetime(self.timeline.now())
