"""Work that must happen after a transaction, written down inside it.

A row is added with the facts it follows from. After the commit whoever added it pushes it to rq at once; what is lost
on the way (Redis down, worker killed) the ticker's sweep pushes again. A row is done once: `run` holds its lock.
Delays between attempts double from `FIRST_DELAY` to `LONGEST_DELAY`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Index, Table, case, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.clock import Clock
from foundation.database import Base, Database
from foundation.errors import ProviderError

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=10)
PUSH_LOST_AFTER = timedelta(seconds=5)  # a row that was just added is left to the push that follows its commit
RETRY_PUSH_AFTER = timedelta(seconds=30)  # a pushed row that is still not done is pushed again
RETRY_BULK_AFTER = timedelta(minutes=10)  # and one of the rq queue `bulk`, where a job may last for hours
MAX_ATTEMPTS = 20


class OutboxRow(Base):
    """One piece of work. `topic` chooses the handler, `queue` the rq queue: call, sync or bulk."""

    __tablename__ = "outbox"
    __table_args__ = (
        # The sweep asks every second; rows that are done stay, and must not be looked through.
        Index("ix_outbox_open", "due_at", postgresql_where=text("done_at IS NULL AND failed_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]
    queue: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]  # given up: permanent error or too many attempts


Handler = Callable[[Mapping[str, Any]], None]
Push = Callable[[str, int], None]  # (rq queue name, outbox id)
Job = tuple[str, str, Mapping[str, Any]]  # (topic, rq queue name, payload)

_TABLE = cast(Table, OutboxRow.__table__)
_ROWS = _TABLE.c


def add(session: Session, *, topic: str, queue: str, payload: Mapping[str, Any], now: datetime) -> OutboxRow:
    """Write down one piece of work in the caller's transaction; `OutboxRow.id` is set."""
    row = OutboxRow(topic=topic, queue=queue, payload=dict(payload), created_at=now, due_at=now + PUSH_LOST_AFTER)
    session.add(row)
    session.flush()
    return row


def add_all(session: Session, work: Sequence[Job], now: datetime) -> list[tuple[str, int]]:
    """Write down several pieces of work in the caller's transaction; gives what to push after its commit."""
    if not work:
        return []
    rows = [
        {
            "topic": topic,
            "queue": queue,
            "payload": payload,
            "created_at": now,
            "due_at": now + PUSH_LOST_AFTER,
            "attempts": 0,
        }
        for topic, queue, payload in work
    ]
    added = session.execute(insert(_TABLE).values(rows).returning(_ROWS.queue, _ROWS.id))
    return [(queue, number) for queue, number in added]


class Outbox:
    """Pushes written-down work to rq and runs it."""

    def __init__(self, database: Database, clock: Clock, push: Push) -> None:
        self._database = database
        self._clock = clock
        self._push = push

    def sweep(self, limit: int = 200) -> int:
        """Push every row that is due; gives their number. Two sweeps at once do not push a row twice."""
        now = self._clock.now()
        due = (
            select(_ROWS.id)
            .where(_ROWS.done_at.is_(None), _ROWS.failed_at.is_(None), _ROWS.due_at <= now)
            .order_by(_ROWS.id)
            .limit(limit)
        )
        with self._database.reading() as session:
            if session.scalar(due.limit(1)) is None:
                return 0
        with self._database.transaction() as session:
            rows = session.execute(
                update(_TABLE)
                .where(_ROWS.id.in_(due.with_for_update(skip_locked=True)))
                .values(due_at=case((_ROWS.queue == "bulk", now + RETRY_BULK_AFTER), else_=now + RETRY_PUSH_AFTER))
                .returning(_ROWS.queue, _ROWS.id)
            ).all()
        for queue, number in rows:
            self._push(queue, number)
        return len(rows)

    def run(self, row_id: int, handlers: Mapping[str, Handler]) -> None:
        """Do one row's work, once. An error is kept on the row and the row tried again later; ProviderError with
        `permanent` gives up at once. Never raises for the handler's errors: the row is the record."""
        free = select(_ROWS.id).where(_ROWS.id == row_id).with_for_update(skip_locked=True).scalar_subquery()
        now = self._clock.now()
        attempts = 0
        try:
            with self._database.transaction() as session:
                # Done, as far as this transaction goes: it is committed when the work is.
                row = session.execute(
                    update(_TABLE)
                    .where(_ROWS.id == free, _ROWS.done_at.is_(None), _ROWS.failed_at.is_(None))
                    .values(done_at=now, attempts=_ROWS.attempts + 1, last_error=None)
                    .returning(_ROWS.topic, _ROWS.payload, _ROWS.attempts)
                ).one_or_none()
                if row is None:
                    return
                attempts = row.attempts
                with self._database.lend(session):
                    handlers[row.topic](row.payload)
        except Exception as error:
            if not attempts:
                raise  # the row could not even be taken
            self._fail(row_id, attempts, error)

    def _fail(self, row_id: int, attempts: int, error: Exception) -> None:
        """In a transaction of its own: the work's may be broken. A worker that did the row meanwhile was right."""
        now = self._clock.now()
        give_up = attempts >= MAX_ATTEMPTS or (isinstance(error, ProviderError) and error.permanent)
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempts - 1))
        with self._database.transaction() as session:
            session.execute(
                update(_TABLE)
                .where(_ROWS.id == row_id, _ROWS.done_at.is_(None), _ROWS.failed_at.is_(None))
                .values(
                    attempts=attempts,
                    last_error=f"{type(error).__name__}: {error}"[:500],
                    failed_at=now if give_up else None,
                    due_at=now + delay,
                )
            )
