"""The migrations make exactly the tables that the rooms declare."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text

from app import schema
from foundation.database import Database
from foundation.embedded import EmbeddedPostgres
from foundation.errors import Unavailable


def test_tables_and_migrations_agree(database: Database) -> None:
    schema.check(database.engine)


def test_migrating_twice_does_nothing(database: Database) -> None:
    schema.migrate(database.engine)


def test_a_database_of_a_later_version_is_refused_with_what_to_do() -> None:
    with TemporaryDirectory(prefix="onthaal-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "pg").start()
        database = Database(server.url("later"))
        schema.migrate(database.engine)
        with database.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(Unavailable, match="another version of Onthaal"):
            schema.migrate(database.engine)
        database.close()
        server.stop()
