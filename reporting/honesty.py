"""How honest the announced waits were (docs/kpi.md): what waiting callers were told against what they then waited.

An announcement is about the wait that is left. Its real value is known once an operator was heard; announcements to
callers who gave up have none and are left out, as are those without an estimate. Times are seconds; None is "no data".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from callflows.facts import Fact, WaitAnnounced
from reporting.figures import seconds


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement: the estimate, how it was said (`bound` so many `promised_s`), and the wait that followed."""

    estimate_s: Decimal
    promised_s: Decimal
    bound: Literal["less-than", "about", "more-than"]
    real_s: Decimal

    @property
    def error_s(self) -> Decimal:
        """Announced minus real: above zero is told too much."""
        return self.estimate_s - self.real_s

    @property
    def too_little(self) -> bool:
        """Whether the caller waited longer than was said. The boundary was kept: a wait of two minutes after "less than
        two minutes" is not longer. Nobody who heard "more than" was told too little."""
        return self.bound != "more-than" and self.real_s > self.promised_s


def announcements(answered_at: datetime | None, facts: Iterable[Fact]) -> list[Announcement]:
    """The announcements of one call that can be judged, by when an operator was heard."""
    if answered_at is None:
        return []
    return [
        Announcement(
            estimate_s=seconds(fact.estimate_s),
            promised_s=Decimal(60 * fact.minutes) if fact.minutes is not None else seconds(fact.estimate_s),
            bound=fact.bound or "about",
            real_s=seconds((answered_at - fact.at).total_seconds()),
        )
        for fact in facts
        if isinstance(fact, WaitAnnounced) and fact.estimate_s is not None and fact.at <= answered_at
    ]


def mean_error(told: Collection[Announcement]) -> float | None:
    """Mean of announced - real."""
    return float(sum((one.error_s for one in told), Decimal(0)) / len(told)) if told else None


def error_p90(told: Collection[Announcement]) -> float | None:
    """The 90th percentile, nearest rank, of announced - real."""
    errors = sorted(one.error_s for one in told)
    return float(errors[-(-90 * len(errors) // 100) - 1]) if errors else None


def told_too_little(told: Collection[Announcement]) -> float | None:
    """Share of the announcements after which the caller waited longer than was said."""
    return sum(one.too_little for one in told) / len(told) if told else None


@dataclass(frozen=True, slots=True)
class Honesty:
    """The honesty figures of a set of announcements. Times are seconds; None is "no data"."""

    judged: int
    mean_error_s: float | None
    error_p90_s: float | None
    told_too_little: float | None


def honesty(told: Collection[Announcement]) -> Honesty:
    """All of them at once."""
    return Honesty(len(told), mean_error(told), error_p90(told), told_too_little(told))
