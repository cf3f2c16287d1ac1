"""<Start><Stream>, browser legs with access tokens, disturbed callbacks, and phones that act at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant
from twilio.request_validator import RequestValidator

from simulator.access import TokenRefused

STREAM = (
    "<Start><Stream name='caller' url='wss://voice.example.be/media?x=1' track='inbound_track'"
    " statusCallback='https://voice.example.be/stream'><Parameter name='token' value='abc'/></Stream></Start>"
)
SECRET = "a secret of an API key, 32 or more"


def test_a_stream_is_opened_with_a_signed_handshake_and_without_its_query(world: Any) -> None:
    world.server.pages["/stream"] = ""
    leg, _ = world.call(f"{STREAM}<Say>Hello.</Say><Stop><Stream name='caller'/></Stop><Pause length='9'/>")
    request = world.exchange.sound.requests[0]
    assert (request.leg, request.url, request.name) == (leg, "wss://voice.example.be/media", "caller")
    assert request.signature == RequestValidator(world.exchange.auth_token).compute_signature(request.url, {})
    assert world.exchange.leg(leg).streams == ("caller",)
    world.run(5)
    started, stopped = world.server.at("/stream")
    assert (started["StreamEvent"], started["StreamName"], started["CallSid"]) == ("stream-started", "caller", leg)
    assert datetime.fromisoformat(started["Timestamp"]).tzinfo is not None  # ISO 8601, unlike everything else
    assert stopped["StreamEvent"] == "stream-stopped"


def test_a_stream_ends_with_its_call_but_not_with_its_document(world: Any) -> None:
    world.server.pages["/stream"] = ""
    leg, _ = world.call(f"{STREAM}<Say>Hello.</Say><Pause length='60'/>")
    world.client.calls(leg).update(twiml="<Response><Pause length='60'/></Response>")
    world.timeline.settle()
    assert world.exchange.leg(leg).streams == ("caller",)
    world.hang_up(leg)
    assert [it["StreamEvent"] for it in world.server.at("/stream")] == ["stream-started", "stream-stopped"]


@pytest.mark.parametrize(
    ("streams", "codes"),
    [
        ("<Start><Stream url='ws://voice.example.be/media'/></Start>", [31922]),
        (STREAM + STREAM, [0]),  # one name, one stream
        ("<Start><Stream track='both_tracks' url='wss://voice.example.be/m'/></Start>" * 3, [31960]),
    ],
)
def test_a_refused_stream_is_a_fault_and_the_call_goes_on(world: Any, streams: str, codes: list[int]) -> None:
    world.server.pages["/stream"] = ""
    _, person = world.call(f"{streams}<Say>On.</Say>")
    assert (world.codes(), person.said()) == (codes, ["On."])


def test_a_cut_socket_is_reported_and_the_call_lives(world: Any) -> None:
    world.server.pages["/stream"] = ""
    leg, _ = world.call(f"{STREAM}<Say>Hello.</Say><Pause length='60'/>")
    world.exchange.sound.cut_stream(world.exchange.sound.requests[0].stream, "Close Error")
    world.timeline.settle()
    told = world.server.at("/stream")[-1]
    assert (told["StreamEvent"], told["StreamError"]) == ("stream-error", "Close Error")
    assert world.exchange.leg(leg).status == "in-progress"


# Browser legs


def token(secret: str = SECRET, key: str = "SK1", ttl: int = 3600, identity: str = "op_7", **changes: Any) -> str:
    made = AccessToken("AC" + "0" * 32, key, secret, identity=identity, ttl=ttl, **changes)
    made.add_grant(VoiceGrant(outgoing_application_sid="AP1"))
    return str(made.to_jwt())


def test_a_browser_calls_in_with_its_own_parameters(world: Any, person: Callable[[], Any]) -> None:
    world.server.pages["/operator"] = "<Pause length='60'/>"
    at = int(world.clock.now().timestamp())
    given = {"offer": "o-1", "From": "client:somebody-else", "CallSid": "CA-forged"}
    leg = world.exchange.connect(token(nbf=at, valid_until=at + 600), given, person())
    world.timeline.settle()
    asked = world.server.at("/operator")[0]
    assert (asked["From"], asked["Direction"], asked["offer"]) == ("client:op_7", "inbound", "o-1")
    assert (asked["CallSid"], asked["ApplicationSid"]) == (leg, "AP1")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret": "another secret of 32 characters.."}, 20107),
        ({"key": "SK2"}, 20103),
        ({"until": -1}, 20104),
        ({"until": 25 * 3600}, 20157),
        ({"identity": "op 7"}, 20101),
    ],
)
def test_a_bad_token_opens_nothing(world: Any, person: Callable[[], Any], changes: dict[str, Any], code: int) -> None:
    at = int(world.clock.now().timestamp())
    until = changes.pop("until", 600)
    with pytest.raises(TokenRefused) as caught:
        world.exchange.connect(token(nbf=at, valid_until=at + until, **changes), {}, person())
    assert caught.value.code == code
    with pytest.raises(TokenRefused):
        world.exchange.connect("not.a.token", {}, person())


# Disturbances


def rooms(world: Any) -> list[tuple[str, str]]:
    return [(it["SequenceNumber"], it.token) for it in world.server.at("/room")]


def talk(world: Any) -> None:
    """A conference with six reports: two joins, the start, two leaves, the end."""
    world.server.pages["/room"] = ""
    seat = (
        "<Dial><Conference statusCallback='/room' statusCallbackEvent='start end join leave'"
        " endConferenceOnExit='true'>c</Conference></Dial>"
    )
    world.call(seat)
    world.run(10)
    leg, _ = world.call(seat)
    world.run(10)
    world.hang_up(leg)
    world.run(60)


def test_callbacks_come_twice_with_one_token(world: Any) -> None:
    world.exchange.disturbances.repeat()
    talk(world)
    told = rooms(world)
    assert [number for number, _ in told] == [str(n) for n in (1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6)]
    assert len({token for _, token in told}) == 6
    assert len(world.server.at("/incoming")) == 2  # documents are not callbacks


def test_callbacks_come_late_and_in_another_order(world: Any) -> None:
    world.exchange.disturbances.reorder(within_s=30)
    talk(world)
    numbers = [number for number, _ in rooms(world)]
    assert numbers != sorted(numbers)
    assert sorted(numbers) == ["1", "2", "3", "4", "5", "6"]


def test_callbacks_get_lost(world: Any) -> None:
    world.exchange.disturbances.drop(lambda it: it.value("StatusCallbackEvent") == "participant-join")
    talk(world)
    assert [number for number, _ in rooms(world)] == ["3", "4", "5", "6"]


def test_a_document_can_be_asked_twice_and_late(world: Any) -> None:
    world.exchange.disturbances.repeat(lambda it: it.kind == "document")
    world.exchange.disturbances.delay(2, lambda it: it.kind == "document")
    _, person = world.call("<Say>Hello.</Say>")
    assert person.said() == []
    world.run(2)
    assert (len(world.server.at("/incoming")), person.said()) == (2, ["Hello."])


def test_a_lost_document_is_a_retrieval_failure(world: Any) -> None:
    world.exchange.disturbances.drop(lambda it: it.kind == "document")
    world.call("<Say>Hello.</Say>")
    assert world.codes() == [11200]


# Phones that act inside their notice


def test_a_phone_may_press_or_hang_up_while_it_is_told(world: Any, person: Callable[[], Any]) -> None:
    world.server.pages |= {
        "/incoming": "<Gather numDigits='1' action='/menu'><Say>Press one.</Say></Gather>",
        "/menu": "<Say>Thank you.</Say><Pause length='60'/>",
    }

    def react(leg: str, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "saying" and data["text"] == "Press one.":
            world.exchange.press(leg, "1")
        elif kind == "saying":
            world.exchange.hang_up(leg)

    bot = person()
    bot.react = react
    world.exchange.dial("+32460001234", "+3225550100", bot)
    world.timeline.settle()
    assert bot.said() == ["Press one.", "Thank you."]
    assert bot.kinds()[-1] == "ended"
    assert world.server.at("/menu")[0]["Digits"] == "1"
