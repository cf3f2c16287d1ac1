"""The desk with everything behind it real but the telephone network: conversations only remember what was asked."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from werkzeug.test import TestResponse

import desk.blueprint
import desk.live
from app.figures import Past
from app.spooling import OptOuts, spool_folder
from callflows.facts import (
    CallbackRequested,
    CallStarted,
    Fact,
    LanguageChosen,
    LegJoined,
    LegLeft,
    MenuChosen,
    QueueEntered,
)
from callflows.hours import Calendar
from callflows.prompts import Catalogue
from callflows.session import Session
from crm_sync.adapters.builtin import BuiltinStore
from crm_sync.delivery import Delivery
from desk.accounts import Accounts
from desk.seed import DEMO_ACCOUNTS
from desk.services import DeskServices
from desk.slowdown import SignInBrake
from foundation.clock import Clock
from foundation.database import Database
from foundation.live import Live
from foundation.settings import ROOT, load_settings
from helpdesk.phrases import Phrases
from helpdesk.service import Helpdesk
from helpdesk.suggestions import Suggestions
from ivr.call_log import CallLog
from ivr.follow_ups import FollowUps
from ivr.incidents import Incidents
from ivr.opting_out import OptingOut
from queueing.callbacks import Callbacks
from queueing.model import Offer
from queueing.rulebook import RuleBook
from queueing.service import QueueService
from queueing.skills import SkillBook
from queueing.voicemails import Voicemails
from reporting.live import LiveFigures
from reporting.report import Reports
from transcription.recogniser import Word
from transcription.spools import Spools
from transcription.store import Segment, Transcripts

ELS = "+32460001001"  # Els Vermeulen of Bakkerij Zon, and nobody else
_PATIENCE_S = 12.0  # what a stream does not tell by then ends a test; twice what a timed region takes
PASSWORDS = {account.username: account.password for account in DEMO_ACCOUNTS}


@dataclass
class Streams:
    """The provider's Media Streams, as far as somebody asks for them."""

    stopped: list[tuple[str, str]] = field(default_factory=list)

    def stop_stream(self, leg: str, name: str) -> None:
        self.stopped.append((leg, name))


@dataclass
class Rooms:
    """The talking rooms, as far as the desk asks for them."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def hold(self, call_id: str, held: bool) -> None:
        self.asked.append(("hold", call_id, held))

    def hang_up(self, call_id: str) -> None:
        self.asked.append(("hang up", call_id))


class House:
    """The desk's services, its application, and calls that come in."""

    def __init__(self, database: Database, redis: Redis, clock: Clock, **settings: str) -> None:
        self.clock = clock
        self.database = database
        self.settings = load_settings(
            {
                "DATABASE_URL": "unused", "REDIS_URL": "unused", "SECRET_KEY": "0123456789abcdef0123456789abcdef",
                "PUBLIC_BASE_URL": "http://localhost", "MEDIA_STREAM_URL": "ws://localhost:8002/media",
                "TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": "a-token",
                "TWILIO_API_KEY_SID": "SK" + "2" * 32, "TWILIO_API_KEY_SECRET": "a-secret-of-thirty-two-characters",
                "TWILIO_APP_SID": "AP" + "3" * 32, "HELPDESK_NUMBER": "+3225550100", **settings,
            }
        )  # fmt: skip
        self.live = Live(redis)
        self.log = CallLog(database, redis, clock, self.live, lambda _queue, _row: None)
        self.queues = QueueService(database, redis, clock, self.live, self.log, offer_ttl_s=20, connect_ttl_s=20)
        self.helpdesk = Helpdesk(database, clock)
        self.transcripts = Transcripts(database)
        self.spools = Spools(database, spool_folder(self.settings), clock, lambda _queue, _row: None, lambda _: ())
        self.rooms = Rooms()
        self.streams = Streams()
        self.delivery = Delivery(
            database, clock, self.log, BuiltinStore(self.helpdesk), lambda one: self.queues.operator(one).name,
            public_base_url="http://localhost",
        )  # fmt: skip
        self.incidents = Incidents(database, clock, ("nl", "fr", "en"))
        self.follow_ups = FollowUps(database, clock, self.log, self.live)
        self.callbacks = Callbacks(database, clock, self.live, self.log, self.queues)
        self.voicemails = Voicemails(database, clock, self.live)
        past = Past(self.log, self.callbacks, database)
        self.services = DeskServices(
            settings=self.settings,
            clock=clock,
            database=database,
            redis=redis,
            texts=Catalogue.load(ROOT / "desk" / "texts"),
            prompts=Catalogue.load(ROOT / "callflows" / "prompts"),
            accounts=Accounts(database),
            brake=SignInBrake(redis),
            queues=self.queues,
            calls=self.log,
            conversations=self.rooms,
            helpdesk=self.helpdesk,
            transcripts=self.transcripts,
            suggestions=Suggestions(database, clock, Phrases.load()),
            opting_out=OptingOut(self.log, self.streams, OptOuts(self.transcripts, self.spools), clock),
            figures=LiveFigures(past, clock, self.settings.timezone),
            reports=Reports(past, clock),
            syncs=self.delivery,
            rules=RuleBook(database, redis, clock, self.queues),
            skills=SkillBook(database, clock, self.live, ("nl", "fr", "en")),
            incidents=self.incidents,
            follow_ups=self.follow_ups,
            callbacks=self.callbacks,
            voicemails=self.voicemails,
            delete_voicemail=self.voicemails.delete,
            written=self.spools.of_conversation,
            transcribed=lambda: {"nl", "fr", "en"},
        )
        self.app = Flask("onthaal-test", static_folder=None)
        self.app.register_blueprint(desk.blueprint.create_blueprint(self.services))
        self.app.register_blueprint(desk.live.create_blueprint(self.services))

    def record(self, call_id: str, *facts: Fact) -> None:
        self.log.record(call_id, *facts)

    def call(self, call_id: str = "c1", *, number: str = ELS, queue: str = "internet", language: str = "nl") -> str:
        """A caller has come through the menu and waits in a queue."""
        now = self.clock.now()
        began = now - timedelta(seconds=30)
        self.record(
            call_id,
            CallStarted(
                at=began, key="start", leg=f"CA-{call_id}", from_number=number, to_number="+3225550100",
                flow="helpdesk", flow_version="1",
            ),
            LanguageChosen(at=began + timedelta(seconds=8), key="language", language=language),
            MenuChosen(at=now, key="topic", node="topic", digits="1", label="topic-internet"),
            QueueEntered(at=now, key="queue:1", queue=queue, ordinal=1),
        )  # fmt: skip
        self.queues.join(call_id, queue, language, entered_at=now)
        return call_id

    def offer_to(self, operator_id: int) -> Offer:
        offer = self.queues.offer_for(operator_id)
        assert offer is not None
        return offer

    def talk(self, call_id: str, operator_id: int) -> None:
        """Both are in the room."""
        now = self.clock.now()
        self.record(
            call_id,
            LegJoined(
                at=now, key=f"join:op:{operator_id}", leg=f"CA-op{operator_id}", operator=operator_id, sequence=1
            ),
            LegJoined(at=now, key="join:caller", leg=f"CA-{call_id}", operator=None, sequence=2),
        )
        self.queues.connected(call_id, operator_id)

    def part(self, call_id: str, operator_id: int) -> None:
        """The caller hangs up; wrap-up begins."""
        now = self.clock.now()
        self.record(
            call_id,
            LegLeft(at=now, key="left:caller", leg=f"CA-{call_id}", operator=None, sequence=3, reason="hung up"),
            LegLeft(
                at=now, key=f"left:op:{operator_id}", leg=f"CA-op{operator_id}", operator=operator_id, sequence=4,
                reason="room ended",
            ),
        )  # fmt: skip
        self.queues.over(call_id, "answered", operator_id)

    def callback_asked(self, call_id: str = "c1") -> CallbackRequested:
        """This caller asks to be rung back about the internet, at any time."""
        now = self.clock.now()
        session = Session(
            call_id=call_id, flow="helpdesk", flow_version="1", language="nl", node="wait", phase="waiting",
            from_number=ELS, to_number="+3225550100", started_at=now,
        )  # fmt: skip
        always = {day: ["00:00-24:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
        return CallbackRequested(
            at=now, key="callback", queue="internet", number=ELS, slot_begins_at=None, slot_ends_at=None,
            session=session.model_dump(mode="json"), calendar=Calendar.model_validate(always).model_dump(mode="json"),
        )  # fmt: skip

    def say(self, call_id: str, speaker: Any, start_s: float, text: str, ordinal: int) -> Segment:
        """Something was said and written down."""
        record = self.log.record_of(call_id)
        assert record.started_at is not None
        return self.transcripts.add(
            Segment(
                call_id=call_id, speaker=speaker, operator_id=1 if speaker == "operator" else None,
                started_at=record.started_at + timedelta(seconds=start_s), start_s=start_s, end_s=start_s + 2.0,
                text=text, words=tuple(Word(word, start_s, start_s + 2.0, 1.0) for word in text.split()),
                language=record.language or "nl",
                stream=f"MZ-{call_id}-{speaker}", ordinal=ordinal,
            )
        )  # fmt: skip

    def visitor(self) -> Visitor:
        return Visitor(self.app.test_client())

    def signed_in(self, username: str) -> Visitor:
        visitor = self.visitor()
        answer = visitor.sign_in(username, PASSWORDS[username])
        assert answer.status_code == 303, answer.text
        return visitor


class Visitor:
    """A browser with its cookies, which takes the token of a form from the page that shows it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        answer = self.client.get(path, **kwargs)
        if answer.mimetype == "text/html":
            found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
            self._token = found.group(1) if found else self._token
        return answer

    def post(self, path: str, data: Mapping[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self._token, **(data or {})}, **kwargs)

    def sign_in(self, username: str, password: str, **data: str) -> TestResponse:
        self.get("/desk/sign-in")
        answer = self.post("/desk/sign-in", {"username": username, "password": password, **data})
        self.get("/desk/sign-in", follow_redirects=True)
        return answer

    def state(self) -> dict[str, Any]:
        answer = self.get("/desk/operator/state", headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found


@dataclass(frozen=True)
class SentEvent:
    name: str
    data: dict[str, Any]


@contextmanager
def _alarm(seconds: float, sentence: str) -> Iterator[None]:
    """AssertionError with this sentence when the block takes longer, also in the middle of reading from a store."""

    def late(*_: object) -> None:
        raise AssertionError(sentence)

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class EventReader:
    """Reads an event stream as a browser does."""

    def __init__(self, answer: TestResponse) -> None:
        self._chunks = iter(answer.response)
        self._close = answer.close

    def until(self, name: str, region: str | None = None, showing: str = "") -> SentEvent:
        """The next event of this name, of this region when one is named, with `showing` in its HTML; others, comments
        and the retry advice are passed over. AssertionError when it does not come in time, whatever else does."""
        with _alarm(_PATIENCE_S, f"no {name} {region or ''} {showing} within {_PATIENCE_S} s"):
            for event in self._events():
                wanted = event.name == name and (region is None or event.data.get("region") == region)
                if wanted and showing in event.data.get("html", ""):
                    return event
        raise AssertionError("the stream ended")

    def _events(self) -> Iterator[SentEvent]:
        for chunk in self._chunks:
            text = chunk.decode() if isinstance(chunk, bytes) else chunk
            lines = dict(line.split(": ", 1) for line in text.strip().split("\n") if ": " in line)
            if "event" in lines:
                yield SentEvent(lines["event"], json.loads(lines["data"]))

    def close(self) -> None:
        self._close()
