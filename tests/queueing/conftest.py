"""The fixtures of the waiting room; what they give is in waiting_room.py."""

from __future__ import annotations

import pytest
from redis import Redis

from foundation.clock import ManualClock
from foundation.database import Database
from queueing.seed import seed
from tests.queueing.waiting_room import FactBook, Room


@pytest.fixture
def log() -> FactBook:
    return FactBook()


@pytest.fixture
def room(database: Database, redis: Redis, clock: ManualClock, log: FactBook) -> Room:
    with database.transaction() as session:
        seed(session)
    return Room(database, redis, clock, log)
