"""The KPI formulas of the helpdesk, one function each; every screen, report and export calls these.

Notation of docs/kpi.md: N offered, A answered, B abandoned, T threshold, s short-abandon threshold, w wait and ringing.
Boundary: `w <= T` is within. None means "no data": an empty interval is neither 0 % nor 100 %. Shares are 0 to 1,
times are seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal

from reporting.figures import CallFigures

Calls = Collection[CallFigures]

SATISFIED = 4  # the lowest rating on 1 to 5 that counts as satisfied


def answered(calls: Iterable[CallFigures]) -> list[CallFigures]:
    """The calls that make up A: an operator was heard."""
    return [call for call in calls if call.outcome == "answered"]


def abandoned(calls: Iterable[CallFigures]) -> list[CallFigures]:
    """The calls that make up B: the caller left. An accepted callback is not an abandon."""
    return [call for call in calls if call.outcome == "abandoned"]


def within(calls: Iterable[CallFigures], limit_s: Decimal) -> int:
    """How many calls have w <= limit."""
    return sum(1 for call in calls if call.w_s <= limit_s)


# Service level: the variant is always named.


def service_level_offered(calls: Calls, threshold_s: Decimal) -> float | None:
    """A(w<=T) / N, the headline figure."""
    return _share(within(answered(calls), threshold_s), len(calls))


def service_level_answered(calls: Calls, threshold_s: Decimal) -> float | None:
    """A(w<=T) / A; ignores whoever gave up."""
    return _share(within(answered(calls), threshold_s), len(answered(calls)))


def service_level_neutral(calls: Calls, threshold_s: Decimal) -> float | None:
    """A(w<=T) / (A + B(w>T)); abandons within the threshold are ignored."""
    late_abandons = len(abandoned(calls)) - within(abandoned(calls), threshold_s)
    return _share(within(answered(calls), threshold_s), len(answered(calls)) + late_abandons)


def service_level_negative(calls: Calls, threshold_s: Decimal) -> float | None:
    """A(w<=T) / (A + B); every abandon counts against."""
    return _share(within(answered(calls), threshold_s), len(answered(calls)) + len(abandoned(calls)))


def service_level_positive(calls: Calls, threshold_s: Decimal) -> float | None:
    """(A(w<=T) + B(w<=T)) / (A + B); an abandon within the threshold counts for."""
    both = answered(calls) + abandoned(calls)
    return _share(within(both, threshold_s), len(both))


def service_level_short_excluded(calls: Calls, threshold_s: Decimal, short_abandon_s: Decimal) -> float | None:
    """A(w<=T) / (N - B(w<=s)); who left at once was never really waiting."""
    return _share(within(answered(calls), threshold_s), len(calls) - within(abandoned(calls), short_abandon_s))


# Waiting and leaving.


def average_speed_of_answer(calls: Calls) -> float | None:
    """ASA: sum w(answered) / A."""
    return mean_wait(answered(calls))


def mean_wait(calls: Calls) -> float | None:
    """Sum w / number, over every call given."""
    return _mean([call.w_s for call in calls])


def time_to_abandon(calls: Calls) -> float | None:
    """Sum w(B) / B."""
    return mean_wait(abandoned(calls))


def abandonment(calls: Calls) -> float | None:
    """B / N."""
    return _share(len(abandoned(calls)), len(calls))


def abandonment_short_excluded(calls: Calls, short_abandon_s: Decimal) -> float | None:
    """(B - B(w<=s)) / (N - B(w<=s))."""
    short = within(abandoned(calls), short_abandon_s)
    return _share(len(abandoned(calls)) - short, len(calls) - short)


def wait_percentile(calls: Calls, percent: int) -> float | None:
    """Nearest rank: the smallest w such that at least `percent` % (1-100) of the calls waited no longer."""
    waits = sorted(call.w_s for call in calls)
    if not waits:
        return None
    rank = -(-percent * len(waits) // 100)  # rounded up, in whole numbers
    return float(waits[rank - 1])


def longest_wait(calls: Calls) -> float | None:
    """Max w, abandoned included."""
    return float(max(call.w_s for call in calls)) if calls else None


# Handling: per answered call. A clock that no answered call has measured gives None.


def average_talk_time(calls: Calls) -> float | None:
    """ATT: sum talk / A; hold is excluded."""
    return _per_answered(calls, lambda call: call.talk_s)


def mean_hold(calls: Calls) -> float | None:
    """Sum hold / A."""
    return _per_answered(calls, lambda call: call.hold_s)


def mean_consult(calls: Calls) -> float | None:
    """Sum consult / A."""
    return _per_answered(calls, lambda call: call.consult_s)


def mean_wrap_up(calls: Calls) -> float | None:
    """Sum wrap-up / A."""
    return _per_answered(calls, lambda call: call.wrap_up_s)


def average_handle_time(calls: Calls) -> float | None:
    """AHT: sum (talk + hold + consult + wrap-up) / A. None when talk was not measured: there is no handle time then."""
    return _per_answered(calls, _handled_s)


# Satisfaction: over the callers who answered the question; the response rate says how many those are.


def satisfaction(calls: Calls) -> float | None:
    """CSAT: ratings of 4 and 5 / ratings."""
    scores = ratings(calls)
    return _share(sum(1 for score in scores if score >= SATISFIED), len(scores))


def mean_rating(calls: Calls) -> float | None:
    """Sum of the ratings, 1 to 5, / ratings."""
    return _mean([Decimal(rating) for rating in ratings(calls)])


def rating_response(calls: Calls) -> float | None:
    """Response rate: ratings / A. Who hung up with the operator counts as asked: they did not answer either."""
    return _share(len(ratings(calls)), len(answered(calls)))


def ratings(calls: Calls) -> list[int]:
    """The answers to the satisfaction question, of answered calls."""
    return [call.rating for call in answered(calls) if call.rating is not None]


def _handled_s(call: CallFigures) -> Decimal | None:
    if call.talk_s is None:
        return None
    return call.talk_s + (call.hold_s or 0) + (call.consult_s or 0) + (call.wrap_up_s or 0)


def _per_answered(calls: Calls, clock: Callable[[CallFigures], Decimal | None]) -> float | None:
    times = [clock(call) for call in answered(calls)]
    if all(time is None for time in times):
        return None
    return _mean([time or Decimal(0) for time in times])


def _mean(times: Sequence[Decimal]) -> float | None:
    return float(sum(times, Decimal(0)) / len(times)) if times else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
