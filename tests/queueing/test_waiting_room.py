"""A caller waits, an operator is rung, they talk, the call is put away."""

from __future__ import annotations

import pytest

from callflows.facts import Requeued, TargetSet
from foundation.errors import NotFound, OfferGone, OfferTaken
from tests.queueing.waiting_room import AMINA, DANA, ELS, HUGO, JULIE, KARIM, LOTTE, MARC, OMAR, ROBIN, Room


def test_a_call_goes_from_queue_to_wrap_up(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    assert room.state(DANA) == "offered"
    room.talks(DANA)
    assert room.state(DANA) == "talking"
    assert room.position(ELS) is None
    room.parts(DANA)
    assert room.state(DANA) == "wrap-up"
    room.service.finish_wrap_up(DANA, "solved")
    assert room.state(DANA) == "ready"
    assert room.log.story(ELS) == [
        "target-set",
        "offer-made",
        "offer-settled accepted",
        "wrap-up-started",
        "wrap-up-ended",
    ]


# --- joining, place, leaving


def test_callers_know_their_place_in_their_own_queue(room: Room) -> None:
    for caller, queue in ((ELS, "internet"), (MARC, "invoices"), (JULIE, "internet")):
        room.calls_in(caller, queue)
        room.after(10)
    place = room.service.place(JULIE)
    assert place is not None
    assert (place.queue, place.position, place.waiting, place.waited_s) == ("internet", 2, 2, 10)
    assert room.position(MARC) == 1
    room.service.leave(ELS, "abandoned")
    assert room.position(JULIE) == 1
    assert room.service.place(ELS) is None


def test_entering_twice_is_entering_once_and_keeps_the_place(room: Room) -> None:
    for caller in (ELS, MARC, ELS):
        room.calls_in(caller)
        room.after(1)
    assert [room.position(ELS), room.position(MARC)] == [1, 2]
    assert room.log.story(ELS) == ["target-set"]


def test_a_late_repeat_does_not_bring_back_who_left(room: Room) -> None:
    room.calls_in(ELS)
    room.service.leave(ELS, "abandoned")
    room.service.leave(ELS, "abandoned")
    room.calls_in(ELS)
    assert room.position(ELS) is None


def test_a_second_queue_takes_the_call_out_of_the_first(room: Room) -> None:
    room.calls_in(ELS, "internet")
    room.service.join(ELS, "invoices", "nl", entered_at=room.clock.now(), ordinal=2)
    place = room.service.place(ELS)
    assert place is not None
    assert (place.queue, place.waiting) == ("invoices", 1)
    assert room.service.board().queues[0].waiting == ()


def test_a_queue_that_does_not_exist_cannot_be_entered(room: Room) -> None:
    with pytest.raises(NotFound, match="no queue astrology"):
        room.calls_in(ELS, "astrology")


# --- who is rung


def test_the_operator_idle_longest_is_rung(room: Room) -> None:
    room.ready(ROBIN, DANA)
    room.calls_in(ELS)
    assert room.ringing(ROBIN) == ELS
    assert room.ringing(DANA) is None


def test_the_first_in_the_queue_is_offered_first(room: Room) -> None:
    for caller in (ELS, MARC):
        room.calls_in(caller)
        room.after(1)
    room.ready(DANA, ROBIN)
    assert [room.ringing(DANA), room.ringing(ROBIN)] == [ELS, MARC]


@pytest.mark.parametrize(
    ("queue", "language", "rung"),
    [
        ("internet", "fr", HUGO),  # Lotte has neither, Amina speaks it but serves other queues
        ("invoices", "fr", AMINA),
        ("workplace", "nl", LOTTE),
    ],
)
def test_language_and_queue_must_fit(room: Room, queue: str, language: str, rung: int) -> None:
    room.ready(LOTTE, HUGO, AMINA)
    room.calls_in(ELS, queue, language)
    assert [one for one in (LOTTE, HUGO, AMINA) if room.ringing(one)] == [rung]


def test_a_call_that_nobody_ready_can_take_waits_and_lets_others_pass(room: Room) -> None:
    room.calls_in(ELS, "invoices", "en")
    room.after(1)
    room.calls_in(MARC, "internet", "fr")
    room.ready(HUGO)
    assert room.ringing(HUGO) == MARC
    assert room.position(ELS) == 1


# --- accept, decline, lapse


def test_an_accepted_call_cannot_be_taken_again(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    offer = room.service.offer_for(DANA)
    assert offer is not None
    accepted = room.service.accept(offer.id, DANA)
    assert (accepted.status, accepted.call_id) == ("accepted", ELS)
    assert room.service.offer(offer.id) == accepted
    assert room.service.offer_for(DANA) is None
    for operator in (KARIM, DANA):  # Dana's other browser tab is too late as well
        with pytest.raises(OfferTaken, match="Dana Voorbeeld took this call") as refused:
            room.service.accept(offer.id, operator)
        assert refused.value.winner == "Dana Voorbeeld"


def test_only_the_operator_who_is_rung_can_accept(room: Room) -> None:
    room.ready(DANA, ROBIN)
    room.calls_in(ELS)
    offer = room.service.offer_for(DANA)
    assert offer is not None
    with pytest.raises(OfferTaken, match="rings at Dana Voorbeeld"):
        room.service.accept(offer.id, ROBIN)
    assert room.ringing(DANA) == ELS


def test_a_declined_call_keeps_its_place_and_goes_to_the_next(room: Room) -> None:
    room.ready(DANA, ROBIN)
    room.calls_in(ELS)
    offer = room.service.offer_for(DANA)
    assert offer is not None
    room.service.decline(offer.id, DANA)
    room.service.decline(offer.id, DANA)  # a second click changes nothing
    assert (room.state(DANA), room.ringing(ROBIN), room.position(ELS)) == ("ready", ELS, 1)
    with pytest.raises(OfferGone):
        room.service.accept(offer.id, DANA)


def test_who_declined_is_asked_again_only_after_a_while_and_when_nobody_else_can(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    offer = room.service.offer_for(DANA)
    assert offer is not None
    room.service.decline(offer.id, DANA)
    room.later(5)
    assert room.ringing(DANA) is None
    room.later(5)
    assert room.ringing(DANA) == ELS


def test_who_declined_one_call_is_rung_for_another(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    offer = room.service.offer_for(DANA)
    assert offer is not None
    room.service.decline(offer.id, DANA)
    room.calls_in(MARC)
    assert room.ringing(DANA) == MARC


def test_an_offer_that_nobody_answers_lapses_and_an_empty_chair_is_not_rung_again(room: Room) -> None:
    room.ready(DANA, ROBIN)
    room.calls_in(ELS)
    room.later(19)
    assert room.ringing(DANA) == ELS
    room.later(1)
    assert room.state(DANA) == "pause no-answer"
    assert room.ringing(ROBIN) == ELS
    room.later(60)
    assert [room.state(DANA), room.state(ROBIN)] == ["pause no-answer", "pause no-answer"]
    assert room.position(ELS) == 1


def test_an_offer_cannot_be_accepted_after_its_time_even_if_the_ticker_is_late(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    room.after(20)
    with pytest.raises(OfferGone, match="rang too long"):
        room.accepts(DANA)


# --- connecting


def test_a_connection_that_does_not_come_puts_the_caller_back_at_the_head(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.calls_in(MARC)
    room.accepts(DANA)
    room.later(20)
    assert room.state(DANA) == "pause no-answer"
    assert [room.position(ELS), room.position(MARC)] == [1, 2]
    assert [fact for fact in room.log.of(ELS) if isinstance(fact, Requeued)]
    with pytest.raises(OfferGone, match="too late"):
        room.service.connected(ELS, DANA)


def test_being_connected_is_told_once_or_more(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    room.talks(DANA)
    room.service.connected(ELS, DANA)
    assert room.state(DANA) == "talking"


@pytest.mark.parametrize("accepted", [False, True], ids=["while it rings", "while it connects"])
def test_a_caller_who_hangs_up_spares_the_operator(room: Room, accepted: bool) -> None:
    room.ready(DANA, ROBIN)
    room.calls_in(ELS)
    if accepted:
        room.accepts(DANA)
    room.after(5)
    room.service.leave(ELS, "abandoned")
    assert room.state(DANA) == "ready"
    assert room.log.story(ELS)[-1] == "offer-settled withdrawn"
    room.calls_in(MARC)
    assert room.ringing(DANA) == MARC, "Dana is still the one idle longest"


def test_an_operator_who_drops_puts_the_caller_back_before_everybody(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.talks(DANA)
    for caller in (MARC, JULIE):
        room.calls_in(caller)
        room.after(60)
    for _ in range(2):
        room.service.requeue(ELS, DANA)
    assert [room.position(caller) for caller in (ELS, MARC, JULIE)] == [1, 2, 3]
    assert room.state(DANA) == "pause connection-lost"
    assert room.log.story(ELS).count("requeued") == 1
    place = room.service.place(ELS)
    assert place is not None
    assert place.waited_s == 121, "the wait counts from the first entry"


def test_two_callers_who_come_back_stand_before_the_others(room: Room) -> None:
    room.calls_in(ELS)
    room.after(1)
    room.calls_in(MARC)
    room.ready(DANA, ROBIN)
    room.talks(DANA), room.talks(ROBIN)
    room.calls_in(JULIE)
    room.service.requeue(ELS, DANA)
    room.service.requeue(MARC, ROBIN)
    assert [room.position(caller) for caller in (MARC, ELS, JULIE)] == [1, 2, 3]


def test_late_news_of_a_lost_operator_does_not_end_the_talk_with_another(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    room.talks(DANA)
    room.service.requeue(ELS, DANA)
    room.ready(ROBIN)
    room.talks(ROBIN)
    room.service.requeue(ELS, DANA)
    assert (room.state(ROBIN), room.position(ELS)) == ("talking", None)


def test_a_caller_who_gave_up_is_not_put_back(room: Room) -> None:
    room.calls_in(ELS)
    room.service.leave(ELS, "abandoned")
    room.service.requeue(ELS)
    room.service.requeue(OMAR)  # never heard of
    assert room.position(ELS) is None


# --- what the call log is told


def test_the_target_of_the_moment_of_entry_is_told(room: Room) -> None:
    room.calls_in(ELS)
    (fact,) = room.log.of(ELS)
    assert fact == TargetSet(at=room.clock.now(), key="target:1", queue="internet", share=0.9, within_s=150)


def test_what_the_call_log_could_not_take_is_told_again_by_the_ticker(room: Room) -> None:
    room.calls_in(ELS)
    room.log.away = NotFound("the call log is away")
    room.service.set_target("internet", share=0.8, within_s=60, actor="sofie")
    room.log.away = None
    room.later(1)
    assert room.log.story(ELS) == ["target-set"]
    room.later(5)
    assert room.log.story(ELS) == ["target-set", "target-set"]
