"""A call's page and the list of calls say what the caller was told and promised, and what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callflows.facts import CallEnded, Rated, WaitAnnounced
from foundation.clock import ManualClock
from tests.desk.desk_house import House, Visitor


@pytest.fixture
def answered_late(house: House, clock: ManualClock) -> House:
    """Told "less than 1 minute", answered after 80 s; rated 2."""
    house.queues.set_presence(1, "ready")
    house.call("c1")
    told = WaitAnnounced(at=clock.now(), key="told:1", position=2, estimate_s=50.0, bound="less-than", minutes=1)
    house.record("c1", told)
    offer = house.offer_to(1)
    house.queues.accept(offer.id, 1)
    clock.advance(timedelta(seconds=80))
    house.talk("c1", 1)
    clock.advance(timedelta(seconds=30))
    house.record("c1", Rated(at=clock.now(), key="rated", score=2))
    house.part("c1", 1)
    house.record("c1", CallEnded(at=clock.now(), key="end", reason="hung up"))
    return house


def test_the_announced_wait_stands_beside_the_real_one(answered_late: House) -> None:
    marc = answered_late.signed_in("marc")
    page = marc.get("/desk/calls/c1").text
    assert "number 2 · less than 1 minute" in page
    assert "01:20" in page and "told too little" in page
    row = marc.get("/desk/calls").text
    assert "said: less than 1 minute" in row


def test_the_rating_is_on_the_page_and_in_the_list(answered_late: House) -> None:
    marc = answered_late.signed_in("marc")
    assert "Rating 2/5" in marc.get("/desk/calls/c1").text
    assert 'class="figure bad">2/5<' in marc.get("/desk/calls").text


def test_a_wait_that_nobody_answered_is_not_judged(house: House, clock: ManualClock) -> None:
    house.call("c1")
    house.record("c1", WaitAnnounced(at=clock.now(), key="told:1", position=1, estimate_s=None))
    house.record("c1", CallEnded(at=clock.now() + timedelta(seconds=40), key="end", reason="hung up"))
    page = house.signed_in("marc").get("/desk/calls/c1").text
    assert "number 1 · the place only" in page
    assert "told too little" not in page


def test_a_callback_shows_its_attempts_on_both_calls(house: House, clock: ManualClock) -> None:
    house.call("c1")
    asked = house.callback_asked()
    house.callbacks.request("c1", asked)
    marc = house.signed_in("marc")
    assert "Not tried yet." in marc.get("/desk/calls/c1").text
    house.queues.leave("c1", "callback")
    house.callbacks.tick()
    house.queues.set_presence(1, "ready")
    attempt = house.callbacks.open()[0].live_call_id
    assert attempt is not None
    house.callbacks.lease(attempt, 1)
    clock.advance(timedelta(seconds=90))
    house.callbacks.failed(attempt, "no-answer")
    for page in (text(marc, f"/desk/calls/{one}") for one in ("c1", attempt)):
        assert "attempt 1" in page and "no answer" in page and "Planned" in page
    listed = text(marc, "/desk/calls")
    assert '<span class="tag">attempt 1</span>' in listed
    assert "Planned · 1 attempt" in listed


def text(visitor: Visitor, path: str) -> str:
    return str(visitor.get(path).text)
