"""Facts in the order in which they happened, and the end of the call.

The provider's timestamps are whole seconds, cut off (twilio.md 1.6, 1.8); ours have milliseconds. A cut-off
stamp is never later than the truth, so a provider's fact is first placed at its stamp and then moved, within its
second, behind what must have come before it: an operator's leg joins after that operator accepted, the facts of a room
follow their sequence numbers, a leg ends after its last sign of life. Then everything is sorted once.

The call ends with the caller's leg: the provider's final status, our own CallEnded, or the caller's hanging up in
the room, whichever is first and not contradicted by a later sign of life. The end of a room is not the end of the
call: the flow goes on to say goodbye.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from callflows.facts import (
    CallEnded,
    CallStarted,
    Fact,
    FlowEnded,
    HoldChanged,
    IncidentHeard,
    LanguageChosen,
    LegJoined,
    LegLeft,
    LegStatus,
    MenuChosen,
    OfferMade,
    OfferSettled,
    QueueEntered,
    QueueExited,
    Rated,
    Requeued,
    RoomEnded,
    StepTaken,
    TargetSet,
    TranscriptionRefused,
    WaitAnnounced,
)
from callflows.lifecycle import LEG

HUNG_UP = "participant_hung_up"  # ReasonParticipantLeft, twilio.md 1.8
RoomFact = LegJoined | LegLeft | HoldChanged | RoomEnded
Moment = tuple[datetime, Fact]

# What comes first when two facts carry the same moment. Facts of a room share a rank: their sequence decides.
_RANKS: tuple[tuple[type[object], ...], ...] = (
    (CallStarted,),
    (LanguageChosen, TranscriptionRefused, MenuChosen, IncidentHeard, Rated, StepTaken, QueueExited),
    (QueueEntered,),
    (TargetSet, WaitAnnounced),
    (OfferMade,),
    (OfferSettled,),
    (LegJoined, LegLeft, HoldChanged, RoomEnded),
    (Requeued,),
    (FlowEnded,),
    (LegStatus, CallEnded),
)


def once(facts: Iterable[Fact]) -> list[Fact]:
    """One fact a key, by time: the earliest, so that the order of arrival does not matter."""
    same: dict[str, list[Fact]] = {}
    for fact in facts:
        same.setdefault(fact.key, []).append(fact)
    kept = (
        min(each, key=lambda fact: (fact.at, fact.model_dump_json())) if each[1:] else each[0] for each in same.values()
    )
    return sorted(kept, key=lambda fact: (fact.at, fact.key))


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def in_order(facts: list[Fact]) -> list[Moment]:
    """The facts with the moments they count from, in order."""
    first = min((fact.at for fact in facts if isinstance(fact, CallStarted)), default=min(fact.at for fact in facts))
    moments = {fact.key: max(fact.at, first) for fact in facts}
    floor: dict[datetime, datetime] = {}
    for event in sorted((fact for fact in facts if isinstance(fact, RoomFact)), key=_room_order):
        second = _second(event.at)
        before = [moments[other.key] for other in facts if _precedes(other, event) and _second(other.at) == second]
        moments[event.key] = max([moments[event.key], floor.get(second, first), *before])
        floor[second] = moments[event.key]
    for fact in facts:
        if isinstance(fact, LegStatus) and fact.status in LEG.final and not fact.at.microsecond:
            signs = [moments[other.key] for other in facts if alive(other) and _second(other.at) == fact.at]
            moments[fact.key] = max([moments[fact.key], *signs])
    return sorted(((moments[fact.key], fact) for fact in facts), key=lambda entry: (entry[0], *_tie(entry[1])))


def _room_order(fact: RoomFact) -> tuple[datetime, int, str]:
    return _second(fact.at), fact.sequence, fact.key


def _precedes(other: Fact, fact: RoomFact) -> bool:
    if not isinstance(fact, LegJoined) or fact.at.microsecond:
        return False
    if fact.operator is None:
        return isinstance(other, QueueEntered)
    return isinstance(other, OfferSettled) and other.how == "accepted" and other.operator == fact.operator


def _tie(fact: Fact) -> tuple[int, int, str]:
    rank = next((place for place, kinds in enumerate(_RANKS) if isinstance(fact, kinds)), len(_RANKS))
    return rank, getattr(fact, "sequence", 0), fact.key


def alive(fact: Fact) -> bool:
    """Whether the fact shows that the caller is on the line at its moment."""
    if isinstance(fact, LegJoined):
        return fact.operator is None
    if isinstance(fact, StepTaken):
        return fact.event.get("kind") in ("digits-pressed", "wait-key-pressed")
    return isinstance(fact, CallStarted | LanguageChosen | MenuChosen | QueueEntered | FlowEnded | HoldChanged)


def _final(fact: Fact) -> bool:
    """Whether the provider says that the caller is gone."""
    if isinstance(fact, LegStatus):
        return fact.caller and fact.status in LEG.final
    return isinstance(fact, LegLeft) and fact.operator is None and fact.reason == HUNG_UP


def end_of_call(moments: list[Moment]) -> datetime | None:
    """When the caller's leg ended, or None while it has not. See the module's docstring."""
    ours: list[datetime] = []
    theirs: list[datetime] = []
    life = moments[0][0]
    for moment, fact in moments:
        if isinstance(fact, CallEnded):
            ours.append(moment)
        elif _final(fact):
            theirs.append(moment)
        elif alive(fact):
            life = max(life, moment)
    possible = ours + theirs
    if not possible:
        return None
    plausible = [moment for moment in possible if moment >= life]
    if not plausible:
        return max(possible)
    earliest = min(plausible)
    # ours is the more precise one when it falls into the second that the provider's was cut off to
    return min(
        (moment for moment in plausible if moment in ours and _second(moment) == _second(earliest)), default=earliest
    )
