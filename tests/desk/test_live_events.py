"""Server-sent events: whole at first, then what changes."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from flask import Flask

import desk.live
from callflows.facts import CallEnded
from foundation.live import call_topic
from tests.desk.desk_house import EventReader, House, Visitor

OPERATOR = "/live/events?regions=top,now,day,talk,customer,earlier,ticket"


def follow(visitor: Visitor, path: str, **headers: str) -> EventReader:
    answer = visitor.client.get(path, headers=headers, buffered=False)
    assert answer.status_code == 200
    assert answer.mimetype == "text/event-stream"
    return EventReader(answer)


@pytest.fixture
def events(house: House) -> Iterator[EventReader]:
    reader = follow(house.signed_in("dana"), OPERATOR)
    yield reader
    reader.close()


def test_first_come_all_regions_whole_and_then_what_changes(house: House, events: EventReader) -> None:
    first = [events.until("region").data["region"] for _ in range(7)]
    assert first == ["top", "now", "day", "talk", "customer", "earlier", "ticket"]
    house.queues.set_presence(1, "ready")
    assert "Wachten op een oproep" in events.until("region", "now").data["html"]
    house.call("c1")
    assert "Els Vermeulen" in events.until("region", "now").data["html"]


def test_the_words_of_the_present_call_come_as_they_are_said(house: House, events: EventReader) -> None:
    house.queues.set_presence(1, "ready")
    house.call("c1")
    house.queues.accept(house.offer_to(1).id, 1)
    house.talk("c1", 1)
    events.until("region", "now", showing="Gesprek")
    house.live.publish(call_topic("c1"), "partial", {"speaker": "caller", "start_s": 31.0, "text": "het lamp"})
    assert events.until("partial").data == {"speaker": "caller", "text": "het lamp"}
    segment = {"speaker": "caller", "start_s": 31.0, "end_s": 32.5, "text": "het <lampje>", "id": 1, "lag_ms": 400}
    house.live.publish(call_topic("c1"), "segment", segment)
    said = events.until("segment").data
    assert "het &lt;lampje&gt;" in said["html"]
    assert said["lag_ms"] == 400


def test_an_offer_that_goes_leaves_a_sentence(house: House, events: EventReader) -> None:
    house.queues.set_presence(1, "ready")
    house.call("c1")
    events.until("region", "now", showing="data-offer")
    house.queues.leave("c1", "abandoned")
    assert "haakte in" in events.until("notice").data["text"]


def test_the_wallboard_follows_a_changed_target(house: House) -> None:
    reader = follow(house.signed_in("sofie"), "/live/events?regions=wallboard,targets")
    assert "90% binnen 02:30" in reader.until("region", "wallboard").data["html"]
    assert "Nog niemand" in reader.until("region", "targets").data["html"]
    house.queues.set_target("invoices", share=0.8, within_s=60, actor="sofie")
    assert "80% binnen 01:00" in reader.until("region", "wallboard").data["html"]
    assert "sofie" in reader.until("region", "targets").data["html"]
    reader.close()


def test_the_follow_ups_follow_who_rings_in_vain_and_who_was_rung_back(house: House) -> None:
    reader = follow(house.signed_in("dana"), "/live/events?regions=follow-ups")
    assert "0460 00 10 01" not in reader.until("region", "follow-ups").data["html"]
    house.call("c1")
    house.record("c1", CallEnded(at=house.clock.now(), key="end", reason="hung up"))
    house.follow_ups.settle({"call_id": "c1"})
    assert "Els Vermeulen" in reader.until("region", "follow-ups", showing="0460 00 10 01").data["html"]
    (entry,) = house.follow_ups.open()
    house.follow_ups.close(entry.id, "reached", actor="sofie")
    reader.until("region", "follow-ups", showing="sofie")
    reader.close()


def test_nobody_follows_what_is_not_theirs(house: House) -> None:
    assert house.visitor().get(OPERATOR, headers={"Accept": "text/event-stream, application/json"}).status_code == 401
    assert house.signed_in("dana").get("/live/events?regions=targets").status_code == 403
    assert house.signed_in("sofie").get("/live/events?regions=now").status_code == 403
    assert house.signed_in("dana").get("/live/events?regions=nonsense").status_code == 404
    assert house.signed_in("dana").get("/live/events").status_code == 400


def test_only_our_own_pages_may_read_the_events_from_another_port(house: House) -> None:
    dana = house.signed_in("dana")
    ours = dana.client.get("/live/events?regions=x", headers={"Origin": "http://localhost"})
    theirs = dana.client.get("/live/events?regions=x", headers={"Origin": "http://evil.example"})
    assert ours.headers["Access-Control-Allow-Origin"] == "http://localhost"
    assert ours.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Access-Control-Allow-Origin" not in theirs.headers


def test_a_process_that_drains_ends_its_streams(house: House) -> None:
    stop = Event()
    app = Flask("live-test", static_folder=None)
    app.register_blueprint(desk.live.create_blueprint(house.services, stop))
    visitor = Visitor(app.test_client())
    visitor.sign_in("sofie", "sofie-demo")
    reader = follow(visitor, "/live/events?regions=wallboard")
    reader.until("region")
    stop.set()
    with pytest.raises(AssertionError, match="the stream ended"):
        reader.until("never")


def test_a_change_right_after_a_shared_look_is_drawn_too(house: House) -> None:
    """The second screen may begin with what the first one saw; what has changed since comes by itself."""
    dana = house.signed_in("dana")
    first = follow(dana, "/live/events?regions=top")
    first.until("region", "top")
    first.close()
    house.call("c1")
    second = follow(dana, "/live/events?regions=top")
    second.until("region", "top", showing="1 wacht")
    second.close()


def test_an_offer_is_drawn_before_the_other_redraws_of_its_stream(house: House, events: EventReader) -> None:
    for _ in range(7):
        events.until("region")
    house.queues.set_presence(1, "ready")
    drawn = events.until("region")
    assert drawn.data["region"] == "top"  # the others are still to come
    house.call("c1")
    drawn = events.until("region")
    assert drawn.data["region"] == "now"
    assert "data-offer" in drawn.data["html"]
