"""Many calls at once doing what they like: nothing breaks, and when everybody has gone nothing is left."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

BASE = "https://voice.example.be"
ROOM = (
    "<Dial action='{base}/pick'><Conference statusCallback='{base}/told' statusCallbackEvent='start end join leave"
    " mute hold modify' endConferenceOnExit='{end}' participantLabel='{label}' waitUrl='{base}/wait-room'>"
    "{name}</Conference></Dial>"
)


@pytest.mark.parametrize("seed", range(6))
def test_a_crowd_leaves_nothing_behind(world: Any, person: Callable[[], Any], seed: int) -> None:
    chance = random.Random(seed)
    phones = [person() for _ in range(4)]
    for number, phone in enumerate(phones):
        world.exchange.register_phone(f"+3246000999{number}", phone)
        world.exchange.register_client(f"op_{number}", phone)

    def document(_asked: Any = None) -> str:
        room = ROOM.format(
            base=BASE, end=chance.choice(["true", "false"]), label=f"l-{chance.randrange(5)}",
            name=f"c-{chance.randrange(3)}",
        )  # fmt: skip
        stream = f"<Stream name='s' url='wss://h.example/m' statusCallback='{BASE}/told'/>"
        number, client = f"+3246000999{chance.randrange(4)}", f"op_{chance.randrange(4)}"
        return chance.choice(
            [
                f"<Gather numDigits='1' action='{BASE}/pick'><Say>Choose.</Say></Gather><Redirect>/pick</Redirect>",
                f"<Enqueue waitUrl='{BASE}/wait' action='{BASE}/pick'>q-{chance.randrange(2)}</Enqueue>",
                room, room,
                f"<Start>{stream}</Start><Say>Streaming.</Say><Stop>{stream}</Stop><Redirect>{BASE}/pick</Redirect>",
                f"<Dial action='{BASE}/pick' timeout='5'>{number}</Dial>",
                f"<Dial sequential='true'><Client>{client}</Client><Number url='{BASE}/pick'>{number}</Number></Dial>",
                f"<Dial action='{BASE}/pick'><Queue url='{BASE}/wait-room'>q-{chance.randrange(2)}</Queue></Dial>",
                f"<Record action='{BASE}/pick' recordingStatusCallback='{BASE}/told'/>",
                "<Hangup/>", "<Sing/>",
            ]
        )  # fmt: skip

    def waiting(_asked: Any) -> str:
        return chance.choice(["<Say>Wait.</Say>", "<Gather numDigits='1' timeout='3'/>", "<Leave/>", "<Dial>x</Dial>"])

    world.server.pages |= {
        "/incoming": document, "/operator": document, "/pick": document, "/wait": waiting,
        "/wait-room": "<Say>Music.</Say>", "/told": "",
    }  # fmt: skip
    exchange, client = world.exchange, world.client

    def act() -> None:
        legs = [view.sid for view in exchange.calls()]
        sid = chance.choice(legs) if legs else "CA0"
        held = {"hold": chance.random() < 0.5, "hold_url": f"{BASE}/wait-room"}
        room = f"c-{chance.randrange(3)}"
        actions: list[Callable[[], Any]] = [
            lambda: exchange.dial("+32460001234", "+3225550100", person()),
            lambda: exchange.connect("op_1", {}, person()),
            lambda: exchange.press(sid, chance.choice("1#*")),
            lambda: exchange.press(sid, "1"),
            lambda: exchange.answer(sid),
            lambda: exchange.answer(sid),
            lambda: exchange.hang_up(sid),
            lambda: client.calls(sid).update(twiml=f"<Response>{document()}</Response>"),
            lambda: client.calls(sid).update(url=f"{BASE}/pick"),
            lambda: client.calls.create(to="+32460009991", from_="+3225550100", url=f"{BASE}/pick"),
            lambda: client.conferences(room).participants(sid).update(**held),
            lambda: client.conferences(room).participants("l-1").update(muted=chance.random() < 0.5),
            lambda: client.conferences(room).participants("l-2").update(coaching=True, call_sid_to_coach=sid),
            lambda: client.conferences(room).participants("l-3").delete(),
            lambda: client.conferences(room).participants("l-4").update(announce_url=f"{BASE}/wait-room"),
            lambda: client.conferences(room).participants.create(from_="+3225550100", to="client:op_2", label="l-0"),
            lambda: (
                client.queues(next(iter(exchange.queues.by_sid), "QU0")).members("Front").update(url=f"{BASE}/pick")
            ),
        ]
        try:
            chance.choice(actions)()
        except TwilioRestException as refusal:
            assert refusal.code in (20404, 21220, 16028, 16026)
        except KeyError:
            assert sid == "CA0"

    for _ in range(400):
        act()
        world.run(chance.choice([0, 0.5, 2, 7]))
    for view in exchange.calls():
        exchange.hang_up(view.sid)
    world.run(30)
    assert exchange.calls() == []
    assert all(queue.members == () for queue in exchange.waiting())
    assert {room.status for room in exchange.rooms()} == {"completed"}
    assert exchange.sound.rooms == {}
    assert all(stream.status == "stopped" for stream in exchange.streams.values())
    assert {item.status for item in exchange.recorder.by_sid.values()} <= {"completed", "absent"}
    assert world.timeline.next_at() is None
