"""What the wallboard shows, and a target that is changed while callers wait."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import select

from callflows.facts import TargetSet
from foundation.audit import AuditRow
from foundation.errors import InvalidInput, NotFound
from foundation.live import channel
from queueing.glance import QueueGlance
from queueing.periods import DAYS, Period, Target
from queueing.seed import QUEUES, seed
from queueing.tables import OperatorRow, QueueRow
from tests.queueing.waiting_room import DANA, ELS, JULIE, MARC, OMAR, ROBIN, Room


def test_the_board_shows_who_waits_how_long_and_who_is_late(room: Room) -> None:
    room.calls_in(ELS, "internet", "nl")
    room.after(100)
    room.calls_in(MARC, "internet", "fr")
    room.after(50)
    board = room.service.board()
    assert [view.queue.name for view in board.queues] == ["internet", "workplace", "invoices"]
    internet, workplace, _ = board.queues
    assert [one.call_id for one in internet.waiting] == [ELS, MARC]
    assert (internet.longest_wait_s, internet.late) == (150, 0), "150 s is within 150 s"
    assert (workplace.longest_wait_s, workplace.late) == (None, 0)
    room.after(0.5)
    assert room.service.board().queues[0].late == 1


def test_the_longest_wait_does_not_start_again_when_an_operator_lets_it_ring(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    room.later(20)
    assert room.service.board().queues[0].longest_wait_s == 20


def test_a_call_stays_on_the_board_until_its_operator_is_heard(room: Room) -> None:
    room.ready(DANA)
    room.calls_in(ELS)
    states = [room.service.board().queues[0].waiting[0].state]
    room.accepts(DANA)
    states.append(room.service.board().queues[0].waiting[0].state)
    assert states == ["offered", "connecting"]
    room.service.connected(ELS, DANA)
    assert room.service.board().queues[0].waiting == ()


def test_the_board_shows_every_operator(room: Room) -> None:
    room.ready(DANA, ROBIN)
    room.calls_in(ELS)
    room.talks(DANA)
    shown = {view.operator.name: view.presence for view in room.service.board().operators}
    assert len(shown) == 6
    assert (shown["Dana Voorbeeld"].state, shown["Dana Voorbeeld"].call_id) == ("talking", ELS)
    assert shown["Dana Voorbeeld"].queue == "internet"
    assert shown["Robin Sample"].state == "ready"
    assert shown["Hugo Fictif"].state == "away"


def test_a_new_target_counts_at_once_also_for_those_who_wait(room: Room) -> None:
    room.calls_in(ELS)
    room.calls_in(MARC, "invoices")
    room.calls_in(OMAR)
    room.service.leave(OMAR, "abandoned")
    room.after(60)
    room.service.set_target("internet", share=0.8, within_s=30, actor="supervisor-els")
    room.calls_in(JULIE)
    view = room.service.board().queues[0]
    assert (view.queue.share, view.queue.within_s, view.late) == (0.8, 30, 1)

    def targets(caller: str) -> list[tuple[str, float, int]]:
        return [(fact.key, fact.share, fact.within_s) for fact in room.log.of(caller) if isinstance(fact, TargetSet)]

    assert targets(ELS) == [("target:1", 0.9, 150), ("target:1:2", 0.8, 30)]
    assert targets(JULIE) == [("target:1", 0.8, 30)]
    assert targets(MARC) == targets(OMAR) == [("target:1", 0.9, 150)]


def test_who_changed_a_target_is_written_down(room: Room) -> None:
    for _ in range(2):  # the second changes nothing
        room.service.set_target("internet", share=0.8, within_s=30, actor="supervisor-els")
    with room.database.transaction() as session:
        (row,) = session.scalars(select(AuditRow)).all()
    assert (row.actor, row.action, row.subject) == ("supervisor-els", "queue.target-changed", "queue:internet")
    assert row.at == room.clock.now()
    assert (row.before, row.after) == ({"share": 0.9, "within_s": 150}, {"share": 0.8, "within_s": 30})


@pytest.mark.parametrize(
    ("share", "within_s", "sentence"),
    [
        (0, 150, "share must be more than 0 %"),
        (1.01, 150, "at most 100 %"),
        (float("nan"), 150, "share must be"),
        (0.9, 0, "at least 1 second"),
    ],
)
def test_a_target_that_cannot_be_is_refused(room: Room, share: float, within_s: int, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        room.service.set_target("internet", share=share, within_s=within_s, actor="supervisor-els")
    assert room.service.queue("internet").share == 0.9


def test_a_target_needs_its_queue(room: Room) -> None:
    with pytest.raises(NotFound):
        room.service.set_target("astrology", share=0.9, within_s=150, actor="supervisor-els")


def test_screens_are_told_what_changed(room: Room, redis: Redis) -> None:
    room.later(1)  # the board stands
    heard = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    heard.subscribe(channel("board"), channel(f"operator:{DANA}"))
    heard.get_message(timeout=2), heard.get_message(timeout=2)  # the confirmations
    room.ready(DANA)
    kinds = [json.loads(heard.get_message(timeout=2)["data"])["kind"] for _ in range(2)]
    assert kinds == ["operator-changed", "board-changed"]
    heard.close()


def test_seeding_again_keeps_what_was_changed(room: Room) -> None:
    room.service.set_target("internet", share=0.8, within_s=30, actor="supervisor-els")
    with room.database.transaction() as session:
        seed(session)
        session.add(OperatorRow(name="Nora Nieuw", languages=["nl"], queues=["internet"]))
    assert room.service.queue("internet").within_s == 30
    assert [one.id for one in room.service.operators()] == [1, 2, 3, 4, 5, 6, 7]


def test_every_shipped_queue_speaks_three_languages_and_has_somebody_for_each(room: Room) -> None:
    staff = room.service.operators()
    for queue in room.service.queues():
        assert set(queue.labels) == {"nl", "fr", "en"}
        assert all(set(code.labels) == {"nl", "fr", "en"} for code in queue.wrap_up_codes)
        for language in queue.labels:
            assert [one for one in staff if queue.name in one.queues and language in one.languages]
    with room.database.transaction() as session:
        assert session.query(QueueRow).count() == len(QUEUES)


def test_a_glance_says_what_the_whole_board_says(room: Room) -> None:
    room.calls_in(ELS, "internet", "nl")
    room.after(100)
    room.calls_in(MARC, "internet", "fr")
    room.service.join("callback", "internet", "nl", entered_at=room.clock.now() - timedelta(hours=1), kind="callback")
    room.after(50)
    agrees(room)
    room.after(0.5)
    assert agrees(room)[0].late == 1
    morning = Period("morning", DAYS, 0, 10 * 60 + 2, Target(0.9, 20))  # the clock of the tests stands at 10:00
    room.service.set_period("internet", morning, actor="sofie")
    assert [one.late for one in agrees(room)] == [2, 0, 0]
    room.calls_in(JULIE, "internet", "nl")
    assert room.service.board().queues[0].target.within_s == 150
    room.after(30)
    assert agrees(room)[0].late == 2, "who came after the morning has until 150 s"
    room.ready(DANA)
    room.talks(DANA)
    agrees(room)
    room.redis.flushall()
    assert agrees(room)[0].waiting == 3, "the callback's turn was the first"


def agrees(room: Room) -> Sequence[QueueGlance]:
    """What the glance says, as long as it is what the board says."""
    glances = room.service.glance()
    for view, one in zip(room.service.board().queues, glances, strict=True):
        calls = [call for call in view.waiting if call.kind == "call"]
        oldest = min((call.entered_at for call in calls), default=None)
        assert one == QueueGlance(view.queue, len(calls), oldest, view.late, view.target)
    return glances
