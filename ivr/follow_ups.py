"""Who rang in vain: a list of numbers to ring back, kept until somebody has reached them or they got through.

A call is lost when its caller gave up waiting, rang when nobody was there, or was sent away. One number is one entry,
however often it rang. Callers without a number cannot be rung and are not on the list; their calls are in the call log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from callflows.record import CallRecord
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import Conflict, InvalidInput, NotFound
from foundation.live import BOARD, Live
from ivr.tables import FollowUpRow

LOST = frozenset({"abandoned", "closed", "failed", "overflow"})
THROUGH = frozenset({"answered", "callback", "voicemail"})  # the last two are somebody's work already
CLOSINGS = ("reached", "not-needed")


@dataclass(frozen=True)
class LostCall:
    """One call that came to nothing. `at` is when it rang (ISO 8601), `waited_s` the time in queues."""

    call_id: str
    at: str
    outcome: str
    queue: str | None
    language: str | None
    waited_s: float


@dataclass(frozen=True)
class FollowUp:
    """A number to ring; `calls` oldest first. `closed_how` is reached, got-through or not-needed."""

    id: int
    number: str
    calls: tuple[LostCall, ...]
    opened_at: datetime
    last_call_at: datetime
    closed_at: datetime | None
    closed_how: str | None
    closed_by: str | None

    @property
    def last(self) -> LostCall:
        return self.calls[-1]


class Calls(Protocol):
    """The call log, as follow-ups need it."""

    def record_of(self, call_id: str) -> CallRecord: ...
    def calls(
        self, limit: int = 50, *, since: datetime | None = None, from_number: str | None = None
    ) -> Sequence[CallRecord]: ...


class FollowUps:
    """Keeps the list."""

    def __init__(self, database: Database, clock: Clock, calls: Calls, live: Live) -> None:
        self._database = database
        self._clock = clock
        self._calls = calls
        self._live = live

    def settle(self, payload: Mapping[str, Any]) -> None:
        """A call is over: put its number on the list, or take it off. Doing it twice, or late, changes nothing."""
        record = self._calls.record_of(payload["call_id"])
        number = record.from_number
        if not number.startswith("+") or not number[1:].isdigit() or record.started_at is None:
            return
        if record.outcome in THROUGH:
            with self._database.transaction() as session:
                _one_at_a_time(session, number)
                row = _open(session, number)
                if row is not None and row.last_call_at <= (record.ended_at or record.started_at):
                    self._close(row, "got-through", None)
        elif record.outcome in LOST and record.direction == "inbound" and not self._got_through_since(record):
            self._add(record, record.started_at)
        self._live.publish(BOARD, "board-changed")

    def open(self, limit: int = 200) -> list[FollowUp]:
        """The numbers to ring, the one that has waited longest first."""
        query = select(FollowUpRow).where(FollowUpRow.closed_at.is_(None)).order_by(FollowUpRow.opened_at).limit(limit)
        with self._database.transaction() as session:
            return [_follow_up(row) for row in session.scalars(query)]

    def count(self) -> int:
        """How many numbers there are to ring."""
        query = select(func.count()).select_from(FollowUpRow).where(FollowUpRow.closed_at.is_(None))
        with self._database.transaction() as session:
            return session.scalar(query) or 0

    def closed(self, limit: int = 20) -> list[FollowUp]:
        """The entries that are done, the latest first."""
        query = select(FollowUpRow).where(FollowUpRow.closed_at.is_not(None)).order_by(FollowUpRow.closed_at.desc())
        with self._database.transaction() as session:
            return [_follow_up(row) for row in session.scalars(query.limit(limit))]

    def close(self, follow_up_id: int, how: str, *, actor: str) -> FollowUp:
        """Somebody has reached the caller, or found that it is not needed. Raises NotFound, InvalidInput, and Conflict
        that names who was first."""
        if how not in CLOSINGS:
            raise InvalidInput("A follow-up ends because the caller was reached, or because it is not needed.")
        with self._database.transaction() as session:
            row = session.get(FollowUpRow, follow_up_id, with_for_update=True)
            if row is None:
                raise NotFound("There is no such follow-up.")
            if row.closed_at is not None:
                who = row.closed_by or "the caller"
                raise Conflict(f"This follow-up was closed already, by {who}.")
            self._close(row, how, actor)
            audit.record(
                session,
                at=self._clock.now(),
                actor=actor,
                action=f"follow-up.{how}",
                subject=f"follow-up:{row.id}",
                before={},
                after={"closed_how": how},
            )
            closed = _follow_up(row)
        self._live.publish(BOARD, "board-changed")
        return closed

    def _add(self, record: CallRecord, rang_at: datetime) -> None:
        lost = LostCall(
            call_id=record.call_id,
            at=rang_at.isoformat(),
            outcome=record.outcome or "",
            queue=record.queue,
            language=record.language,
            waited_s=record.clocks.answer_s,
        )
        with self._database.transaction() as session:
            _one_at_a_time(session, record.from_number)
            known = select(FollowUpRow.id).where(
                FollowUpRow.number == record.from_number, FollowUpRow.calls.contains([{"call_id": record.call_id}])
            )
            if session.scalar(known) is not None:
                return
            row = _open(session, record.from_number)
            if row is None:
                row = FollowUpRow(
                    number=record.from_number,
                    calls=[],
                    opened_at=self._clock.now(),
                    last_call_at=rang_at,
                    closed_at=None,
                    closed_how=None,
                    closed_by=None,
                )
                session.add(row)
            row.calls = sorted([*row.calls, asdict(lost)], key=lambda call: str(call["at"]))
            row.last_call_at = max(row.last_call_at, rang_at)

    def _close(self, row: FollowUpRow, how: str, actor: str | None) -> None:
        row.closed_at, row.closed_how, row.closed_by = self._clock.now(), how, actor

    def _got_through_since(self, record: CallRecord) -> bool:
        """Whether a later call of the same number came through; the reports of two calls may come the other way."""
        later = self._calls.calls(since=record.started_at, from_number=record.from_number)
        return any(call.outcome in THROUGH for call in later if call.call_id != record.call_id)


def _one_at_a_time(session: Session, number: str) -> None:
    """One entry a number, whichever job is first."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:number))"), {"number": f"follow-up:{number}"})


def _open(session: Session, number: str) -> FollowUpRow | None:
    return session.scalar(select(FollowUpRow).where(FollowUpRow.number == number, FollowUpRow.closed_at.is_(None)))


def _follow_up(row: FollowUpRow) -> FollowUp:
    return FollowUp(
        id=row.id,
        number=row.number,
        calls=tuple(LostCall(**call) for call in row.calls),
        opened_at=row.opened_at,
        last_call_at=row.last_call_at,
        closed_at=row.closed_at,
        closed_how=row.closed_how,
        closed_by=row.closed_by,
    )
