"""The way of a call as it is used here: menu, waiting room, operator pulls, talking room, hang-up."""

from __future__ import annotations

from typing import Any


def test_a_caller_waits_and_is_moved_into_the_room_where_the_operator_is(world: Any) -> None:
    room = (
        '<Dial action="/after-talk"><Conference beep="false" waitUrl="" endConferenceOnExit="{end}"'
        ' participantLabel="{label}" statusCallback="https://voice.example.be/room"'
        ' statusCallbackEvent="start end join leave">c-1</Conference></Dial>'
    )
    world.server.pages |= {
        "/menu": '<Enqueue waitUrl="/wait/0" action="/left">q-internet</Enqueue>',
        "/wait/0": '<Say>Please wait for somebody.</Say><Gather numDigits="1" timeout="5" action="/key"/>',
        "/room": "",
        "/left": "<Hangup/>",
        "/after-talk": "<Hangup/>",
    }
    caller, person = world.call('<Gather numDigits="1" action="/menu"><Say>Press one.</Say></Gather>')
    world.press(caller, "1")
    assert world.exchange.leg(caller).queue == "q-internet"
    assert world.server.at("/wait/0")[0]["QueuePosition"] == "1"
    world.run(30)
    assert world.exchange.leg(caller).doing in ("saying", "gathering")

    def joined(asked: Any) -> str:  # a REST call from inside a webhook
        if asked["StatusCallbackEvent"] == "participant-join" and asked["ParticipantLabel"] == "operator-7":
            world.client.calls(caller).update(
                twiml=f"<Response>{room.format(end='true', label='caller')}</Response>".replace(
                    "/after-talk", "https://voice.example.be/after-talk"
                )
            )
        return ""

    world.server.pages["/room"] = joined
    operator, _ = world.browser(room.format(end="false", label="operator-7"), offer="o-1")
    assert world.server.at("/operator")[0]["offer"] == "o-1"
    assert world.server.at("/left")[0]["QueueResult"] == "redirected"
    assert {seat.label for seat in world.exchange.rooms()[0].seats} == {"operator-7", "caller"}
    assert person.last("room")["others"] == 1
    world.run(60)
    world.hang_up(caller)
    events = [asked["StatusCallbackEvent"] for asked in world.server.at("/room")]
    assert events == [
        "participant-join", "participant-join", "conference-start", "participant-leave", "participant-leave",
        "conference-end",
    ]  # fmt: skip
    assert world.exchange.leg(operator).status == "completed"
    assert world.exchange.calls() == []
    assert world.codes() == []
