"""The same exchange on real time and over real HTTP: the way in which the demo runs it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.serving import BaseWSGIServer, make_server

from foundation.embedded import free_port
from simulator import Exchange, HttpTransport, RealTimeline, create_rest_app
from simulator.wire import ConnectFailed, ReadTimedOut

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "token-of-a-test", "+3225550100"
PATIENCE_S = 10


class Web:
    """A WSGI application of one function: path and form in, document out."""

    def __init__(self) -> None:
        self.answer: Callable[[str, str], str] = lambda _path, _form: ""

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> list[bytes]:
        form = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        body = f"<Response>{self.answer(environ['PATH_INFO'], form)}</Response>".encode()
        start_response("200 OK", [("Content-Type", "text/xml"), ("Content-Length", str(len(body)))])
        return [body]


class Redirecting(TwilioHttpClient):  # type: ignore[misc]
    """twilio-python, pointed at another host: twilio.md 7.2."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=5)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(method, self._base + url.removeprefix("https://api.twilio.com"), *args, **kwargs)


@pytest.fixture
def served() -> Iterator[Callable[[Any], str]]:
    """Serves WSGI applications on ports of their own."""
    running: list[tuple[BaseWSGIServer, threading.Thread]] = []

    def serve(app: Any) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_call_on_real_time_with_a_rest_call_from_inside_its_webhook(
    served: Callable[[Any], str], person: Callable[[], Any]
) -> None:
    web = Web()
    base = served(web)
    timeline, transport = RealTimeline().start(), HttpTransport()
    exchange = Exchange(timeline, transport, account_sid=ACCOUNT, auth_token=TOKEN, characters_per_second=500)
    exchange.register_number(NUMBER, f"{base}/incoming")
    client = Client(ACCOUNT, TOKEN, http_client=Redirecting(served(create_rest_app(exchange))))
    gathering, over = threading.Event(), threading.Event()

    def react(_leg: str, kind: str, _data: Mapping[str, Any]) -> None:
        if kind == "gathering":
            gathering.set()
        if kind == "ended":
            over.set()

    def answer(path: str, form: str) -> str:
        if path == "/menu":
            sid = dict(pair.split("=") for pair in form.split("&"))["CallSid"]
            client.calls(sid).update(twiml="<Response><Say>By REST.</Say></Response>")
        return "<Gather numDigits='1' action='/menu'><Say>Press one.</Say></Gather>"

    web.answer = answer
    caller = person()
    caller.react = react
    try:
        leg = exchange.dial("+32460001234", NUMBER, caller)
        assert gathering.wait(PATIENCE_S)
        exchange.press(leg, "1")
        assert over.wait(PATIENCE_S)
    finally:
        timeline.close()
        transport.close()
    assert caller.said() == ["Press one.", "By REST."]
    assert exchange.faults == []


def test_no_connection_and_no_answer_are_told_apart() -> None:
    transport = HttpTransport()
    with pytest.raises(ConnectFailed):
        transport.send("GET", f"http://127.0.0.1:{free_port()}/", {}, b"", connect_s=1, read_s=1)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ReadTimedOut):
        port = silent.getsockname()[1]
        transport.send("POST", f"http://127.0.0.1:{port}/", {}, b"a=1", connect_s=1, read_s=0.05)
    transport.close()


def test_the_vendors_client_raises_its_own_exception(served: Callable[[Any], str]) -> None:
    timeline, transport = RealTimeline(), HttpTransport()
    exchange = Exchange(timeline, transport, account_sid=ACCOUNT, auth_token=TOKEN)
    client = Client(ACCOUNT, TOKEN, http_client=Redirecting(served(create_rest_app(exchange))))
    with pytest.raises(TwilioRestException) as caught:
        client.calls("CA" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
    transport.close()
