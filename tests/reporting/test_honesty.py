"""The honesty figures of the announced waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from callflows.facts import Fact, QueueEntered, WaitAnnounced
from reporting.honesty import Announcement, announcements, error_p90, mean_error, told_too_little

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def told(after_s: int, estimate_s: float | None, **said: object) -> WaitAnnounced:
    at = NOON + timedelta(seconds=after_s)
    return WaitAnnounced(at=at, key=f"announced:{after_s}", position=1, estimate_s=estimate_s, **said)  # type: ignore[arg-type]


def judged(answered_after_s: float | None, *facts: Fact) -> list[Announcement]:
    answered_at = None if answered_after_s is None else NOON + timedelta(seconds=answered_after_s)
    return announcements(answered_at, facts)


def test_an_announcement_is_about_the_wait_that_was_left() -> None:
    facts = told(20, 100, bound="less-than", minutes=3), told(60, 45, bound="about", minutes=1)
    first, second = judged(110, QueueEntered(at=NOON, key="queue:1", queue="internet", ordinal=1), *facts)
    assert (first.real_s, first.error_s, first.promised_s) == (90, 10, 180)
    assert (second.real_s, second.error_s) == (50, -5)


def test_what_cannot_be_judged_is_left_out() -> None:
    assert judged(None, told(20, 100)) == []
    assert judged(110, told(20, None)) == []
    assert judged(110, told(130, 100)) == [], "said after a talk, in another queue"


def test_the_figures_of_the_queue() -> None:
    errors = [-30, -10, 0, 10, 20, 30, 40, 50, 60, 100]
    calls = [Announcement(Decimal(100 + error), Decimal(100 + error), "about", Decimal(100)) for error in errors]
    assert mean_error(calls) == 27
    assert error_p90(calls) == 60
    assert told_too_little(calls) == 0.2


@pytest.mark.parametrize(
    ("bound", "real_s", "too_little"),
    [("less-than", 120, 0), ("less-than", 121, 1), ("about", 121, 1), ("more-than", 900, 0)],
)
def test_too_little_goes_by_what_was_said(bound: str, real_s: int, too_little: int) -> None:
    one = Announcement(Decimal(60), Decimal(120), bound, Decimal(real_s))  # type: ignore[arg-type]
    assert told_too_little([one]) == too_little


def test_without_announcements_there_is_no_data() -> None:
    assert (mean_error([]), error_p90([]), told_too_little([])) == (None, None, None)
