"""Tables of the waiting room. Only this package reads or writes them.

Redis decides who gets what; these rows are what remains when Redis is gone. Everything that changes while the helpdesk
works carries a `rev` that the board counts up, because two decisions that follow each other on the board may arrive
here the other way round: the higher `rev` stays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base


class QueueRow(Base):
    """A queue and its wait-time target: `target_share` (0-1] of the callers answered within `target_within_s`."""

    __tablename__ = "queues"
    __table_args__ = (
        CheckConstraint("target_share > 0 AND target_share <= 1", name="share"),
        CheckConstraint("target_within_s > 0", name="within"),
        CheckConstraint("target_longest_s >= target_within_s", name="longest"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    labels: Mapped[dict[str, str]] = mapped_column(JSONB)  # language -> name on the screens
    target_share: Mapped[float]
    target_within_s: Mapped[int]
    target_longest_s: Mapped[int] = mapped_column(server_default="600")  # longest acceptable wait
    target_when_missed: Mapped[str] = mapped_column(server_default="warn")  # queueing.periods.WhenMissed
    target_periods: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))  # other times
    target_version: Mapped[int] = mapped_column(default=1)  # counts the changes of the target
    timezone: Mapped[str] = mapped_column(server_default="Europe/Brussels")  # of the periods
    special_days: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))  # ISO date -> DayKind
    relax: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"))  # skill -> seconds waited
    priority_cap_s: Mapped[int] = mapped_column(server_default="120")
    short_abandon_s: Mapped[int] = mapped_column(default=5)
    wrap_up_s: Mapped[int] = mapped_column(default=60)  # 0: no wrap-up
    wrap_up_codes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)  # [{"code": ..., "labels": {language: name}}]
    # when a waiting caller is offered a callback: waited, or expected to wait, for so long; None: never
    callback_after_s: Mapped[int | None] = mapped_column(server_default="120")
    callback_attempts: Mapped[int] = mapped_column(server_default="3")
    callback_spacing_s: Mapped[int] = mapped_column(server_default="900")
    callback_due_days: Mapped[int] = mapped_column(server_default="1")  # working days after the request
    # the rules of the wait (queueing.rules); None: that rule is not there
    max_waiting: Mapped[int | None]
    overflow_after_s: Mapped[int | None]
    overflow_to: Mapped[str | None] = mapped_column(ForeignKey("queues.name"))
    nobody_after_s: Mapped[int | None] = mapped_column(server_default="300")
    when_closed: Mapped[str] = mapped_column(server_default="serve")
    sort_order: Mapped[int]


class OperatorRow(Base):
    """A member of staff who takes calls."""

    __tablename__ = "operators"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]  # as colleagues see it
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    queues: Mapped[list[str]] = mapped_column(ARRAY(Text))
    levels: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"))  # queue -> 1 (default) and up


class OperatorStateRow(Base):
    """An interval of an operator's day. The intervals of one operator follow each other without a gap; the one with the
    highest `rev` is now. `since` is when the state began: a wish makes a new row in the same state."""

    __tablename__ = "operator_states"
    # The second one finds the interval to close without reading an operator's whole past.
    __table_args__ = (
        UniqueConstraint("operator_id", "rev"),
        Index("ix_operator_states_operator_id_ended_at", "operator_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    rev: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    since: Mapped[datetime]
    idle_since: Mapped[datetime | None]
    call_id: Mapped[str | None]
    queue: Mapped[str | None]
    offer_id: Mapped[str | None]
    until: Mapped[datetime | None]  # deadline of the state: the offer lapses, the connection or the wrap-up ends
    wish: Mapped[str | None]  # state that the operator chose for after the wrap-up
    wish_reason: Mapped[str | None]


class OfferRow(Base):
    """One operator rung for one call. `over_at` is when it stopped mattering: settled, connected or lost."""

    __tablename__ = "offers"

    id: Mapped[str] = mapped_column(primary_key=True)
    rev: Mapped[int]
    call_id: Mapped[str] = mapped_column(index=True)
    ordinal: Mapped[int]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"))
    queue: Mapped[str]
    language: Mapped[str]
    entered_at: Mapped[datetime]
    made_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    status: Mapped[str]  # ringing, accepted, declined, lapsed, withdrawn
    settled_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]


class QueueEntryRow(Base):
    """A call in a queue; `ordinal` counts the queues of one call from 1. In the queue as long as `left_at` is null."""

    __tablename__ = "queue_entries"
    __table_args__ = (
        UniqueConstraint("call_id", "ordinal"),
        Index("ix_queue_entries_waiting", "queue", "order_at", postgresql_where=text("left_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rev: Mapped[int]
    call_id: Mapped[str]
    ordinal: Mapped[int]
    kind: Mapped[str] = mapped_column(server_default="call")  # call, or a callback that keeps its caller's place
    queue: Mapped[str] = mapped_column(ForeignKey("queues.name"))
    language: Mapped[str]
    entered_at: Mapped[datetime]
    order_at: Mapped[datetime]  # the place in the queue; before everybody else's for a call that came back
    level: Mapped[int] = mapped_column(server_default="1")
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str | None]  # answered, abandoned, moved, ...
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"))  # who answered


class UnrecordedFactRow(Base):
    """A fact on its way to the call log: written with the decision it follows from, deleted when the log has it."""

    __tablename__ = "unrecorded_facts"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str]
    fact: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
