"""A callback as it stands, and how an attempt at it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from callflows.facts import (
    CallbackBegan,
    CallStarted,
    Fact,
    LanguageChosen,
    MenuChosen,
    QueueEntered,
    StepTaken,
    TranscriptionRefused,
)
from callflows.session import Session as FlowSession
from queueing.callback_tables import CallbackAttemptRow, CallbackRow


@dataclass(frozen=True)
class Callback:
    """A callback as it stands; columns of the table of the same name."""

    id: int
    origin_call_id: str
    queue: str
    language: str
    number: str
    menu_path: tuple[str, ...]
    requested_at: datetime
    virtual_at: datetime
    slot_begins_at: datetime | None
    slot_ends_at: datetime | None
    not_before: datetime
    due_at: datetime
    status: str
    attempts: int
    live_call_id: str | None
    reached_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True)
class Attempt:
    """One turn of a callback; `dialled_at` is None when the caller was not rung."""

    call_id: str
    number: int
    began_at: datetime
    dialled_at: datetime | None
    operator_id: int | None
    result: str | None


def callback_of(row: CallbackRow) -> Callback:
    values = {name: getattr(row, name) for name in Callback.__dataclass_fields__}
    return Callback(**{**values, "menu_path": tuple(row.menu_path)})


def beginning(row: CallbackRow, attempt: CallbackAttemptRow) -> list[Fact]:
    """The facts with which an attempt begins, as if the caller had gone the same way again; `FlowSession` is the way
    on after the talk."""
    at, origin = attempt.began_at, FlowSession.model_validate(row.session)
    session = origin.model_copy(update={"call_id": attempt.call_id, "started_at": at})
    facts: list[Fact] = [
        CallStarted(
            at=at, key="call-started", leg="", from_number=row.number, to_number=origin.to_number,
            flow=origin.flow, flow_version=origin.flow_version,
        ),
        CallbackBegan(
            at=at, key="callback-began", callback=row.id, origin=row.origin_call_id, attempt=attempt.number
        ),
        LanguageChosen(at=at, key="language:0", language=row.language),
        *(
            MenuChosen(at=at, key=f"menu:0:{place}", node=origin.node, digits="", label=label)
            for place, label in enumerate(row.menu_path)
        ),
        StepTaken(at=at, key="step:0", event={"kind": "continued"}, session=session.model_dump(mode="json")),
        QueueEntered(at=at, key="queue:1", queue=row.queue, ordinal=1),
    ]  # fmt: skip
    if not origin.transcription:
        facts.append(TranscriptionRefused(at=at, key="transcription-refused", by="caller"))
    return facts


def virtual(row: CallbackRow, at: datetime) -> datetime:
    """The place in the queue: the caller's own when in turn; at a slot, with what had been waited when it was asked."""
    if row.slot_begins_at is None:
        return row.virtual_at
    return at - (row.requested_at - row.virtual_at)
