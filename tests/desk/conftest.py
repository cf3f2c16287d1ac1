"""A desk on a Monday morning, with its queues, accounts, customers and tickets."""

from __future__ import annotations

from functools import cache

import pytest
from redis import Redis

import desk.seed
import helpdesk.seed
import queueing.seed
from desk.accounts import hash_password
from foundation.clock import ManualClock
from foundation.database import Database
from tests.desk.desk_house import House

hashed_once = cache(hash_password)  # argon2 is slow on purpose; a test process needs each hash once


@pytest.fixture
def house(database: Database, redis: Redis, clock: ManualClock) -> House:
    with database.transaction() as session:
        queueing.seed.seed(session)
        desk.seed.seed(session, hashed_once)
        helpdesk.seed.seed(session, clock.now())
    return House(database, redis, clock)
