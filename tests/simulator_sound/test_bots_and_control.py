"""Bots: on virtual time, and whole calls through real sockets and the control API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import requests

from foundation.clock import ManualClock
from simulator import Exchange, VirtualTimeline, WsgiTransport
from simulator.bots import Bots, script_of
from simulator.errors import InvalidInput
from simulator.server import Simulator
from simulator.sound.turns import split_turns
from tests.simulator_sound.helpdesk_stub import HelpdeskStub
from tests.simulator_sound.recorder import SPEECH, Recorder, access_token, eventually

CALLER, NUMBER = "+32460000101", "+3225550100"


def documents(environ: Mapping[str, Any], start_response: Any) -> list[bytes]:
    """A menu, then a queue of one's own making."""
    start_response("200 OK", [("Content-Type", "text/xml")])
    bodies = {
        "/incoming": '<Gather numDigits="1" action="/menu"><Say>Press a key.</Say></Gather><Hangup/>',
        "/menu": "<Say>One moment.</Say><Dial><Conference>c-1</Conference></Dial>",
        "/message": '<Record action="/menu"/>',
        "/operator": '<Dial><Conference endConferenceOnExit="true">c-1</Conference></Dial>',
    }
    return [f"<Response>{bodies[environ['PATH_INFO']]}</Response>".encode()]


@pytest.fixture
def still(clock: ManualClock) -> VirtualTimeline:
    return VirtualTimeline(clock)


@pytest.fixture
def exchange(still: VirtualTimeline) -> Exchange:
    transport = WsgiTransport({"https://desk.example": documents})  # type: ignore[dict-item]
    exchange = Exchange(still, transport, account_sid="AC1", auth_token="12345", api_keys={"SK1": "x" * 32}, seed=1)
    exchange.register_number(NUMBER, "https://desk.example/incoming")
    exchange.register_application("AP1", "https://desk.example/operator")
    return exchange


def test_a_bot_goes_through_the_menu_and_speaks_at_the_pace_of_speech_on_virtual_time(
    exchange: Exchange, still: VirtualTimeline, clock: ManualClock
) -> None:
    bots = Bots(exchange)
    script = [{"wait": "gathering"}, {"pause_s": 1}, {"press": "2"}, {"wait": "talking"}, {"speak": "en/call_01.wav"}]
    caller = bots.call("0460 00 01 01", "02 555 01 00", script_of([*script, {"hang_up": True}], SPEECH))
    still.run_for(10)
    assert caller.heard == ["Press a key.", "One moment."]
    exchange.connect("op_1", {}, other := _Listener())
    still.settle()
    began = clock.now()
    assert caller.at == 5
    still.run_for(60)
    assert caller.over.is_set()
    assert caller.problem == ""
    ended = exchange.leg(caller.leg).ended_at
    assert ended is not None
    assert abs((ended - began).total_seconds() - 30.6) < 0.2
    assert other.kinds[-1] == "room"


class _Listener:
    def __init__(self) -> None:
        self.kinds: list[str] = []

    def notice(self, leg: str, kind: str, data: Mapping[str, Any]) -> None:
        self.kinds.append(kind)


def test_a_bot_that_waits_in_vain_hangs_up_and_says_why(exchange: Exchange, still: VirtualTimeline) -> None:
    caller = Bots(exchange).call(CALLER, NUMBER, script_of([{"wait": "queued", "within_s": 2}]))
    still.run_for(3)
    assert caller.problem == "step 1: no 'queued' within 2 s"
    assert exchange.leg(caller.leg).status == "completed"


def test_a_call_that_ends_too_early_is_a_problem_of_the_script(exchange: Exchange, still: VirtualTimeline) -> None:
    caller = Bots(exchange).call(CALLER, NUMBER, script_of([{"wait": "talking", "within_s": 900}]))
    still.run_for(30)
    assert caller.problem == "step 1: the call ended while waiting for 'talking'"


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([{"press": "1", "hang_up": True}], "step 0: .*exactly one"),
        ([{"pause_s": 1}, {"dance": True}], "step 1"),
        ([{"speak": "en/nothing.wav"}], "cannot be read"),
    ],
)
def test_a_script_with_a_fault_is_refused_before_anybody_rings(steps: list[dict[str, Any]], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        script_of(steps, SPEECH)


def test_two_bots_hold_a_recorded_conversation_on_two_streams(
    simulator: Simulator, helpdesk: HelpdeskStub, recorder: Recorder
) -> None:
    control = f"{simulator.url}/_control"
    caller_side, operator_side = split_turns(SPEECH / "en" / "call_01.wav")
    talk = [{"wait": "talking"}, {"pause_s": 0.5}]
    script = [{"wait": "gathering"}, {"press": "2"}, *talk, {"speak": "en/call_01.wav", "side": "a"}]
    caller = requests.post(f"{control}/calls", json={"from": CALLER, "to": NUMBER, "script": script}, timeout=5)
    assert caller.status_code == 201
    eventually(lambda: ("menu", "2") in helpdesk.asked, "the caller gets through the menu")
    operator = requests.post(
        f"{control}/clients/op_3/connect",
        json={
            "token": access_token("op_3"), "params": {"offer": "7"},
            "script": [*talk, {"speak": "en/call_01.wav", "side": "b"}, {"wait": "alone"}, {"hang_up": True}],
        },
        timeout=5,
    )  # fmt: skip
    assert operator.status_code == 201
    first_turns = caller_side[4000 : 8000 * 7], operator_side[8000 * 3 : 8000 * 6]
    calls = [answer.json()["call"] for answer in (caller, operator)]
    eventually(lambda: first_turns[0] in recorder.sound(call=calls[0]), "the caller's turns", 20)
    eventually(lambda: first_turns[1] in recorder.sound(call=calls[1]), "the operator's turns", 20)
    state = requests.get(f"{control}/calls/{calls[0]}", timeout=5).json()
    assert state["room"] == "c-1"
    assert state["bot"]["heard"][0].startswith("Welkom")
    assert requests.delete(f"{control}/calls/{calls[0]}", timeout=5).json()["status"] == "completed"
    eventually(
        lambda: requests.get(f"{control}/calls/{calls[1]}", timeout=5).json()["status"] == "completed", "both ended"
    )
    starts = {message["start"]["callSid"]: message["start"] for message in recorder.events("start")}
    assert starts[calls[0]]["customParameters"] == {"leg": "menu"}
    assert starts[calls[1]]["customParameters"] == {"leg": "operator"}


def test_the_control_refuses_with_sentences(simulator: Simulator) -> None:
    control = f"{simulator.url}/_control"
    forged = access_token("op_3", secret="y" * 32)
    refused = [
        requests.post(f"{control}/calls", data={"from": CALLER}, timeout=5),
        requests.post(f"{control}/calls", json={"from": CALLER, "to": "+3225550199"}, timeout=5),
        requests.post(f"{control}/calls", json={"from": "nobody", "to": NUMBER}, timeout=5),
        requests.post(f"{control}/clients/op_3/connect", json={"token": access_token("op_4")}, timeout=5),
        requests.post(f"{control}/clients/op_3/connect", json={"token": forged}, timeout=5),
        requests.get(f"{control}/calls/CA404", timeout=5),
    ]  # fmt: skip
    assert [answer.status_code for answer in refused] == [400, 404, 400, 403, 403, 404]
    assert refused[1].json()["message"] == "The number +3225550199 is not in use."
    assert refused[4].json()["code"] == "20107"


def test_a_message_ends_when_the_bot_has_spoken(exchange: Exchange, still: VirtualTimeline) -> None:
    exchange.register_number("+3225550101", "https://desk.example/message")
    script = script_of([{"wait": "recording"}, {"speak": "en/seen_04.wav"}], SPEECH)
    caller = Bots(exchange).call(CALLER, "+3225550101", script)
    still.run_for(2)
    assert exchange.leg(caller.leg).doing == "recording"
    assert not caller.done
    still.run_for(3)
    assert exchange.leg(caller.leg).doing == "in-room"
    assert caller.done


def test_time_does_not_pass_for_a_bot_that_only_waits(exchange: Exchange, still: VirtualTimeline) -> None:
    caller = Bots(exchange).call(CALLER, NUMBER, script_of([{"wait": "gathering"}, {"pause_s": 3}, {"press": "1"}]))
    still.run_for(timedelta(seconds=2.5).total_seconds())
    assert (caller.at, caller.done) == (2, False)
