"""A helpdesk on a Monday morning, with its queues, operators and customers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from foundation.clock import ManualClock
from foundation.database import Database
from foundation.embedded import EmbeddedRedis
from tests.support.scenario import Scenario
from tests.support.seeded import seed
from tests.support.world import World, settings_for


@pytest.fixture
def changed_settings() -> dict[str, str]:
    """Settings of this helpdesk that are not as in other tests; a file may have its own."""
    return {}


@pytest.fixture
def world(
    database: Database,
    redis: Redis,
    redis_server: EmbeddedRedis,
    postgres_url: str,
    clock: ManualClock,
    tmp_path: Path,
    changed_settings: dict[str, str],
) -> Iterator[World]:
    seed(database, clock.now())
    folders = {"VOICEMAIL_DIR": str(tmp_path / "voicemail"), "SPOOL_DIR": str(tmp_path / "spool")}
    settings = settings_for(postgres_url, redis_server.url, **folders, **changed_settings)
    world = World(settings, clock)
    yield world
    world.close()


@pytest.fixture
def scenario(world: World) -> Scenario:
    return Scenario(world)
