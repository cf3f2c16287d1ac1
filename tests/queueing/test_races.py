"""Many at once: threads with their own counters, on real Redis and real PostgreSQL."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from foundation.clock import ManualClock
from foundation.errors import Conflict, OfferGone, OfferTaken
from queueing.board import RedisBoard
from queueing.model import ChosenState, Offer
from tests.queueing.waiting_room import AMINA, DANA, ELS, HUGO, KARIM, LOTTE, MARC, ROBIN, Room, at_once

STAFF = (DANA, KARIM, LOTTE, HUGO, ROBIN, AMINA)


def test_fifty_accept_one_offer_and_one_wins(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    offer = room.service.offer_for(DANA)
    assert offer is not None
    counters = [room.counter() for _ in range(3)]
    outcomes = at_once(*(partial(counters[n % 3].accept, offer.id, STAFF[n % 6]) for n in range(50)))
    assert [type(one) for one in outcomes].count(Offer) == 1
    assert {one.winner for one in outcomes if isinstance(one, OfferTaken)} == {"Dana Voorbeeld"}
    assert sum(isinstance(one, (OfferTaken, OfferGone)) for one in outcomes) == 49
    assert room.state(DANA) == "connecting"
    room.is_sound()


def test_accepting_declining_hanging_up_and_lapsing_at_once_has_one_outcome(room: Room) -> None:
    for round_ in range(10):
        caller = str(uuid5(NAMESPACE_URL, f"caller-{round_}"))
        room.service.set_presence(DANA, "ready")
        room.calls_in(caller)
        offer = room.service.offer_for(DANA)
        assert offer is not None
        room.after(20 if round_ % 2 else 19.999)  # it lapses, or it may still be accepted
        accepted, declined, _, _, _ = at_once(
            partial(room.service.accept, offer.id, DANA),
            partial(room.counter().decline, offer.id, DANA),
            partial(room.service.leave, caller, "abandoned"),
            partial(room.counter().set_presence, DANA, "pause", "coffee"),
            room.counter().tick,
        )
        settled = Counter(word for word in room.log.story(caller) if word.startswith("offer-settled"))
        assert isinstance(accepted, Conflict) or isinstance(declined, Conflict)
        assert settled["offer-settled accepted"] == (not isinstance(accepted, Conflict))
        assert settled["offer-settled declined"] <= 1
        assert room.position(caller) is None
        assert room.state(DANA) in ("ready", "pause coffee", "pause no-answer")
    room.is_sound()


def test_callers_and_operators_who_come_at_once_find_each_other_once(room: Room) -> None:
    callers = [str(uuid5(NAMESPACE_URL, f"caller-{number}")) for number in range(20)]
    now = room.clock.now()
    at_once(
        *(partial(room.counter().join, caller, "internet", "nl", entered_at=now) for caller in callers),
        *(partial(room.counter().set_presence, operator, "ready") for operator in STAFF),
    )
    room.service.match()
    rung = [room.ringing(operator) for operator in STAFF]
    assert [one is not None for one in rung] == [True, True, False, False, True, False]  # who speaks it and serves it
    assert len(set(filter(None, rung))) == 3
    assert len(room.service.board().queues[0].waiting) == 20
    room.is_sound()


def test_a_nervous_operator_leaves_a_day_without_gaps(room: Room) -> None:
    room.calls_in(ELS)
    choices: list[ChosenState] = ["ready", "pause", "ready", "away"]
    at_once(*(partial(room.counter().set_presence, DANA, choice, "coffee") for choice in choices * 6))
    room.is_sound()


def test_of_two_tickers_one_works(room: Room, clock: ManualClock) -> None:
    other = RedisBoard(room.redis)
    assert other.lease("another ticker", clock.now(), timedelta(seconds=10))
    room.ready(DANA)
    room.calls_in(ELS)
    room.after(8)
    assert room.service.tick() is False
    room.after(30)  # the other died: its lease is over
    assert room.service.tick() is True
    assert room.state(DANA) == "pause no-answer"


def test_a_lease_is_given_back_only_by_who_has_it(room: Room, clock: ManualClock) -> None:
    board = RedisBoard(room.redis)
    assert board.lease("one", clock.now(), timedelta(seconds=10))
    board.release("two")
    assert not board.lease("two", clock.now(), timedelta(seconds=10))
    board.release("one")
    assert board.lease("two", clock.now(), timedelta(seconds=10))


def test_many_tickers_handle_a_deadline_once(room: Room) -> None:
    room.ready(DANA, ROBIN)
    room.calls_in(ELS)
    room.calls_in(MARC)
    room.accepts(ROBIN)
    room.after(60)
    at_once(*(room.counter().tick for _ in range(8)))
    assert [room.state(DANA), room.state(ROBIN)] == ["pause no-answer", "pause no-answer"]
    assert room.log.story(ELS).count("offer-settled lapsed") == 1
    assert room.log.story(MARC).count("requeued") == 1
    room.is_sound()
