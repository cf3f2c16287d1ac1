"""A customer's web server in a dictionary, people with telephones, and Twilio's own client wired to the simulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from foundation.clock import ManualClock
from simulator import Exchange, VirtualTimeline, WsgiTransport
from simulator.rest import create_rest_app

ACCOUNT = "AC" + "0" * 32
TOKEN = "token-of-a-test"
BASE = "https://voice.example.be"
NUMBER = "+3225550100"
CALLER = "+32460001234"


@dataclass
class Asked:
    """One request that the customer's server got."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    signed: bool
    token: str

    def __getitem__(self, name: str) -> str:
        return {**self.query, **self.form}[name]

    def get(self, name: str) -> str | None:
        return {**self.query, **self.form}.get(name)


Page = str | tuple[int, str, str] | Callable[[Asked], Any]


@dataclass
class Server:
    """A WSGI application: path -> a document, (status, content type, body), or a function of the request."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read().decode()
        form = parse_qsl(body, keep_blank_values=True)
        query = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
        url = BASE + environ["RAW_URI"]
        valid = RequestValidator(TOKEN).validate(url, dict(form), environ["HTTP_X_TWILIO_SIGNATURE"])
        asked = Asked(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], dict(query), dict(form), valid,
            environ["HTTP_I_TWILIO_IDEMPOTENCY_TOKEN"],
        )  # fmt: skip
        self.asked.append(asked)
        page = self.pages.get(asked.path, (404, "text/plain", "nothing here"))
        if callable(page):
            page = page(asked)
        status, kind, text = page if isinstance(page, tuple) else (200, "text/xml", f"<Response>{page}</Response>")
        data = text if isinstance(text, bytes) else text.encode()
        start_response(f"{status} x", [("Content-Type", kind)] if kind else [])
        return [data]

    def at(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]


@dataclass
class Person:
    """Somebody with a telephone, who remembers what happened."""

    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    react: Callable[[str, str, Mapping[str, Any]], None] | None = None

    def notice(self, leg: str, kind: str, data: Mapping[str, Any]) -> None:
        self.heard.append((leg, kind, dict(data)))
        if self.react is not None:
            self.react(leg, kind, data)

    def kinds(self) -> list[str]:
        return [kind for _, kind, _ in self.heard]

    def said(self) -> list[str]:
        return [data["text"] for _, kind, data in self.heard if kind == "saying"]

    def last(self, kind: str) -> dict[str, Any]:
        return next(data for _, name, data in reversed(self.heard) if name == kind)

    def legs(self, kind: str) -> list[str]:
        return [leg for leg, name, _ in self.heard if name == kind]


class WsgiHttpClient(HttpClient):  # type: ignore[misc]
    """Carries twilio-python's requests into a WSGI application."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def request(
        self, method: str, url: str, params: Any = None, data: Any = None, headers: Any = None, auth: Any = None,
        timeout: float | None = None, allow_redirects: bool = False,
    ) -> Response:  # fmt: skip
        parts = urlsplit(url)
        client = self._app.test_client()
        answer = client.open(
            parts.path, method=method, query_string=params or parts.query, data=data, auth=auth,
            headers={name: value for name, value in (headers or {}).items() if name != "Content-Type"},
        )  # fmt: skip
        return Response(answer.status_code, answer.get_data(as_text=True), dict(answer.headers))


@dataclass
class World:
    """Everything a test needs, on virtual time."""

    clock: ManualClock
    timeline: VirtualTimeline
    server: Server
    exchange: Exchange
    rest: Any
    client: Client

    def call(self, incoming: Page, from_: str = CALLER) -> tuple[str, Person]:
        """A caller rings; `incoming` is what the server answers. Runs until nothing more happens at this moment."""
        self.server.pages["/incoming"] = incoming
        person = Person()
        leg = self.exchange.dial(from_, NUMBER, person)
        self.timeline.settle()
        return leg, person

    def browser(self, document: Page, identity: str = "op_7", **params: str) -> tuple[str, Person]:
        self.server.pages["/operator"] = document
        person = Person()
        leg = self.exchange.connect(identity, params, person)
        self.timeline.settle()
        return leg, person

    def press(self, leg: str, digits: str) -> None:
        self.exchange.press(leg, digits)
        self.timeline.settle()

    def hang_up(self, leg: str) -> None:
        self.exchange.hang_up(leg)
        self.timeline.settle()

    def run(self, seconds: float) -> None:
        self.timeline.run_for(seconds)

    def codes(self) -> list[int]:
        return [fault.code for fault in self.exchange.faults]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def world(clock: ManualClock, server: Server) -> Iterator[World]:
    timeline = VirtualTimeline(clock)
    transport = WsgiTransport({BASE: server})
    exchange = Exchange(
        timeline, transport, account_sid=ACCOUNT, auth_token=TOKEN, seed=1,
        api_keys={"SK1": "a secret of an API key, 32 or more"},
    )  # fmt: skip
    exchange.register_number(NUMBER, f"{BASE}/incoming")
    exchange.register_application("AP1", f"{BASE}/operator")
    rest = create_rest_app(exchange)
    client = Client(ACCOUNT, TOKEN, http_client=WsgiHttpClient(rest))
    yield World(clock, timeline, server, exchange, rest, client)
    unsigned = [asked.path for asked in server.asked if not asked.signed]
    assert not unsigned, f"unsigned requests: {unsigned}"


@pytest.fixture
def person() -> type[Person]:
    """Makes somebody with a telephone."""
    return Person


@pytest.fixture
def refused() -> Callable[[Callable[[], Any]], tuple[int, int]]:
    """(HTTP status, Twilio code) with which a REST call was refused."""

    def run(call: Callable[[], Any]) -> tuple[int, int]:
        with pytest.raises(TwilioRestException) as caught:
            call()
        return caught.value.status, caught.value.code

    return run
