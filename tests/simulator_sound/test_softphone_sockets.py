"""The softphone's socket: signalling and frames, without a browser. And the simulator as a program."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from websockets.sync.client import ClientConnection, connect

from simulator.bots import script_of
from simulator.errors import Unavailable
from simulator.server import Simulator, SimulatorConfig
from simulator.sound import mulaw
from tests.simulator_sound.helpdesk_stub import HelpdeskStub
from tests.simulator_sound.recorder import Recorder, access_token, eventually

CALLER, NUMBER = "+32460000101", "+3225550100"
WORD = bytes(range(160))


class Telephone:
    """A softphone without a page."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[bytes] = []

    def send(self, **message: Any) -> None:
        self.socket.send(json.dumps(message))

    def next(self, kind: str) -> dict[str, Any]:
        """The next message of this type, or the next notice of this kind; others are passed over, frames kept."""
        while True:
            message = self.socket.recv(timeout=10)
            if isinstance(message, bytes):
                self.frames.append(message)
                continue
            content: dict[str, Any] = json.loads(message)
            if kind in (content["type"], content.get("kind")):
                return content


@pytest.fixture
def telephone(simulator: Simulator) -> Iterator[Telephone]:
    with connect(f"ws://127.0.0.1:{simulator.audio_port}/", compression=None) as socket:
        yield Telephone(socket)


@pytest.fixture
def second(simulator: Simulator) -> Iterator[Telephone]:
    with connect(f"ws://127.0.0.1:{simulator.audio_port}/", compression=None) as socket:
        yield Telephone(socket)


def ring(simulator: Simulator, identity: str) -> str:
    """Somebody is connected through to a client; gives the caller's CallSid."""
    caller = simulator.bots.call(CALLER, NUMBER, script_of([{"wait": "gathering"}]))
    eventually(lambda: caller.done, "the caller is in the menu")
    with simulator.exchange:
        leg = simulator.exchange.legs.by_sid[caller.leg]
        document = f'<Response><Dial timeout="30"><Client>{identity}</Client></Dial></Response>'
        simulator.exchange.legs.redirect(leg, twiml=document)
    return caller.leg


def test_a_call_from_dial_to_hang_up(telephone: Telephone, helpdesk: HelpdeskStub, recorder: Recorder) -> None:
    telephone.send(type="dial", **{"from": "0460 00 01 01", "to": "02 555 01 00"})
    call = telephone.next("calling")["call"]
    assert telephone.next("gathering")["data"]["digits"] == 1
    assert telephone.next("saying")["data"]["language"] == "nl-BE"
    telephone.send(type="press", digits="2")
    assert telephone.next("room")["data"]["others"] == 0
    assert telephone.next("microphone")["call"] == call
    for _ in range(10):
        telephone.socket.send(WORD)
    eventually(lambda: WORD * 10 in recorder.sound(call=call), "what was said is streamed")
    telephone.send(type="mute", muted=True)
    telephone.send(type="press", digits="1")
    telephone.socket.send(WORD * 2)  # no frame: passed over
    telephone.send(type="hangup")
    assert telephone.next("ended")["call"] == call
    eventually(lambda: recorder.events("stop"), "the stream stops")


def test_a_muted_telephone_is_silent(telephone: Telephone, helpdesk: HelpdeskStub, recorder: Recorder) -> None:
    telephone.send(type="connect", token=access_token("op_3"), params={"offer": "7"})
    telephone.next("microphone")
    telephone.send(type="mute", muted=True)
    for _ in range(10):
        telephone.socket.send(WORD)
    before = len(recorder.sound())
    eventually(lambda: len(recorder.sound()) > before + 4000, "the stream goes on")
    assert set(recorder.sound()) == {0xFF}


def test_a_telephone_that_vanishes_hangs_up(simulator: Simulator, helpdesk: HelpdeskStub) -> None:
    with connect(f"ws://127.0.0.1:{simulator.audio_port}/") as socket:
        telephone = Telephone(socket)
        telephone.send(type="dial", **{"from": CALLER, "to": NUMBER})
        call = telephone.next("calling")["call"]
        telephone.next("saying")
    eventually(lambda: simulator.exchange.leg(call).ended_at, "the leg ends")


def test_all_telephones_of_an_identity_ring_and_one_has_the_call(
    simulator: Simulator, telephone: Telephone, second: Telephone, helpdesk: HelpdeskStub
) -> None:
    for each in (telephone, second):
        each.send(type="register", token=access_token("op_3"))
        assert each.next("registered")["identity"] == "op_3"
    caller = ring(simulator, "op_3")
    assert telephone.next("ringing")["data"]["from"] == CALLER
    second.next("ringing")
    second.send(type="answer")
    assert telephone.next("ended")["data"]["reason"] == "answered elsewhere"
    assert second.next("room")["data"]["others"] == 1
    telephone.send(type="hangup")  # it has no call: nothing happens to the other's
    simulator.sound.speak(caller, WORD * 5)
    eventually(lambda: heard(second, WORD), "the word is heard")
    simulator.exchange.hang_up(caller)
    second.next("ended")


def heard(telephone: Telephone, word: bytes) -> bool:
    message = telephone.socket.recv(timeout=10)
    return isinstance(message, bytes) and message == word


def test_a_telephone_in_a_call_does_not_ring_and_one_that_unregistered_cannot(
    simulator: Simulator, telephone: Telephone, helpdesk: HelpdeskStub
) -> None:
    telephone.send(type="register", identity="op_3")
    telephone.next("registered")
    telephone.send(type="connect", token=access_token("op_3"), params={})
    own = telephone.next("calling")["call"]
    caller = ring(simulator, "op_3")
    eventually(lambda: simulator.exchange.leg(caller).doing == "dialling", "it is rung")
    telephone.send(type="hangup")
    assert telephone.next("ended")["call"] == own
    simulator.exchange.hang_up(caller)
    telephone.send(type="unregister")
    telephone.next("unregistered")
    again = ring(simulator, "op_3")
    eventually(lambda: simulator.exchange.leg(again).ended_at, "nobody is there")


@pytest.mark.parametrize(
    ("message", "during", "code"),
    [
        ({"type": "connect", "token": "no.good.token"}, "connect", "20101"),
        ({"type": "register", "token": access_token("op_3", secret="z" * 32)}, "register", "20107"),
        ({"type": "dial", "from": CALLER, "to": "hello"}, "dial", "invalid-input"),
        ({"type": "register"}, "register", "invalid-input"),
    ],
)
def test_a_refusal_says_what_and_why(telephone: Telephone, message: dict[str, Any], during: str, code: str) -> None:
    telephone.send(**message)
    error = telephone.next("error")
    assert (error["during"], error["code"]) == (during, code)
    assert error["message"]


def config(port: int, audio_port: int) -> SimulatorConfig:
    return SimulatorConfig(
        account_sid="AC1", auth_token="1", api_key_sid="SK1", api_key_secret="x" * 32, app_sid="AP1",
        helpdesk_number=NUMBER, voice_url="http://127.0.0.1:9/in", operator_voice_url="http://127.0.0.1:9/operator",
        port=port, audio_port=audio_port,
    )  # fmt: skip


def test_a_port_that_is_taken_is_a_sentence_and_leaves_nothing_running() -> None:
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=f"Port {port} .simulator. cannot be used: Address already in use"):
            Simulator(config(port, 0)).start()
        with pytest.raises(Unavailable, match=f"Port {port} .softphone audio. cannot be used"):
            Simulator(config(0, port)).start()
    assert set(threading.enumerate()) == before


def test_the_page_and_its_scripts_and_the_rest_api_share_a_port(simulator: Simulator) -> None:
    page = requests.get(f"{simulator.url}/", timeout=5)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    sdk = requests.get(f"{simulator.url}/sdk.js", timeout=5)
    assert sdk.headers["Access-Control-Allow-Origin"] == "*"
    assert f":{simulator.audio_port}/" in sdk.text
    calls = f"{simulator.url}/2010-04-01/Accounts/AC1/Calls.json"
    assert requests.get(calls, timeout=5).status_code == 401
    assert requests.get(calls, auth=("AC1", "12345"), timeout=5).json()["calls"] == []


def test_the_program_ends_on_a_signal_with_a_call_in_progress(helpdesk: HelpdeskStub) -> None:
    program = (
        "from simulator.server import *;"
        "run_simulator(SimulatorConfig(account_sid='AC1', auth_token='1', api_key_sid='SK1', api_key_secret='x'*32,"
        f"app_sid='AP1', helpdesk_number='{NUMBER}', voice_url='{helpdesk.url}/incoming',"
        f"operator_voice_url='{helpdesk.url}/operator', port={free_port()}, audio_port={(port := free_port())}))"
    )
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        eventually(lambda: reachable(port), "the simulator listens")
        with connect(f"ws://127.0.0.1:{port}/") as open_socket:
            telephone = Telephone(open_socket)
            telephone.send(type="dial", **{"from": CALLER, "to": NUMBER})
            telephone.next("saying")
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def reachable(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_frame_is_twenty_milliseconds() -> None:
    assert (mulaw.FRAME_BYTES, mulaw.FRAME_S, mulaw.RATE_HZ) == (160, 0.02, 8000)
