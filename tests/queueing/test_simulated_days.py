"""What the benchmarks show, held in small: the estimate is honest, and the order of turns pays."""

from __future__ import annotations

from statistics import fmean

import pytest

from benchmarks import estimated_wait, queue_fairness
from benchmarks.waiting_line import Caller, arrivals


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_announced_wait_is_within_15_percent_of_the_real_mean(seed: int) -> None:
    waited = estimated_wait.simulate(seed, hours=30)
    real = fmean(wait_s for wait_s, _ in waited)
    announced = fmean(told.estimate_s or 0.0 for _, told in waited)
    average_age = fmean(told.average_age_s for _, told in waited)
    assert abs(announced / real - 1) < 0.15
    assert abs(announced - real) < abs(average_age - real)


@pytest.mark.parametrize("load", [0.95, 1.10])
def test_more_callers_are_answered_in_time_than_first_come_first_served(load: float) -> None:
    per_hour = {kind: share * load * 12 * 12 for kind, share in queue_fairness.SHARES.items()}
    callers = arrivals(1, 20, per_hour, queue_fairness.HANDLE_S, queue_fairness.PATIENCE_S)

    def kept(played: list[Caller]) -> float:
        return fmean(
            one.answered_s is not None and (one.wait_s or 0.0) <= queue_fairness.QUEUES[one.call.queue].within_s
            for one in played
        )

    ours, fcfs = (kept(queue_fairness.played(queue_fairness.RULES[name], callers)) for name in ("ours", "fcfs"))
    assert ours > fcfs
