"""The fold: any order, any repetition, one record; and clocks that partition the call."""

from __future__ import annotations

import pytest

from callflows.facts import (
    CallEnded,
    Fact,
    FlowEnded,
    LegJoined,
    QueueEntered,
    Requeued,
    StepTaken,
    TranscriptionRefused,
    WrapUpEnded,
    WrapUpStarted,
)
from callflows.fold import fold
from callflows.record import CallRecord
from tests.callflows.facts_of_a_call import (
    CALLER,
    OPERATOR,
    answered_call,
    assert_partition,
    at,
    completed,
    held,
    joined,
    left,
    offered,
    queued,
    settled,
    started,
)


def test_an_answered_call_shows_every_clock() -> None:
    record = fold("c1", answered_call())
    assert record.outcome == "answered"
    assert record.status == "ended"
    assert record.language == "fr"
    assert record.menu_path == ("topic-internet",)
    assert record.operator == 1
    assert record.operator_leg is None
    assert record.within_target is True
    clocks = record.clocks
    assert clocks.model_dump() == pytest.approx(
        {"menu": 22.4, "wait": 30.0, "ring": 4.6, "talk": 75.0, "hold": 10.0, "consult": 0.0, "wrap_up": 12.0}
    )
    assert record.wrap_up_code == "solved"
    assert record.wrapped_up_at == at(152.3)
    assert_partition(record)


@pytest.mark.parametrize(("answered_after_s", "within"), [(149.999, True), (150.0, True), (150.001, False)])
def test_the_target_includes_its_boundary(answered_after_s: float, within: bool) -> None:
    entered = 10.25
    talk = entered + answered_after_s
    facts = [
        started(),
        *queued(entered),
        offered(entered + 1),
        settled(entered + 2, "accepted"),
        LegJoined(at=at(talk), key="room:1", leg=OPERATOR, operator=1, sequence=1),
        LegJoined(at=at(talk), key="room:2", leg=CALLER, operator=None, sequence=2),
        CallEnded(at=at(talk + 30), key="call-ended", reason="x"),
    ]
    assert fold("c1", facts).within_target is within


def test_a_caller_who_hangs_up_in_the_queue_has_abandoned() -> None:
    facts = [started(), *queued(20.5), offered(30), settled(45, "lapsed"), completed(60)]
    record = fold("c1", facts)
    assert record.outcome == "abandoned"
    assert record.within_target is False
    assert record.clocks.wait == pytest.approx(24.5)
    assert record.clocks.ring == pytest.approx(15)
    assert record.operator is None


def test_a_caller_who_hangs_up_in_the_menu_has_left_the_menu() -> None:
    record = fold("c1", [started(), completed(12)])
    assert (record.outcome, record.within_target, record.clocks.menu) == ("left-menu", None, 12)


@pytest.mark.parametrize("outcome", ["closed", "failed", "overflow", "voicemail", "callback"])
def test_the_flow_says_how_a_call_without_a_talk_ended(outcome: str) -> None:
    facts = [started(), FlowEnded(at=at(10), key="flow-ended", outcome=outcome), completed(14)]
    assert fold("c1", facts).outcome == outcome


def test_a_flow_that_claims_a_talk_nobody_was_seen_in_has_failed() -> None:
    facts = [started(), *queued(2), FlowEnded(at=at(10), key="flow-ended", outcome="answered"), completed(14)]
    assert fold("c1", facts).outcome == "failed"


def test_a_lost_operator_puts_the_caller_back_and_the_first_answer_stays() -> None:
    facts = [
        started(),
        *queued(10),
        offered(20),
        settled(22, "accepted"),
        joined(24, 1, 1),
        joined(24, 2, None),
        left(40, 3, 1),
        Requeued(at=at(40.6), key="requeued:1", queue="internet", operator=1),
        left(41, 4, None, "participant_updated_via_api"),
        offered(50, "o2", 2),
        settled(53, "accepted", "o2", 2),
        joined(55, 5, 2),
        joined(55, 6, None),
        left(75, 7, None),
        completed(75),
    ]
    record = fold("c1", facts)
    assert record.answered_at == at(24)
    assert record.operator == 2
    assert record.within_target is True
    clocks = {"menu": 10, "wait": 20, "ring": 9, "talk": 36, "hold": 0, "consult": 0, "wrap_up": 0}
    assert record.clocks.model_dump() == pytest.approx(clocks)
    assert_partition(record)
    waiting_again = fold("c1", facts[:9])
    assert (waiting_again.status, waiting_again.running, waiting_again.running_since) == ("waiting", "wait", at(40))
    assert waiting_again.answered_at == at(24)


def test_two_operators_and_a_held_caller_is_a_consultation() -> None:
    facts = [
        started(),
        *queued(0),
        joined(10, 1, 1),
        joined(10, 2, None),
        held(20, 3, True),
        joined(25, 4, 2),
        left(40, 5, 1),
        held(41, 6, False),
        left(50, 7, None),
    ]
    clocks = fold("c1", facts).clocks
    assert (clocks.talk, clocks.hold, clocks.consult) == (10 + 9, 5 + 1, 15)


@pytest.mark.parametrize(
    ("count", "status", "running"),
    [
        (1, "menu", "menu"),
        (4, "waiting", "wait"),
        (5, "offered", "ring"),
        (6, "connecting", "ring"),
        (7, "connecting", "ring"),
        (8, "talking", "talk"),
        (9, "held", "hold"),
        (10, "wrap-up", "wrap_up"),
        (11, "ended", None),
    ],
)
def test_a_running_call_says_where_it_is(count: int, status: str, running: str | None) -> None:
    facts: list[Fact] = [
        started(),
        *queued(5),
        offered(6),
        settled(7, "accepted"),
        joined(8, 1, 1),
        joined(9, 2, None),
        held(12, 3, True),
        WrapUpStarted(at=at(20), key="w", operator=1),
        WrapUpEnded(at=at(30), key="w:ended", operator=1, code=None),
    ]
    seen = facts[:count] if count < 10 else [*facts[:9], completed(20), *facts[9:count]]
    record = fold("c1", seen)
    assert (record.status, record.running) == (status, running)
    if running is None:
        assert record.running_since is None
    else:
        assert (
            record.running_since == [None, at(0), None, None, at(5), at(6), at(6), at(6), at(9), at(12), at(20)][count]
        )


def test_our_own_knowledge_of_the_end_is_more_precise_than_the_provider_second() -> None:
    facts = [started(0.4), *queued(5.5), completed(20), CallEnded(at=at(20.8), key="call-ended", reason="hung up")]
    assert fold("c1", facts).ended_at == at(20.8)


def test_an_end_that_later_life_contradicts_is_not_the_end() -> None:
    wrong = CallEnded(at=at(8), key="call-ended", reason="mistaken")
    facts = [started(), wrong, *queued(10), completed(30)]
    assert fold("c1", facts).ended_at == at(30)


def test_the_end_of_a_room_is_not_the_end_of_the_call() -> None:
    facts = [*answered_call()[:-3]]
    record = fold("c1", [fact for fact in facts if not isinstance(fact, WrapUpStarted)])
    assert (record.ended_at, record.status, record.running) == (None, "menu", "menu")


def test_stamps_that_are_cut_off_never_go_back_in_time() -> None:
    """Accepted at 10.7, joined "at 10": the talk does not begin before it was accepted, and the call has no gap."""
    facts = [
        started(10.1),
        *queued(10.2),
        offered(10.3),
        settled(10.7, "accepted"),
        joined(10, 1, 1),
        joined(10, 2, None),
        left(10, 3, None),
        completed(10),
    ]
    record = fold("c1", facts)
    assert record.answered_at == at(10.7)
    assert record.ended_at == at(10.7)
    assert record.outcome == "answered"
    assert_partition(record)


def test_leaving_the_queue_by_the_flow_puts_the_caller_back_into_the_menu() -> None:
    step = StepTaken(at=at(30), key="step:4", event={}, session={"phase": "menu", "queues_entered": 1})
    facts = [started(), *queued(10), step]
    assert fold("c1", facts).running == "menu"
    second = [*facts, QueueEntered(at=at(40), key="queue:2", queue="invoices", ordinal=2)]
    record = fold("c1", second)
    assert (record.running, record.queue, record.entered_at) == ("wait", "invoices", at(10))


def test_nothing_is_known_of_a_call_without_facts() -> None:
    assert fold("c1", []) == CallRecord(call_id="c1")


def test_opting_out_is_kept_from_the_caller_and_the_operator_alike() -> None:
    facts = [started(), TranscriptionRefused(at=at(3), key="transcription-refused", by="operator")]
    assert fold("c1", facts).transcription is False
