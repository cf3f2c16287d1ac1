"""Conferences: who is in, who hears whom, what is reported. twilio.md 1.8, 4.3 and 5.1."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

EVENTS = "start end join leave mute hold modify"


def seat(label: str, *, end: bool = False, attributes: str = "", events: str = EVENTS) -> str:
    return (
        f"<Dial action='https://voice.example.be/after'><Conference participantLabel='{label}' waitUrl=''"
        f" endConferenceOnExit='{str(end).lower()}' statusCallback='https://voice.example.be/room'"
        f" statusCallbackEvent='{events}' {attributes}>c-1</Conference></Dial>"
    )


@pytest.fixture
def room(world: Any) -> tuple[Any, str, str, Any, Any]:
    """Operator and caller in a running conference."""
    world.server.pages |= {"/room": "", "/after": "<Hangup/>"}
    operator, dana = world.browser(seat("operator-7"))
    caller, person = world.call(seat("caller", end=True))
    world.server.asked.clear()
    return world, caller, operator, person, dana


def events(world: Any) -> list[str]:
    return [asked["StatusCallbackEvent"] for asked in world.server.at("/room")]


def test_it_starts_with_the_second_who_may_start_it(world: Any) -> None:
    world.server.pages |= {"/room": "", "/after": "<Hangup/>"}
    _, first = world.call(seat("a", attributes="startConferenceOnEnter='false'"))
    assert first.last("room")["others"] == 0
    world.call(seat("b", attributes="startConferenceOnEnter='false'"))
    assert world.exchange.rooms()[0].status == "init"
    world.call(seat("c"))
    assert events(world) == ["participant-join"] * 3 + ["conference-start"]
    assert first.last("room") == {"room": "c-1", "others": 2, "held": False, "muted": False}


def test_a_participants_event_says_everything_about_it(world: Any) -> None:
    world.server.pages["/room"] = ""
    leg, _ = world.call(seat("caller", end=True))
    asked = world.server.at("/room")[0]
    expected = {
        "FriendlyName": "c-1", "SequenceNumber": "1", "StatusCallbackEvent": "participant-join", "CallSid": leg,
        "Muted": "false", "Hold": "false", "Coaching": "false", "EndConferenceOnExit": "true",
        "StartConferenceOnEnter": "true", "ParticipantLabel": "caller",
    }  # fmt: skip
    assert {name: asked[name] for name in expected} == expected
    assert parsedate_to_datetime(asked["Timestamp"]).astimezone(UTC) == world.clock.now().replace(microsecond=0)


def test_the_first_participant_fixes_the_callbacks(world: Any) -> None:
    world.server.pages |= {"/room": "", "/other": ""}
    world.call(seat("a", events="leave"))
    world.call(seat("b").replace("/room", "/other"))
    assert world.server.at("/other") == world.server.at("/room") == []


def test_a_first_participant_by_rest_without_callback_means_silence_for_ever(world: Any, person: Any) -> None:
    world.server.pages["/room"] = ""
    world.exchange.register_phone("+32460009999", person())
    first = world.client.conferences("c-1").participants.create(from_="+3225550100", to="+32460009999")
    world.timeline.settle()
    world.exchange.answer(first.call_sid)
    world.call(seat("caller"))
    assert world.exchange.rooms()[0].status == "in-progress"
    assert world.server.at("/room") == []


def test_who_waits_for_the_room_hears_its_wait_document_until_it_starts(world: Any) -> None:
    world.server.pages |= {"/room": "", "/music": "<Say>Music while you wait.</Say><Pause length='60'/>"}
    _, person = world.call(seat("a").replace("waitUrl=''", "waitUrl='/music'"))
    assert person.said() == ["Music while you wait."]
    leg, _ = world.call(seat("b"))
    world.run(120)
    assert world.exchange.leg(leg).doing == "in-room"
    assert len(world.server.at("/music")) == 1


def test_an_announcement_is_heard_by_one(room: Any) -> None:
    world, caller, _, person, dana = room
    world.server.pages["/announce"] = "<Say>One minute left.</Say>"
    world.client.conferences("c-1").participants(caller).update(announce_url="https://voice.example.be/announce")
    world.run(5)
    assert (person.said(), dana.said()) == (["One minute left."], [])
    assert world.exchange.leg(caller).doing == "in-room"


def test_a_call_is_up_for_four_hours_at_most(room: Any) -> None:
    world, caller, *_ = room
    world.run(4 * 3600 + 1)
    assert world.exchange.leg(caller).end_reason == "its time limit"


def test_a_caller_who_hangs_up_ends_the_room(room: Any) -> None:
    world, caller, operator, _, dana = room
    world.run(30)
    world.hang_up(caller)
    left, thrown_out, end = world.server.at("/room")
    assert (left["ReasonParticipantLeft"], left["ParticipantCallStatus"]) == ("participant_hung_up", "completed")
    assert thrown_out["ReasonParticipantLeft"] == "moderator_ended_conference"
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert (end["CallSidEndingConference"], end["ParticipantLabelEndingConference"]) == (caller, "caller")
    after = {asked["CallSid"]: asked for asked in world.server.at("/after")}
    assert (after[operator]["DialCallStatus"], after[operator].get("DialCallSid")) == ("answered", None)
    assert after[caller]["CallStatus"] == "completed"
    assert dana.kinds()[-1] == "ended"


def test_an_operator_who_drops_leaves_the_caller_in_the_room(room: Any) -> None:
    world, caller, operator, person, _ = room
    world.hang_up(operator)
    assert events(world) == ["participant-leave"]
    assert world.exchange.leg(caller).room == "c-1"
    assert person.last("room")["others"] == 0


def test_hold_plays_its_document_over_and_over_and_nobody_hears_the_held(room: Any) -> None:
    world, caller, operator, person, dana = room
    world.server.pages["/hold"] = "<Say>Fifteen letters</Say><Pause length='4'/>"
    conference = world.client.conferences.list(friendly_name="c-1", status="in-progress")[0]
    participants = world.client.conferences(conference.sid).participants
    shown = participants("caller").update(hold=True, hold_url="https://voice.example.be/hold", hold_method="POST")
    assert (shown.hold, shown.label, shown.call_sid) == (True, "caller", caller)
    world.run(12)
    assert [asked.method for asked in world.server.at("/hold")] == ["POST"] * 3
    assert (person.last("room")["held"], dana.last("room")["others"]) == (True, 0)
    participants("caller").update(end_conference_on_exit=False)  # accepted but ignored on hold
    participants(caller).update(hold=False)
    world.run(12)
    assert len(world.server.at("/hold")) == 3
    assert events(world) == ["participant-hold", "participant-unhold"]
    assert (person.last("room")["others"], world.exchange.leg(caller).doing) == (1, "in-room")
    world.hang_up(caller)
    assert world.exchange.leg(operator).status == "completed"


def test_hold_is_fetched_with_get_unless_asked_otherwise_and_a_fault_there_is_only_silence(room: Any) -> None:
    world, caller, _, _, _ = room
    world.client.conferences("c-1").participants(caller).update(hold=True, hold_url="https://voice.example.be/gone")
    world.run(5)
    assert [asked.method for asked in world.server.at("/gone")] == ["GET"]
    assert world.exchange.leg(caller).held


def test_mute_and_coach(room: Any) -> None:
    world, _caller, operator, person, dana = room
    world.browser(seat("sup-3", attributes="muted='true' startConferenceOnEnter='false'"), "op_3")
    assert (person.last("room")["others"], dana.last("room")["others"]) == (1, 1)  # the listener is not heard
    supervisor = world.client.conferences("c-1").participants("sup-3")
    supervisor.update(muted=False, coaching=True, call_sid_to_coach=operator)
    world.timeline.settle()
    assert (person.last("room")["others"], dana.last("room")["others"]) == (1, 2)  # only the operator hears a whisper
    supervisor.update(coaching=False)
    world.timeline.settle()
    assert person.last("room")["others"] == 2
    assert events(world) == ["participant-join", "participant-modify", "participant-unmute", "participant-modify"]


@pytest.mark.parametrize(
    ("attributes", "label", "code"),
    [("", "caller", 16025), ("coach='CA00000000000000000000000000000000'", "x", 13240)],
)
def test_a_refused_participant_goes_on_to_the_action(room: Any, attributes: str, label: str, code: int) -> None:
    world, *_ = room
    leg, _ = world.call(seat(label, attributes=attributes), from_="+32460005678")
    assert world.codes() == [code]
    assert [asked["CallSid"] for asked in world.server.at("/after")] == [leg]


def test_a_call_taken_elsewhere_leaves_without_its_dial_action(room: Any) -> None:
    world, caller, _, person, _ = room
    world.client.calls(caller).update(twiml="<Response><Say>Back to the queue.</Say><Pause length='9'/></Response>")
    world.timeline.settle()
    assert world.server.at("/room")[0]["ReasonParticipantLeft"] == "participant_updated_via_api"
    assert caller not in [asked["CallSid"] for asked in world.server.at("/after")]
    assert person.said() == ["Back to the queue."]


def test_kicking_sends_the_leg_on_and_completing_sends_everybody(room: Any) -> None:
    world, _caller, operator, _, _ = room
    conference = world.client.conferences.list(friendly_name="c-1")[0]
    world.client.conferences(conference.sid).participants("operator-7").delete()
    world.timeline.settle()
    assert world.server.at("/after")[0]["CallSid"] == operator
    world.client.conferences(conference.sid).update(status="completed")
    world.timeline.settle()
    end = world.server.at("/room")[-1]
    assert (end["StatusCallbackEvent"], end["ReasonConferenceEnded"]) == ("conference-end", "conference-ended-via-api")
    assert world.exchange.calls() == []
    shown = world.client.conferences(conference.sid).fetch()
    assert (shown.status, shown.reason_conference_ended) == ("completed", "conference-ended-via-api")


def test_a_participant_rung_by_rest_joins_when_it_answers_and_hangs_up_when_the_room_ends(room: Any) -> None:
    world, caller, _, _, _ = room
    colleague = type(room[3])()
    world.exchange.register_phone("+32460009999", colleague)
    shown = world.client.conferences("c-1").participants.create(
        from_="+3225550100", to="+32460009999", label="operator-9", end_conference_on_exit=False
    )
    assert shown.status == "queued"
    world.timeline.settle()
    assert colleague.last("ringing") == {"from": "+3225550100", "to": "+32460009999"}
    world.exchange.answer(shown.call_sid)
    world.timeline.settle()
    assert colleague.last("room")["others"] == 2
    world.hang_up(caller)
    assert colleague.kinds()[-1] == "ended"


def test_a_new_room_of_the_same_name_is_another_conference(room: Any) -> None:
    world, caller, *_ = room
    world.hang_up(caller)
    world.call(seat("caller"))
    assert [(it.name, it.status) for it in world.exchange.rooms()] == [("c-1", "completed"), ("c-1", "init")]
