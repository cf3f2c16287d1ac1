"""Who is next when queues promise different things: slack, priority, levels, relaxations; nobody starves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queueing.matching import FreeOperator, Pair, can_take, in_turn, lacks, pairs
from queueing.model import Operator, Queue, WaitingCall
from tests.queueing.test_matching import NOW, ago, call, calls_waiting, free, operators_free

on_a_busy_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def queue(name: str, within_s: int, **more: object) -> Queue:
    return replace(Queue(name, {}, 0.8, within_s, 1, 5, 60, (), longest_s=max(600, within_s)), **more)  # type: ignore[arg-type]


QUEUES = {"internet": queue("internet", 20), "workplace": queue("workplace", 40), "invoices": queue("invoices", 90)}


@on_a_busy_machine
@given(
    calls_waiting, operators_free, st.dictionaries(st.sampled_from(["language", "queue", "level"]), st.integers(0, 60))
)
def test_who_lacks_a_skill_is_only_asked_after_the_queue_has_waited_for_the_others(
    calls: list[WaitingCall], operators: list[FreeOperator], relax: dict[str, int]
) -> None:
    queues = {name: replace(one, relax=relax) for name, one in QUEUES.items()}
    by_id = {one.call_id: one for one in calls}
    skills = {one.operator.id: one.operator for one in operators}
    for pair in pairs(calls, operators, NOW, queues):
        waiting, operator = by_id[pair.call_id], skills[pair.operator_id]
        for skill in lacks(operator, waiting):
            assert waiting.waited_s(NOW) >= relax[skill]
        if not can_take(operator, waiting):
            chosen = {one.operator_id for one in pairs(calls, operators, NOW, queues)}
            idle = [one for one in skills.values() if one.id not in chosen and can_take(one, waiting)]
            assert not idle or waiting.refusals


@on_a_busy_machine
@given(st.data(), calls_waiting, operators_free)
def test_equal_inputs_give_equal_answers(
    data: st.DataObject, calls: list[WaitingCall], operators: list[FreeOperator]
) -> None:
    shuffled = data.draw(st.permutations(calls)), data.draw(st.permutations(operators))
    assert pairs(*shuffled, NOW, QUEUES) == pairs(calls, operators, NOW, QUEUES)


@on_a_busy_machine
@given(calls_waiting)
def test_within_a_queue_the_order_of_places_holds(calls: list[WaitingCall]) -> None:
    turns = [turn.call for turn in in_turn(calls, QUEUES, NOW)]
    assert sorted(one.call_id for one in turns) == sorted(one.call_id for one in calls)
    for name in QUEUES:
        mine = [(one.order_at, one.call_id) for one in turns if one.queue == name]
        assert mine == sorted(mine)


@on_a_busy_machine
@given(
    st.lists(st.tuples(st.sampled_from(sorted(QUEUES)), st.integers(1, 30)), min_size=1, max_size=60),
    st.integers(1, 3),
    st.integers(10, 60),
)
def test_nobody_starves_whoever_comes_after(arrivals: list[tuple[str, int]], operators: int, handling_s: int) -> None:
    """However many come in more pressing queues: a call is only passed by calls that come in before the longest
    acceptable wait after it is over."""
    staff = [free(number, 0, queues=" ".join(QUEUES)) for number in range(1, operators + 1)]
    coming, at_s = [], 0
    for number, (name, gap_s) in enumerate(arrivals):
        at_s += gap_s
        at = NOW + timedelta(seconds=at_s)
        coming.append(WaitingCall(f"call-{number:02}", name, "nl", at, at))
    waiting: list[WaitingCall] = []
    until = dict.fromkeys(range(1, operators + 1), NOW)
    now, passed = NOW, 0
    while coming or waiting:
        now += timedelta(seconds=1)
        while coming and coming[0].entered_at <= now:
            waiting.append(coming.pop(0))
        idle = [one for one in staff if until[one.operator.id] <= now]
        for pair in pairs(waiting, idle, now, QUEUES):
            served = next(one for one in waiting if one.call_id == pair.call_id)
            for other in waiting:
                longest = timedelta(seconds=QUEUES[other.queue].longest_s)
                if other.order_at < served.order_at:
                    assert served.order_at <= other.order_at + longest
                    passed += 1
            waiting.remove(served)
            until[pair.operator_id] = now + timedelta(seconds=handling_s)


def test_the_least_slack_to_its_own_target_goes_first() -> None:
    calls = [call("earlier", 15, queue="invoices"), call("pressed", 5, queue="internet")]
    everyone = [free(1, 5, queues="internet invoices")]
    assert pairs(calls, everyone, NOW, QUEUES) == [Pair("pressed", 1)]
    assert pairs(calls, everyone, NOW) == [Pair("earlier", 1)]


def test_who_is_late_anyway_does_not_make_another_late() -> None:
    late, in_time = call("late", 21, queue="internet"), call("in time", 30, queue="workplace")
    assert pairs([late, in_time], [free(1, 5, queues="internet workplace")], NOW, QUEUES) == [Pair("in time", 1)]


def test_who_has_waited_as_long_as_is_acceptable_goes_before_those_in_time() -> None:
    late, in_time = call("late", 600, queue="internet"), call("in time", 30, queue="workplace")
    assert pairs([late, in_time], [free(1, 5, queues="internet workplace")], NOW, QUEUES) == [Pair("late", 1)]


def test_who_is_late_is_due_before_the_longest_acceptable_wait_is_over() -> None:
    in_time, everyone = call("in time", 30, queue="workplace"), [free(1, 5, queues="internet workplace")]
    assert pairs([call("late", 469, queue="internet"), in_time], everyone, NOW, QUEUES) == [Pair("in time", 1)]
    assert pairs([call("late", 471, queue="internet"), in_time], everyone, NOW, QUEUES) == [Pair("late", 1)]


def test_priority_is_time_waited_and_no_jump() -> None:
    favoured = replace(call("favoured", 5), order_at=ago(5 + 30))
    assert [turn.call.call_id for turn in in_turn([call("long", 40), favoured], QUEUES, NOW)] == ["long", "favoured"]
    assert [turn.call.call_id for turn in in_turn([call("short", 30), favoured], QUEUES, NOW)] == ["favoured", "short"]


def graded(number: int, idle_s: float, level: int) -> FreeOperator:
    skills = Operator(number, "", frozenset({"nl"}), frozenset({"internet"}), {"internet": level})
    return FreeOperator(skills, ago(idle_s))


def test_idle_longest_comes_before_best_skill_and_best_skill_before_number() -> None:
    assert pairs([call("els", 9)], [graded(1, 60, 1), graded(2, 30, 3)], NOW, QUEUES) == [Pair("els", 1)]
    assert pairs([call("els", 9)], [graded(1, 60, 1), graded(2, 60, 3)], NOW, QUEUES) == [Pair("els", 2)]


def test_a_call_of_a_level_waits_for_one_who_has_it() -> None:
    hard = replace(call("hard", 30), level=2)
    assert pairs([hard], [graded(1, 60, 1)], NOW, QUEUES) == []
    assert pairs([hard], [graded(1, 60, 1), graded(2, 5, 2)], NOW, QUEUES) == [Pair("hard", 2)]
    relaxed = {"internet": replace(QUEUES["internet"], relax={"level": 30})}
    assert pairs([hard], [graded(1, 60, 1)], NOW, relaxed) == [Pair("hard", 1)]
    assert pairs([replace(hard, entered_at=ago(29))], [graded(1, 60, 1)], NOW, relaxed) == []


def test_a_call_that_will_be_late_is_offered_more_widely_at_once_where_the_queue_says_so() -> None:
    relaxed = {"internet": replace(QUEUES["internet"], relax={"queue": 300})}
    stranger = [free(1, 60, queues="invoices")]
    assert pairs([call("els", 5)], stranger, NOW, relaxed) == []
    assert pairs([call("els", 5)], stranger, NOW, relaxed, {"els"}) == [Pair("els", 1)]
