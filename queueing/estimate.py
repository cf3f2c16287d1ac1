"""How long a caller still has to wait, how sure that is, and how it is said: pure.

Operators who can take the call put calls away at a rate of one per handle time each. Ahead of the caller stands work:
the calls that go first, each counted for the share of its operators that this caller needs too, and the call that one
of those operators finishes first. So

    wait = (sum of ahead x share x handle time + handle time) / operators who can take the call.

That is the mean of a sum of exponential times; the band is the 10th to the 90th percentile of the gamma distribution
with that mean and its variance, widened by how few calls the handle time is made of (Wilson and Hilferty's
approximation, 1931). Later callers with less slack, and callers ahead who give up, are not foreseen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

Bound = Literal["less-than", "about", "more-than"]

LEAST_CALLS = 8  # handle times are a guess with fewer
RING_S = 5.0  # an operator is free: what is left is the ringing
_Z90 = 1.2816  # 90th percentile of the standard normal distribution
_SLOWER = 1.2  # handle times this much longer than at the last estimate are a cause to say more
_FAR_S = 30 * 60.0  # beyond this only "more than 30 minutes" is honest
_NARROW = 0.5  # standard deviation by mean, up to which "about" is meant


@dataclass(frozen=True)
class HandleTime:
    """Mean seconds that an operator is busy with one call, from the first ring to the end of the wrap-up, over
    `calls` that were put away."""

    mean_s: float
    calls: int


@dataclass(frozen=True)
class Estimate:
    """Seconds still to wait: the mean, and the 10th and 90th percentile. The rest is what it was made of: calls that go
    first (in shares), operators who can take the call, their handle time in seconds."""

    wait_s: float
    low_s: float
    high_s: float
    ahead: float
    able: int
    handle_s: float


@dataclass(frozen=True)
class Wording:
    """What is said: `bound` `minutes`."""

    bound: Bound
    minutes: int


def estimate(ahead: float, work_s: float, finishing: HandleTime, able: int) -> Estimate:
    """`work_s` is the handling of the calls ahead, `finishing` that of the calls being handled now."""
    wait_s = (work_s + finishing.mean_s) / able
    steps = 1 + ahead
    variance = wait_s**2 * (1 / steps + 1 / finishing.calls)
    shape = wait_s**2 / variance
    return Estimate(
        wait_s=wait_s,
        low_s=wait_s * _gamma(shape, -_Z90),
        high_s=wait_s * _gamma(shape, _Z90),
        ahead=ahead,
        able=able,
        handle_s=finishing.mean_s,
    )


def at_once(able: int, handle: HandleTime) -> Estimate:
    """Somebody is free for this caller."""
    return Estimate(RING_S, 0.0, 2 * RING_S, 0.0, able, handle.mean_s)


def _gamma(shape: float, z: float) -> float:
    """The quantile at `z` of a gamma distribution with mean 1."""
    return max(0.0, 1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))) ** 3


def steady(before: Estimate | None, now: Estimate) -> Estimate:
    """The estimate to give a caller who was given `before`: it does not rise without a cause. A cause is an operator
    less who can take the call, a call more that goes first, or handle times a fifth longer."""
    if before is None or now.wait_s <= before.wait_s:
        return now
    caused = now.able < before.able or now.ahead >= before.ahead + 1 or now.handle_s > before.handle_s * _SLOWER
    if caused:
        return now
    # What it was made of stays the old, so that a slow drift adds up to a cause.
    return replace(before)


def wording(estimate: Estimate) -> Wording:
    """In round figures: minutes up to ten, then fives. "Less than" promises the 90th percentile where the band is wide,
    "about" is the mean where it is narrow, "more than" is for what is too far away to tell."""
    if estimate.wait_s > _FAR_S:
        return Wording("more-than", round(_FAR_S / 60))
    if estimate.high_s <= 60:
        return Wording("less-than", 1)
    if estimate.high_s - estimate.wait_s > _NARROW * _Z90 * estimate.wait_s:
        return Wording("less-than", _round_up(estimate.high_s))
    return Wording("about", _round(estimate.wait_s))


def _round_up(seconds: float) -> int:
    minutes = math.ceil(seconds / 60)
    return minutes if minutes <= 10 else 5 * math.ceil(minutes / 5)


def _round(seconds: float) -> int:
    minutes = math.floor(seconds / 60 + 0.5)
    return max(1, minutes) if minutes <= 10 else 5 * math.floor(minutes / 5 + 0.5)
