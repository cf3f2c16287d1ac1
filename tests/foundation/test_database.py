"""A connection that the server has ended is replaced before anybody uses it, and a job's reads share a transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from foundation import database as module
from foundation.database import Database


def backend(database: Database) -> int:
    with database.transaction() as session:
        number: int = session.scalar(text("SELECT pg_backend_pid()")) or 0
    return number


def end(database: Database, backend: int) -> None:
    """The server ends a connection, as it does when it restarts."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.transaction() as session:
        assert session.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
    other.close()


def test_a_connection_that_the_server_ended_is_not_handed_out(database: Database) -> None:
    first = backend(database)
    assert backend(database) == first, "an idle connection is used again"
    end(database, first)
    assert backend(database) != first


def test_a_living_connection_is_handed_out_without_asking(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    first = backend(database)
    asked: list[object] = []
    event.listen(database.engine, "before_cursor_execute", lambda *_: asked.append(1))
    monkeypatch.setattr(database.engine.dialect, "do_ping", lambda connection: asked.append(connection))
    assert backend(database) == first
    assert len(asked) == 1, "one statement and no ping"
    monkeypatch.setattr(module, "ASK_AFTER_S", 0.0)
    assert backend(database) == first
    assert len(asked) == 3


def test_a_connection_lost_in_the_middle_is_an_error_and_the_next_transaction_works(database: Database) -> None:
    with pytest.raises(DBAPIError), database.transaction() as session:
        end(database, session.scalar(text("SELECT pg_backend_pid()")) or 0)
        session.execute(text("SELECT 1"))
    assert backend(database)


def test_reads_are_lent_the_transaction_that_is_open(database: Database) -> None:
    with database.transaction() as session:
        mine = session.scalar(text("SELECT pg_current_xact_id()"))
        with database.reading() as other:
            assert other is not session
        with database.lend(session), database.reading() as lent:
            assert lent.scalar(text("SELECT pg_current_xact_id()")) == mine
    with database.reading() as own:
        assert own is not session
