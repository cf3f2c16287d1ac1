"""Redis may be emptied at any moment: nothing is lost and nobody loses the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from time import monotonic
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from queueing.board import Claim, RedisBoard
from queueing.model import Presence
from tests.queueing.waiting_room import DANA, ELS, JULIE, KARIM, MARC, ROBIN, Room

# One day in the waiting room, step by step.
STAGES: list[tuple[str, Callable[[Room], object]]] = [
    ("a caller waits", lambda room: room.calls_in(ELS)),
    ("another waits", lambda room: room.calls_in(MARC)),
    ("one is offered", lambda room: room.ready(DANA)),
    ("the offer is declined", lambda room: room.service.decline(room.service.offer_for(DANA).id, DANA)),  # type: ignore[union-attr]
    ("another operator is rung", lambda room: room.ready(ROBIN)),
    ("the offer is accepted", lambda room: room.accepts(ROBIN)),
    ("they talk", lambda room: room.service.connected(ELS, ROBIN)),
    ("the operator wants a pause", lambda room: room.service.set_presence(ROBIN, "pause", "lunch")),
    ("the operator drops", lambda room: room.service.requeue(ELS, ROBIN)),
    ("a third caller comes", lambda room: room.calls_in(JULIE)),
    ("an offer lapses", lambda room: room.later(25)),
    ("a third operator is rung", lambda room: room.ready(KARIM)),
    ("the third talks", lambda room: room.talks(KARIM)),
    ("the third wraps up", lambda room: room.parts(KARIM)),
    ("a caller gives up", lambda room: room.service.leave(JULIE, "abandoned")),
    ("the wrap-up is over", lambda room: room.later(60)),
]
ENDING = ["pause no-answer", "offered", "pause lunch"]


def test_at_every_stage_the_board_comes_back_as_it_was(room: Room) -> None:
    for _, stage in STAGES:
        stage(room)
        room.is_sound()
    assert [room.state(one) for one in (DANA, KARIM, ROBIN)] == ENDING


@pytest.mark.parametrize("lost", range(len(STAGES)), ids=[f"before {name}" for name, _ in STAGES])
def test_the_day_ends_the_same_wherever_redis_is_emptied(room: Room, lost: int) -> None:
    for number, (_, stage) in enumerate(STAGES):
        if number == lost:
            room.redis.flushall()
        stage(room)
    assert [room.state(one) for one in (DANA, KARIM, ROBIN)] == ENDING
    assert room.log.story(ELS).count("requeued") == 1


@contextmanager
def just_before(room: Room, statement: str, happening: Callable[[], object]) -> Iterator[None]:
    """Let something happen once, between a claim on the board and the SQL `statement` that follows from it."""
    waiting = [happening]

    def look(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if statement in sql and waiting:
            waiting.pop()()

    event.listen(room.database.engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(room.database.engine, "before_cursor_execute", look)
    assert not waiting, f"{statement} never came"


def someone_waits_for_a_lock(room: Room, thread: Thread) -> bool:
    """True once a session waits for an advisory lock, False when the thread is done without."""
    deadline = monotonic() + 10
    waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    while thread.is_alive() and monotonic() < deadline:
        with room.database.transaction() as session:
            if session.scalar(waits):
                return True
    return False


def test_a_claim_is_kept_when_redis_is_emptied_before_it_is_written(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    others: list[Thread] = []

    def flush_and_let_another_rebuild() -> None:
        room.redis.flushall()
        others.append(Thread(target=room.counter().tick))
        others[0].start()
        assert someone_waits_for_a_lock(room, others[0]), "it must not read SQL before the claim is written there"

    with just_before(room, "INSERT INTO operator_states", flush_and_let_another_rebuild):
        room.accepts(DANA)
    others[0].join(10)
    assert room.state(DANA) == "connecting"
    assert room.service.board().queues[0].waiting[0].state == "connecting"
    room.is_sound()


def test_a_claim_that_cannot_be_written_is_taken_back(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)

    def power_cut() -> None:
        raise OperationalError("INSERT", None, ConnectionError("the database went away"))

    with just_before(room, "INSERT INTO operator_states", power_cut), pytest.raises(OperationalError):
        room.accepts(DANA)
    assert room.ringing(DANA) == ELS
    room.accepts(DANA)
    room.is_sound()


class Killed(BaseException):
    """The process is gone; nothing in it can react."""


def test_a_claim_whose_process_died_before_writing_is_undone(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)

    def kill() -> None:
        raise Killed

    with just_before(room, "INSERT INTO queue_entries", kill), pytest.raises(Killed):
        room.service.leave(ELS, "abandoned")
    assert room.position(ELS) is None, "so the board says, and SQL does not"
    room.later(11)
    assert room.position(ELS) == 1
    room.service.leave(ELS, "abandoned")  # the provider tells it again
    assert room.position(ELS) is None
    room.is_sound()


def test_a_claim_sent_again_after_a_lost_answer_is_one_claim(room: Room) -> None:
    room.calls_in(ELS)
    board = RedisBoard(room.redis)
    look, other = board.look(), board.look()
    for one in (look, other):
        assert one.presence(DANA) is None
        one.put_presence(Presence(DANA, "ready", room.clock.now()))
    assert [board.claim(one, room.clock.now()) for one in (look, look, other)] == [
        Claim.CLAIMED,
        Claim.CLAIMED,
        Claim.CHANGED,
    ]


def test_a_caller_who_hangs_up_while_redis_is_emptied_is_gone(room: Room) -> None:
    room.calls_in(ELS)
    with just_before(room, "INSERT INTO queue_entries", room.redis.flushall):
        room.service.leave(ELS, "abandoned")
    assert room.position(ELS) is None
    room.is_sound()


def test_a_hundred_waiting_callers_keep_their_order(room: Room) -> None:
    callers = [str(uuid5(NAMESPACE_URL, f"caller-{number}")) for number in range(100)]
    now = room.clock.now()
    for number, caller in enumerate(callers):
        room.service.join(caller, "internet", "nl", entered_at=now + timedelta(microseconds=number))
    room.redis.flushall()
    assert [one.call_id for one in room.service.board().queues[0].waiting] == callers
    assert [room.position(callers[0]), room.position(callers[-1])] == [1, 100]


def test_deadlines_that_passed_while_the_ticker_stood_still_are_handled_once(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    room.after(60)
    room.redis.flushall()
    for _ in range(2):
        assert room.service.tick()
    assert room.state(DANA) == "pause no-answer"
    assert room.log.story(ELS) == ["target-set", "offer-made", "offer-settled lapsed"]


def test_rebuilding_a_board_that_stands_changes_nothing(room: Room) -> None:
    for _, stage in STAGES[:6]:
        stage(room)
    before = room.service.board()
    for _ in range(2):
        room.service.rebuild()
    assert room.service.board() == before


def test_who_has_just_declined_is_still_remembered(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    offer = room.service.offer_for(DANA)
    assert offer is not None
    room.service.decline(offer.id, DANA)
    room.redis.flushall()
    room.later(5)
    assert room.ringing(DANA) is None
