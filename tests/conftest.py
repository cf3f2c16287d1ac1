"""Real PostgreSQL and real Redis for every test: one pair of servers a test process, a clean state a test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis import Redis
from sqlalchemy import text

from app.schema import migrate
from foundation.clock import ManualClock
from foundation.database import Base, Database
from foundation.embedded import EmbeddedPostgres, EmbeddedRedis
from foundation.memory import connect


@pytest.fixture(scope="session")
def store_folder() -> Iterator[Path]:
    """Not below pytest's own folder: that one is closed to PostgreSQL's user whenever another run begins."""
    with TemporaryDirectory(prefix="onthaal-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_url(store_folder: Path) -> Iterator[str]:
    server = EmbeddedPostgres(store_folder / "pg").start()
    url = server.url("onthaal")
    database = Database(url)
    migrate(database.engine)
    database.close()
    yield url
    server.stop()


@pytest.fixture(scope="session")
def redis_server(store_folder: Path) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(store_folder / "redis").start()
    yield server
    server.stop()


@pytest.fixture
def redis(redis_server: EmbeddedRedis) -> Iterator[Redis]:
    client = connect(redis_server.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with database.transaction() as session:
        session.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    yield database
    database.close()


@pytest.fixture
def clock() -> ManualClock:
    """A Monday morning, 10:00 in Brussels."""
    return ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a Chromium the browser tests are left out; `make test` has said so."""
    if shutil.which("chromium") is not None:
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
