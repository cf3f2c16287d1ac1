"""PostgreSQL through SQLAlchemy. Each room declares its own tables on `Base`; migrations/ holds the schema."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Engine, MetaData, create_engine, event, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

ASK_AFTER_S = 30.0  # a connection that lay unused for so long may be dead without our end knowing: it is asked

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of all tables. A `datetime` column is always aware (UTC)."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True)}


class Database:
    """An engine and its sessions. Opens a connection when first used, not when made."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.engine: Engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            connect_args={"connect_timeout": 3, "options": "-c timezone=UTC"},
        )
        event.listen(self.engine, "checkout", self._still_there)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._lent: ContextVar[Session | None] = ContextVar("lent", default=None)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end, or rolls back on any exception."""
        with self._sessions.begin() as session:
            yield session

    @contextmanager
    def lend(self, session: Session) -> Iterator[None]:
        """Let what is read in this block be read in the transaction of `session`: a job reads several things, and a
        transaction for each costs more than the reading."""
        token = self._lent.set(session)
        try:
            yield
        finally:
            self._lent.reset(token)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read rows with (no objects: those would be remembered), lent or of its own."""
        lent = self._lent.get()
        if lent is not None:
            yield lent
            return
        with self.transaction() as session:
            yield session

    def _still_there(self, connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        """Have the pool connect anew when the server has gone meanwhile. A server that ends a connection says so, and
        an idle connection has nothing else to say: looking whether there is something to read costs no round trip."""
        now = time.monotonic()
        idle_s = now - record.info.get("used_at", now)
        record.info["used_at"] = now
        try:
            said = select.poll()
            said.register(connection.fileno(), select.POLLIN)
            if idle_s < ASK_AFTER_S and not said.poll(0):
                return
            self.engine.dialect.do_ping(connection)
        except self.engine.dialect.loaded_dbapi.Error:
            raise InvalidatePoolError from None

    def ping(self) -> None:
        """Raise if the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()
