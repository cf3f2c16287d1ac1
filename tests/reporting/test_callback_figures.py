"""Callbacks kept, attempts per callback, and their total wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from reporting.callbacks import CallbackFigures, attempts_per_callback, kept, mean_total_wait_s

ASKED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def callback(status: str, attempts: int = 1, reached_after: timedelta | None = None) -> CallbackFigures:
    reached_at = ASKED + reached_after if reached_after is not None else None
    return CallbackFigures(ASKED - timedelta(seconds=150), DUE, status, attempts, reached_at)


IN_TIME = callback("reached", 1, timedelta(minutes=10))
AT_THE_LAST_MOMENT = callback("reached", 3, DUE - ASKED)
TOO_LATE = callback("reached", 2, DUE - ASKED + timedelta(seconds=1))
GIVEN_UP = callback("unreached", 3)
OWED, RETURNED = callback("scheduled", 0), callback("returned", 0)


def test_the_share_that_was_reached_in_time() -> None:
    everything = [IN_TIME, AT_THE_LAST_MOMENT, TOO_LATE, GIVEN_UP, OWED, RETURNED]
    assert kept(everything, ASKED) == Decimal("0.5"), "what is owed in time does not count yet"
    assert kept(everything, DUE + timedelta(seconds=1)) == Decimal("0.4"), "what is overdue does"
    assert attempts_per_callback(everything, ASKED) == Decimal("2.25")


def test_the_wait_runs_from_the_queue_to_the_first_word() -> None:
    assert mean_total_wait_s([IN_TIME, GIVEN_UP, OWED]) == Decimal(750)


def test_nothing_asked_is_no_figure() -> None:
    assert kept([OWED, RETURNED], ASKED) is None
    assert attempts_per_callback([], ASKED) is None
    assert mean_total_wait_s([GIVEN_UP]) is None
