"""CSAT: the share of 4 and 5 on 1 to 5, with the mean and the response rate beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.record import CallRecord
from reporting import formulas
from reporting.figures import CallFigures, Outcome, figures_of
from reporting.summary import summary

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def call(rating: int | None, outcome: Outcome = "answered") -> CallFigures:
    return CallFigures("internet", AT, outcome, Decimal(10), rating=rating)


def test_satisfied_is_four_or_five() -> None:
    calls = [call(rating) for rating in (1, 2, 3, 4, 5, None, None, None)]
    assert formulas.satisfaction(calls) == pytest.approx(2 / 5)
    assert formulas.mean_rating(calls) == pytest.approx(3.0)
    assert formulas.rating_response(calls) == pytest.approx(5 / 8)


def test_without_an_answer_there_is_no_figure() -> None:
    for calls in ([], [call(None)], [call(None, "abandoned")]):
        assert formulas.satisfaction(calls) is None
        assert formulas.mean_rating(calls) is None
    assert formulas.rating_response([]) is None
    assert formulas.rating_response([call(None)]) == 0.0


def test_only_callers_whom_somebody_helped_are_counted() -> None:
    assert formulas.rating_response([call(5), call(None, "abandoned"), call(None, "voicemail")]) == 1.0


@given(st.lists(st.sampled_from([None, 1, 2, 3, 4, 5])))
def test_the_summary_says_the_same(ratings: list[int | None]) -> None:
    calls = [call(rating) for rating in ratings]
    told = summary(calls, 20)
    assert told.csat == formulas.satisfaction(calls)
    assert told.mean_rating == formulas.mean_rating(calls)
    assert told.rating_response == formulas.rating_response(calls)
    assert told.csat is None or 0 <= told.csat <= 1


def test_the_rating_comes_from_the_record_of_the_call() -> None:
    record = CallRecord(call_id="c1", queue="internet", entered_at=AT, outcome="answered", rating=4)
    figures = figures_of(record)
    assert figures is not None
    assert figures.rating == 4
