"""What matching starts from, calls without an offer and ready operators, is what the whole board says, at any time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given

from foundation.errors import Conflict
from queueing import matching
from queueing.board import RedisBoard
from queueing.matching import FreeOperator, Pair
from queueing.model import WaitingCall
from tests.queueing.test_matching import NOW, QUEUES, call, calls_waiting, free, on_a_busy_machine, operators_free
from tests.queueing.waiting_room import AMINA, DANA, HUGO, KARIM, LOTTE, ROBIN, Room

STAFF = (DANA, KARIM, LOTTE, HUGO, ROBIN, AMINA)


def agrees(room: Room) -> None:
    board = RedisBoard(room.redis)
    snapshot = board.snapshot()
    assert snapshot is not None
    waiting, presences = snapshot
    for queue in room.service.queues():
        free = [call for call in waiting if call.queue == queue.name and call.offer is None]
        assert list(board.free_calls(queue.name)) == free
    ready = {one.operator_id: one.idle_since or one.since for one in presences.values() if one.state == "ready"}
    assert board.ready() == (ready if any(call.offer is None for call in waiting) else {})


@pytest.mark.parametrize("seed", [1, 2])
def test_they_are_what_the_whole_board_says(room: Room, seed: int) -> None:
    chance = random.Random(seed)
    callers = [str(uuid5(NAMESPACE_URL, f"caller-{number}")) for number in range(40)]
    for caller in callers[:30]:  # more than are read at a time
        room.calls_in(caller, chance.choice(["internet", "workplace"]), chance.choice(["nl", "fr"]))
    for _ in range(40):
        operator, caller = chance.choice(STAFF), chance.choice(callers)
        room.after(chance.choice([0, 1, 25]))
        try:
            match chance.randrange(7):
                case 0:
                    room.calls_in(caller)
                case 1:
                    room.service.leave(caller, "abandoned")
                case 2:
                    room.service.set_presence(operator, chance.choice(["ready", "pause"]))
                case 3 if room.ringing(operator):
                    room.talks(operator)
                case 4:
                    room.service.over(caller, "answered", operator)
                case 5:
                    room.service.requeue(caller)
                case _:
                    room.service.tick()
        except Conflict:
            pass
        agrees(room)
    room.redis.flushall()
    room.service.presence(DANA)
    agrees(room)


@on_a_busy_machine
@given(calls_waiting, operators_free)
def test_calls_read_as_far_as_needed_give_the_pairs_of_all(
    waiting: list[WaitingCall], free: list[FreeOperator]
) -> None:
    taken: list[str] = []

    def read(queue: str) -> Iterator[WaitingCall]:
        ordered = sorted(waiting, key=lambda one: (one.order_at, one.call_id))
        for one in (one for one in ordered if one.queue == queue):
            taken.append(one.call_id)
            yield one

    turns = matching.merged({queue: read(queue) for queue in QUEUES}, {}, NOW)
    assert matching.paired(turns, free, NOW, {}, lambda _: False) == matching.pairs(waiting, free, NOW)
    if not free:
        assert not taken


def test_one_free_operator_is_given_the_first_call_and_no_more_is_read() -> None:
    waiting = (call(f"call-{number:03}", 999 - number) for number in range(900))
    turns = matching.merged({"internet": waiting}, {}, NOW)
    assert matching.paired(turns, [free(1, 5)], NOW, {}, lambda _: False) == [Pair("call-000", 1)]
    assert next(waiting).call_id == "call-001"
