"""Which calls are live and which are spooled: the policy, on measurements that are made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.admission import Admission, Cost, Level, Limits

COST = Cost(live=0.1, sentences=0.08)  # half of a track is speech: 0.05 and 0.04 cores a track
LADDER = [Level.LIVE, Level.SENTENCES, Level.SPOOLED]


def admission(cores: float = 1.0, **limits: float) -> Admission:
    made = Admission(cores, Limits(**limits))
    made.measured("nl", COST)
    return made


def fill(found: Admission, calls: int, *, now: float = 0.0, first: int = 0) -> list[Level]:
    """Calls of two tracks each; gives the level of each call."""
    levels = []
    for call in range(first, first + calls):
        level = found.admit(f"{call}a", f"call {call}", "nl", now)
        assert found.admit(f"{call}b", f"call {call}", "nl", now) is level, "a call is admitted whole"
        levels.append(level)
    return levels


def test_beyond_capacity_calls_first_lose_their_partial_words_and_then_are_spooled() -> None:
    levels = fill(admission(), 14)
    # Eight calls of 0.1 core with partial words fill 0.8 of a core; ten fit when nobody has them.
    assert levels == [Level.LIVE] * 8 + [Level.SENTENCES] * 2 + [Level.SPOOLED] * 4


def test_twice_the_cores_carry_twice_the_calls() -> None:
    assert fill(admission(2.02), 30).count(Level.SPOOLED) == 10  # twenty fit, and a bit: no call stands on the edge


def test_cores_that_others_use_do_not_count() -> None:
    found = admission()
    found.admit("0a", "call 0", "nl", 0.0)
    for second in range(200):
        found.spent("0a", cpu_s=0.05, wall_s=0.1, sound_s=1.0, now=second)  # each decode waits as long as it works
    assert found.available == pytest.approx(0.5, abs=0.1)
    assert fill(found, 14, now=1000.0, first=1).count(Level.SPOOLED) >= 9


def test_what_callers_say_to_menus_takes_of_the_room_too() -> None:
    found = admission()
    for second in range(10):
        found.besides(cpu_s=0.9, wall_s=0.9, now=second)
    assert fill(found, 1, now=9.0) == [Level.SENTENCES], "there is room for the call, and not for its partial words"
    assert fill(found, 1, now=60.0, first=1) == [Level.LIVE], "the menus are quiet again"


def test_what_calls_really_cost_overtakes_the_measurement_at_the_start() -> None:
    found = admission()
    found.admit("0a", "call 0", "nl", 0.0)
    for second in range(1200):
        found.spent("0a", cpu_s=0.01, wall_s=0.01, sound_s=1.0, now=second)  # people pause more than was thought
    room = found.figures(5000.0)["room_for_calls"]
    assert isinstance(room, int) and room > 25, "a fifth of the cost, so more than three times the calls"


def test_after_a_spooled_call_there_must_be_real_room_before_one_is_live_again() -> None:
    found = admission()
    assert fill(found, 11)[-1] is Level.SPOOLED
    for side in "ab":
        found.gone(f"9{side}")  # one of ten goes: the next would just fit
    assert fill(found, 1, now=1.0, first=20) == [Level.SPOOLED]
    for call in (7, 8):
        for side in "ab":
            found.gone(f"{call}{side}")
    assert fill(found, 1, now=2.0, first=30) != [Level.SPOOLED]


def test_a_track_that_lags_gives_up_partial_words_and_only_then_its_place() -> None:
    found = admission()
    found.admit("a", "call", "nl", 0.0)
    assert found.review("a", 1.0, 1.0) is Level.LIVE
    assert found.review("a", 40.0, 2.0) is Level.SENTENCES
    assert found.review("a", 40.0, 3.0) is Level.SENTENCES, "it gets a moment to catch up"
    assert found.review("a", 40.0, 6.0) is Level.SPOOLED
    assert found.review("a", 0.0, 900.0) is Level.SPOOLED, "what follows would appear before what waits"


def test_a_track_that_caught_up_has_its_partial_words_again_but_not_at_once() -> None:
    found = admission()
    found.admit("a", "call", "nl", 0.0)
    found.review("a", 3.0, 1.0)
    assert found.review("a", 0.1, 5.0) is Level.SENTENCES
    assert found.review("a", 1.0, 12.0) is Level.SENTENCES
    assert found.review("a", 0.1, 12.0) is Level.LIVE


def test_a_call_whose_first_track_is_spooled_has_no_half_a_conversation() -> None:
    found = admission()
    found.admit("a", "call", "nl", 0.0)
    found.review("a", 40.0, 1.0)
    found.review("a", 40.0, 10.0)
    assert found.admit("b", "call", "nl", 11.0) is Level.SPOOLED


def test_while_a_track_is_very_late_nobody_else_comes_in() -> None:
    found = Admission(4.0, Limits(spool_after_s=5.0, try_sentences_s=60.0))
    found.measured("nl", COST)
    found.admit("a", "call", "nl", 0.0)
    found.review("a", 30.0, 1.0)
    assert found.admit("b", "another", "nl", 1.0) is Level.SPOOLED


def test_a_share_of_nothing_spools_every_call_and_needs_no_measurement() -> None:
    found = Admission(2.0, Limits(share=0.0))
    assert found.admit("a", "call", "nl", 0.0) is Level.SPOOLED
    assert found.figures(0.0)["tracks"] == {"live": 0, "sentences": 0, "spooled": 1}


def test_where_nothing_can_be_spooled_a_track_that_lags_is_late() -> None:
    found = Admission(1.0, Limits(), spools=False)
    found.measured("nl", COST)
    assert Level.SPOOLED not in fill(found, 14)
    for now in (1.0, 10.0, 20.0):
        assert found.review("0a", 40.0, now) is Level.SENTENCES


spending = st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1)), max_size=60)


@given(spending)
def test_what_was_used_is_what_was_spent_in_the_window(spent: list[tuple[float, float]]) -> None:
    found, now = admission(), 0.0
    found.admit("a", "call", "nl", 0.0)
    told: list[tuple[float, float]] = []
    for pause_s, cpu_s in spent:
        now += pause_s
        found.spent("a", cpu_s=cpu_s, wall_s=cpu_s, sound_s=1.0, now=now)
        told.append((now, cpu_s))
        assert found.used(now) == pytest.approx(sum(cpu for at, cpu in told if at >= now - 10.0) / 10.0, abs=1e-9)
    assert found.used(now + 11.0) == 0.0


events = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["come", "go", "review", "work"]), st.floats(0, 60), st.floats(0, 5)),
    max_size=120,
)


@given(events, st.floats(0.1, 8))
def test_whatever_happens_the_rules_hold(played: list[tuple[int, str, float, float]], cores: float) -> None:
    found, now, here = admission(cores), 0.0, dict[str, tuple[Level, float]]()
    for which, what, amount, pause_s in played:
        now += pause_s
        track = f"t{which}"
        if what == "come" and track not in here:
            level = found.admit(track, f"call {which // 2}", "nl", now)
            if level is not Level.SPOOLED:
                assert found.committed(at_most=Level.SENTENCES) <= found.available * 0.8 + 0.1 + 1e-9
            here[track] = (level, now)
        elif what == "go" and track in here:
            found.gone(track)
            del here[track]
        elif what == "review" and track in here:
            before, since = here[track]
            after = found.review(track, amount, now)
            if before is Level.SPOOLED:
                assert after is Level.SPOOLED, "never back in the middle"
            if after is not before:
                assert LADDER.index(after) - LADDER.index(before) in (1, -1), "one step at a time"
                here[track] = (after, now)
            if LADDER.index(after) < LADDER.index(before):
                assert now - since >= Limits().calm_s, "nothing flaps"
        elif what == "work" and track in here:
            found.spent(track, cpu_s=amount / 100, wall_s=amount / 50, sound_s=amount, now=now)
    assert 0 < found.available <= cores + 1e-9
    assert found.committed() >= 0
    assert sum(found.figures(now)["tracks"].values()) == len(here)  # type: ignore[attr-defined]
