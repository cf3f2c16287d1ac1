"""What we send to Twilio, and what the simulator takes, is what Twilio's own library knows."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter
from twilio.rest.api.v2010.account import call, conference, queue
from twilio.rest.api.v2010.account.call import recording as call_recording
from twilio.rest.api.v2010.account.call import stream
from twilio.rest.api.v2010.account.conference import participant
from twilio.rest.api.v2010.account.queue import member

from ivr.telephony import TwilioTelephony, twilio_telephony
from simulator import orders, rest

ACCOUNT, LEG, ROOM = "AC" + "0" * 32, "CA" + "1" * 32, "CF" + "2" * 32


@dataclass(frozen=True)
class Sent:
    method: str
    path: str
    fields: dict[str, list[str]]


class Recorder(BaseAdapter):
    """Takes the library's requests where the network would."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Sent] = []

    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        target = urlsplit(str(request.url))
        fields = parse_qs(str(request.body or "") if request.method == "POST" else target.query)
        self.sent.append(Sent(str(request.method), target.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}"), fields))
        answer = requests.Response()
        answer.status_code = {"POST": 201, "DELETE": 204}.get(str(request.method), 200)
        body: dict[str, Any] = {"sid": LEG, "status": "completed"}
        if target.path.endswith("/Conferences.json"):
            body = {"conferences": [{"sid": ROOM}], "page": 0, "page_size": 1}
        answer._content = json.dumps(body).encode() if request.method != "DELETE" else b""
        return answer

    def close(self) -> None: ...


ASKED: list[tuple[Callable[[TwilioTelephony], object], str, dict[str, Any]]] = [
    (
        lambda t: t.place(to="+3246000", from_number="+322", url="https://x/a", status_url="https://x/s", rings_s=30),
        "POST /Calls.json",
        {"Timeout": "30", "Method": "POST", "StatusCallbackEvent": "completed"},
    ),
    (lambda t: t.redirect(LEG, "<Response/>"), f"POST /Calls/{LEG}.json", {"Twiml": "<Response/>"}),
    (lambda t: t.end_leg(LEG), f"POST /Calls/{LEG}.json", {"Status": call.CallInstance.UpdateStatus.COMPLETED}),
    (
        lambda t: t.end_room("c-1"),
        f"POST /Conferences/{ROOM}.json",
        {"Status": conference.ConferenceInstance.UpdateStatus.COMPLETED},
    ),
    (lambda t: t.remove("c-1", "caller"), f"DELETE /Conferences/{ROOM}/Participants/caller.json", {}),
    (
        lambda t: t.hold("c-1", "caller", held=True, hold_url="https://x/h"),
        f"POST /Conferences/{ROOM}/Participants/caller.json",
        {"Hold": "true", "HoldMethod": "POST", "HoldUrl": "https://x/h"},
    ),
    (lambda t: t.stop_stream(LEG, "s"), f"POST /Calls/{LEG}/Streams/s.json",
     {"Status": stream.StreamInstance.UpdateStatus.STOPPED}),
    (
        lambda t: t.start_stream(LEG, url="wss://x", name="s", token="t", callback="https://x/c"),
        f"POST /Calls/{LEG}/Streams.json",
        {"Track": stream.StreamInstance.Track.INBOUND_TRACK, "Parameter1.Name": "token", "Parameter1.Value": "t"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "request_line", "fields"), ASKED, ids=[line for _, line, _ in ASKED])
def test_what_we_ask_is_asked_in_twilios_words(
    ask: Callable[[TwilioTelephony], object], request_line: str, fields: dict[str, Any]
) -> None:
    recorder = Recorder()
    ask(twilio_telephony(ACCOUNT, "secret", "https://twilio.test", recorder))
    last = recorder.sent[-1]
    assert f"{last.method} {last.path}" == request_line
    assert {name: last.fields.get(name) for name in fields} == {name: [str(value)] for name, value in fields.items()}


def test_a_room_is_looked_up_by_a_state_that_exists() -> None:
    recorder = Recorder()
    twilio_telephony(ACCOUNT, "secret", "https://twilio.test", recorder).end_room("c-1")
    assert recorder.sent[0].fields["Status"] == [str(conference.ConferenceInstance.Status.IN_PROGRESS)]


def known_fields() -> set[str]:
    """Every form field and filter of the resources that the simulator has, as the library writes them."""
    modules = (call, call_recording, stream, conference, participant, queue, member)
    return {name for module in modules for name in re.findall(r'"([A-Z][\w.]*)":', inspect.getsource(module))}


def fields_taken() -> Iterator[tuple[str, str]]:
    """The names that the simulator looks for in a form: (module, name)."""
    for module in (orders, rest):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            taken_from = ast.unparse(node.func.value)
            if taken_from in ("form", "_form()", "request.args"):
                for argument in node.args[:1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        prefixed = node.func.attr == "callback"  # Form.callback: `prefix`StatusCallback and the others
                        yield module.__name__, f"{argument.value}StatusCallback" if prefixed else argument.value


def test_the_simulator_takes_no_field_that_twilio_does_not_know() -> None:
    taken = set(fields_taken())
    assert len(taken) > 20  # else this looks in the wrong place
    # Paging is the library's base class's, not a resource's.
    assert {name for _, name in taken} - known_fields() - {"Page", "PageSize", "PageToken"} == set()
