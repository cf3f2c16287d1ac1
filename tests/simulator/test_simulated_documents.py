"""Verbs as the vendor documents them; many cases are those of somleng-switch, told anew. twilio.md 1.1, 1.3, 1.9."""

from __future__ import annotations

import struct
from typing import Any

import pytest


def wav(seconds: float, hz: int = 8000) -> bytes:
    data = struct.pack("<h", 1000) * int(seconds * hz)
    form = struct.pack("<HHIIHH", 1, 1, hz, hz * 2, 2, 16)
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + (
        struct.pack("<I", len(data)) + data
    )  # fmt: skip


def test_the_first_request_carries_the_standard_parameters(world: Any) -> None:
    leg, person = world.call("<Say>Hello.</Say>")
    asked = world.server.at("/incoming")[0]
    assert (asked.method, asked["CallSid"], asked["From"], asked["To"]) == ("POST", leg, "+32460001234", "+3225550100")
    assert (asked["CallStatus"], asked["Direction"], asked["ApiVersion"]) == ("ringing", "inbound", "2010-04-01")
    assert asked["Caller"] == asked["From"]
    assert asked["FromCity"] == ""  # blanks are sent, and signed
    assert person.kinds() == ["answered", "saying"]


def test_saying_takes_time_and_the_end_of_the_document_hangs_up(world: Any) -> None:
    leg, person = world.call("<Say>Fifteen letters</Say><Pause length='2'/>")
    world.run(2.9)
    assert world.exchange.leg(leg).status == "in-progress"
    world.run(0.2)
    assert world.exchange.leg(leg).status == "completed"
    assert person.kinds()[-1] == "ended"


def test_an_empty_document_hangs_up(world: Any) -> None:
    leg, _ = world.call("")
    assert world.exchange.leg(leg).status == "completed"
    assert world.codes() == []


def test_a_sound_is_fetched_once_and_lasts_as_long_as_it_is(world: Any) -> None:
    world.server.pages["/hold.wav"] = (200, "audio/wav", wav(1.5, hz=16000))
    leg, person = world.call("<Play>hold.wav</Play><Play loop='2'>/hold.wav</Play><Pause length='60'/>")
    assert person.last("playing") == {"url": "https://voice.example.be/hold.wav", "duration_s": 1.5}
    world.run(4.4)
    assert world.exchange.leg(leg).doing == "playing"
    world.run(0.2)
    assert world.exchange.leg(leg).doing == "pausing"
    assert len(world.server.at("/hold.wav")) == 1


def test_a_missing_sound_is_an_application_error(world: Any) -> None:
    leg, person = world.call("<Play>/gone.wav</Play>")
    assert person.said() == ["We are sorry. An application error has occurred. Goodbye."]
    world.run(5)
    assert world.exchange.leg(leg).status == "completed"
    assert world.codes() == [11200]


@pytest.mark.parametrize(
    ("gather", "keys", "digits"),
    [
        ("numDigits='1'", "1", "1"),
        ("numDigits='2'", "12", "12"),
        ("", "12#", "12"),  # finishOnKey is # by default, and not part of the digits
        ("finishOnKey='*'", "12#*", "12#"),
        ("finishOnKey='' timeout='3'", "12#", "12#"),  # nothing but time ends it
        ("timeout='2'", "7", "7"),
    ],
)
def test_keys_are_gathered(world: Any, gather: str, keys: str, digits: str) -> None:
    world.server.pages["/menu"] = "<Pause length='60'/>"
    leg, person = world.call(f"<Gather action='/menu' {gather}><Say>Choose.</Say></Gather>")
    world.press(leg, keys)
    world.run(6)
    assert [asked["Digits"] for asked in world.server.at("/menu")] == [digits]
    assert "gather-ended" in person.kinds()


def test_the_timeout_starts_after_the_prompts_and_is_five_seconds(world: Any) -> None:
    leg, _ = world.call("<Gather action='/menu'><Say>Fifteen letters</Say></Gather><Pause length='60'/>")
    world.run(5.9)
    assert world.exchange.leg(leg).doing == "gathering"
    world.run(0.2)
    assert world.exchange.leg(leg).doing == "pausing"  # nothing pressed: on to the next verb
    assert world.server.at("/menu") == []


def test_a_key_cuts_the_prompt_short(world: Any) -> None:
    world.server.pages["/menu"] = "<Pause length='60'/>"
    leg, _ = world.call(f"<Gather action='/menu' numDigits='1'><Say>{'x' * 1500}</Say><Say>More.</Say></Gather>")
    world.run(3)
    world.press(leg, "4")
    assert world.server.at("/menu")[0]["Digits"] == "4"


@pytest.mark.parametrize(("keys", "asked"), [("", 1), ("#", 1)])
def test_action_on_empty_result_asks_without_digits(world: Any, keys: str, asked: int) -> None:
    world.server.pages["/menu"] = "<Pause length='60'/>"
    leg, _ = world.call("<Gather action='/menu' actionOnEmptyResult='true'/>")
    world.press(leg, keys)
    world.run(6)
    assert [request.get("Digits") for request in world.server.at("/menu")] == [None] * asked


def test_finish_key_pressed_first_falls_through(world: Any) -> None:
    leg, person = world.call("<Gather action='/menu'/><Say>Nothing chosen.</Say>")
    world.press(leg, "#")
    assert person.said() == ["Nothing chosen."]


def test_without_action_the_current_document_is_asked_again(world: Any) -> None:
    leg, _ = world.call("<Gather numDigits='1'/>")
    world.press(leg, "5")
    assert [asked.get("Digits") for asked in world.server.at("/incoming")] == [None, "5"]


def test_get_puts_everything_in_the_query(world: Any) -> None:
    world.server.pages["/menu"] = "<Hangup/>"
    leg, _ = world.call("<Gather numDigits='1' method='GET' action='menu?a=1'/>")
    world.press(leg, "5")
    asked = world.server.at("/menu")[0]
    assert (asked.method, asked.query["Digits"], asked.query["a"], asked.form) == ("GET", "5", "1", {})


def test_speech_is_gathered_where_it_is_asked_for(world: Any) -> None:
    world.server.pages["/menu"] = "<Pause length='60'/>"
    leg, _ = world.call("<Gather input='speech' action='/menu'><Say>Speak.</Say></Gather>")
    world.press(leg, "1")  # keys are not listened to
    world.exchange.speak(leg, "my internet is down")
    world.timeline.settle()
    assert world.server.at("/menu")[0]["SpeechResult"] == "my internet is down"


@pytest.mark.parametrize("target", ["/next", "https://voice.example.be/next", "next"])
def test_redirect_transfers_control(world: Any, target: str) -> None:
    world.server.pages["/next"] = "<Say>Here.</Say>"
    _, person = world.call(f"<Redirect>{target}</Redirect><Say>Never.</Say>")
    assert (world.server.at("/next")[0].method, person.said()) == ("POST", ["Here."])


def test_redirects_that_take_no_time_are_stopped(world: Any) -> None:
    leg, _ = world.call("<Redirect>/incoming</Redirect>")
    world.run(10)
    assert (world.codes(), world.exchange.leg(leg).status) == ([11215], "completed")


@pytest.mark.parametrize(("reason", "status"), [("rejected", "no-answer"), ("busy", "busy")])
def test_reject_never_answers(world: Any, reason: str, status: str) -> None:
    leg, person = world.call(f"<Reject reason='{reason}'/>")
    assert (world.exchange.leg(leg).status, world.exchange.leg(leg).answered_at) == (status, None)
    assert person.kinds() == ["ended"]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ((500, "text/xml", "<Response/>"), 11200),
        ((200, "", "<Response/>"), 12300),
        ((200, "application/json", "{}"), 12300),
        ((200, "text/xml", "<Response><Sing/></Response>"), 12200),
        ((200, "text/xml", "<Response><Say>x</Response>"), 12100),
        ((200, "text/xml", "<Antwoord/>"), 12102),
    ],
)
def test_a_faulty_document_goes_to_the_fallback_url(world: Any, page: Any, code: int) -> None:
    world.exchange.register_number("+3225550100", "https://voice.example.be/incoming", "https://voice.example.be/help")
    world.server.pages["/help"] = "<Say>Sorry.</Say>"
    _, person = world.call(page)
    asked = world.server.at("/help")[0]
    assert (asked["ErrorCode"], asked["ErrorUrl"]) == (str(code), "https://voice.example.be/incoming")
    assert (person.said(), world.codes()) == (["Sorry."], [code])


def test_a_faulty_fallback_is_an_application_error(world: Any) -> None:
    world.exchange.register_number("+3225550100", "https://voice.example.be/incoming", "https://voice.example.be/help")
    leg, _ = world.call((500, "text/xml", ""))
    world.run(10)
    assert len(world.server.at("/help")) == 1
    assert (world.codes(), world.exchange.leg(leg).end_reason) == ([11200, 11200], "application error")


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("text/html", "<Response><Say>As HTML.</Say></Response>", "As HTML."),
        ("application/xml; charset=utf-8", "<Response><Say>As XML.</Say></Response>", "As XML."),
        ("text/plain", "<Response><Say>As TwiML.</Say></Response>", "As TwiML."),
        ("text/plain", "Spoken as it is.", "Spoken as it is."),
    ],
)
def test_content_types(world: Any, kind: str, text: str, said: str) -> None:
    _, person = world.call((200, kind, text))
    assert person.said() == [said]


def test_audio_as_a_document_is_played(world: Any) -> None:
    leg, person = world.call((200, "audio/wav", wav(2)))
    assert person.last("playing")["duration_s"] == 2
    world.run(2.1)
    assert world.exchange.leg(leg).status == "completed"


def test_a_recording_ends_with_a_key_and_is_handed_over(world: Any) -> None:
    world.server.pages |= {"/recorded": "<Hangup/>", "/done": ""}
    leg, person = world.call("<Record action='/recorded' recordingStatusCallback='/done' maxLength='30'/>")
    world.run(12)
    world.press(leg, "#")
    asked, done = world.server.at("/recorded")[0], world.server.at("/done")[0]
    assert (asked["RecordingDuration"], asked["Digits"]) == ("12", "#")
    assert (done["RecordingStatus"], done["RecordingSource"], done["CallSid"]) == ("completed", "RecordVerb", leg)
    assert "recording" in person.kinds()


def test_an_empty_recording_falls_through_and_a_hang_up_hands_it_over(world: Any) -> None:
    world.server.pages["/recorded"] = "<Say>Never heard.</Say>"
    leg, person = world.call("<Record action='/recorded'/><Say>Nothing recorded.</Say><Record action='/recorded'/>")
    world.exchange.silence(leg)
    world.run(3)
    assert person.said() == ["Nothing recorded."]
    world.hang_up(leg)
    assert [asked["Digits"] for asked in world.server.at("/recorded")] == ["hangup"]
    assert world.server.at("/recorded")[0]["CallStatus"] == "completed"
    assert person.said() == ["Nothing recorded."]


def test_connect_is_refused(world: Any) -> None:
    world.call("<Connect><Stream url='wss://h.example/m'/></Connect>")
    assert world.codes() == [0]
