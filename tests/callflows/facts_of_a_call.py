"""The facts of a call, to fold: `at` counts seconds from the moment it rang."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callflows.facts import (
    CallStarted,
    Fact,
    FlowEnded,
    HoldChanged,
    LanguageChosen,
    LegJoined,
    LegLeft,
    LegStatus,
    MenuChosen,
    OfferMade,
    OfferSettled,
    QueueEntered,
    RoomEnded,
    TargetSet,
    WrapUpEnded,
    WrapUpStarted,
)
from callflows.record import CallRecord

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER, OPERATOR = "CAcaller", "CAoperator"


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def started(seconds: float = 0) -> Fact:
    return CallStarted(
        at=at(seconds),
        key="call-started",
        leg=CALLER,
        from_number="+3246000000",
        to_number="+3225550100",
        flow="helpdesk",
        flow_version="1",
    )


def queued(seconds: float, queue: str = "internet", ordinal: int = 1) -> list[Fact]:
    return [
        MenuChosen(at=at(seconds), key=f"menu:{ordinal}", node="topic", digits="1", label="topic-internet"),
        QueueEntered(at=at(seconds), key=f"queue:{ordinal}", queue=queue, ordinal=ordinal),
        TargetSet(at=at(seconds), key=f"target:{ordinal}", queue=queue, share=0.9, within_s=150),
    ]


def offered(seconds: float, offer: str = "o1", operator: int = 1) -> Fact:
    return OfferMade(at=at(seconds), key=f"{offer}:made", offer=offer, operator=operator)


def settled(seconds: float, how: str, offer: str = "o1", operator: int = 1) -> Fact:
    return OfferSettled.model_validate(
        {"at": at(seconds), "key": f"{offer}:{how}", "offer": offer, "operator": operator, "how": how}
    )


def joined(seconds: float, sequence: int, operator: int | None) -> Fact:
    leg = CALLER if operator is None else f"{OPERATOR}{operator}"
    return LegJoined(at=at(seconds), key=f"room:{sequence}", leg=leg, operator=operator, sequence=sequence)


def left(seconds: float, sequence: int, operator: int | None, reason: str = "participant_hung_up") -> Fact:
    leg = CALLER if operator is None else f"{OPERATOR}{operator}"
    return LegLeft(at=at(seconds), key=f"room:{sequence}", leg=leg, operator=operator, sequence=sequence, reason=reason)


def held(seconds: float, sequence: int, on: bool) -> Fact:
    return HoldChanged(at=at(seconds), key=f"room:{sequence}", leg=CALLER, held=on, sequence=sequence)


def completed(seconds: float, status: str = "completed") -> Fact:
    return LegStatus(at=at(seconds), key=f"{CALLER}:{status}", leg=CALLER, status=status, sequence=9, caller=True)


def answered_call() -> list[Fact]:
    """Menu 20 s, wait 30 s, ring 5 s, talk 60 s, hold 10 s, talk 15 s; wrap-up 12 s. Provider stamps are cut off."""
    return [
        started(),
        LanguageChosen(at=at(4.2), key="language:1", language="fr"),
        *queued(20.4),
        offered(50.4),
        settled(54.9, "accepted"),
        joined(55, 1, 1),
        joined(55, 2, None),
        held(115, 3, True),
        held(125, 4, False),
        left(140, 5, 1),
        left(140, 6, None, "participant_updated_via_api"),
        RoomEnded(at=at(140), key="room:7", room="c-1", sequence=7, reason="last-participant-left"),
        WrapUpStarted(at=at(140.3), key="wrap-up:1", operator=1),
        FlowEnded(at=at(140.5), key="flow-ended", outcome="answered"),
        completed(142),
        WrapUpEnded(at=at(152.3), key="wrap-up:1:ended", operator=1, code="solved"),
    ]


def total(record: CallRecord) -> float:
    clocks = record.clocks
    return clocks.menu + clocks.wait + clocks.ring + clocks.talk + clocks.hold + clocks.consult


def assert_partition(record: CallRecord) -> None:
    assert record.ended_at is not None
    assert record.started_at is not None
    assert total(record) == pytest.approx((record.ended_at - record.started_at).total_seconds(), abs=1e-6)
