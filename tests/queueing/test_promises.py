"""Targets by period, priority, what screens are told about the pace; and losses that cost nobody the place."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

import pytest
from redis import Redis
from sqlalchemy import select

from callflows.facts import TargetSet
from foundation.audit import AuditRow
from foundation.errors import InvalidInput
from foundation.live import channel
from queueing.periods import Period, Target, days_of, in_words, minutes_of
from queueing.tables import OperatorRow, QueueRow
from tests.queueing.waiting_room import DANA, ELS, HUGO, JULIE, KARIM, MARC, OMAR, ROBIN, Room, at_once

# The room's clock stands at Monday 10:00 in Brussels.
MORNING = Period("morning", ("mon",), minutes_of("08:00"), minutes_of("10:01"), Target(0.7, 30, 300, "warn"))


def targets(room: Room, caller: str) -> list[int]:
    return [fact.within_s for fact in room.log.of(caller) if isinstance(fact, TargetSet)]


def test_a_caller_is_promised_the_target_of_the_moment_of_coming_in(room: Room) -> None:
    room.service.set_period("internet", MORNING, actor="sofie")
    room.calls_in(ELS)
    room.after(60)
    room.calls_in(MARC)
    assert (targets(room, ELS), targets(room, MARC)) == ([30], [150])
    view = room.service.board().queues[0]
    assert (view.period, view.target.within_s, view.paces) == (None, 150, ("late", "on-time"))


def test_a_changed_period_counts_at_once_for_those_it_is_about(room: Room) -> None:
    room.service.set_period("internet", MORNING, actor="sofie")
    room.calls_in(ELS)
    room.after(60)
    room.calls_in(MARC)
    room.service.drop_period("internet", "morning", actor="sofie")
    assert (targets(room, ELS), targets(room, MARC)) == ([30, 150], [150])
    with room.database.transaction() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [(row.before, row.after) for row in rows] == [
        ({}, {"morning": in_words(MORNING)}),
        ({"morning": in_words(MORNING)}, {}),
    ]


def test_the_longest_wait_grows_with_the_target_and_cannot_be_shorter(room: Room) -> None:
    queue = room.service.set_target("internet", share=0.9, within_s=900, actor="sofie")
    assert queue.longest_s == 900
    with pytest.raises(InvalidInput, match="longest acceptable wait"):
        room.service.set_target("internet", share=0.9, within_s=900, longest_s=899, actor="sofie")


@pytest.mark.parametrize(
    ("words", "days"),
    [("mon-fri", "mon tue wed thu fri"), ("sat,sun", "sat sun"), ("wed mon", "mon wed"), ("sun", "sun")],
)
def test_days_are_read_as_people_write_them(words: str, days: str) -> None:
    assert days_of(words) == tuple(days.split())


@pytest.mark.parametrize("words", ["fri-mon", "someday", "mon-", "-", "mon--tue"])
def test_what_is_no_day_is_refused(words: str) -> None:
    with pytest.raises(InvalidInput):
        days_of(words)


@pytest.mark.parametrize("words", ["25:00", "10", "10:60", "ten", "24:01", "²:00"])
def test_what_is_no_time_is_refused(words: str) -> None:
    with pytest.raises(InvalidInput):
        minutes_of(words)


def test_priority_moves_a_caller_forward_by_time_up_to_the_queues_cap(room: Room) -> None:
    room.calls_in(ELS)
    room.after(100)
    room.calls_in(MARC)
    room.after(60)
    room.service.join(JULIE, "internet", "nl", entered_at=room.clock.now(), priority_s=90)
    assert [room.position(one) for one in (ELS, JULIE, MARC)] == [1, 2, 3]
    room.service.join(OMAR, "internet", "nl", entered_at=room.clock.now(), priority_s=100_000)
    assert [room.position(one) for one in (ELS, OMAR, JULIE)] == [1, 2, 3], "120 s is the cap, and Els waited 160 s"


def test_the_most_pressed_queue_goes_first_at_an_operator_of_both(room: Room) -> None:
    room.service.set_target("workplace", share=0.9, within_s=30, actor="sofie")
    room.calls_in(ELS, "internet")
    room.after(10)
    room.calls_in(MARC, "workplace")
    room.ready(DANA)
    assert room.ringing(DANA) == MARC


def test_a_hard_call_rings_where_it_is_known_and_more_widely_when_it_will_be_late(room: Room) -> None:
    with room.database.transaction() as session:
        session.get_one(OperatorRow, ROBIN).levels = {"internet": 3}
        row = session.get_one(QueueRow, "internet")
        row.relax, row.target_when_missed = {"level": 400}, "widen"
    room.ready(DANA)
    room.service.join(ELS, "internet", "nl", entered_at=room.clock.now(), level=3)
    room.later(100)
    assert room.ringing(DANA) is None
    room.later(20)  # 80 % of 150 s, with no estimate to go by
    assert room.ringing(DANA) == ELS
    room.is_sound()


def test_screens_are_told_when_a_call_goes_at_risk_and_late_and_not_again(room: Room, redis: Redis) -> None:
    room.calls_in(ELS)
    heard = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    heard.subscribe(channel("board"))
    heard.get_message(timeout=2)
    told = []
    for seconds in (1, 119, 5, 26, 5):
        room.later(seconds)
        while message := heard.get_message(timeout=0.05):
            told.append(json.loads(message["data"]))
    heard.close()
    assert told == [
        {"kind": "pace-changed", "at_risk": 1, "late": 0},
        {"kind": "pace-changed", "at_risk": 0, "late": 1},
    ]


def test_a_hundred_callers_are_all_served_in_order_though_redis_is_emptied(room: Room) -> None:
    callers = [str(uuid5(NAMESPACE_URL, f"caller-{number}")) for number in range(100)]
    for number, caller in enumerate(callers):
        room.service.join(caller, "internet", "nl", entered_at=room.clock.now() + timedelta(microseconds=number))
    room.redis.flushall()
    room.without_wrap_up("internet")
    room.ready(DANA)
    served = []
    for number in range(100):
        if number == 50:
            room.redis.flushall()
        served.append(room.talks(DANA))
        room.parts(DANA)
    assert served == callers
    assert room.service.board().queues[0].waiting == ()
    room.is_sound()


def test_after_a_minute_without_a_ticker_every_deadline_is_handled_once_by_one_of_two(room: Room) -> None:
    """An offer that rang, an operator who did not connect, a wrap-up."""
    room.ready(DANA, ROBIN, KARIM)
    for caller in (ELS, MARC, JULIE):
        room.calls_in(caller)
    rung = {operator: room.ringing(operator) for operator in (DANA, ROBIN, KARIM)}
    room.accepts(ROBIN)
    room.talks(KARIM)
    room.parts(KARIM)
    room.after(60)
    for _ in range(2):
        at_once(*(partial(room.counter().tick) for _ in range(2)))
    assert [room.state(one) for one in (DANA, ROBIN)] == ["pause no-answer", "pause no-answer"]
    stories = {operator: Counter(room.log.story(str(caller))) for operator, caller in rung.items()}
    assert stories[DANA]["offer-settled lapsed"] == 1
    assert stories[ROBIN]["requeued"] == 1
    assert stories[KARIM]["wrap-up-ended"] == 1
    assert room.state(HUGO) == "away"
    room.is_sound()
