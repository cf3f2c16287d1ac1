"""Figures of callbacks (kpi.md, callback kept). Their wait runs over all attempts, from the caller's entering the queue
to the first word, and is reported apart from that of live answers.

What counts: callbacks that were reached, given up, or whose due moment has passed. One that is still owed in time
counts for nothing yet; a caller who rang again, or said that it was not needed any more, took the request back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from reporting.figures import seconds

_TAKEN_BACK = frozenset({"returned", "cancelled"})


@dataclass(frozen=True, slots=True)
class CallbackFigures:
    """One callback. `waiting_since`: when the caller entered the queue, or asked; `attempts`: how often dialled;
    `status` as in callflows.lifecycle.CALLBACK."""

    waiting_since: datetime
    due_at: datetime
    status: str
    attempts: int
    reached_at: datetime | None = None

    @property
    def wait_s(self) -> Decimal | None:
        """The total wait over all attempts; None when nobody was reached."""
        return None if self.reached_at is None else seconds((self.reached_at - self.waiting_since).total_seconds())

    @property
    def kept(self) -> bool:
        """Reached by the due moment; the moment itself counts."""
        return self.reached_at is not None and self.reached_at <= self.due_at


def counted(figures: Iterable[CallbackFigures], now: datetime) -> list[CallbackFigures]:
    """Those that count at `now`; see the module's docstring."""
    return [
        one
        for one in figures
        if one.status not in _TAKEN_BACK and (one.status in ("reached", "unreached") or one.due_at < now)
    ]


def kept(figures: Iterable[CallbackFigures], now: datetime) -> Decimal | None:
    """Share reached by their due moment; None when none counts yet."""
    those = counted(figures, now)
    return Decimal(sum(one.kept for one in those)) / len(those) if those else None


def attempts_per_callback(figures: Iterable[CallbackFigures], now: datetime) -> Decimal | None:
    """Mean number of attempts; None when none counts yet."""
    those = counted(figures, now)
    return Decimal(sum(one.attempts for one in those)) / len(those) if those else None


def mean_total_wait_s(figures: Iterable[CallbackFigures]) -> Decimal | None:
    """Mean total wait of those that were reached; None when nobody was."""
    waits = [one.wait_s for one in figures if one.wait_s is not None]
    return sum(waits, Decimal(0)) / len(waits) if waits else None


@dataclass(frozen=True, slots=True)
class CallbackSummary:
    """The figures of the callbacks that were asked for in a period. `owed`: not settled yet; None is "no data"."""

    asked: int
    reached: int
    unreached: int
    taken_back: int
    owed: int
    kept: float | None
    attempts_per_callback: float | None
    mean_total_wait_s: float | None


def callback_summary(figures: Iterable[CallbackFigures], now: datetime) -> CallbackSummary:
    """All of them at once, as they stand at `now`."""
    those = list(figures)
    states = [one.status for one in those]
    taken_back = sum(state in _TAKEN_BACK for state in states)
    reached, unreached = states.count("reached"), states.count("unreached")
    return CallbackSummary(
        asked=len(those),
        reached=reached,
        unreached=unreached,
        taken_back=taken_back,
        owed=len(those) - taken_back - reached - unreached,
        kept=_float(kept(those, now)),
        attempts_per_callback=_float(attempts_per_callback(those, now)),
        mean_total_wait_s=_float(mean_total_wait_s(those)),
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
