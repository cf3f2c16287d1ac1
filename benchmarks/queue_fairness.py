"""Who is next: least slack to its own target first, against plain first come, first served.

    python -m benchmarks.queue_fairness [--seeds 10] [--hours 20]

Three queues with targets of their own, two languages, twelve operators with mixed skills, calls of 300 s, callers who
give up after 600 s in the mean (all exponential), at 80, 95 and 110 % load. Both rules get the same callers on the same
day and the same skills; only the order differs. `within`: answered within the target by all offered (kpi.md).
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from statistics import fmean

from benchmarks.waiting_line import Caller, Day, Rule, arrivals, queue
from queueing.matching import pairs
from queueing.model import Operator

HANDLE_S, PATIENCE_S = 300.0, 600.0
QUEUES = {
    one.name: one for one in (queue("internet", 0.8, 60), queue("workplace", 0.9, 150), queue("invoices", 0.8, 300))
}
# Callers by queue and language, as shares of all.
SHARES = {
    ("internet", "nl"): 0.25,
    ("internet", "fr"): 0.15,
    ("workplace", "nl"): 0.22,
    ("workplace", "fr"): 0.13,
    ("invoices", "nl"): 0.15,
    ("invoices", "fr"): 0.10,
}
# Queues and languages of the operators: some know one product, some two, one all.
SKILLS = (
    ("internet", "nl fr"),
    ("internet", "nl"),
    ("internet workplace", "nl"),
    ("internet workplace", "nl fr"),
    ("internet workplace", "fr"),
    ("internet invoices", "nl fr"),
    ("workplace", "nl fr"),
    ("workplace invoices", "nl"),
    ("workplace invoices", "nl fr"),
    ("workplace invoices", "fr nl"),
    ("invoices internet", "nl"),
    ("internet workplace invoices", "nl fr"),
)
RULES: dict[str, Rule] = {
    "ours": lambda calls, free, now: pairs(calls, free, now, QUEUES),
    "fcfs": lambda calls, free, now: pairs(calls, free, now),  # without targets the slack is the time of arrival
}


def played(rule: Rule, callers: list[Caller]) -> list[Caller]:
    """The same callers' day under `rule`."""
    staff = {
        number: Operator(number, str(number), frozenset(languages.split()), frozenset(queues.split()))
        for number, (queues, languages) in enumerate(SKILLS, start=1)
    }
    mine = [replace(caller) for caller in callers]
    Day(staff, rule).play(mine)
    return mine


def figures(callers: list[Caller], name: str) -> tuple[float, float, float]:
    """Share within the target, mean wait and longest wait of a queue's callers, those who gave up included."""
    mine = [caller for caller in callers if caller.call.queue == name]
    within_s = QUEUES[name].within_s
    kept = sum(caller.answered_s is not None and (caller.wait_s or 0.0) <= within_s for caller in mine)
    waits = [caller.wait_s or 0.0 for caller in mine]
    return kept / len(mine), fmean(waits), max(waits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--hours", type=float, default=20)
    given = parser.parse_args()
    print(f"seeds 1-{given.seeds}, {given.hours:g} hours each; within: answered within the target / offered")
    print(f"{'load':>5} {'queue':10} {'target':>10}   {'within':^15} {'mean wait':^17} {'longest wait':^17}")
    print(f"{'':28}{'ours':>7}{'fcfs':>8}{'ours':>9}{'fcfs':>9}{'ours':>9}{'fcfs':>9}")
    for load in (0.80, 0.95, 1.10):
        per_hour = {kind: share * load * len(SKILLS) * 3600 / HANDLE_S for kind, share in SHARES.items()}
        days: dict[str, list[Caller]] = {name: [] for name in RULES}
        for seed in range(1, given.seeds + 1):
            callers = arrivals(seed, given.hours, per_hour, HANDLE_S, PATIENCE_S)
            for name, rule in RULES.items():
                days[name] += played(rule, callers)
        for name, one in QUEUES.items():
            ours, fcfs = figures(days["ours"], name), figures(days["fcfs"], name)
            print(
                f"{load:5.0%} {name:10} {one.share:4.0%}/{one.within_s:3} s  "
                f"{ours[0]:7.1%}{fcfs[0]:8.1%}{ours[1]:8.1f}s{fcfs[1]:8.1f}s{ours[2]:8.0f}s{fcfs[2]:8.0f}s"
            )
        kept = {
            rule: fmean(
                caller.answered_s is not None and (caller.wait_s or 0.0) <= QUEUES[caller.call.queue].within_s
                for caller in callers
            )
            for rule, callers in days.items()
        }
        waits = {rule: [caller.wait_s or 0.0 for caller in callers] for rule, callers in days.items()}
        beyond = {
            rule: fmean((caller.wait_s or 0.0) > QUEUES[caller.call.queue].longest_s for caller in callers)
            for rule, callers in days.items()
        }
        lost = {rule: fmean(caller.answered_s is None for caller in callers) for rule, callers in days.items()}
        print(
            f"{load:5.0%} {'all':10} {'':10} {kept['ours']:7.1%}{kept['fcfs']:8.1%}"
            f"{fmean(waits['ours']):8.1f}s{fmean(waits['fcfs']):8.1f}s"
            f"{max(waits['ours']):8.0f}s{max(waits['fcfs']):8.0f}s   gave up {lost['ours']:.1%} / {lost['fcfs']:.1%}"
            f"   longer than acceptable {beyond['ours']:.3%} / {beyond['fcfs']:.3%}"
        )


if __name__ == "__main__":
    main()
