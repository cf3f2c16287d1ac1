"""What a document may hold: twilio.md 1.1, 1.3-1.9, 3.4, 6. Built documents come from the vendor's own library."""

from __future__ import annotations

import pytest
from twilio.twiml.voice_response import Conference, Dial, Gather, Start, VoiceResponse

from simulator.twiml import Place, TwimlFault, parse


def code(document: str | bytes, place: Place = "main") -> int:
    """The error code with which a document is refused, 0 when it is not."""
    body = document if isinstance(document, bytes) else f"<Response>{document}</Response>".encode()
    try:
        parse(body, place)
    except TwimlFault as fault:
        return fault.code
    return 0


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"<Response><Say>x</Response>", 12100),
        (b"not XML at all", 12100),
        (b'<!DOCTYPE a><Response/>', 12100),
        (b"", 11770),
        (b"<response/>", 12102),
        (b"<Say>x</Say>", 12102),
        (b"<Response>" + b" " * 65536 + b"</Response>", 11750),
        ("", 0),
        ("<say>x</say>", 12200),  # names are case-sensitive
        ("<Sms>x</Sms>", 12200),
        ("loose text", 12200),
        ("<Leave/>", 12200),  # only in a wait document
        ("<Say>x</Say><Reject/>", 12200),  # must come first
        ("<Reject reason='busy'/>", 0),
        ("<Reject reason='tired'/>", 13810),
        ("<Say>" + "x" * 4096 + "</Say>", 0),
        ("<Say>" + "x" * 4097 + "</Say>", 13521),
        ("<Say voice='Polly.Lisa-Neural'>" + "x" * 3001 + "</Say>", 13521),
        ("<Say/>", 13520),
        ("<Say>One <break time='1s'/> two <prosody rate='slow'><w>three</w></prosody></Say>", 0),
        ("<Say><Play>x</Play></Say>", 12200),
        ("<Say loop='often'>x</Say>", 13510),
        ("<Play/>", 11100),
        ("<Play digits='12'/>", 0),
        ("<Pause length='-1'/>", 13910),
        ("<Redirect/>", 11100),
        ("<Redirect method='PUT'>/x</Redirect>", 13710),
        ("<Gather numdigits='1'/>", 12200),
        ("<Gather numDigits='0'/>", 13314),
        ("<Gather timeout='soon'/>", 13313),
        ("<Gather finishOnKey=''/>", 0),
        ("<Gather finishOnKey='##'/>", 13310),
        ("<Gather input='dtmf speech'/>", 0),
        ("<Gather input='thoughts'/>", 13326),
        ("<Gather actionOnEmptyResult='yes'/>", 13338),
        ("<Gather><Gather/></Gather>", 13320),
        ("<Enqueue waitUrl='/w'>q</Enqueue>", 0),
        ("<Enqueue waiUrlMethod='POST'>q</Enqueue>", 12200),
        ("<Enqueue/>", 12200),
        ("<Enqueue>" + "q" * 65 + "</Enqueue>", 12200),
        ("<Dial/>", 13223),
        ("<Dial>+3225550101</Dial>", 0),
        ("<Dial><Conference>c</Conference><Number>+3225550101</Number></Dial>", 13000),
        ("<Dial><Client>a</Client><Number>+3225550101</Number></Dial>", 0),
        ("<Dial><Sip>sip:a@b</Sip></Dial>", 13215),
        ("<Dial><Conference statusCallbackEvent=\"['start', 'end']\">c</Conference></Dial>", 12200),
        ("<Dial><Conference statusCallbackEvent='start end'>c</Conference></Dial>", 0),
        ("<Dial><Conference endConferenceOnExit='True'>c</Conference></Dial>", 13231),
        (f"<Dial><Conference participantLabel='{'x' * 129}'>c</Conference></Dial>", 16023),
        (f"<Dial><Conference participantLabel='CA{'0' * 32}'>c</Conference></Dial>", 16023),
        ("<Dial><Conference participantLabel='CAR-7'>c</Conference></Dial>", 0),
        ("<Dial><Conference/></Dial>", 13237),
        ("<Dial><Client/></Dial>", 12200),
        ("<Dial><Client><Identity>a</Identity><Parameter name='t' value='1'/></Client></Dial>", 0),
        ("<Start><Stream url='wss://h/m'><Parameter name='t' value='1'/></Stream></Start>", 0),
        ("<Start><Stream/></Start>", 31923),
        ("<Start><Stream url='wss://h/m' track='both'/></Start>", 31941),
        (f"<Start><Stream url='wss://h/m'><Parameter name='t' value='{'x' * 499}'/></Stream></Start>", 12200),
        ("<Stop><Stream/></Stop>", 12200),
        ("<Record playBeep='no'/>", 13616),
    ],
)  # fmt: skip
def test_documents_are_refused_with_the_vendors_codes(document: str | bytes, expected: int) -> None:
    assert code(document) == expected


@pytest.mark.parametrize(
    ("place", "allowed", "refused"),
    [
        ("wait", "Play Say Pause Hangup Redirect Leave Gather", {"Dial": 12200, "Enqueue": 12200, "Record": 12200}),
        ("room", "Play Say Pause Redirect", {"Gather": 13238, "Hangup": 13238, "Dial": 13238}),
        ("whisper", "Play Say Pause Redirect", {"Gather": 12200, "Hangup": 12200}),
        ("screen", "Say Gather Hangup Start Redirect", {"Dial": 13201, "Enqueue": 12200}),
    ],
)
def test_each_place_has_its_own_verbs(place: Place, allowed: str, refused: dict[str, int]) -> None:
    example = {
        "Play": "<Play>/a.wav</Play>", "Say": "<Say>x</Say>", "Redirect": "<Redirect>/x</Redirect>",
        "Dial": "<Dial>+3225550101</Dial>", "Enqueue": "<Enqueue>q</Enqueue>",
        "Start": "<Start><Stream url='wss://h/m'/></Start>",
    }  # fmt: skip
    assert [code(example.get(name, f"<{name}/>"), place) for name in allowed.split()] == [0] * len(allowed.split())
    assert {name: code(example.get(name, f"<{name}/>"), place) for name in refused} == refused


def test_what_the_vendors_builder_makes_is_understood() -> None:
    response = VoiceResponse()
    gather = Gather(
        input="dtmf", num_digits=1, timeout=5, action_on_empty_result=True, action="https://h.example/a?b=1&c=2"
    )
    gather.say("Welkom & goedendag", language="nl-BE", voice="Polly.Lisa-Neural").break_(time="500ms")
    response.append(gather)
    start = Start()
    stream = start.stream(name="op-7", url="wss://h.example/media", track="inbound_track")
    stream.parameter(name="token", value="abc")
    response.append(start)
    dial = Dial(action="/after", record="record-from-answer-dual")
    dial.append(Conference("c-1", beep=False, wait_url="", participant_label="caller", status_callback_event="start"))
    response.append(dial)
    verbs = parse(str(response).encode())
    assert [verb.name for verb in verbs] == ["Gather", "Start", "Dial"]
    assert verbs[0].get("action") == "https://h.example/a?b=1&c=2"
    assert verbs[0].children[0].text == "Welkom & goedendag"
    assert verbs[1].children[0].children[0].get("value") == "abc"
    assert verbs[2].children[0].text == "c-1"
