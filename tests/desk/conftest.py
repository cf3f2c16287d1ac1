"""A desk on a Monday morning, with its queues, accounts, customers and tickets."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis

from foundation.clock import ManualClock
from foundation.database import Database
from tests.desk.desk_house import House
from tests.support.seeded import seed


@pytest.fixture
def house(database: Database, redis: Redis, clock: ManualClock, tmp_path: Path) -> House:
    seed(database, clock.now())
    return House(database, redis, clock, SPOOL_DIR=str(tmp_path / "spool"))
