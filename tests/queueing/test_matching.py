"""Who is next: what holds for every waiting room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queueing.matching import REFUSAL_REST, FreeOperator, Pair, can_take, pairs
from queueing.model import Operator, Refusal, WaitingCall

on_a_busy_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LANGUAGES = ("nl", "fr", "en")
QUEUES = ("internet", "workplace", "invoices")


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def call(name: str, waited_s: float, *refusals: Refusal, queue: str = "internet", language: str = "nl") -> WaitingCall:
    return WaitingCall(name, queue, language, ago(waited_s), order_at=ago(waited_s), refusals=refusals)


def free(number: int, idle_s: float, *, queues: str = "internet", languages: str = "nl") -> FreeOperator:
    skills = Operator(number, f"Operator {number}", frozenset(languages.split()), frozenset(queues.split()))
    return FreeOperator(skills, ago(idle_s))


seconds = st.integers(0, 60)  # few values, so that ties are common
calls_waiting = st.lists(
    st.builds(
        lambda name, waited_s, refused, queue, language: call(
            f"call-{name}",
            waited_s,
            *(Refusal(operator, ago(at)) for operator, at in refused.items()),
            queue=queue,
            language=language,
        ),
        st.integers(0, 99),
        seconds,
        st.dictionaries(st.integers(1, 6), seconds, max_size=3),
        st.sampled_from(QUEUES),
        st.sampled_from(LANGUAGES),
    ),
    max_size=12,
    unique_by=lambda one: one.call_id,
)
operators_free = st.lists(
    st.builds(
        lambda number, idle_s, queues, languages: free(
            number, idle_s, queues=" ".join(queues), languages=" ".join(languages)
        ),
        st.integers(1, 6),
        seconds,
        st.sets(st.sampled_from(QUEUES)),
        st.sets(st.sampled_from(LANGUAGES)),
    ),
    max_size=6,
    unique_by=lambda one: one.operator.id,
)


@on_a_busy_machine
@given(calls_waiting, operators_free)
def test_nobody_gets_a_call_in_a_language_or_of_a_queue_that_is_not_theirs(
    calls: list[WaitingCall], operators: list[FreeOperator]
) -> None:
    by_id = {one.call_id: one for one in calls}
    skills = {one.operator.id: one.operator for one in operators}
    for pair in pairs(calls, operators, NOW):
        assert by_id[pair.call_id].queue in skills[pair.operator_id].queues
        assert by_id[pair.call_id].language in skills[pair.operator_id].languages


@on_a_busy_machine
@given(calls_waiting, operators_free)
def test_a_call_rings_at_one_operator_and_an_operator_hears_one_call(
    calls: list[WaitingCall], operators: list[FreeOperator]
) -> None:
    made = pairs(calls, operators, NOW)
    assert len({pair.call_id for pair in made}) == len({pair.operator_id for pair in made}) == len(made)


@on_a_busy_machine
@given(st.data(), calls_waiting, operators_free)
def test_the_answer_does_not_depend_on_the_order_of_asking(
    data: st.DataObject, calls: list[WaitingCall], operators: list[FreeOperator]
) -> None:
    shuffled = data.draw(st.permutations(calls)), data.draw(st.permutations(operators))
    assert pairs(*shuffled, NOW) == pairs(calls, operators, NOW)


@on_a_busy_machine
@given(calls_waiting, operators_free)
def test_who_is_left_waiting_could_not_have_been_helped(
    calls: list[WaitingCall], operators: list[FreeOperator]
) -> None:
    made = pairs(calls, operators, NOW)
    offered, busy = {pair.call_id for pair in made}, {pair.operator_id for pair in made}
    for left in (one for one in calls if one.call_id not in offered):
        resting = {refusal.operator_id for refusal in left.refusals if NOW - refusal.at < REFUSAL_REST}
        idle = {one.operator.id for one in operators if can_take(one.operator, left)} - busy
        assert idle <= resting


@on_a_busy_machine
@given(calls_waiting, operators_free)
def test_nobody_is_passed_by_a_later_call_of_the_same_queue_and_language(
    calls: list[WaitingCall], operators: list[FreeOperator]
) -> None:
    unrefused = [one for one in calls if not one.refusals]
    offered = {pair.call_id for pair in pairs(unrefused, operators, NOW)}
    for first in unrefused:
        for second in unrefused:
            alike = (first.queue, first.language) == (second.queue, second.language)
            if alike and first.order_at < second.order_at and second.call_id in offered:
                assert first.call_id in offered


@on_a_busy_machine
@given(operators_free)
def test_the_first_call_gets_the_operator_idle_longest(operators: list[FreeOperator]) -> None:
    able = [one for one in operators if can_take(one.operator, call("els", 0))]
    expected = min(able, key=lambda one: (one.idle_since, one.operator.id), default=None)
    made = pairs([call("els", 0)], operators, NOW)
    assert [pair.operator_id for pair in made] == ([expected.operator.id] if expected else [])


def test_the_head_of_the_queue_goes_first() -> None:
    assert pairs([call("late", 10), call("early", 90)], [free(1, 5)], NOW) == [Pair("early", 1)]


def test_equal_turns_go_by_number() -> None:
    assert pairs([call("els", 9)], [free(3, 60), free(2, 60)], NOW) == [Pair("els", 2)]


def test_who_let_a_call_go_by_comes_after_those_who_did_not() -> None:
    long_ago = Refusal(1, ago(600))
    assert pairs([call("els", 700, long_ago)], [free(1, 500), free(2, 3)], NOW) == [Pair("els", 2)]
    assert pairs([call("els", 700, long_ago)], [free(1, 500)], NOW) == [Pair("els", 1)]


def test_who_has_just_let_a_call_go_by_is_not_asked_again_yet() -> None:
    assert pairs([call("els", 700, Refusal(1, ago(9)))], [free(1, 500)], NOW) == []
    assert pairs([call("els", 700, Refusal(1, ago(10)))], [free(1, 500)], NOW) == [Pair("els", 1)]
