"""The formulas of the helpdesk's figures, against the worked example and against a plain recount."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.record import CallRecord, Clocks
from reporting import formulas
from reporting.figures import OUTCOMES, CallFigures, Outcome, figures_of
from reporting.summary import summary

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def a_call(outcome: Outcome, wait_s: str | int, **clocks: str | int) -> CallFigures:
    return CallFigures("internet", MONDAY, outcome, Decimal(wait_s), **{k: Decimal(v) for k, v in clocks.items()})


def worked_example() -> list[CallFigures]:
    """ICMI's: 1000 answered, 860 of them in time; 60 left, 20 in time, 10 of those within five seconds."""
    return (
        [a_call("answered", 20)] * 860
        + [a_call("answered", 21)] * 140
        + [a_call("abandoned", 5)] * 10
        + [a_call("abandoned", 6)] * 10
        + [a_call("abandoned", 40)] * 40
    )


def test_the_worked_example_gives_the_published_service_levels() -> None:
    levels = summary(worked_example(), 20, 5).service_level
    percent = {name: round(getattr(levels, name) * 100, 2) for name in levels.__slots__}
    assert percent == {
        "offered": 81.13,
        "answered": 86.00,
        "neutral": 82.69,
        "negative": 81.13,
        "positive": 83.02,
        "short_excluded": 81.90,
    }


def test_an_empty_interval_is_no_data() -> None:
    figures = summary([], 20).as_json()
    counts = {name: figures.pop(name) for name in ("offered", "answered", "abandoned", "other")}
    assert set(counts.values()) == {0}
    percentiles = figures.pop("wait_percentiles_s")
    for values in (figures.pop("service_level"), percentiles["answered"], percentiles["all"], figures):
        assert set(values.values()) == {None}


def test_ringing_belongs_to_the_wait_and_the_boundary_is_within() -> None:
    on_the_line = a_call("answered", "19.9", ring_s="0.1")
    just_over = a_call("answered", "19.9", ring_s="0.1001")
    assert formulas.within([on_the_line, just_over], Decimal(20)) == 1
    assert formulas.average_speed_of_answer([on_the_line]) == 20.0


def test_a_percentile_is_the_wait_of_the_nearest_rank() -> None:
    calls = [a_call("answered", wait) for wait in (30, 10, 50, 20, 40)]
    assert [formulas.wait_percentile(calls, p) for p in (50, 80, 90, 95, 100, 1)] == [30, 40, 50, 50, 50, 10]


def test_handle_time_is_talk_hold_consult_and_wrap_up_of_answered_calls() -> None:
    calls = [
        a_call("answered", 1, talk_s=100, hold_s=10, consult_s=5, wrap_up_s=25),
        a_call("answered", 1, talk_s=50),
        a_call("abandoned", 1),
    ]
    assert formulas.average_talk_time(calls) == 75.0
    assert formulas.average_handle_time(calls) == 95.0
    assert (formulas.mean_hold(calls), formulas.mean_consult(calls), formulas.mean_wrap_up(calls)) == (5.0, 2.5, 12.5)


def test_a_log_without_talk_times_has_no_talk_or_handle_time() -> None:
    calls = [a_call("answered", 1, wrap_up_s=30)]
    assert formulas.average_talk_time(calls) is None
    assert formulas.average_handle_time(calls) is None
    assert formulas.mean_wrap_up(calls) == 30.0


def test_an_interval_of_short_abandons_alone_has_no_short_excluded_figures() -> None:
    figures = summary([a_call("abandoned", 5)], 20, 5)
    assert figures.service_level.short_excluded is None
    assert figures.abandonment_short_excluded is None
    assert figures.abandonment == 1.0
    assert figures.time_to_abandon_s == 5.0


def test_a_call_record_becomes_figures_once_its_outcome_is_known() -> None:
    record = CallRecord(call_id="c", queue="internet", entered_at=MONDAY, clocks=Clocks(wait=0.1 + 0.2, talk=12.5))
    assert figures_of(record) is None
    ended = figures_of(record.model_copy(update={"outcome": "answered"}))
    assert ended is not None
    assert (ended.wait_s, ended.talk_s) == (Decimal("0.3"), Decimal("12.5"))
    assert figures_of(record.model_copy(update={"outcome": "left-menu", "queue": None, "entered_at": None})) is None


times = st.integers(0, 120_000).map(lambda ms: Decimal(ms) / 1000)
calls_of_a_day = st.lists(
    st.builds(
        CallFigures,
        queue=st.just("internet"),
        entered_at=st.integers(0, 86_000).map(lambda s: MONDAY + timedelta(seconds=s)),
        outcome=st.sampled_from(OUTCOMES),
        wait_s=times,
        ring_s=times,
        talk_s=times,
        hold_s=times,
        consult_s=times,
        wrap_up_s=times,
    ),
    max_size=40,
)


@given(calls=calls_of_a_day, threshold=times, short=times)
def test_every_figure_equals_a_plain_recount(calls: list[CallFigures], threshold: Decimal, short: Decimal) -> None:
    """The recount keeps whole milliseconds and exact fractions, and shares no code with the formulas."""
    t, s = int(threshold * 1000), int(short * 1000)
    n, a_in, a_all, b_in, b_all, b_short = len(calls), 0, 0, 0, 0, 0
    waits: list[int] = []
    answered_waits: list[int] = []
    talk = handled = 0
    for call in calls:
        w = int(call.wait_s * 1000) + int(call.ring_s * 1000)
        waits.append(w)
        if call.outcome == "answered":
            a_all += 1
            a_in += w <= t
            answered_waits.append(w)
            parts = [call.talk_s, call.hold_s, call.consult_s, call.wrap_up_s]
            talk += int((call.talk_s or 0) * 1000)
            handled += sum(int((part or 0) * 1000) for part in parts)
        elif call.outcome == "abandoned":
            b_all += 1
            b_in += w <= t
            b_short += w <= s

    def ratio(part: int, whole: int) -> float | None:
        return float(Fraction(part, whole)) if whole else None

    def percentile(values: list[int], p: int) -> float | None:
        for value in sorted(values):
            if 100 * sum(other <= value for other in values) >= p * len(values):
                return value / 1000
        return None

    percents = (50, 80, 90, 95)
    expected = {
        "offered": n,
        "answered": a_all,
        "abandoned": b_all,
        "other": n - a_all - b_all,
        "service_level": {
            "offered": ratio(a_in, n),
            "answered": ratio(a_in, a_all),
            "neutral": ratio(a_in, a_all + b_all - b_in),
            "negative": ratio(a_in, a_all + b_all),
            "positive": ratio(a_in + b_in, a_all + b_all),
            "short_excluded": ratio(a_in, n - b_short),
        },
        "asa_s": ratio(sum(answered_waits), a_all * 1000),
        "mean_wait_s": ratio(sum(waits), n * 1000),
        "abandonment": ratio(b_all, n),
        "abandonment_short_excluded": ratio(b_all - b_short, n - b_short),
        "wait_percentiles_s": {
            "answered": {f"p{p}": percentile(answered_waits, p) for p in percents},
            "all": {f"p{p}": percentile(waits, p) for p in percents},
        },
        "longest_wait_s": max(waits) / 1000 if waits else None,
        "att_s": ratio(talk, a_all * 1000),
        "aht_s": ratio(handled, a_all * 1000),
    }
    assert _differences(summary(calls, threshold, short).as_json(), expected) == []


def _differences(ours: object, theirs: object, path: str = "") -> list[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if list(ours) != list(theirs):
            return [f"{path}: {list(ours)} against {list(theirs)}"]
        return [line for key in ours for line in _differences(ours[key], theirs[key], f"{path}/{key}")]
    if isinstance(ours, float) and isinstance(theirs, float) and math.isclose(ours, theirs, rel_tol=1e-12):
        return []
    return [] if ours == theirs else [f"{path}: {ours} against {theirs}"]


def test_a_threshold_given_as_a_whole_number_is_exact() -> None:
    assert summary([a_call("answered", "20.000")], 20).service_level.offered == pytest.approx(1.0)
