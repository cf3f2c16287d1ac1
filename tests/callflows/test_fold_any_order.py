"""The fold under any facts, in any order, with repetitions."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from callflows.facts import (
    CallEnded,
    Fact,
    FlowEnded,
    Requeued,
)
from callflows.fold import fold
from tests.callflows.facts_of_a_call import (
    answered_call,
    assert_partition,
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


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_order_and_repetition_do_not_matter(data: st.DataObject) -> None:
    facts = answered_call()
    again = data.draw(st.lists(st.sampled_from(facts), max_size=6))
    assert fold("c1", data.draw(st.permutations(facts + again))) == fold("c1", facts)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_call_is_partitioned_by_its_clocks(data: st.DataObject) -> None:
    """Facts at random moments: nothing raises, the clocks sum to the length, any order gives the same."""
    moment = st.floats(0, 200, allow_nan=False).map(lambda value: round(value, 3))
    operator = st.sampled_from([1, 2])
    facts: list[Fact] = [started(), *queued(data.draw(moment))]
    makers = st.sampled_from(["offer", "settle", "join", "caller", "leave", "gone", "hold", "requeue", "end", "flow"])
    for number, maker in enumerate(data.draw(st.lists(makers, max_size=14))):
        when, who = data.draw(moment), data.draw(operator)
        match maker:
            case "offer":
                facts.append(offered(when, f"o{number}", who))
            case "settle":
                how = data.draw(st.sampled_from(["accepted", "declined", "lapsed", "withdrawn"]))
                facts.append(settled(when, how, f"o{max(number - 1, 0)}", who))
            case "join":
                facts.append(joined(int(when), number, who))
            case "caller":
                facts.append(joined(int(when), number, None))
            case "leave":
                facts.append(left(int(when), number, who))
            case "gone":
                facts.append(left(int(when), number, None, data.draw(st.sampled_from(["participant_hung_up", "x"]))))
            case "hold":
                facts.append(held(int(when), number, data.draw(st.booleans())))
            case "requeue":
                facts.append(Requeued(at=at(when), key=f"requeue:{number}", queue="internet", operator=who))
            case "end":
                facts.append(CallEnded(at=at(when), key=f"end:{number}", reason="x"))
            case _:
                facts.append(FlowEnded(at=at(when), key=f"flow:{number}", outcome="failed"))
    facts.append(completed(data.draw(st.integers(0, 230))))
    record = fold("c1", facts)
    assert_partition(record)
    assert min(record.clocks.model_dump().values()) >= 0
    assert record.outcome is not None
    assert fold("c1", data.draw(st.permutations(facts))) == record
