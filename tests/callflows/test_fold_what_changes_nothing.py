"""What the call log does not fold for: facts that leave the record as it is, whatever else is known of the call."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from callflows.facts import (
    CallEnded,
    Fact,
    FlowEnded,
    IncidentHeard,
    LegStatus,
    QueueExited,
    RecordingChanged,
    Requeued,
    StepTaken,
    StreamChanged,
    WaitAnnounced,
)
from callflows.fold import changes_nothing, fold
from tests.callflows.facts_of_a_call import (
    answered_call,
    at,
    completed,
    held,
    joined,
    left,
    offered,
    queued,
    settled,
    started,
)

MOMENT = st.floats(-20, 230, allow_nan=False).map(lambda value: round(value, 3))
EVENTS = ["wait-looped", "wait-key-pressed", "digits-pressed", "continued", "queue-left"]


@st.composite
def any_fact(draw: st.DrawFn) -> Fact:
    """A fact of a call, at any moment, in any order."""
    when, who, number = draw(MOMENT), draw(st.sampled_from([1, 2])), draw(st.integers(0, 30))
    key = f"k{number}"
    match draw(st.integers(0, 17)):
        case 0:
            return offered(when, f"o{number % 4}", who)
        case 1:
            return settled(when, draw(st.sampled_from(["accepted", "declined", "withdrawn"])), f"o{number % 4}", who)
        case 2:
            return joined(int(when), number, who)
        case 3:
            return joined(int(when), number, None)
        case 4:
            return left(int(when), number, draw(st.sampled_from([who, None])))
        case 5:
            return held(int(when), number, draw(st.booleans()))
        case 6:
            return Requeued(at=at(when), key=key, queue="internet", operator=who)
        case 7:
            return CallEnded(at=at(when), key=key, reason="x")
        case 8:
            return FlowEnded(at=at(when), key=key, outcome="failed")
        case 9:
            return completed(int(when))
        case 10:
            return LegStatus(at=at(int(when)), key=key, leg="CA1", status="in-progress", sequence=number, caller=True)
        case 11:
            return WaitAnnounced(at=at(when), key=key, position=number, estimate_s=None)
        case 12:
            return IncidentHeard(at=at(when), key=key, incident="1.1")
        case 13:
            return QueueExited(at=at(when), key=key, queue="internet", ordinal=1, way="full")
        case 14:
            return StreamChanged(at=at(when), key=key, leg="CA1", stream="MZ1", change="stream-started")
        case 15:
            return RecordingChanged(at=at(when), key=key, recording="RE1", status="completed", duration_s=3)
        case _:
            return StepTaken(
                at=at(when),
                key=key,
                event={"kind": draw(st.sampled_from(EVENTS))},
                session={"phase": draw(st.sampled_from(["waiting", "menu"])), "queues_entered": 1},
            )


def once_a_key(facts: list[Fact]) -> list[Fact]:
    """As the call log keeps them."""
    kept: dict[str, Fact] = {}
    for fact in facts:
        kept.setdefault(fact.key, fact)
    return list(kept.values())


@settings(max_examples=150, deadline=None)
@given(st.lists(any_fact(), max_size=25), st.booleans(), st.data())
def test_the_record_is_the_same_without_them(facts: list[Fact], answered: bool, data: st.DataObject) -> None:
    begin = answered_call() if answered else [started(), *queued(3)]
    everything = once_a_key([*begin, *data.draw(st.permutations(facts))])
    assert fold("c1", [fact for fact in everything if not changes_nothing(fact)]) == fold("c1", everything)


@settings(max_examples=80, deadline=None)
@given(st.lists(any_fact(), max_size=25))
def test_a_log_that_folds_only_for_what_changes_something_has_the_record_of_all_facts(facts: list[Fact]) -> None:
    """Fact by fact, as callbacks come in: the record is folded anew or kept."""
    known: list[Fact] = [started(), *queued(3)]
    record = fold("c1", known)
    for fact in facts:
        if any(fact.key == other.key for other in known):
            continue
        known.append(fact)
        record = record if changes_nothing(fact) else fold("c1", known)
        assert record == fold("c1", known)


def test_most_facts_of_a_wait_change_nothing() -> None:
    loop = StepTaken(at=at(25), key="loop", event={"kind": "wait-looped"}, session={"phase": "waiting"})
    assert changes_nothing(loop)
    assert not changes_nothing(loop.model_copy(update={"session": {"phase": "menu"}}))
    assert not changes_nothing(completed(30))
