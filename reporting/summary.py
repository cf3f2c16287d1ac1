"""All figures of a set of calls at once, and as the JSON of `kpi --json`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reporting import formulas
from reporting.figures import CallFigures

PERCENTS = (50, 80, 90, 95)
DEFAULT_SHORT_ABANDON_S = Decimal(5)


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """Every variant, by name; shares 0 to 1, None for no data."""

    offered: float | None
    answered: float | None
    neutral: float | None
    negative: float | None
    positive: float | None
    short_excluded: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of an interval. Shares are 0 to 1, times seconds, None is "no data"."""

    threshold_s: Decimal
    short_abandon_s: Decimal
    offered: int
    answered: int
    abandoned: int
    other: int
    service_level: ServiceLevels
    asa_s: float | None
    mean_wait_s: float | None
    time_to_abandon_s: float | None
    abandonment: float | None
    abandonment_short_excluded: float | None
    wait_percentiles_answered_s: dict[int, float | None]
    wait_percentiles_all_s: dict[int, float | None]
    longest_wait_s: float | None
    att_s: float | None
    mean_hold_s: float | None
    mean_consult_s: float | None
    mean_wrap_up_s: float | None
    aht_s: float | None
    csat: float | None
    mean_rating: float | None
    rating_response: float | None
    ratings: int  # answers to the satisfaction question

    def as_json(self) -> dict[str, Any]:
        """The object that `kpi --json` prints."""
        levels = self.service_level
        return {
            "offered": self.offered,
            "answered": self.answered,
            "abandoned": self.abandoned,
            "other": self.other,
            "service_level": {
                "offered": levels.offered,
                "answered": levels.answered,
                "neutral": levels.neutral,
                "negative": levels.negative,
                "positive": levels.positive,
                "short_excluded": levels.short_excluded,
            },
            "asa_s": self.asa_s,
            "mean_wait_s": self.mean_wait_s,
            "abandonment": self.abandonment,
            "abandonment_short_excluded": self.abandonment_short_excluded,
            "wait_percentiles_s": {
                "answered": _named(self.wait_percentiles_answered_s),
                "all": _named(self.wait_percentiles_all_s),
            },
            "longest_wait_s": self.longest_wait_s,
            "att_s": self.att_s,
            "aht_s": self.aht_s,
        }


def summary(
    figures: Iterable[CallFigures], threshold_s: Decimal | int, short_abandon_s: Decimal | int = DEFAULT_SHORT_ABANDON_S
) -> Summary:
    """The figures of these calls, against a threshold and a short-abandon threshold (both inclusive)."""
    calls = list(figures)
    threshold, short = Decimal(threshold_s), Decimal(short_abandon_s)
    answered, abandoned = formulas.answered(calls), formulas.abandoned(calls)
    return Summary(
        threshold_s=threshold,
        short_abandon_s=short,
        offered=len(calls),
        answered=len(answered),
        abandoned=len(abandoned),
        other=len(calls) - len(answered) - len(abandoned),
        service_level=ServiceLevels(
            offered=formulas.service_level_offered(calls, threshold),
            answered=formulas.service_level_answered(calls, threshold),
            neutral=formulas.service_level_neutral(calls, threshold),
            negative=formulas.service_level_negative(calls, threshold),
            positive=formulas.service_level_positive(calls, threshold),
            short_excluded=formulas.service_level_short_excluded(calls, threshold, short),
        ),
        asa_s=formulas.average_speed_of_answer(calls),
        mean_wait_s=formulas.mean_wait(calls),
        time_to_abandon_s=formulas.time_to_abandon(calls),
        abandonment=formulas.abandonment(calls),
        abandonment_short_excluded=formulas.abandonment_short_excluded(calls, short),
        wait_percentiles_answered_s={p: formulas.wait_percentile(answered, p) for p in PERCENTS},
        wait_percentiles_all_s={p: formulas.wait_percentile(calls, p) for p in PERCENTS},
        longest_wait_s=formulas.longest_wait(calls),
        att_s=formulas.average_talk_time(calls),
        mean_hold_s=formulas.mean_hold(calls),
        mean_consult_s=formulas.mean_consult(calls),
        mean_wrap_up_s=formulas.mean_wrap_up(calls),
        aht_s=formulas.average_handle_time(calls),
        csat=formulas.satisfaction(calls),
        mean_rating=formulas.mean_rating(calls),
        rating_response=formulas.rating_response(calls),
        ratings=len(formulas.ratings(calls)),
    )


def _named(percentiles: dict[int, float | None]) -> dict[str, float | None]:
    return {f"p{percent}": value for percent, value in percentiles.items()}
