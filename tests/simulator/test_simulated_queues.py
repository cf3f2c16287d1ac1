"""<Enqueue> and what can happen to a call that waits: twilio.md 1.4 and 1.5."""

from __future__ import annotations

from typing import Any

import pytest

ENQUEUE = "<Enqueue waitUrl='/wait' action='/left'>q-internet</Enqueue><Say>After the queue.</Say>"


def enter(world: Any, wait: Any = "<Pause length='10'/>", document: str = ENQUEUE) -> tuple[str, Any]:
    world.server.pages |= {"/wait": wait, "/left": "<Say>Left.</Say><Pause length='600'/>"}
    return world.call(document)  # type: ignore[no-any-return]


def test_the_wait_document_is_asked_again_and_again_with_the_queues_figures(world: Any) -> None:
    first, person = enter(world)
    world.run(4)
    second, _ = enter(world)
    world.run(17)
    mine = [asked for asked in world.server.at("/wait") if asked["CallSid"] == first]
    assert [(a["QueuePosition"], a["QueueTime"], a["CurrentQueueSize"]) for a in mine] == [
        ("1", "0", "1"), ("1", "10", "2"), ("1", "20", "2"),
    ]  # fmt: skip
    other = next(asked for asked in world.server.at("/wait") if asked["CallSid"] == second)
    assert (other["QueuePosition"], other["AvgQueueTime"], other["MaxQueueSize"]) == ("2", "2", "1000")
    assert other["QueueSid"].startswith("QU")
    assert person.last("queued") == {"queue": "q-internet"}
    assert world.exchange.waiting()[0].members == (first, second)


def test_a_redirect_in_the_wait_document_leads_to_the_next_one(world: Any) -> None:
    world.server.pages["/wait/1"] = "<Pause length='10'/><Redirect>/wait/1</Redirect>"
    enter(world, "<Pause length='10'/><Redirect>/wait/1</Redirect>")
    world.run(35)
    assert [asked["QueueTime"] for asked in world.server.at("/wait/1")] == ["10", "20", "30"]


def test_a_wait_document_that_takes_no_time_does_not_stop_the_world(world: Any) -> None:
    leg, _ = enter(world, "")
    world.run(5)
    assert world.exchange.leg(leg).queue == "q-internet"
    assert len(world.server.at("/wait")) <= 7


def test_keys_work_while_waiting_and_leave_goes_to_the_action(world: Any) -> None:
    world.server.pages["/key"] = "<Leave/>"
    leg, person = enter(world, "<Gather numDigits='1' timeout='30' action='/key'/>")
    world.run(8)
    world.press(leg, "1")
    assert world.server.at("/key")[0]["QueueTime"] == "8"
    left = world.server.at("/left")[0]
    assert (left["QueueResult"], left["QueueTime"]) == ("leave", "8")
    assert person.said() == ["Left."]
    assert world.exchange.leg(leg).queue == ""


def test_without_an_action_the_next_verb_runs(world: Any) -> None:
    _, person = enter(world, "<Leave/>", "<Enqueue waitUrl='/wait'>q</Enqueue><Say>After the queue.</Say>")
    assert person.said() == ["After the queue."]


@pytest.mark.parametrize(
    ("wait", "code"),
    [("<Dial>+3225550199</Dial>", 12200), ((500, "text/xml", ""), 11200), ("<Play>/gone.wav</Play>", 11200)],
)
def test_a_fault_in_the_wait_document_ends_the_waiting_with_error(world: Any, wait: Any, code: int) -> None:
    _, person = enter(world, wait)
    assert world.server.at("/left")[0]["QueueResult"] == "error"
    assert (world.codes(), person.said()) == ([code], ["Left."])


def test_a_caller_who_hangs_up_is_out_and_the_action_is_told(world: Any) -> None:
    leg, person = enter(world)
    world.run(12)
    world.hang_up(leg)
    left = world.server.at("/left")[0]
    assert (left["QueueResult"], left["QueueTime"], left["CallStatus"]) == ("hangup", "12", "completed")
    assert world.exchange.waiting()[0].members == ()
    world.run(60)
    assert len(world.server.at("/wait")) == 2
    assert person.said() == []


def test_a_full_queue_is_said_at_once(world: Any) -> None:
    world.client.queues.create("q-internet", max_size=1)
    enter(world)
    enter(world)
    left = world.server.at("/left")[0]
    assert (left["QueueResult"], left.get("QueueSid")) == ("queue-full", None)


def test_a_redirect_by_rest_tells_the_action_but_its_answer_has_no_effect(world: Any) -> None:
    leg, person = enter(world)
    world.run(3)
    world.client.calls(leg).update(twiml="<Response><Say>Moved.</Say><Pause length='60'/></Response>")
    world.timeline.settle()
    assert world.server.at("/left")[0]["QueueResult"] == "redirected"
    world.run(2)
    assert person.said() == ["Moved."]
    assert world.exchange.leg(leg).doing == "pausing"


def test_members_are_read_and_taken_out_by_rest(world: Any) -> None:
    world.server.pages["/out"] = "<Say>Your turn.</Say><Pause length='600'/>"
    first, person = enter(world)
    world.run(5)
    second, _ = enter(world)
    queue = world.client.queues.list()[0]
    assert (queue.friendly_name, queue.current_size, queue.max_size) == ("q-internet", 2, 1000)
    members = world.client.queues(queue.sid).members.list()
    assert [(member.call_sid, member.position, member.wait_time) for member in members] == [
        (first, 1, 5),
        (second, 2, 0),
    ]
    world.client.queues(queue.sid).members("Front").update(url="https://voice.example.be/out", method="POST")
    world.timeline.settle()
    assert person.said() == ["Your turn."]
    assert world.client.queues(queue.sid).members(second).fetch().position == 1


def test_dial_queue_takes_the_front_after_a_whisper(world: Any) -> None:
    caller, person = enter(world)
    world.run(7)
    world.server.pages |= {"/whisper": "<Say>Somebody is here.</Say>", "/operator-left": "<Hangup/>"}
    operator, _ = world.browser("<Dial action='/operator-left'><Queue url='/whisper'>q-internet</Queue></Dial>")
    asked = world.server.at("/whisper")[0]
    assert (asked["CallSid"], asked["DequeingCallSid"], asked["QueueTime"]) == (caller, operator, "7")
    world.run(2)
    assert world.exchange.leg(caller).doing == world.exchange.leg(operator).doing == "talking"
    assert world.server.at("/left") == []  # only when the bridge ends
    world.run(20)
    world.hang_up(operator)
    assert world.server.at("/left")[0]["QueueResult"] == "bridged"
    assert person.said()[-1] == "Left."
    assert world.server.at("/operator-left")[0]["DialCallStatus"] == "completed"


def test_dial_queue_goes_on_when_the_caller_hangs_up(world: Any) -> None:
    caller, _ = enter(world)
    world.server.pages["/operator-left"] = "<Hangup/>"
    operator, _ = world.browser("<Dial action='/operator-left'><Queue>q-internet</Queue></Dial>")
    world.run(9)
    world.hang_up(caller)
    asked = world.server.at("/operator-left")[0]
    assert (asked["DialCallStatus"], asked["DialBridged"], asked["QueueTime"]) == ("answered", "true", "9")
    assert world.exchange.leg(operator).status == "completed"


def test_dial_queue_finds_an_empty_queue(world: Any) -> None:
    world.server.pages["/operator-left"] = "<Hangup/>"
    world.browser("<Dial action='/operator-left'><Queue>q-internet</Queue></Dial>")
    assert world.server.at("/operator-left")[0]["QueueResult"] == "queue-empty"
