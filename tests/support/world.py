"""The whole product and the outside world in one process, on one clock that stands still until it is told to run.

Real: the Flask application, PostgreSQL, Redis, rq, twilio-python. The simulator stands at the other end of HTTP: its
webhooks enter the application through WSGI, and our REST calls enter the simulator the same way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests
from flask.testing import FlaskClient
from requests.adapters import BaseAdapter

from app import jobs, ticker
from app.container import Container, build
from app.web import create_web_app
from callflows.facts import Fact
from callflows.record import CallRecord
from foundation.clock import ManualClock
from foundation.settings import Settings, load_settings
from ivr.service import call_id_of
from simulator import Exchange, VirtualTimeline, WsgiTransport
from simulator.rest import create_rest_app

PUBLIC = "https://helpdesk.example"
REST = "https://api.simulator.example"
HELPDESK = "+3225550100"
DUTY = "+3225550199"
ACCOUNT = "AC" + "0" * 32
TOKEN = "an-auth-token-for-tests"
API_KEY = "SK" + "0" * 32
API_SECRET = "an-api-secret-for-tests-of-32-bytes"
APP = "AP" + "0" * 32
TICK = timedelta(seconds=1)


def settings_for(database_url: str, redis_url: str, **changes: str) -> Settings:
    """The settings of an installation whose outside world is in this process."""
    return load_settings(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "a-secret-for-tests-that-is-long-enough",
            "PUBLIC_BASE_URL": PUBLIC,
            "MEDIA_STREAM_URL": "wss://helpdesk.example/media",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_KEY_SID": API_KEY,
            "TWILIO_API_KEY_SECRET": API_SECRET,
            "TWILIO_APP_SID": APP,
            "TWILIO_API_BASE_URL": REST,
            "HELPDESK_NUMBER": HELPDESK,
            "FALLBACK_NUMBER": DUTY,
            **changes,
        }
    )


class WsgiAdapter(BaseAdapter):
    """Lets `requests` call an application in this process."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self._transport = WsgiTransport({REST: app})

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:  # type: ignore[override]
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        status, headers, data = self._transport.send(
            request.method or "GET", request.url or "", dict(request.headers), body, connect_s=1, read_s=1
        )
        response = requests.Response()
        response.status_code = status
        response.headers.update(headers)
        response._content = data
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None: ...


@dataclass
class Handset:
    """A telephone with a memory: what its person noticed."""

    leg: str = ""
    heard: list[str] = field(default_factory=list)
    people: int = 0  # how many can be heard in the room
    held: bool = False
    ringing: bool = False
    ended: bool = False

    def notice(self, leg: str, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "saying":
            self.heard.append(data["text"])
        elif kind == "room":
            self.people = int(data["others"])
            self.held = bool(data["held"])
        elif kind == "ringing":
            self.leg, self.ringing = leg, True
        elif kind == "ended":
            self.ended, self.people = True, 0


class World:
    """One afternoon at the helpdesk."""

    def __init__(self, settings: Settings, clock: ManualClock, *, seed: int = 1) -> None:
        self.clock = clock
        self.began = clock.now()
        self.timeline = VirtualTimeline(clock)
        self.exchange = Exchange(
            self.timeline,
            # The two sides need each other: the application is looked up when the first webhook is sent.
            WsgiTransport({PUBLIC: lambda environ, start: self.web(environ, start)}),
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            api_keys={API_KEY: API_SECRET},
            seed=seed,
        )
        self.services: Container = build(
            settings, clock=clock, telephony_adapter=WsgiAdapter(create_rest_app(self.exchange))
        )
        self.web = create_web_app(self.services)
        self.exchange.register_number(
            HELPDESK,
            f"{PUBLIC}/voice/incoming",
            fallback_url=f"{PUBLIC}/voice/fallback",
            status_callback=f"{PUBLIC}/voice/status#rc=3&rp=ct,rt,5xx",
        )
        self.exchange.register_application(APP, f"{PUBLIC}/voice/operator")
        self.duty_phone = Handset()  # rings when nothing of ours works
        self.exchange.register_phone(DUTY, self.duty_phone)
        self.callers: dict[str, Handset] = {}
        self._ticks = 0

    def close(self) -> None:
        self.services.close()

    # Time

    def settle(self) -> None:
        """Let everything happen that needs no time to pass: webhooks and the jobs that follow from them."""
        while True:
            self.timeline.settle()
            if not jobs.drain(self.services):
                return

    def run_until(self, moment: datetime) -> None:
        """Let time pass; the ticker ticks every second."""
        self.settle()
        while self.clock.now() < moment:
            next_tick = self.began + TICK * (self._ticks + 1)
            upcoming = self.timeline.next_at()
            stop = min(moment, next_tick, *([upcoming] if upcoming else []))
            self.timeline.run_until(max(stop, self.clock.now()))
            jobs.drain(self.services)
            if self.clock.now() >= next_tick:
                self._ticks += 1
                ticker.tick(self.services, self._ticks)
            self.settle()

    def run_for(self, seconds: float) -> None:
        self.run_until(self.clock.now() + timedelta(seconds=seconds))

    def skip_to(self, moment: datetime) -> None:
        """Jump to another moment while nobody is on the line; the scenario's times count from there."""
        assert not self.exchange.calls()
        self.clock.move_to(moment)
        self.began, self._ticks = moment, 0

    # People

    def ring(self, name: str, number: str = "+32460001001") -> Handset:
        """A caller rings the helpdesk."""
        phone = self.callers[name] = Handset()
        phone.leg = self.exchange.dial(number, HELPDESK, phone)
        self.settle()
        return phone

    def press(self, name: str, digits: str) -> None:
        self.exchange.press(self.callers[name].leg, digits)
        self.settle()

    def hang_up(self, name: str) -> None:
        self.exchange.hang_up(self.callers[name].leg)
        self.settle()

    def call_id(self, name: str) -> str:
        return call_id_of(self.callers[name].leg)

    def record(self, name: str) -> CallRecord:
        return self.services.call_log.record_of(self.call_id(name))

    def facts(self, name: str) -> list[Fact]:
        return self.services.call_log.facts_of(self.call_id(name))

    def operator(self, username: str, password: str) -> Operator:
        """An operator signs in at the desk."""
        return Operator(self, username, password)


class Operator:
    """An operator at the desk: everything goes through the screens' own forms."""

    def __init__(self, world: World, username: str, password: str) -> None:
        self._world = world
        self.desk: FlaskClient = world.web.test_client()
        self.phone = Handset()
        self.password = password
        page = self.desk.get("/desk/sign-in", base_url=PUBLIC).text
        answer = self._post("/desk/sign-in", {"username": username, "password": password}, page)
        assert answer.status_code == 303, answer.text
        account = world.services.desk.accounts.check(username, password)
        assert account is not None
        assert account.operator_id is not None
        self.id: int = account.operator_id
        self.name = account.display_name

    def _post(self, path: str, fields: Mapping[str, str], page: str | None = None) -> Any:
        page = page or self.desk.get("/desk/operator", base_url=PUBLIC).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"|name="csrf-token"[^>]*content="([^"]+)"', page)
        assert token, "the page has no CSRF token"
        answer = self.desk.post(
            path,
            data={"csrf_token": token[1] or token[2], **fields},
            base_url=PUBLIC,
            headers={"Referer": f"{PUBLIC}/desk/operator"},
        )
        self._world.settle()
        return answer

    def be(self, state: str, reason: str = "") -> Any:
        return self._post("/desk/presence", {"state": state, "reason": reason})

    def screen(self) -> str:
        """The operator's page as it is now."""
        text: str = self.desk.get("/desk/operator", base_url=PUBLIC).text
        return text

    @property
    def state(self) -> str:
        return self._world.services.queue.presence(self.id).state

    @property
    def offered_call(self) -> str | None:
        offer = self._world.services.queue.offer_for(self.id)
        return offer.call_id if offer else None

    def accept(self) -> None:
        """Click accept, and let the softphone of the page connect, as the page does."""
        offer = self._world.services.queue.offer_for(self.id)
        assert offer is not None, f"{self.name} has no offer"
        answer = self._post(f"/desk/offers/{offer.id}/accept", {})
        assert answer.status_code in (200, 303), answer.text
        self.connect(offer.id)

    def connect(self, offer_id: str) -> None:
        """The page's softphone comes in for an accepted offer, with the token that the desk gives."""
        token = self.desk.get("/desk/softphone-token", base_url=PUBLIC).json
        assert token is not None
        self.phone = Handset()
        self.phone.leg = self._world.exchange.connect(token["token"], {"offer": offer_id}, self.phone)
        self._world.settle()

    def decline(self) -> None:
        offer = self._world.services.queue.offer_for(self.id)
        assert offer is not None
        self._post(f"/desk/offers/{offer.id}/decline", {})

    def drop(self) -> None:
        """The operator's browser is gone in the middle of the talk."""
        self._world.exchange.hang_up(self.phone.leg)
        self._world.settle()

    def hold(self, held: bool) -> None:
        self._post(f"/desk/calls/{self.call}/hold", {"held": "1" if held else "0"})

    def opt_out(self) -> None:
        """The caller asks not to be written down: the button of the transcript."""
        answer = self._post(f"/desk/calls/{self.call}/opt-out", {})
        assert answer.status_code in (200, 303), answer.text

    def act(self, path: str) -> int:
        """Press a button of a list; the status of the answer."""
        return int(self._post(path, {}).status_code)

    def end(self) -> None:
        self._post(f"/desk/calls/{self.call}/end", {})

    def wrap_up(self, code: str) -> None:
        self._post("/desk/wrap-up", {"code": code})

    @property
    def call(self) -> str:
        call_id = self._world.services.queue.presence(self.id).call_id
        assert call_id is not None, f"{self.name} has no call"
        return call_id
