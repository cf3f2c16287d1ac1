"""Opening hours, on ordinary days, on holidays and on the nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from callflows.hours import Calendar, hours_args, is_open, next_opening, opening_args, weekly_hours

BRUSSELS = ZoneInfo("Europe/Brussels")
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
OFFICE = Calendar.model_validate(
    {day: ["08:00-18:00"] for day in WORKDAYS} | {"special": {"2026-12-24": ["08:00-12:00"], "2026-12-28": []}}
)
EVERY_DAY = {day: ["00:00-24:00"] for day in (*WORKDAYS, "saturday", "sunday")}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-11-23T07:59:59", "closed"),
        ("2026-11-23T08:00", "open"),
        ("2026-11-23T17:59:59", "open"),
        ("2026-11-23T18:00", "closed"),
        ("2026-11-21T10:00", "closed"),
        ("2026-12-24T11:59", "open"),
        ("2026-12-24T12:00", "closed"),
        ("2026-12-25T10:00", "holiday"),
        ("2026-12-28T10:00", "holiday"),
        ("2026-07-21T10:00", "holiday"),
        ("2026-05-25T10:00", "holiday"),
        ("2027-01-01T10:00", "holiday"),
    ],
)
def test_open_closed_or_holiday(moment: str, state: str) -> None:
    assert is_open(OFFICE, local(moment)) == state
    assert is_open(OFFICE, local(moment).astimezone(UTC)) == state
    assert is_open(OFFICE, local(moment), always_open=True) == "open"


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T07:00", "2026-11-23T08:00"),
        ("2026-11-23T08:00", "2026-11-24T08:00"),
        ("2026-11-27T19:00", "2026-11-30T08:00"),
        ("2026-12-24T13:00", "2026-12-29T08:00"),
    ],
)
def test_the_next_opening(moment: str, opening: str) -> None:
    assert next_opening(OFFICE, local(moment)) == local(opening)


def test_a_calendar_that_never_opens() -> None:
    never = Calendar()
    assert is_open(never, local("2026-11-23T10:00")) == "closed"
    assert next_opening(never, local("2026-11-23T10:00")) is None
    assert opening_args(never, local("2026-11-23T10:00"))["opens"] == "never"


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T07:00", "today"),
        ("2026-11-23T18:00", "tomorrow"),
        ("2026-11-27T18:00", "monday"),
        ("2026-12-24T13:00", "tuesday"),
    ],
)
def test_the_next_opening_is_named_as_people_do(moment: str, opens: str) -> None:
    assert opening_args(OFFICE, local(moment))["opens"] == opens


def test_an_opening_a_week_away_is_named_by_its_date() -> None:
    mondays = Calendar.model_validate({"monday": ["09:30-12:00"]})
    args = opening_args(mondays, local("2026-11-23T12:00"))
    assert args == {"opens": "date", "day": 30, "month": 11, "hour": 9, "minute": 30}


def test_the_short_night_of_march_skips_times_that_do_not_exist() -> None:
    """On 29 March 2026 at 02:00 the clocks jump to 03:00, at 01:00 UTC."""
    night = Calendar.model_validate({"sunday": ["02:30-05:00"]})
    opening = next_opening(night, local("2026-03-28T12:00"))
    assert opening == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert is_open(night, opening) == "open"
    assert is_open(night, opening - timedelta(seconds=1)) == "closed"
    closing = Calendar.model_validate({"sunday": ["01:00-02:30"]})
    assert is_open(closing, datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)) == "open"
    assert is_open(closing, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == "closed"


def test_the_long_night_of_october_opens_at_the_first_and_closes_at_the_last_occurrence() -> None:
    """On 25 October 2026 at 03:00 the clocks go back to 02:00; 02:30 is 00:30 UTC and again 01:30 UTC."""
    night = Calendar.model_validate({"sunday": ["02:30-05:00"]})
    assert next_opening(night, local("2026-10-24T12:00")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for minute in range(30, 240):
        assert is_open(night, datetime(2026, 10, 25, tzinfo=UTC) + timedelta(minutes=minute)) == "open"
    early = Calendar.model_validate({"sunday": ["01:00-02:30"]})
    assert is_open(early, datetime(2026, 10, 25, 1, 29, tzinfo=UTC)) == "open"
    assert is_open(early, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == "closed"


@pytest.mark.parametrize("change", [datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)])
def test_round_the_clock_has_no_gap_on_either_night(change: datetime) -> None:
    always = Calendar.model_validate(EVERY_DAY | {"holidays": ""})
    assert all(is_open(always, change + timedelta(minutes=minute)) == "open" for minute in range(0, 600, 7))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 730 * 24 * 3600))
def test_the_next_opening_is_the_first_moment_at_which_it_is_open(seconds: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    opening = next_opening(OFFICE, moment)
    assert opening is not None
    assert opening > moment
    assert is_open(OFFICE, opening) == "open"
    assert is_open(OFFICE, opening - timedelta(seconds=1)) != "open"


@pytest.mark.parametrize("period", ["8-18", "08:00-25:00", "18:00-08:00", "08:00", "08:61-09:00", "09:00-09:00", 7])
def test_a_period_that_makes_no_sense_is_refused(period: object) -> None:
    with pytest.raises(ValidationError):
        Calendar.model_validate({"monday": [period]})


@pytest.mark.parametrize("wrong", [{"timezone": "Europe/Brugge"}, {"timezone": "../x"}, {"holidays": "ZZ"}])
def test_an_unknown_place_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Calendar.model_validate(wrong)


def test_the_weekly_hours_are_put_together_for_speaking() -> None:
    calendar = Calendar.model_validate(
        {day: ["13:00-17:00", "08:00-12:30"] for day in WORKDAYS[:3]} | {"friday": ["09:00-12:00"]}
    )
    spans = [(hours.first_day, hours.last_day, hours.period.opens_min) for hours in weekly_hours(calendar)]
    assert spans == [("monday", "wednesday", 480), ("monday", "wednesday", 780), ("friday", "friday", 540)]
    assert hours_args(calendar)[2] == {
        "span": "one",
        "first_day": "friday",
        "last_day": "friday",
        "hour": 9,
        "minute": 0,
        "until_hour": 12,
        "until_minute": 0,
    }
