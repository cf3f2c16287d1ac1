"""Erlang B, C and A: published values, laws that must hold, and sums of the chain done the slow way."""

from __future__ import annotations

import json
import math

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from app.commands_staffing import staffing
from foundation.errors import InvalidInput
from reporting.staffing import Demand, Target, erlang_b, erlang_c, plan, staffed, with_shrinkage

HALF_HOUR = Demand(calls=100, interval_s=1800, aht_s=180)

demands = st.builds(
    Demand,
    calls=st.floats(1, 500),
    interval_s=st.just(1800.0),
    aht_s=st.floats(10, 900),
    patience_s=st.floats(5, 5000),
)


def summed_chain(demand: Demand, operators: int) -> tuple[float, float]:
    """(abandonment, mean wait) from the steady state of the birth-death chain, as docs/kpi.md writes it."""
    assert demand.patience_s is not None
    mu, theta = 1 / demand.aht_s, 1 / demand.patience_s
    weights, k = [1.0], 0
    while k < operators or weights[-1] > 1e-18 * sum(weights):
        k += 1
        weights.append(weights[-1] * demand.rate / (min(k, operators) * mu + max(k - operators, 0) * theta))
        if weights[-1] > 1e200:
            weights = [weight * 1e-200 for weight in weights]
    queued = math.fsum((k - operators) * w for k, w in enumerate(weights) if k > operators) / math.fsum(weights)
    return theta * queued / demand.rate, queued / demand.rate


def test_the_checks_of_the_kpi_definitions() -> None:
    assert erlang_b(1, 1) == pytest.approx(0.5)
    assert erlang_b(2, 1) == pytest.approx(0.2)
    assert staffed(HALF_HOUR, 13, 20).service_level == pytest.approx(0.796, abs=0.0005)
    assert staffed(HALF_HOUR, 14, 20).service_level == pytest.approx(0.888, abs=0.0005)
    found = plan(HALF_HOUR, Target(0.80, 20), shrinkage_percent=30)
    assert (found.answer.operators, found.with_shrinkage) == (14, 20)


@given(demand=demands, operators=st.integers(1, 200))
def test_erlang_a_is_the_sum_of_its_chain(demand: Demand, operators: int) -> None:
    lost, wait_s = summed_chain(demand, operators)
    answer = staffed(demand, operators, 20)
    assert answer.abandonment == pytest.approx(lost, rel=1e-6, abs=1e-12)
    assert answer.mean_wait_s == pytest.approx(wait_s, rel=1e-6, abs=1e-9)


@given(demand=demands, operators=st.integers(1, 100), within_s=st.floats(0, 600), patient=st.booleans())
def test_the_service_level_rises_with_operators_and_with_time(
    demand: Demand, operators: int, within_s: float, patient: bool
) -> None:
    if patient:
        demand = Demand(demand.calls, demand.interval_s, demand.aht_s)
    one, more = staffed(demand, operators, within_s), staffed(demand, operators + 1, within_s)
    later = staffed(demand, operators, within_s + 10)
    if one.service_level is None:
        assert one.overloaded
        return
    assert more.service_level is not None
    assert later.service_level is not None
    assert 0 <= one.service_level <= min(more.service_level, later.service_level) + 1e-9
    assert max(more.service_level, later.service_level) <= 1
    assert one.asa_s is not None
    assert one.asa_s >= 0


@given(calls=st.floats(1, 400), aht_s=st.floats(10, 900), spare=st.integers(1, 30))
def test_endless_patience_is_erlang_c(calls: float, aht_s: float, spare: int) -> None:
    waiting = Demand(calls, 1800, aht_s)
    operators = math.floor(waiting.load) + 1 + spare
    c = staffed(waiting, operators, 20)
    a = staffed(Demand(calls, 1800, aht_s, patience_s=1e9), operators, 20)
    assert a.service_level == pytest.approx(c.service_level, abs=1e-4)
    assert a.asa_s == pytest.approx(c.asa_s, rel=1e-3, abs=1e-6)
    assert a.occupancy == pytest.approx(c.occupancy, abs=1e-4)


@given(demand=demands, share=st.floats(0.01, 0.99), patient=st.booleans())
def test_the_answer_is_the_fewest(demand: Demand, share: float, patient: bool) -> None:
    if patient:
        demand = Demand(demand.calls, demand.interval_s, demand.aht_s)
    found = plan(demand, Target(share, 20))
    level = found.answer.service_level
    assert level is not None
    assert level >= share
    if found.answer.operators > 1:
        below = staffed(demand, found.answer.operators - 1, 20)
        assert below.service_level is None or below.service_level < share


def test_hundreds_of_operators_are_no_trouble() -> None:
    many = Demand(calls=5000, interval_s=1800, aht_s=600)  # 1667 erlang
    found = plan(many, Target(0.80, 20))
    assert 1667 < found.answer.operators < 1750
    assert erlang_b(3000, 1667) == pytest.approx(0, abs=1e-100)
    assert 0 < erlang_c(1668, 1667) < 1
    for patience_s in (1, 300, 86_400, 1e9):
        for operators in (1, 800, 1667, 3000):
            answer = staffed(Demand(5000, 1800, 600, patience_s), operators, 20)
            assert answer.service_level is not None
            assert answer.abandonment is not None
            assert 0 <= answer.service_level <= 1
            assert 0 <= answer.abandonment <= 1
            assert answer.occupancy is not None
            assert answer.occupancy <= 1 + 1e-9


def test_too_few_operators_are_overloaded_and_never_a_negative_wait() -> None:
    for operators in (1, 9, 10):
        answer = staffed(HALF_HOUR, operators, 20)
        assert answer.overloaded
        assert (answer.asa_s, answer.service_level, answer.occupancy) == (None, None, None)
    assert not staffed(HALF_HOUR, 11, 20).overloaded
    impatient = staffed(Demand(100, 1800, 180, patience_s=300), 5, 20)
    assert not impatient.overloaded  # callers who give up keep every queue finite
    assert impatient.abandonment == pytest.approx(0.5, abs=0.05)


def test_shrinkage_is_rounded_up_from_the_exact_number() -> None:
    assert [with_shrinkage(14, share) for share in (0, 30, 30.1, 50, 99)] == [14, 20, 21, 28, 1400]


@pytest.mark.parametrize("calls", [0, -1, math.nan, math.inf, 1e8])
def test_what_cannot_be_is_refused(calls: float) -> None:
    with pytest.raises(InvalidInput):
        Demand(calls, 1800, 180)


# The command


def ask(line: str) -> Result:
    return CliRunner().invoke(staffing, line.split())


def test_the_command_prints_the_answer_as_json() -> None:
    result = ask("--calls 100 --interval-min 30 --aht-s 180 --target 80/20 --shrinkage 30 --json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["model"], answer["operators"], answer["operators_with_shrinkage"]) == ("erlang-c", 14, 20)
    assert answer["service_level"] == pytest.approx(0.888, abs=0.0005)
    assert answer["asa_s"] == pytest.approx(7.84, abs=0.005)
    assert answer["occupancy"] == pytest.approx(0.714, abs=0.0005)
    assert "abandonment" not in answer
    rows = {row["operators"]: row for row in answer["table"]}
    assert rows[13]["service_level"] == pytest.approx(0.796, abs=0.0005)
    assert rows[10]["overloaded"]
    assert rows[10]["asa_s"] is None


def test_with_patience_the_command_answers_by_erlang_a() -> None:
    answer = json.loads(ask("--calls 100 --interval-min 30 --aht-s 180 --target 80/20 --patience-s 300 --json").stdout)
    assert answer["model"] == "erlang-a"
    assert answer["operators"] == 13
    assert answer["abandonment"] == pytest.approx(0.025, abs=0.0005)


def test_a_number_of_operators_can_be_asked_after() -> None:
    answer = json.loads(ask("--calls 100 --aht-s 180 --operators 9 --json").stdout)
    assert answer["overloaded"] is True
    assert (answer["operators"], answer["service_level"], answer["asa_s"]) == (9, None, None)


def test_the_command_prints_a_table() -> None:
    result = ask("--calls 100 --aht-s 180 --shrinkage 30")
    assert "14 operators, 20 with shrinkage (Erlang C)" in result.stdout
    assert "overloaded" in result.stdout


@pytest.mark.parametrize(
    "line",
    [
        "--calls 0 --aht-s 180",
        "--calls -5 --aht-s 180",
        "--calls many --aht-s 180",
        "--calls 100 --aht-s 0",
        "--calls 100 --aht-s 180 --interval-min 0",
        "--calls 100 --aht-s nan",
        "--calls 100 --aht-s 180 --target 80",
        "--calls 100 --aht-s 180 --target 100/20",
        "--calls 100 --aht-s 180 --target 0/20",
        "--calls 100 --aht-s 180 --target 80/-1",
        "--calls 100 --aht-s 180 --patience-s 0",
        "--calls 100 --aht-s 180 --shrinkage 100",
        "--calls 100 --aht-s 180 --shrinkage -1",
        "--calls 1e9 --aht-s 180",
        "--calls 100 --aht-s 180 --operators 0",
        "--aht-s 180",
    ],
)
def test_nonsense_is_a_sentence_and_exit_2(line: str) -> None:
    result = ask(f"{line} --json")
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
