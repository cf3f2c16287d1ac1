"""Effects become these documents, to the letter."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from callflows import effects as fx
from callflows.session import Session
from ivr import twiml
from ivr.urls import VoiceUrls

URLS = VoiceUrls("https://helpdesk.example")
SPOKEN = "#rt=4000&amp;rc=1&amp;rp=ct,rt"


def session(*effects: fx.Effect, phase: str = "menu") -> Session:
    return Session.model_validate(
        {
            "call_id": "c1", "flow": "helpdesk", "flow_version": "1", "language": "fr", "node": "n", "phase": phase,
            "step": 3, "loop": 2, "from_number": "+3246000100", "to_number": "+3225550100",
            "started_at": datetime(2026, 11, 23, 9, tzinfo=UTC), "effects": effects,
        }
    )  # fmt: skip


def rendered(*effects: fx.Effect, phase: str = "menu") -> str:
    document = twiml.render(session(*effects, phase=phase), lambda say: f"[{say.prompt}]", URLS)
    return document.removeprefix('<?xml version="1.0" encoding="UTF-8"?>')


SAY = fx.Say(prompt="welcome", language="fr")
SAID = '<Say language="fr-BE" voice="Polly.Isabelle-Neural">[welcome]</Say>'
BASE = "https://helpdesk.example/voice/calls/c1/3"


@pytest.mark.parametrize(
    ("effects", "phase", "expected"),
    [
        (
            (SAY, fx.Continue()),
            "menu",
            f'<Response>{SAID}<Redirect method="POST">{BASE}/answer{SPOKEN}</Redirect></Response>',
        ),
        (
            (fx.Gather(spoken=(SAY,), timeout_s=6),),
            "menu",
            f'<Response><Gather action="{BASE}/answer{SPOKEN}" actionOnEmptyResult="true" finishOnKey="" input="dtmf" '
            f'method="POST" numDigits="1" timeout="6">{SAID}</Gather></Response>',
        ),
        (
            (fx.Enqueue(queue="internet"),),
            "waiting",
            f'<Response><Enqueue action="{BASE}/left-queue{SPOKEN}" method="POST" waitUrl="{BASE}/wait/2{SPOKEN}" '
            f'waitUrlMethod="POST">q-internet</Enqueue></Response>',
        ),
        (
            (fx.Gather(spoken=(fx.PlayHoldMusic(duration_s=20),), timeout_s=1),),
            "waiting",
            f'<Response><Gather action="{BASE}/wait/2/key{SPOKEN}" actionOnEmptyResult="false" finishOnKey="" '
            f'input="dtmf" method="POST" numDigits="1" timeout="1"><Play>https://helpdesk.example/voice/audio/hold.wav'
            f'</Play></Gather><Redirect method="POST">{BASE}/wait/2{SPOKEN}</Redirect></Response>',
        ),
        (
            (SAY, fx.WaitOn()),
            "waiting",
            f'<Response>{SAID}<Redirect method="POST">{BASE}/wait/2{SPOKEN}</Redirect></Response>',
        ),
        ((fx.LeaveQueue(),), "waiting", "<Response><Leave /></Response>"),
        ((SAY, fx.Hangup()), "ended", f"<Response>{SAID}<Hangup /></Response>"),
    ],
)  # fmt: skip
def test_effects_become_a_document(effects: tuple[fx.Effect, ...], phase: str, expected: str) -> None:
    assert rendered(*effects, phase=phase) == expected


def test_a_leg_streams_before_it_joins_and_the_token_is_a_parameter() -> None:
    ticket = twiml.StreamTicket(url="wss://helpdesk.example/media", name="caller", token="t0k3n")
    document = ElementTree.fromstring(
        twiml.talk("c1", label="caller", action="https://a", ends_room=True, urls=URLS, ticket=ticket)
    )
    assert [verb.tag for verb in document] == ["Start", "Dial"]
    stream = document[0][0]
    assert stream.attrib["track"] == "inbound_track"
    assert "?" not in stream.attrib["url"], "Twilio drops a query string there without a word"
    assert stream[0].attrib == {"name": "token", "value": "t0k3n"}
    room = document[1][0]
    assert room.text == "c-c1"
    assert room.attrib["endConferenceOnExit"] == "true"
    assert room.attrib["statusCallbackEvent"] == "start end join leave hold"


def test_a_caller_who_opted_out_has_no_stream() -> None:
    document = ElementTree.fromstring(
        twiml.talk("c1", label="caller", action="https://a", ends_room=True, urls=URLS, ticket=None)
    )
    assert [verb.tag for verb in document] == ["Dial"]


def test_a_document_sent_by_rest_stays_under_the_limit() -> None:
    ticket = twiml.StreamTicket(url="wss://" + "h" * 100 + "/media", name="caller", token="t" * 480)
    call_id = "00000000-0000-0000-0000-000000000000"
    document = twiml.talk(
        call_id, label="caller", action=URLS.after_talk(call_id, 99), ends_room=True, urls=URLS, ticket=ticket
    )
    assert len(document) <= 4000


def test_the_apology_speaks_every_language_and_dials_a_person() -> None:
    spoken = [("Sorry", "nl"), ("Pardon", "fr")]
    assert twiml.apology(spoken, "+3225550199").endswith("<Dial>+3225550199</Dial></Response>")
    assert twiml.apology(spoken, "").endswith("<Hangup /></Response>")
