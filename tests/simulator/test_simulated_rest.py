"""The REST API as twilio-python 9.13 sees it: twilio.md 5.1 and 5.2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from twilio.rest import Client

BASE = "https://voice.example.be"
OURS = "+3225550100"
OUT = "+32460009999"
Refused = Callable[[Callable[[], Any]], tuple[int, int]]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"to": "", "from_": OURS, "url": f"{BASE}/x"}, 21201),
        ({"to": "nobody", "from_": OURS, "url": f"{BASE}/x"}, 21211),
        ({"to": OUT, "from_": "", "url": f"{BASE}/x"}, 21213),
        ({"to": OUT, "from_": "me", "url": f"{BASE}/x"}, 21212),
        ({"to": OUT, "from_": "+32460000001", "url": f"{BASE}/x"}, 21210),
        ({"to": OUT, "from_": OURS}, 21205),
        ({"to": OUT, "from_": OURS, "url": "/relative"}, 21205),
        ({"to": OUT, "from_": OURS, "url": f"{BASE}/x", "method": "PUT"}, 21209),
        ({"to": OUT, "from_": OURS, "url": f"{BASE}/x", "timeout": 601}, 21208),
        ({"to": OUT, "from_": OURS, "application_sid": "AP" + "9" * 32}, 21218),
        ({"to": OUT, "from_": OURS, "twiml": "x" * 4001}, 20001),
        ({"to": OUT, "from_": OURS, "url": f"{BASE}/x", "status_callback_event": ["in-progress"]}, 20001),
    ],
)
def test_calls_are_refused_with_the_vendors_codes(
    world: Any, refused: Refused, arguments: dict[str, Any], code: int
) -> None:
    assert refused(lambda: world.client.calls.create(**arguments)) == (400, code)
    assert world.exchange.calls() == []


def test_a_wrong_password_and_another_account_are_refused(world: Any, refused: Refused) -> None:
    transport = world.client.http_client
    stranger = Client(world.exchange.account_sid, "wrong", http_client=transport)
    assert refused(lambda: stranger.calls("CA1").fetch()) == (401, 20003)
    other = Client(world.exchange.account_sid, world.exchange.auth_token, "AC" + "1" * 32, http_client=transport)
    assert refused(lambda: other.calls("CA1").fetch()) == (404, 20404)
    key = Client("SK1", "a secret of an API key, 32 or more", world.exchange.account_sid, http_client=transport)
    assert key.calls.list() == []


def test_a_busy_api_does_nothing(world: Any, refused: Refused) -> None:
    leg, _ = world.call("<Say>Hello.</Say><Pause length='60'/>")
    world.rest.extensions["switches"].busy = 1
    assert refused(lambda: world.client.calls(leg).update(status="completed")) == (429, 20429)
    world.client.calls(leg).update(status="completed")
    assert world.exchange.leg(leg).status == "completed"


@pytest.mark.parametrize(
    "change", [{"twiml": "<Response/>"}, {"url": f"{BASE}/x"}, {"status": "completed"}, {"status": "canceled"}]
)
def test_a_call_that_is_over_cannot_be_changed(world: Any, refused: Refused, change: dict[str, str]) -> None:
    leg, _ = world.call("")
    assert refused(lambda: world.client.calls(leg).update(**change)) == (400, 21220)


def test_what_is_not_there_is_404(world: Any, refused: Refused) -> None:
    client, nobody = world.client, "CA" + "0" * 32
    for ask in (
        lambda: client.calls(nobody).fetch(),
        lambda: client.calls(nobody).update(status="completed"),
        lambda: client.queues("QU1").fetch(),
        lambda: client.conferences("CF1").fetch(),
        lambda: client.conferences("c-1").participants(nobody).update(hold=True),
        lambda: client.conferences("c-1").participants(nobody).delete(),
        lambda: client.calls(nobody).streams("op-7").update(status="stopped"),
    ):
        assert refused(ask) == (404, 20404)


def test_a_call_is_redirected_to_a_url(world: Any) -> None:
    world.server.pages["/next"] = "<Say>Next.</Say>"
    leg, person = world.call("<Gather timeout='60'/>")
    shown = world.client.calls(leg).update(url=f"{BASE}/next?step=2", method="GET")
    assert (shown.sid, shown.status) == (leg, "in-progress")
    world.timeline.settle()
    assert (world.server.at("/next")[0].method, world.server.at("/next")[0]["step"]) == ("GET", "2")
    assert person.kinds()[-2:] == ["gather-ended", "saying"]


def test_twiml_given_by_rest_has_nothing_to_resolve_relative_urls_with(world: Any) -> None:
    leg, _ = world.call("<Pause length='60'/><Say>x</Say>")
    world.client.calls(leg).update(twiml="<Response><Redirect>/next</Redirect></Response>")
    world.timeline.settle()
    assert world.codes() == [11100]


def test_an_answer_on_its_way_is_void_when_rest_was_first(world: Any) -> None:
    """The REST call arrives while the web server is answering for the same leg."""

    def answer(asked: Any) -> str:
        world.client.calls(asked["CallSid"]).update(twiml="<Response><Say>By REST.</Say></Response>")
        return "<Say>By webhook.</Say>"

    _, person = world.call(answer)
    assert person.said() == ["By REST."]


def test_a_call_can_be_ended_while_its_document_is_written(world: Any) -> None:
    def answer(asked: Any) -> str:
        world.client.calls(asked["CallSid"]).update(status="completed")
        return "<Say>Never.</Say>"

    leg, person = world.call(answer)
    assert (world.exchange.leg(leg).status, person.said()) == ("canceled", [])


def test_queues_are_made_changed_and_removed(world: Any, refused: Refused) -> None:
    queue = world.client.queues.create("q-internet", max_size=200)
    assert (queue.friendly_name, queue.max_size, queue.current_size, queue.average_wait_time) == (
        "q-internet",
        200,
        0,
        0,
    )
    assert refused(lambda: world.client.queues.create("q-internet")) == (400, 22003)
    assert refused(lambda: world.client.queues.create("q" * 65)) == (400, 20002)
    assert refused(lambda: world.client.queues.create("big", max_size=5001)) == (400, 20001)
    assert world.client.queues(queue.sid).update(friendly_name="q-workplace", max_size=9).max_size == 9
    assert [it.friendly_name for it in world.client.queues.list()] == ["q-workplace"]
    leg, _ = world.call("<Enqueue waitUrl=''>q-workplace</Enqueue>")
    assert refused(lambda: world.client.queues(queue.sid).delete()) == (400, 20009)
    world.hang_up(leg)
    assert world.client.queues(queue.sid).delete()


def test_lists_come_in_pages(world: Any) -> None:
    legs = [world.call("<Pause length='60'/><Say>x</Say>")[0] for _ in range(5)]
    calls = world.client.calls.list(status="ringing", page_size=2)
    assert sorted(call.sid for call in calls) == sorted(legs)
    assert len(world.client.calls.list(limit=3, page_size=2)) == 3


def test_streams_are_started_and_stopped(world: Any, refused: Refused) -> None:
    world.server.pages["/stream"] = ""
    leg, _ = world.call("<Say>Hello.</Say><Pause length='60'/>")
    stream = world.client.calls(leg).streams.create(
        url="wss://voice.example.be/media?lost=1", name="caller", track="inbound_track",
        status_callback=f"{BASE}/stream", parameter1_name="token", parameter1_value="abc",
    )  # fmt: skip
    assert (stream.status, stream.name) == ("in-progress", "caller")
    request = world.exchange.sound.requests[0]
    assert (request.url, request.parameters) == ("wss://voice.example.be/media", {"token": "abc"})
    assert refused(lambda: world.client.calls(leg).streams.create(url="ws://h/m")) == (400, 31922)
    assert world.client.calls(leg).streams("caller").update(status="stopped").status == "stopped"
    world.timeline.settle()
    assert [it["StreamEvent"] for it in world.server.at("/stream")] == ["stream-started", "stream-stopped"]


def test_recordings_are_paused_and_stopped(world: Any, refused: Refused) -> None:
    world.server.pages["/recording"] = ""
    leg, _ = world.call("<Say>Hello.</Say><Pause length='60'/>")
    recordings = world.client.calls(leg).recordings
    first = recordings.create(recording_channels="dual", recording_status_callback=f"{BASE}/recording")
    world.run(7)
    assert recordings("Twilio.CURRENT").update(status="paused").status == "paused"
    recordings.create()
    assert refused(lambda: recordings("Twilio.CURRENT").update(status="stopped")) == (400, 16108)
    assert recordings(first.sid).update(status="stopped").duration == "7"
    world.run(1)
    world.hang_up(leg)
    assert [it["RecordingDuration"] for it in world.server.at("/recording")] == ["7"]
    assert {it.status for it in recordings.list()} == {"completed"}
    assert world.client.recordings(first.sid).fetch().channels == 2


def test_an_unknown_path_and_a_wrong_method_answer_as_errors(world: Any) -> None:
    client = world.rest.test_client()
    auth = (world.exchange.account_sid, world.exchange.auth_token)
    root = f"/2010-04-01/Accounts/{world.exchange.account_sid}"
    answer = client.get(f"{root}/Messages.json", auth=auth)
    assert (answer.status_code, answer.get_json()["code"]) == (404, 20404)
    assert set(answer.get_json()) == {"code", "message", "more_info", "status"}
    assert client.delete(f"{root}/Calls.json", auth=auth).get_json()["code"] == 20004
