"""Life cycles: what is listed happens, what is late changes nothing, what is impossible is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.lifecycle import CALLBACK, LEG, LIFE_CYCLES, OFFER, OPERATOR, TICKET_SYNC, Impossible, LifeCycle, advance

CYCLES = st.sampled_from(LIFE_CYCLES)


def after(cycle: LifeCycle, *events: str) -> str:
    status = cycle.start
    for event in events:
        status = advance(cycle, status, event)
    return status


@pytest.mark.parametrize("cycle", LIFE_CYCLES, ids=lambda cycle: cycle.name)
def test_every_status_can_be_reached_and_nothing_leads_out_of_a_final_one(cycle: LifeCycle) -> None:
    reached = {cycle.start}
    while more := {to for (status, _), to in cycle.table.items() if status in reached} - reached:
        reached |= more
    assert reached == cycle.statuses
    assert {status for status, _ in cycle.table} <= cycle.statuses
    assert all(to == status for (status, _), to in cycle.table.items() if status in cycle.final)


@given(CYCLES, st.data())
def test_an_event_told_twice_in_a_row_changes_nothing_more(cycle: LifeCycle, data: st.DataObject) -> None:
    (status, event), once = data.draw(st.sampled_from(sorted(cycle.table.items())))
    if (once, event) in cycle.table:
        again = advance(cycle, once, event)
        assert again == once or (cycle, status, event) == (TICKET_SYNC, "delivered", "call-changed")
    else:
        refused = ((OPERATOR, "offer-made"), (CALLBACK, "dialled"))  # the second one must hear that it is too late
        assert (cycle, event) in refused, "a repeated report has no row"


@given(st.data())
def test_the_status_of_a_leg_does_not_depend_on_the_order_of_its_callbacks(data: st.DataObject) -> None:
    final = data.draw(st.sampled_from(sorted(LEG.final)))
    told = data.draw(st.lists(st.sampled_from(["queued", "initiated", "ringing", "in-progress", final]), max_size=8))
    assert after(LEG, *data.draw(st.permutations([*told, final]))) == final


@given(st.lists(st.sampled_from(["queued", "initiated", "ringing", "in-progress", *sorted(LEG.final)]), max_size=10))
def test_no_callback_of_a_leg_is_impossible(told: list[str]) -> None:
    finals = [word for word in told if word in LEG.final]
    assert not finals or after(LEG, *told) == finals[0]


def test_an_offer_that_is_over_cannot_be_accepted() -> None:
    for over in ("declined", "lapsed", "withdrawn"):
        with pytest.raises(Impossible, match=f'"accepted" cannot happen to an offer that is "{over}"'):
            after(OFFER, over, "accepted")
    assert after(OFFER, "accepted", "lapsed", "declined", "accepted") == "accepted"
    assert after(OFFER, "accepted", "withdrawn", "lapsed") == "withdrawn"


def test_an_operator_goes_through_a_call_and_is_ready_again() -> None:
    way = ["ready-chosen", "offer-made", "offer-accepted", "connected", "connected", "pause-chosen", "talk-ended"]
    assert after(OPERATOR, *way) == "wrap-up"
    assert after(OPERATOR, *way, "connection-lost", "talk-ended", "wrap-up-ended", "wrap-up-ended") == "ready"
    assert after(OPERATOR, *way[:3], "connection-lost", "offer-lapsed") == "pause"
    assert after(OPERATOR, "ready-chosen", "offer-made", "offer-lapsed", "offer-withdrawn") == "pause"
    with pytest.raises(Impossible):
        after(OPERATOR, "offer-made")


def test_a_delivered_call_is_delivered_again_only_when_it_changed() -> None:
    assert after(TICKET_SYNC, "attempt-failed", "delivered", "attempt-failed", "delivered") == "delivered"
    assert after(TICKET_SYNC, "delivered", "call-changed") == "pending"
    assert after(TICKET_SYNC, "attempt-failed", "given-up", "retry-asked") == "pending"
