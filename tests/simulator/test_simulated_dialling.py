"""<Dial> of numbers and browsers, calls placed by REST, and what is reported about them: twilio.md 1.5, 1.6."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

COLLEAGUE = "+32460009999"
OURS = "+3225550100"


@pytest.fixture
def colleague(world: Any, person: Callable[[], Any]) -> Any:
    them = person()
    world.exchange.register_phone(COLLEAGUE, them)
    world.server.pages |= {"/after": "<Say>After.</Say><Pause length='600'/>", "/status": ""}
    return them


def ringing(person: Any) -> str:
    return str(person.legs("ringing")[-1])


def test_a_number_is_rung_and_bridged(world: Any, colleague: Any) -> None:
    caller, person = world.call(f"<Dial action='/after'>{COLLEAGUE}</Dial>")
    child = ringing(colleague)
    assert world.exchange.leg(child).parent == caller
    world.run(4)
    world.exchange.answer(child)
    world.run(20)
    assert world.exchange.leg(caller).doing == world.exchange.leg(child).doing == "talking"
    world.hang_up(child)
    asked = world.server.at("/after")[0]
    assert [asked[name] for name in ("DialCallStatus", "DialCallSid", "DialCallDuration", "DialBridged")] == [
        "completed", child, "20", "true",
    ]  # fmt: skip
    assert person.said() == ["After."]


def test_nobody_answers_in_thirty_seconds_and_five(world: Any, colleague: Any) -> None:
    world.call(f"<Dial action='/after'>{COLLEAGUE}</Dial>")
    world.run(34)
    assert world.server.at("/after") == []
    world.run(2)
    assert world.server.at("/after")[0]["DialCallStatus"] == "no-answer"
    assert colleague.kinds() == ["ringing", "ended"]


@pytest.mark.parametrize(
    ("noun", "status"), [(COLLEAGUE, "busy"), ("+32460000000", "failed"), ("<Client>op_99</Client>", "no-answer")]
)
def test_it_does_not_come_to_a_talk(world: Any, colleague: Any, noun: str, status: str) -> None:
    world.call(f"<Dial action='/after'>{noun}</Dial>")
    if status == "busy":
        world.exchange.hang_up(ringing(colleague))
    world.timeline.settle()
    assert world.server.at("/after")[0]["DialCallStatus"] == status


def test_the_first_of_several_wins(world: Any, colleague: Any, person: Callable[[], Any]) -> None:
    browser = person()
    world.exchange.register_client("op_7", browser)
    world.call(f"<Dial><Number>{COLLEAGUE}</Number><Client>op_7</Client></Dial>")
    world.exchange.answer(ringing(browser))
    world.timeline.settle()
    assert colleague.kinds() == ["ringing", "ended"]
    assert world.exchange.leg(ringing(colleague)).status == "canceled"


def test_one_after_the_other(world: Any, colleague: Any, person: Callable[[], Any]) -> None:
    browser = person()
    world.exchange.register_client("op_7", browser)
    world.call(f"<Dial sequential='true' timeout='10'><Number>{COLLEAGUE}</Number><Client>op_7</Client></Dial>")
    assert browser.heard == []
    world.run(16)
    world.exchange.answer(ringing(browser))
    world.timeline.settle()
    assert browser.kinds() == ["ringing", "answered", "room"]


def test_whoever_is_rung_must_press_one_first(world: Any, colleague: Any) -> None:
    world.server.pages |= {
        "/screen": "<Gather numDigits='1' action='/accept'><Say>Press one.</Say></Gather><Hangup/>",
        "/accept": "<Say>Here they are.</Say>",
    }
    caller, _ = world.call(f"<Dial action='/after'><Number url='/screen'>{COLLEAGUE}</Number></Dial>")
    child = ringing(colleague)
    world.exchange.answer(child)
    world.timeline.settle()
    assert world.server.at("/screen")[0]["ParentCallSid"] == caller
    world.press(child, "1")
    world.run(2)
    assert world.exchange.leg(caller).doing == "talking"


def test_who_does_not_press_is_not_connected(world: Any, colleague: Any) -> None:
    world.server.pages["/screen"] = "<Gather numDigits='1' action='/accept'/><Hangup/>"
    world.call(f"<Dial action='/after'><Number url='/screen'>{COLLEAGUE}</Number></Dial>")
    world.exchange.answer(ringing(colleague))
    world.run(6)
    assert world.server.at("/after")[0]["DialCallStatus"] == "no-answer"


def test_a_caller_who_hangs_up_stops_the_ringing(world: Any, colleague: Any) -> None:
    caller, _ = world.call(f"<Dial action='/after' answerOnBridge='true'>{COLLEAGUE}</Dial>")
    assert world.exchange.leg(caller).status == "ringing"
    world.hang_up(caller)
    assert colleague.kinds() == ["ringing", "ended"]
    assert world.exchange.calls() == []


def test_a_caller_id_must_be_ours(world: Any, colleague: Any) -> None:
    world.call(f"<Dial callerId='+32460005555'>{COLLEAGUE}</Dial>")
    world.browser(f"<Dial>{COLLEAGUE}</Dial>")  # a browser has no number of its own
    assert world.codes() == [13214, 13214]


def test_star_leaves_where_it_may_and_time_limits_hold(world: Any, colleague: Any) -> None:
    for limit in ("hangupOnStar='true'", "timeLimit='60'"):
        caller, _ = world.call(f"<Dial action='/after' {limit}>{COLLEAGUE}</Dial>")
        world.exchange.answer(ringing(colleague))
        world.run(1)
        world.press(caller, "1*")
        world.run(60)
        assert world.server.asked[-1]["DialCallStatus"] == "completed"


def test_a_dial_is_recorded_on_two_channels(world: Any, colleague: Any) -> None:
    caller, _ = world.call(
        f"<Dial action='/after' record='record-from-answer-dual' recordingStatusCallback='/status'>{COLLEAGUE}</Dial>"
    )
    world.exchange.answer(ringing(colleague))
    world.run(9)
    world.hang_up(ringing(colleague))
    told = world.server.at("/status")[0]
    assert [told[name] for name in ("RecordingChannels", "RecordingDuration", "RecordingSource", "CallSid")] == [
        "2", "9", "DialVerb", caller,
    ]  # fmt: skip
    assert world.server.at("/after")[0]["RecordingUrl"] == told["RecordingUrl"]


def test_a_call_placed_by_rest_reports_its_progress(world: Any, colleague: Any) -> None:
    world.server.pages["/screen"] = "<Pause length='48'/>"
    call = world.client.calls.create(
        to=COLLEAGUE, from_=OURS, url="https://voice.example.be/screen",
        status_callback="https://voice.example.be/status#rc=2&rp=5xx",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )  # fmt: skip
    assert (call.status, call.direction) == ("queued", "outbound-api")
    world.run(5)
    assert world.client.calls(call.sid).fetch().status == "ringing"
    world.exchange.answer(call.sid)
    world.run(120)
    told = world.server.at("/status")
    assert [(it["CallStatus"], it["SequenceNumber"]) for it in told] == [
        ("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3"),
    ]  # fmt: skip
    assert (told[-1]["CallDuration"], told[-1]["Duration"]) == ("48", "1")
    assert told[0]["CallbackSource"] == "call-progress-events"
    assert parsedate_to_datetime(told[0]["Timestamp"]).tzinfo is not None
    assert world.server.at("/screen")[0]["CallStatus"] == "in-progress"
    done = world.client.calls(call.sid).fetch()
    assert (done.status, done.duration) == ("completed", "48")


@pytest.mark.parametrize(("to", "status"), [(COLLEAGUE, "no-answer"), ("+32460000000", "failed")])
def test_without_events_only_the_end_is_reported(world: Any, colleague: Any, to: str, status: str) -> None:
    world.client.calls.create(
        to=to, from_=OURS, twiml="<Response/>", timeout=20, status_callback="https://voice.example.be/status"
    )
    world.run(26)
    assert [(it["CallStatus"], it["SequenceNumber"]) for it in world.server.at("/status")] == [(status, "0")]


def test_a_number_reports_only_the_end_of_its_calls(world: Any) -> None:
    world.server.pages["/status"] = ""
    status = "https://voice.example.be/status"
    world.exchange.register_number(OURS, "https://voice.example.be/incoming", status_callback=status)
    world.call("<Pause length='61'/><Say>x</Say>")
    world.run(62)
    assert [it["CallStatus"] for it in world.server.at("/status")] == ["completed"]


def test_what_is_canceled_while_queued_is_never_reported(world: Any, colleague: Any) -> None:
    call = world.client.calls.create(
        to=COLLEAGUE, from_=OURS, twiml="<Response/>", status_callback="https://voice.example.be/status"
    )
    world.client.calls(call.sid).update(status="canceled")
    world.run(5)
    assert (world.server.at("/status"), colleague.heard) == ([], [])


def test_calls_per_second_make_calls_wait(world: Any, colleague: Any) -> None:
    world.rest.extensions["orders"].calls_per_second = 1.0
    calls = [world.client.calls.create(to=COLLEAGUE, from_=OURS, twiml="<Response/>") for _ in range(3)]
    assert [call.queue_time for call in calls] == ["0", "1000", "2000"]
    world.run(1)
    assert len(colleague.legs("ringing")) == 2
