"""A caller waits, an operator is rung, they talk, the call is put away."""

from __future__ import annotations

from tests.queueing.waiting_room import DANA, ELS, Room


def test_a_call_from_queue_to_wrap_up(room: Room) -> None:
    room.calls_in(ELS)
    room.ready(DANA)
    assert room.state(DANA) == "offered"
    room.talks(DANA)
    assert room.state(DANA) == "talking"
    assert room.position(ELS) is None
    room.service.release(DANA)
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
