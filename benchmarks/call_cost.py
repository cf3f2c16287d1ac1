"""What one call costs: processor time, transactions, statements and Redis commands.

    python -m benchmarks.call_cost [--calls 60] [--seed 11] [--in CHECKOUT --rounds 3]

The calls of benchmarks/queue_theory.py, after twenty seconds of warm-up. `--in` measures another checkout of the
product (the one before a change, say) in turns with this one, on the same seeds, and prints the ratios: on a machine
that others use as well only those can be believed. Processor time of PostgreSQL is read from /proc: this needs Linux.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")


def measure(calls: int, seed: int) -> dict[str, float]:
    """Per call, of at least so many."""
    from sqlalchemy import event, text

    from benchmarks.crowd import MONDAY, crowd
    from benchmarks.queue_theory import LOAD

    logging.disable(logging.ERROR)
    seen: Counter[str] = Counter()
    with crowd(LOAD, seed) as people:
        engine, redis = people.services.database.engine, people.services.redis
        event.listen(engine, "begin", lambda _: seen.update(("transactions",)))
        event.listen(engine, "before_cursor_execute", lambda *_: seen.update(("statements",)))
        with engine.connect() as connection:
            folder = Path(str(connection.scalar(text("SHOW data_directory"))))
        postmaster = int((folder / "postmaster.pid").read_text().split()[0])

        def servers_s() -> float:
            used = redis.info("cpu")
            return _family_s(postmaster) + float(used["used_cpu_user"]) + float(used["used_cpu_sys"])

        people.everybody_ready()
        people.open_doors(MONDAY + timedelta(days=7))
        people.run_until(MONDAY + timedelta(seconds=20))
        seen.clear()
        over, commands = people.over, int(redis.info("stats")["total_commands_processed"])
        servers, cpu, began = servers_s(), time.process_time(), time.monotonic()
        while people.over - over < calls:
            people.run_for(5)
        done = people.over - over
        commands = int(redis.info("stats")["total_commands_processed"]) - commands
        per_call = {
            "application, ms": 1000 * (time.process_time() - cpu),
            "stores, ms": 1000 * (servers_s() - servers),
            "wall clock, ms": 1000 * (time.monotonic() - began),
            **seen,
            "Redis commands": commands,
        }
    return {name: round(value / done, 1) for name, value in per_call.items()}


def _family_s(parent: int) -> float:
    """Processor time of a process and its children so far."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # gone meanwhile
            if int(folder.name) == parent or int(fields[1]) == parent:
                total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def in_turns(other: Path, calls: int, rounds: int, seed: int) -> None:
    figures: dict[Path, list[dict[str, float]]] = {other: [], ROOT: []}
    for number in range(rounds):
        for checkout, found in figures.items():
            # This file, whatever the checkout has: the same is counted in both.
            command = [sys.executable, "-P", __file__, "--calls", str(calls), "--seed", str(seed + number)]
            answer = subprocess.run(
                command, cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)}, capture_output=True, check=True
            )
            found.append(json.loads(answer.stdout.splitlines()[-1]))
            print(checkout.name, found[-1], f"load {os.getloadavg()[0]:.1f}", flush=True)
    print("| a call | there | here | there / here, by round |\n|---|---|---|---|")
    for name in figures[ROOT][0]:
        there, here = ([one[name] for one in figures[checkout]] for checkout in (other, ROOT))
        ratios = ", ".join(f"{one / two:.2f}" for one, two in zip(there, here, strict=True))
        print(f"| {name} | {statistics.median(there):.1f} | {statistics.median(here):.1f} | {ratios} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--in", dest="other", type=Path, help="another checkout, measured in turns with this one")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if asked.other:
        in_turns(asked.other.resolve(), asked.calls, asked.rounds, asked.seed)
    else:
        print(json.dumps(measure(asked.calls, asked.seed)))


if __name__ == "__main__":
    main()
