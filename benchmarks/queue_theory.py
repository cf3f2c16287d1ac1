"""The queue beside the theory of queues, and what a call costs.

    python -m benchmarks.queue_theory [--calls 10000] [--processes 2] [--seed 1] [--keep FILE]
    python -m benchmarks.queue_theory --read FILE [FILE ...]
    python -m benchmarks.queue_theory --growth [--waiting 10,100,1000]

Poisson arrivals, exponential handling and patience, through the real application (benchmarks/crowd.py); every process
plays a helpdesk of its own with a seed of its own, from `--seed` on. The figures come out of the call log by the
product's own formulas. Waits of callers who wait together are alike, so the interval is not taken over calls: time
after the warm-up is cut into batches of equal length, and the interval is Student's over the means of the batches
(A. M. Law, Simulation Modeling and Analysis, "the method of batch means"); the correlation of a batch with the next one
of its run is printed, which should be near zero. `--keep` writes every batch down as soon as it is complete, and
`--read` makes the table of what was kept, of several runs together if their seeds differ. Beside: Erlang A
(reporting/staffing.py).
"""

from __future__ import annotations

import argparse
import logging
import math
import multiprocessing
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from pydantic import TypeAdapter

from benchmarks.crowd import MONDAY, QUEUE, Load, crowd
from reporting import formulas
from reporting.figures import CallFigures, figures_of
from reporting.staffing import Demand, staffed

# 20 erlang on 20 operators. Everything is nine times as quick as on a real day, which the theory does not mind: what
# goes by the clock, the wait loop and the ticker, then costs a call less.
LOAD = Load(calls_per_s=1.0, handle_s=20, patience_s=20, operators=20)
THRESHOLD_S = 5
WARM_UP = timedelta(minutes=2)  # six times a caller's patience: the empty start is forgotten
BATCH = timedelta(minutes=4)  # twelve handling times, some 240 calls
_OVER = timedelta(minutes=6)  # by then a batch's calls have their outcomes
_STEP = timedelta(seconds=20)
# Student's t, 97.5 %, by degrees of freedom; between two the larger, that is the more careful one.
_T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 8: 2.306, 10: 2.228, 15: 2.131, 20: 2.086, 30: 2.042,
      60: 2.0, 120: 1.98}  # fmt: skip


@dataclass(frozen=True)
class Played:
    """What one process has seen. `batches`: the calls after the warm-up, by the batch in which they entered."""

    seed: int
    batches: list[list[CallFigures]]
    calls: int  # warm-up included, over
    wall_s: float
    cpu_s: float


_PLAYED: TypeAdapter[Played] = TypeAdapter(Played)


def play(seed: int, until_s: float, calls: int, keep: Path | None) -> Played:
    """A day at the helpdesk until `calls` have been measured, or `until_s` seconds of this machine's time are up."""
    logging.disable(logging.ERROR)
    batches: list[list[CallFigures]] = []
    with crowd(LOAD, seed) as people:
        people.everybody_ready()
        people.open_doors(MONDAY + timedelta(days=7))
        began, cpu = time.monotonic(), time.process_time()

        def played() -> Played:
            return Played(seed, batches, people.over, time.monotonic() - began, time.process_time() - cpu)

        while time.monotonic() - began < until_s and sum(map(len, batches)) < calls:
            people.run_until(people.clock.now() + _STEP)
            since = MONDAY + WARM_UP + len(batches) * BATCH
            if people.clock.now() >= since + BATCH + _OVER:
                records = people.services.call_log.queued(QUEUE, since, since + BATCH)
                batches.append([known for record in records if (known := figures_of(record)) is not None])
                assert len(batches[-1]) == len(records), "a call of the batch is not over"
                if keep is not None:
                    kept = keep.with_name(f"{keep.name}.{seed}")
                    kept.write_bytes(_PLAYED.dump_json(played()))
        return played()


Measure = Callable[[Sequence[CallFigures]], float | None]


def interval(batches: Sequence[Sequence[CallFigures]], measure: Measure) -> tuple[float, float]:
    """The mean over batches and half of its 95 % confidence interval."""
    values = [value for batch in batches if (value := measure(batch)) is not None]
    freedom = max(known for known in _T if known <= max(1, len(values) - 1))
    spread = statistics.stdev(values) if len(values) > 1 else math.inf
    return statistics.fmean(values), _T[freedom] * spread / math.sqrt(len(values))


def _correlation(runs: Sequence[Sequence[float]]) -> float:
    """Of each value with the next of its run."""
    mean = statistics.fmean(value for run in runs for value in run)
    spread = sum((value - mean) ** 2 for run in runs for value in run)
    return sum((one - mean) * (other - mean) for run in runs for one, other in pairwise(run)) / spread


def compare(played: Sequence[Played]) -> list[str]:
    """The rows of the table, in Markdown."""
    batches = [batch for each in played for batch in each.batches]
    if len(batches) < 2:
        return [f"{sum(each.calls for each in played)} calls are too few for an interval; let it run longer."]
    demand = Demand(LOAD.calls_per_s, 1.0, LOAD.handle_s, LOAD.patience_s)
    theory = staffed(demand, LOAD.operators, THRESHOLD_S)
    measures: list[tuple[str, Measure, float | None, float, str]] = [
        ("mean wait, all", lambda calls: formulas.mean_wait(list(calls)), theory.mean_wait_s, 1, "s"),
        ("ASA", lambda calls: formulas.average_speed_of_answer(list(calls)), theory.asa_s, 1, "s"),
        ("abandonment", lambda calls: formulas.abandonment(list(calls)), theory.abandonment, 100, "%"),
        (
            f"service level `offered`, {THRESHOLD_S} s",
            lambda calls: formulas.service_level_offered(list(calls), Decimal(THRESHOLD_S)),
            theory.service_level,
            100,
            "%",
        ),
    ]
    rows = ["| figure | measured, 95 % interval | Erlang A | within |", "|---|---|---|---|"]
    for name, measure, expected, scale, unit in measures:
        mean, half = interval(batches, measure)
        assert expected is not None
        within = "yes" if abs(mean - expected) <= half else "no"
        rows.append(
            f"| {name} | {mean * scale:.2f} ± {half * scale:.2f} {unit} | {expected * scale:.2f} {unit} | {within} |"
        )
    calls = sum(len(batch) for batch in batches)
    waits = [[measures[0][1](batch) or 0.0 for batch in each.batches] for each in played]
    chance = 2 / math.sqrt(len(batches))
    rows.append(
        f"\n{calls} calls in {len(batches)} batches of {BATCH} after {WARM_UP} each process; mean waits of "
        f"neighbouring batches correlate by {_correlation(waits):.2f} (by chance within {chance:.2f})."
    )
    for each in played:
        rows.append(
            f"Seed {each.seed}: {each.calls} calls in {each.wall_s:.0f} s: "
            f"{each.calls / each.wall_s:.2f} calls a second of wall clock, "
            f"{each.cpu_s / each.calls * 1000:.0f} ms of the application's and simulator's processor a call."
        )
    return rows


def growth(levels: Sequence[int]) -> list[str]:
    """Processor time of a call, and of one round of the wait loop, by how many callers wait."""
    logging.disable(logging.ERROR)
    rows = ["| waiting | a call, ms | a round of the wait loop, ms |", "|---|---|---|"]
    calls = 40
    for waiting in levels:
        with crowd(Load(calls_per_s=1, handle_s=0.01, patience_s=None, operators=1), seed_number=1) as people:
            for _ in range(waiting):
                people.call_in()
                people.settle()
            began, cpu = time.monotonic(), time.process_time()
            people.run_for(20)  # a round of music: every caller asks once for the next
            round_ms = (time.process_time() - cpu) / waiting * 1000
            cpu = time.process_time()
            people.everybody_ready()
            while people.over < calls:  # one goes, one comes
                gone = people.over
                people.timeline.run_next()
                people.settle()
                for _ in range(people.over - gone):
                    people.call_in()
                    people.settle()
            call_ms = (time.process_time() - cpu) / calls * 1000
            rows.append(f"| {waiting} | {call_ms:.1f} | {round_ms:.2f} |")
            print(rows[-1], f"({time.monotonic() - began:.0f} s)", flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10_000, help="to measure, over all processes")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--until-s", type=float, default=3600.0, help="stop after so much wall clock, however far it is"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the first process; the others count on from it")
    parser.add_argument("--keep", type=Path, help="write what was measured so far to FILE.<seed>")
    parser.add_argument("--read", type=Path, nargs="+", help="instead: the table of what was kept")
    parser.add_argument("--growth", action="store_true", help="instead: the cost of a call as the queue grows")
    parser.add_argument("--waiting", default="10,100,1000", help="with --growth: how many callers wait")
    asked = parser.parse_args()
    if asked.growth:
        print("\n".join(growth([int(level) for level in asked.waiting.split(",")])))
        return
    if asked.read:
        print("\n".join(compare([_PLAYED.validate_json(file.read_bytes()) for file in asked.read])))
        return
    share = math.ceil(asked.calls / asked.processes)
    with multiprocessing.get_context("spawn").Pool(asked.processes) as pool:
        played = pool.starmap(
            play, [(asked.seed + n, asked.until_s, share, asked.keep) for n in range(asked.processes)]
        )
    print("\n".join(compare(played)))


if __name__ == "__main__":
    main()
