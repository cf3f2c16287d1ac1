"""An operator's day: ready, on a pause, talking, wrapping up, away."""

from __future__ import annotations

import pytest

from callflows.facts import OfferMade, WrapUpEnded
from foundation.errors import Conflict, InvalidInput, NotFound
from tests.queueing.waiting_room import DANA, ELS, KARIM, MARC, ROBIN, Room


def test_the_wrap_up_ends_by_itself_at_its_deadline(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.talks(DANA)
    room.parts(DANA)
    presence = room.service.presence(DANA)
    assert presence.wrap_up_until is not None
    assert (presence.wrap_up_until - room.clock.now()).total_seconds() == 60
    room.later(90)  # the ticker comes half a minute late
    assert room.state(DANA) == "ready"
    assert room.service.presence(DANA).since == presence.wrap_up_until
    assert [fact.at for fact in room.log.of(ELS) if isinstance(fact, WrapUpEnded)] == [presence.wrap_up_until]
    with pytest.raises(Conflict, match="already over"):
        room.service.finish_wrap_up(DANA, "solved")


def test_a_wrap_up_code_must_be_one_of_the_queue(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.talks(DANA)
    room.parts(DANA)
    with pytest.raises(InvalidInput, match="no wrap-up code payment-plan"):
        room.service.finish_wrap_up(DANA, "payment-plan")
    room.service.finish_wrap_up(DANA, "solved")
    assert [fact.code for fact in room.log.of(ELS) if isinstance(fact, WrapUpEnded)] == ["solved"]


def test_a_queue_may_give_no_time_for_wrap_up(room: Room) -> None:
    room.without_wrap_up("internet")
    room.calls_in(ELS)
    room.ready(DANA)
    room.talks(DANA)
    room.parts(DANA)
    assert room.state(DANA) == "ready"


def test_wrapping_up_begins_a_new_turn(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.talks(DANA)
    room.ready(ROBIN)
    room.parts(DANA)
    room.service.finish_wrap_up(DANA)
    room.calls_in(MARC)
    assert room.ringing(ROBIN) == MARC


def test_late_news_of_an_earlier_talk_does_not_end_this_one(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.talks(DANA)
    room.service.over(MARC, "answered", DANA)
    assert room.state(DANA) == "talking"
    for _ in range(2):
        room.service.over(ELS, "answered", DANA)
    assert room.state(DANA) == "wrap-up"


def test_a_talk_so_short_that_its_beginning_was_not_told_is_wrapped_up_too(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.accepts(DANA)
    room.service.over(ELS, "answered", DANA)
    assert room.state(DANA) == "wrap-up"
    assert room.position(ELS) is None
    room.is_sound()


def test_a_pause_while_it_rings_is_a_decline(room: Room) -> None:
    room.ready(DANA, ROBIN)
    room.calls_in(ELS)
    room.service.set_presence(DANA, "pause", "coffee")
    assert (room.state(DANA), room.ringing(ROBIN)) == ("pause coffee", ELS)
    assert "offer-settled declined" in room.log.story(ELS)


def test_a_pause_during_the_talk_comes_after_the_wrap_up(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.talks(DANA)
    assert room.service.set_presence(DANA, "pause", "lunch").wish == "pause"
    assert room.state(DANA) == "talking"
    room.parts(DANA)
    assert room.state(DANA) == "wrap-up"
    room.later(60)
    assert room.state(DANA) == "pause lunch"


def test_a_wish_can_be_taken_back(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.talks(DANA)
    room.service.set_presence(DANA, "away")
    room.service.set_presence(DANA, "ready")
    room.parts(DANA)
    room.service.finish_wrap_up(DANA)
    assert room.state(DANA) == "ready"


def test_saying_ready_again_does_not_lose_the_turn(room: Room) -> None:
    room.ready(DANA, ROBIN, DANA)
    room.calls_in(ELS)
    assert room.ringing(DANA) == ELS


def test_an_operator_who_is_away_is_not_rung(room: Room) -> None:
    room.ready(DANA)
    room.service.set_presence(DANA, "away")
    room.calls_in(ELS)
    assert (room.state(DANA), room.state(KARIM)) == ("away", "away")
    assert not [fact for fact in room.log.of(ELS) if isinstance(fact, OfferMade)]


def test_nobody_can_be_what_is_not_there_to_be(room: Room) -> None:
    with pytest.raises(NotFound, match="no operator 99"):
        room.service.set_presence(99, "ready")
    with pytest.raises(NotFound, match="no operator 99"):
        room.service.presence(99)
    with pytest.raises(InvalidInput, match="ready, on a pause, or away"):
        room.service.set_presence(DANA, "talking")  # type: ignore[arg-type]
