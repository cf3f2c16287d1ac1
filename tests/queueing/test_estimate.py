"""The estimated wait: how long, how sure, how it is said, and when nothing is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.estimate import LEAST_CALLS, Estimate, HandleTime, Wording, estimate, steady, wording
from queueing.model import Operator, OperatorState, Presence, Queue, WaitingCall
from queueing.outlook import Outlook
from tests.queueing.test_matching import NOW, ago, call
from tests.queueing.waiting_room import DANA, JULIE, MARC, Room

KNOWN = {"internet": HandleTime(300, 50), "invoices": HandleTime(120, 50)}
QUEUES = {name: Queue(name, {}, 0.9, 150, 1, 5, 60, ()) for name in ("internet", "invoices")}


def staffed(*queues: str, state: OperatorState = "talking") -> tuple[list[Operator], dict[int, Presence]]:
    """Operators 1, 2, ... who know these queues, all in `state` with a call of their first queue."""
    staff = [Operator(n, "", frozenset({"nl"}), frozenset(known.split())) for n, known in enumerate(queues, start=1)]
    return staff, {one.id: Presence(one.id, state, ago(60), queue=queues[one.id - 1].split()[0]) for one in staff}


def outlook(calls: list[WaitingCall], *queues: str, handling: dict[str, HandleTime] | None = None) -> Outlook:
    return Outlook(calls, *staffed(*queues), QUEUES, KNOWN if handling is None else handling, NOW)


def test_the_wait_is_the_work_ahead_shared_by_those_who_can_do_it() -> None:
    calls = [call("first", 60), call("second", 40), call("third", 20)]
    room = outlook(calls, "internet", "internet", "internet")
    waits = [one.wait_s for waiting in calls if (one := room.of(waiting))]
    assert waits == [100, 200, 300]


def test_only_operators_with_the_language_and_the_queue_count() -> None:
    calls = [call("els", 60, queue="invoices")]
    (found,) = [outlook(calls, "internet", "invoices", "internet invoices").of(one) for one in calls]
    assert found is not None and found.able == 2
    assert outlook([call("jan", 5, language="fr")], "internet").of(call("jan", 5, language="fr")) is None


def test_a_call_ahead_counts_for_the_share_of_its_operators_that_one_needs() -> None:
    ahead, mine = call("ahead", 60, queue="invoices"), call("mine", 40)
    found = outlook([ahead, mine], "internet", "internet invoices", "invoices").of(mine)
    assert found is not None
    assert found.ahead == 0.5
    # half of a 120 s call, then what operators 1 and 2 are busy with, by two operators
    assert found.wait_s == pytest.approx((0.5 * 120 + 300) / 2)


def test_nothing_is_known_with_nobody_at_work_or_too_few_calls_put_away() -> None:
    waiting = call("els", 5)
    few = {"internet": HandleTime(300, LEAST_CALLS - 1)}
    assert outlook([waiting]).of(waiting) is None
    assert outlook([waiting], "internet", handling=few).of(waiting) is None
    assert outlook([waiting], "internet", handling={**few, "": HandleTime(200, LEAST_CALLS)}).of(waiting) is not None
    away = Outlook([waiting], *staffed("internet", state="pause"), QUEUES, KNOWN, NOW)
    assert away.of(waiting) is None


def test_an_operator_who_wants_a_pause_is_not_counted_on() -> None:
    staff, presences = staffed("internet", "internet")
    presences[1] = replace(presences[1], wish="pause")
    found = Outlook([], staff, presences, QUEUES, KNOWN, NOW).of(call("els", 5))
    assert found is not None and found.able == 1


def test_with_somebody_free_only_the_ringing_is_left() -> None:
    found = Outlook([], *staffed("internet", state="ready"), QUEUES, KNOWN, NOW).of(call("els", 5))
    assert found is not None
    assert wording(found) == Wording("less-than", 1)


def test_a_caller_who_came_after_the_look_stands_behind_all_who_were_there() -> None:
    calls = [call(f"{number}", 300 - number) for number in range(3)]  # late already
    found = outlook(calls, "internet").of(call("new", 0))
    assert found is not None and found.ahead == 3


@given(st.floats(0, 60), st.floats(1, 1e5), st.integers(LEAST_CALLS, 500), st.integers(1, 300))
def test_the_band_holds_the_mean_and_narrows_with_what_is_known(
    ahead: float, work_s: float, calls: int, able: int
) -> None:
    found = estimate(ahead, work_s, HandleTime(300, calls), able)
    surer = estimate(ahead, work_s, HandleTime(300, calls * 10), able)
    assert 0 <= found.low_s < found.wait_s < found.high_s
    assert surer.high_s - surer.low_s < found.high_s - found.low_s


def saying(wait_s: float, high_s: float) -> str:
    said = wording(Estimate(wait_s, 0, high_s, 0, 1, 300))
    return f"{said.bound} {said.minutes}"


@pytest.mark.parametrize(
    ("wait_s", "high_s", "words"),
    [
        (20, 50, "less-than 1"),
        (50, 115, "less-than 2"),
        (300, 660, "less-than 15"),
        (300, 400, "about 5"),
        (89, 110, "about 1"),
        (91, 120, "about 2"),
        (13 * 60, 16 * 60, "about 15"),
        (31 * 60, 35 * 60, "more-than 30"),
    ],
)
def test_words_are_round_and_as_sure_as_the_band(wait_s: float, high_s: float, words: str) -> None:
    assert saying(wait_s, high_s) == words


estimates = st.builds(
    Estimate, st.floats(0, 3600), st.just(0.0), st.just(0.0), st.floats(0, 50), st.integers(1, 9), st.floats(30, 900)
)


@given(st.lists(estimates, min_size=1, max_size=20))
def test_what_a_caller_is_told_never_rises_without_a_cause(given_: list[Estimate]) -> None:
    before: Estimate | None = None
    for found in given_:
        told = steady(before, found)
        if before is not None and told.wait_s > before.wait_s:
            fewer, more = told.able < before.able, told.ahead >= before.ahead + 1
            assert fewer or more or told.handle_s > 1.2 * before.handle_s
        before = told


def test_slow_drift_adds_up_to_a_cause() -> None:
    told = first = Estimate(300, 0, 0, 5, 2, 300)
    for handle_s in (320, 340, 355):
        told = steady(told, replace(first, handle_s=handle_s, wait_s=handle_s))
        assert told.wait_s == 300
    assert steady(told, replace(first, handle_s=365, wait_s=365)).wait_s == 365


def after_calls(room: Room, number: int) -> None:
    """Dana put so many calls away, four minutes each and one of wrap-up; then Marc has her and Julie waits."""
    room.ready(DANA)
    for each in range(number):
        room.calls_in(f"call-{each}")
        room.talks(DANA)
        room.after(240)
        room.parts(DANA)
        room.later(60)
    room.calls_in(MARC)
    room.talks(DANA)
    room.after(31)
    room.calls_in(JULIE)


def test_a_waiting_caller_gets_an_estimate_once_enough_calls_were_put_away(room: Room) -> None:
    after_calls(room, LEAST_CALLS)
    place = room.service.place(JULIE)
    assert place is not None and place.estimate is not None
    assert place.estimate.handle_s == pytest.approx(300, rel=0.05)
    assert place.wording == Wording("less-than", 15)
    assert place.pace == "at-risk", "300 s is more than the 150 s of the target"
    view = room.service.board().queues[0]
    assert (view.paces, view.at_risk, view.late) == (("at-risk",), 1, 0)
    assert view.estimates == (pytest.approx(place.estimate_s),)


def test_before_that_nothing_is_said(room: Room) -> None:
    after_calls(room, LEAST_CALLS - 1)
    place = room.service.place(JULIE)
    assert place is not None and place.estimate_s is None and place.wording is None


def test_what_was_told_is_kept_while_nothing_has_happened(room: Room) -> None:
    after_calls(room, LEAST_CALLS)
    first = room.service.place(JULIE)
    room.after(60)  # Marc talks on: the handle times creep up, and that is no cause
    second = room.service.place(JULIE)
    assert first is not None and second is not None
    assert first.estimate_s == second.estimate_s
    room.service.set_presence(DANA, "pause")  # she will not come back after this call, and nobody else is there
    room.after(2)
    third = room.service.place(JULIE)
    assert third is not None and third.estimate is None
