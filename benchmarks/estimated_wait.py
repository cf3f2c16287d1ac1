"""How honest the estimated wait is: what callers are told against what they then wait.

    python -m benchmarks.estimated_wait [--seeds 10] [--hours 100]

Six operators, 90 % load, handle time 300 s (exponential), Poisson arrivals, nobody gives up. The product's own outlook
makes the estimate as each caller comes in, from the handle times of the four hours before. Beside it, on the same
arrivals, Twilio's AvgQueueTime as an announcement: the mean age of the calls in the queue (twilio.md 1.4).
Figures are over callers who have to wait; the first hour of each seed fills the room and does not count.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.waiting_line import Caller, Day, arrivals, moment, queue
from queueing.estimate import HandleTime, wording
from queueing.handling import WINDOW
from queueing.matching import pairs
from queueing.model import Operator
from queueing.outlook import Outlook

HANDLE_S = 300.0
OPERATORS = 6
LOAD = 0.9
WINDOW_S = WINDOW.total_seconds()
INTERNET = queue("internet", 0.9, 150)
QUEUES = {"internet": INTERNET}


@dataclass(frozen=True)
class Told:
    estimate_s: float | None
    said: str
    promised_s: float
    average_age_s: float


def listen(day: Day, caller: Caller) -> None:
    """Note what the caller would be told on coming in."""
    waiting = [one.call for one in day.waiting.values()]
    since_s = day.now_s - WINDOW_S
    finished = [one.handling_s for _, one in day.done if (one.answered_s or 0.0) > since_s]
    going_on = [day.now_s - at_s for one in day.busy.values() if (at_s := one.answered_s or 0.0) > since_s]
    handling = {}
    if finished:
        handling["internet"] = HandleTime((sum(finished) + sum(going_on)) / len(finished), len(finished))
    now = moment(day.now_s)
    outlook = Outlook(waiting, day.operators.values(), day.presences(), QUEUES, handling, now)
    estimate = outlook.of(caller.call)
    ages = [day.now_s - one.arrives_s for one in day.waiting.values()]
    said = wording(estimate) if estimate else None
    caller.told = Told(
        estimate_s=estimate.wait_s if estimate else None,
        said=f"{said.bound} {said.minutes} min" if said else "",
        promised_s=said.minutes * 60.0 if said else 0.0,
        average_age_s=fmean(ages) if ages else 0.0,
    )


def simulate(seed: int, hours: float) -> list[tuple[float, Told]]:
    """What callers waited who had to, and what they were told, after the first hour."""
    staff = {n: Operator(n, str(n), frozenset({"nl"}), frozenset({"internet"})) for n in range(1, OPERATORS + 1)}
    day = Day(staff, lambda calls, free, now: pairs(calls, free, now, QUEUES))
    callers = arrivals(seed, hours, {("internet", "nl"): LOAD * OPERATORS * 3600 / HANDLE_S}, HANDLE_S)
    day.play(callers, listen)
    return [
        (caller.wait_s, caller.told)
        for caller in callers
        if caller.arrives_s >= 3600 and caller.wait_s and isinstance(caller.told, Told)
    ]


def p90(values: Sequence[float]) -> float:
    return sorted(values)[-(-90 * len(values) // 100) - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--hours", type=float, default=100)
    given = parser.parse_args()
    counted: list[tuple[float, Told]] = []
    unknown = 0
    print(f"{'seed':>4} {'callers':>8} {'real mean':>10} {'told mean':>10} {'off by':>8} {'AvgQueueTime':>13}")
    for seed in range(1, given.seeds + 1):
        waited = simulate(seed, given.hours)
        mine = [(wait_s, told) for wait_s, told in waited if told.estimate_s is not None]
        unknown += len(waited) - len(mine)
        real, announced = fmean(wait for wait, _ in mine), fmean(told.estimate_s or 0.0 for _, told in mine)
        age = fmean(told.average_age_s for _, told in mine)
        print(f"{seed:4} {len(mine):8} {real:9.1f}s {announced:9.1f}s {announced / real - 1:+8.1%} {age:12.1f}s")
        counted += mine
    report(counted, unknown)


def report(counted: list[tuple[float, Told]], unknown: int) -> None:
    real = fmean(wait for wait, _ in counted)
    print(f"\nall seeds: {len(counted)} callers who waited, {unknown} told nothing; real mean {real:.1f} s")
    print(f"{'':14}{'mean':>9}{'off by':>9}{'mean error':>12}{'p90 error':>11}{'told too little':>17}")
    for name, values in (
        ("estimate", [told.estimate_s or 0.0 for _, told in counted]),
        ("as spoken", [told.promised_s for _, told in counted]),
        ("AvgQueueTime", [told.average_age_s for _, told in counted]),
    ):
        errors = [value - wait for value, (wait, _) in zip(values, counted, strict=True)]
        little = sum(error < 0 for error in errors) / len(errors)
        mean = fmean(values)
        print(f"{name:14}{mean:8.1f}s{mean / real - 1:+9.1%}{fmean(errors):+11.1f}s{p90(errors):+10.1f}s{little:17.1%}")
    print("\nmean error and p90 error: announced minus real (kpi.md).  By wording, share kept (real <= spoken):")
    for bound in ("less-than", "about", "more-than"):
        heard = [(wait, told) for wait, told in counted if told.said.startswith(bound)]
        if heard:
            kept = sum(wait <= told.promised_s for wait, told in heard) / len(heard)
            print(f"  {bound:10} {len(heard):7} callers  {kept:6.1%}")


if __name__ == "__main__":
    main()
