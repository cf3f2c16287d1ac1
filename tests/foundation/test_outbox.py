"""Work written down in a transaction is done once, and a failure is kept and tried again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text

from foundation import outbox
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.errors import ProviderError


def test_work_is_pushed_once_and_done_once(database: Database, clock: ManualClock) -> None:
    pushed: list[tuple[str, int]] = []
    done: list[Mapping[str, Any]] = []
    box = outbox.Outbox(database, clock, lambda queue, row_id: pushed.append((queue, row_id)))
    with database.transaction() as session:
        row = outbox.add(session, topic="greet", queue="sync", payload={"who": "Els"}, now=clock.now())
    assert box.sweep() == 0, "the push that follows the commit comes first"
    clock.advance(outbox.PUSH_LOST_AFTER)
    assert box.sweep() == 1
    assert box.sweep() == 0
    assert pushed == [("sync", row.id)]
    for _ in range(2):
        box.run(row.id, {"greet": done.append})
    assert done == [{"who": "Els"}]


def test_work_of_a_rolled_back_transaction_does_not_exist(database: Database, clock: ManualClock) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        outbox.add(session, topic="greet", queue="sync", payload={}, now=clock.now())
        raise RuntimeError("the facts could not be written")
    clock.advance(outbox.PUSH_LOST_AFTER)
    assert outbox.Outbox(database, clock, lambda *_: None).sweep() == 0


def test_a_failure_waits_longer_each_time_and_keeps_its_reason(database: Database, clock: ManualClock) -> None:
    def refuse(_: Mapping[str, Any]) -> None:
        raise ProviderError("the ticketing system is away", permanent=False)

    box = outbox.Outbox(database, clock, lambda *_: None)
    with database.transaction() as session:
        row_id = outbox.add(session, topic="greet", queue="sync", payload={}, now=clock.now()).id
    delays = []
    for _ in range(3):
        box.run(row_id, {"greet": refuse})
        with database.transaction() as session:
            row = session.get_one(outbox.OutboxRow, row_id)
            assert row.last_error == "ProviderError: the ticketing system is away"
            delays.append(row.due_at - clock.now())
    assert delays == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]


def test_work_that_breaks_the_transaction_it_reads_in_is_kept_with_its_reason(
    database: Database, clock: ManualClock
) -> None:
    def break_it(_: Mapping[str, Any]) -> None:
        with database.reading() as session:
            session.execute(text("SELECT 1 / 0"))

    box = outbox.Outbox(database, clock, lambda *_: None)
    with database.transaction() as session:
        row_id = outbox.add(session, topic="greet", queue="sync", payload={}, now=clock.now()).id
    box.run(row_id, {"greet": break_it})
    with database.transaction() as session:
        row = session.get_one(outbox.OutboxRow, row_id)
        assert (row.attempts, row.done_at) == (1, None)
        assert "division by zero" in (row.last_error or "")
        assert row.due_at - clock.now() == outbox.FIRST_DELAY


def test_long_work_that_waits_for_its_turn_is_not_pushed_again_and_again(
    database: Database, clock: ManualClock
) -> None:
    box = outbox.Outbox(database, clock, lambda *_: None)
    with database.transaction() as session:
        for queue in ("call", "bulk"):
            outbox.add(session, topic="greet", queue=queue, payload={}, now=clock.now())
    clock.advance(outbox.PUSH_LOST_AFTER)
    assert box.sweep() == 2
    clock.advance(outbox.RETRY_PUSH_AFTER)
    assert box.sweep() == 1
    clock.advance(outbox.RETRY_BULK_AFTER)
    assert box.sweep() == 2


def test_a_permanent_refusal_is_given_up_at_once(database: Database, clock: ManualClock, redis: Redis) -> None:
    def refuse(_: Mapping[str, Any]) -> None:
        raise ProviderError("no such account", permanent=True)

    box = outbox.Outbox(database, clock, lambda *_: None)
    with database.transaction() as session:
        row_id = outbox.add(session, topic="greet", queue="sync", payload={}, now=clock.now()).id
    box.run(row_id, {"greet": refuse})
    clock.advance(timedelta(hours=1))
    assert box.sweep() == 0
