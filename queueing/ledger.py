"""The waiting room in SQL: what a decision leaves behind, and what the board is rebuilt from.

Decisions hold a shared advisory lock from before their claim until their commit; a rebuild holds it alone. So a rebuild
reads no half-written decision, and no decision is taken while it reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import DateTime, Integer, Row, Table, Text, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from callflows.facts import FACT, Fact
from queueing import periods
from queueing.model import SKILLS, Offer, OfferStatus, Operator, Presence, Queue, Refusal, WaitingCall, WrapUpCode
from queueing.tables import (
    OfferRow,
    OperatorRow,
    OperatorStateRow,
    QueueEntryRow,
    QueueRow,
    UnrecordedFactRow,
)

_LOCK = 0x6F6E7468  # any number that no other advisory lock of the product uses
_MOMENT = DateTime(timezone=True)
_QUEUES = cast(Table, QueueRow.__table__)
_IN_ORDER = _QUEUES.c.sort_order, _QUEUES.c.name
_ENTRIES, _OFFERS = cast(Table, QueueEntryRow.__table__), cast(Table, OfferRow.__table__)
_HOLD_OPERATOR = text("SELECT id FROM operators WHERE id = :operator_id FOR UPDATE")
_REFUSED: tuple[OfferStatus, ...] = ("declined", "lapsed")


@dataclass(frozen=True)
class Entry:
    """A call's stay in a queue, as it is written down."""

    call: WaitingCall
    left_at: datetime | None = None
    left_reason: str | None = None
    operator_id: int | None = None


def lock_shared(session: Session) -> None:
    session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _LOCK})


def lock_alone(session: Session) -> None:
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


# --- queues and operators


def queue_of(row: QueueRow | Row[Any]) -> Queue:
    return Queue(
        name=row.name,
        labels=row.labels,
        share=row.target_share,
        within_s=row.target_within_s,
        target_version=row.target_version,
        short_abandon_s=row.short_abandon_s,
        wrap_up_s=row.wrap_up_s,
        wrap_up_codes=tuple(WrapUpCode(code["code"], code["labels"]) for code in row.wrap_up_codes),
        longest_s=row.target_longest_s,
        when_missed="widen" if row.target_when_missed == "widen" else "warn",
        periods=tuple(map(periods.from_json, row.target_periods)),
        timezone=row.timezone,
        special_days=row.special_days,
        relax={skill: row.relax[skill] for skill in SKILLS if skill in row.relax},
        priority_cap_s=row.priority_cap_s,
    )


def operator_of(row: OperatorRow) -> Operator:
    return Operator(row.id, row.name, frozenset(row.languages), frozenset(row.queues), row.levels)


def queues(session: Session) -> list[Queue]:
    return [queue_of(row) for row in session.execute(select(_QUEUES).order_by(*_IN_ORDER))]


def queue(session: Session, name: str) -> Queue | None:
    row = session.execute(select(_QUEUES).where(_QUEUES.c.name == name)).one_or_none()
    return None if row is None else queue_of(row)


def operators(session: Session, wanted: Collection[int] | None = None) -> list[Operator]:
    """All operators, or those `wanted`."""
    query = select(OperatorRow.id, OperatorRow.name, OperatorRow.languages, OperatorRow.queues, OperatorRow.levels)
    if wanted is not None:
        query = query.where(OperatorRow.id.in_(wanted))
    # Plain rows: this is read at every matching, and there may be hundreds.
    return [
        Operator(number, name, frozenset(languages), frozenset(queues), levels)
        for number, name, languages, queues, levels in session.execute(query.order_by(OperatorRow.id))
    ]


# --- what a decision leaves behind


# One statement, because an operator's state changes several times a call. Rows start in the order of their `rev`.
_WRITE_PRESENCE = text(
    """
    WITH later AS (
        SELECT started_at FROM operator_states WHERE operator_id = :operator_id AND rev > :rev ORDER BY rev LIMIT 1
    ), began AS (
        SELECT least(
            greatest(:at, (SELECT started_at FROM operator_states
                            WHERE operator_id = :operator_id AND rev < :rev ORDER BY rev DESC LIMIT 1)),
            (SELECT started_at FROM later)) AS at
    ), closed AS (
        UPDATE operator_states SET ended_at = began.at FROM began
         WHERE operator_id = :operator_id AND rev < :rev AND (ended_at IS NULL OR ended_at > began.at)
    )
    INSERT INTO operator_states (operator_id, rev, state, reason, since, idle_since, call_id, queue, offer_id, until,
                                 wish, wish_reason, started_at, ended_at)
    SELECT :operator_id, :rev, :state, :reason, :since, :idle_since, :call_id, :queue, :offer_id, :until,
           :wish, :wish_reason, began.at, (SELECT started_at FROM later)
      FROM began
    """
).bindparams(
    bindparam("at", type_=_MOMENT),
    bindparam("since", type_=_MOMENT),
    bindparam("idle_since", type_=_MOMENT),
    bindparam("until", type_=_MOMENT),
    bindparam("operator_id", type_=Integer),
    bindparam("rev", type_=Integer),
    *(bindparam(name, type_=Text) for name in ("state", "reason", "call_id", "queue", "offer_id", "wish")),
    bindparam("wish_reason", type_=Text),
)


def write_presence(session: Session, presence: Presence, at: datetime) -> None:
    """Add the interval that begins `at`, or when the one before began, if processes' clocks differ by so much.
    An older `rev` that arrives late is fitted in before the newer."""
    session.execute(_HOLD_OPERATOR, {"operator_id": presence.operator_id})
    session.execute(_WRITE_PRESENCE, {**vars(presence), "at": at})


def write_entry(session: Session, entry: Entry) -> None:
    call = entry.call
    values = {
        "rev": call.rev,
        "kind": call.kind,
        "queue": call.queue,
        "language": call.language,
        "entered_at": call.entered_at,
        "order_at": call.order_at,
        "level": call.level,
        "left_at": entry.left_at,
        "left_reason": entry.left_reason,
        "operator_id": entry.operator_id,
    }
    statement = insert(_ENTRIES).values(call_id=call.call_id, ordinal=call.ordinal, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["call_id", "ordinal"], set_=values, where=_ENTRIES.c.rev < call.rev
        )
    )


def write_offer(session: Session, offer: Offer, over_at: datetime | None) -> None:
    values = {**asdict(offer), "over_at": over_at}
    statement = insert(_OFFERS).values(**values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=values, where=_OFFERS.c.rev < offer.rev)
    )


def write_facts(session: Session, facts: Iterable[tuple[str, Fact]], now: datetime) -> list[int]:
    """Keep the facts until the call log has them; gives the numbers to take off the list then."""
    rows = [
        UnrecordedFactRow(call_id=call_id, fact=FACT.dump_python(fact, mode="json"), created_at=now)
        for call_id, fact in facts
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def unrecorded(session: Session, before: datetime) -> list[tuple[int, str, Fact]]:
    """Facts that the call log has not taken, older than `before`."""
    row = UnrecordedFactRow
    rows = session.execute(
        select(row.id, row.call_id, row.fact).where(row.created_at < before).order_by(row.id).limit(500)
    )
    return [(row.id, row.call_id, FACT.validate_python(row.fact)) for row in rows]


def recorded(session: Session, ids: Iterable[int]) -> None:
    session.execute(delete(UnrecordedFactRow).where(UnrecordedFactRow.id.in_(list(ids))))


# --- what stands written


def offer_of(row: OfferRow) -> Offer:
    return Offer(**{name: getattr(row, name) for name in Offer.__dataclass_fields__})


def stays(session: Session, call_id: str) -> list[Entry]:
    """The call's stays in queues, the latest last."""
    rows = session.scalars(
        select(QueueEntryRow).where(QueueEntryRow.call_id == call_id).order_by(QueueEntryRow.ordinal)
    ).all()
    calls = _calls(session, rows) if rows else []
    return [Entry(call, row.left_at, row.left_reason, row.operator_id) for call, row in zip(calls, rows, strict=True)]


def waiting_calls(session: Session) -> list[WaitingCall]:
    """Every call in a queue, with its live offer and with those who let it go by."""
    return _calls(session, session.scalars(select(QueueEntryRow).where(QueueEntryRow.left_at.is_(None))).all())


def presences(session: Session) -> list[Presence]:
    """What every operator who ever signed in does now."""
    latest = (
        select(OperatorStateRow)
        .ext(distinct_on(OperatorStateRow.operator_id))
        .order_by(OperatorStateRow.operator_id, OperatorStateRow.rev.desc())
    )
    fields = Presence.__dataclass_fields__
    return [Presence(**{name: getattr(row, name) for name in fields}) for row in session.scalars(latest)]


def _calls(session: Session, entries: Sequence[QueueEntryRow]) -> list[WaitingCall]:
    ours = OfferRow.call_id.in_([row.call_id for row in entries])
    live: dict[tuple[str, int], Offer] = {}
    refusals: dict[tuple[str, int], dict[int, Refusal]] = {}
    for row in session.scalars(select(OfferRow).where(ours).order_by(OfferRow.settled_at)):
        stay = (row.call_id, row.ordinal)
        if row.over_at is None:
            live[stay] = offer_of(row)
        elif row.status in _REFUSED and row.settled_at is not None:
            refusals.setdefault(stay, {}).pop(row.operator_id, None)  # the latest counts, and comes last
            refusals[stay][row.operator_id] = Refusal(row.operator_id, row.settled_at)
    return [
        WaitingCall(
            call_id=row.call_id,
            queue=row.queue,
            language=row.language,
            entered_at=row.entered_at,
            order_at=row.order_at,
            ordinal=row.ordinal,
            level=row.level,
            kind="callback" if row.kind == "callback" else "call",
            offer=live.get((row.call_id, row.ordinal)),
            refusals=tuple(refusals.get((row.call_id, row.ordinal), {}).values()),
            rev=row.rev,
        )
        for row in entries
    ]
