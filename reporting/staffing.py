"""How many operators an interval needs: Erlang B, C and A.

Notation: calls arrive at random (Poisson) at `rate` a second and take `aht_s` on average (exponential);
a = rate x aht_s is the load in erlang; c operators; T the target's seconds.

Sources. A. K. Erlang (1917) for B and C, as in docs/kpi.md:
    B(0) = 1,  B(k) = a B(k-1) / (k + a B(k-1));  C = B / (1 - (a/c)(1 - B))
    ASA = C aht / (c - a);  SL(T) = 1 - C exp(-(c - a) T / aht)
Erlang A (C. Palm 1946) is the same with callers who give up after an exponential patience 1/theta. Its chain is summed
by the integrals of S. Zeltyn and A. Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the
M/M/n+G queue", Queueing Systems 51 (2005): the wait that a caller of endless patience would meet has the density
    p(c) c mu exp(h(t)),  h(t) = (rate/theta)(1 - exp(-theta t)) - c mu t
beside its lump at zero. Integrals of it stay exact for any number of operators, where sums of the chain overflow.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput

MOST_ERLANG = 5000.0  # beyond it the question is a typing error, and an answer would take minutes
MOST_SECONDS = 7 * 86_400.0
AROUND = 6  # rows of the table on each side of the answer

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)
_NEGLIGIBLE = 45.0  # exp(-45) is below the last digit of 1.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Demand:
    """What comes in. `patience_s` None: callers wait for ever (Erlang C). Raises InvalidInput for what cannot be."""

    calls: float
    interval_s: float
    aht_s: float
    patience_s: float | None = None

    def __post_init__(self) -> None:
        _check("The number of calls", self.calls, most=1e9)
        _check("The interval", self.interval_s, most=MOST_SECONDS)
        _check("The average handle time", self.aht_s, most=MOST_SECONDS)
        if self.patience_s is not None:
            _check("The patience", self.patience_s, most=1e9)
        if self.load > MOST_ERLANG:
            raise InvalidInput(
                f"That is a load of {self.load:.0f} erlang; this reckons up to {MOST_ERLANG:.0f}. Check the figures."
            )

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls / self.interval_s

    @property
    def load(self) -> float:
        """Erlang: the operators that would be busy if nobody ever waited."""
        return self.rate * self.aht_s


@dataclass(frozen=True, slots=True)
class Target:
    """`share` (0-1) of the callers answered within `within_s` seconds; over all offered calls."""

    share: float
    within_s: float

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise InvalidInput("The target's share lies between 0 and 100 %: no number of operators promises 100 %.")
        if not 0 <= self.within_s <= MOST_SECONDS:
            raise InvalidInput("The target's time is a number of seconds from 0 to a week.")


@dataclass(frozen=True, slots=True)
class Staffed:
    """What `operators` give. All figures are None when `overloaded`: the queue would grow without end.

    `service_level` is A(w<=T) / N (`offered`); `asa_s` over answered calls, `mean_wait_s` over all; shares are 0 to 1.
    `abandonment` is None for callers who wait for ever.
    """

    operators: int
    overloaded: bool = False
    service_level: float | None = None
    asa_s: float | None = None
    mean_wait_s: float | None = None
    occupancy: float | None = None
    abandonment: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The fewest operators that reach the target, and the numbers around it."""

    demand: Demand
    target: Target
    answer: Staffed
    with_shrinkage: int
    table: tuple[Staffed, ...]

    def as_json(self) -> dict[str, Any]:
        """The object that `staffing --json` prints."""
        patience = self.demand.patience_s
        head: dict[str, Any] = {
            "model": "erlang-c" if patience is None else "erlang-a",
            "load_erlang": self.demand.load,
            "target": {"share": self.target.share, "within_s": self.target.within_s},
        }
        row = _row(self.answer, patience)
        row = {"operators": row.pop("operators"), "operators_with_shrinkage": self.with_shrinkage, **row}
        return {**head, **row, "table": [_row(each, patience) for each in self.table]}


def _row(staffed: Staffed, patience_s: float | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "operators": staffed.operators,
        "overloaded": staffed.overloaded,
        "service_level": staffed.service_level,
        "asa_s": staffed.asa_s,
        "mean_wait_s": staffed.mean_wait_s,
        "occupancy": staffed.occupancy,
    }
    return row if patience_s is None else {**row, "abandonment": staffed.abandonment}


def erlang_b(operators: int, load: float) -> float:
    """The share of calls that find every operator busy when nobody may wait."""
    return 1 / _inverse_b(operators, load)


def _inverse_b(operators: int, load: float) -> float:
    """1 / B by 1/B(k) = 1 + (k/a) / B(k-1): grows to infinity without an error where B fades to zero."""
    inverse = 1.0
    for k in range(1, operators + 1):
        inverse = 1 + k / load * inverse
    return inverse


def erlang_c(operators: int, load: float) -> float:
    """The share of callers who have to wait when all of them do. 1 when overloaded."""
    if load >= operators:
        return 1.0
    blocked = erlang_b(operators, load)
    return blocked / (1 - load / operators * (1 - blocked))


def staffed(demand: Demand, operators: int, within_s: float) -> Staffed:
    """What so many operators give, by Erlang C, or A when the callers' patience is known."""
    if operators < 1:
        raise InvalidInput("There must be at least one operator.")
    if demand.patience_s is not None:
        return _impatient(demand, operators, within_s, 1 / demand.patience_s)
    load, aht = demand.load, demand.aht_s
    if load >= operators:
        return Staffed(operators, overloaded=True)
    waits = erlang_c(operators, load)
    asa = waits * aht / (operators - load)
    return Staffed(
        operators,
        service_level=1 - waits * math.exp(-(operators - load) * within_s / aht),
        asa_s=asa,
        mean_wait_s=asa,
        occupancy=load / operators,
    )


def _impatient(demand: Demand, operators: int, within_s: float, theta: float) -> Staffed:
    """Erlang A, by the integrals above."""
    rate, service = demand.rate, operators / demand.aht_s

    def h(t: Floats) -> Floats:
        return -rate / theta * np.expm1(-theta * t) - service * t

    def at(t: float) -> float:
        return float(h(np.float64(t)))  # type: ignore[arg-type]

    peak = max(0.0, math.log(rate / service) / theta)
    top = at(peak)
    first, last = _reach(lambda t: top - at(t), peak)

    def integral(of: Callable[[Floats], Floats], until: float) -> float:
        """Of `of` times exp(h - top), from 0 to `until`."""
        cuts = [first, *([peak] if first < peak < until else []), min(until, last)]
        return sum(_gauss(lambda t: of(t) * np.exp(h(t) - top), a, b) for a, b in pairwise(cuts) if b > a)

    everybody = service * integral(np.ones_like, last)
    # Both sides of the balance divided by exp(top), which alone may be too large for a number.
    free = (_inverse_b(operators, demand.load) - 1) * math.exp(-top)
    density = service / (free + everybody)  # p(c) c mu exp(top)
    lost = density * integral(lambda t: -np.expm1(-theta * t), last)
    kept_wait = density * integral(lambda t: t * np.exp(-theta * t), last)
    no_wait = free / (free + everybody) if math.isfinite(free) else 1.0
    in_time = no_wait + density * integral(lambda t: np.exp(-theta * t), within_s)
    return Staffed(
        operators,
        service_level=min(in_time, 1.0),
        asa_s=kept_wait / (1 - lost),
        mean_wait_s=lost / theta,
        occupancy=demand.load * (1 - lost) / operators,
        abandonment=lost,
    )


def _reach(fall: Callable[[float], float], peak: float) -> tuple[float, float]:
    """Where a concave function has fallen negligibly low on both sides of its peak; the left one not below 0."""

    def edge(towards: float) -> float:
        near, far = 0.0, 1e-9
        while fall(peak + towards * far) < _NEGLIGIBLE:
            near, far = far, far * 2
            if towards < 0 and far >= peak:
                return 0.0
        for _ in range(30):
            middle = (near + far) / 2
            near, far = (middle, far) if fall(peak + towards * middle) < _NEGLIGIBLE else (near, middle)
        return peak + towards * far

    return (edge(-1.0) if peak > 0 else 0.0), edge(1.0)


def _gauss(of: Callable[[Floats], Floats], a: float, b: float) -> float:
    """The integral of `of` over [a, b], by Gauss and Legendre."""
    half = (b - a) / 2
    return float(half * np.dot(_WEIGHTS, of(half * _NODES + (a + b) / 2)))


def plan(demand: Demand, target: Target, shrinkage_percent: float = 0, operators: int | None = None) -> Plan:
    """The fewest operators that reach the target, or what `operators` give when that number is asked for.
    `shrinkage_percent` [0-100) of the paid time nobody takes calls. Raises InvalidInput."""
    if not 0 <= shrinkage_percent < 100:
        raise InvalidInput("Shrinkage is a share of the paid time, from 0 up to but not including 100 %.")
    chosen = operators or _fewest(demand, target)
    around = range(max(1, chosen - AROUND), chosen + AROUND + 1)
    return Plan(
        demand=demand,
        target=target,
        answer=staffed(demand, chosen, target.within_s),
        with_shrinkage=with_shrinkage(chosen, shrinkage_percent),
        table=tuple(staffed(demand, each, target.within_s) for each in around),
    )


def _fewest(demand: Demand, target: Target) -> int:
    def reaches(operators: int) -> bool:
        level = staffed(demand, operators, target.within_s).service_level
        return level is not None and level >= target.share

    short, enough = 0, 1
    while not reaches(enough):
        short, enough = enough, enough * 2
    while enough - short > 1:  # the service level rises with every operator
        middle = (short + enough) // 2
        short, enough = (short, middle) if reaches(middle) else (middle, enough)
    return enough


def with_shrinkage(operators: int, shrinkage_percent: float) -> int:
    """How many must be on the roster so that `operators` take calls; exact, so that 14 at 30 % is 20."""
    present = (100 - Decimal(str(shrinkage_percent))) / 100
    return int((operators / present).to_integral_value(ROUND_CEILING))


def _check(what: str, value: float, most: float) -> None:
    if not 0 < value <= most:  # also refuses what is not a number
        raise InvalidInput(f"{what} must be more than 0 and at most {most:,.0f}.")
