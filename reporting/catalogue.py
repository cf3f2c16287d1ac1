"""Every figure with its name, unit and formula: one list for the table of `kpi` and `figures`, the JSON of
`figures`, the page and its CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from reporting.summary import PERCENTS, Summary

if TYPE_CHECKING:  # the report gives its JSON by this list
    from reporting.report import QueueReport

Unit = Literal["count", "share", "seconds", "number"]
Of = TypeVar("Of")
Other = TypeVar("Other")


@dataclass(frozen=True)
class Figure(Generic[Of]):
    """One figure. `id` also names its texts on the screens; `key` is its place in JSON, a dot goes into an object;
    `value` None is "no data", a share is 0 to 1."""

    id: str
    key: str
    name: str
    unit: Unit
    formula: str
    value: Callable[[Of], float | int | None]

    def on(self, part: Callable[[Other], Of]) -> Figure[Other]:
        """The same figure of something that holds what it is about."""
        return Figure(self.id, self.key, self.name, self.unit, self.formula, lambda whole: self.value(part(whole)))


@dataclass(frozen=True)
class Section(Generic[Of]):
    """Figures that belong together."""

    id: str
    name: str
    figures: Sequence[Figure[Of]]

    def on(self, part: Callable[[Other], Of]) -> Section[Other]:
        return Section(self.id, self.name, [figure.on(part) for figure in self.figures])


def as_json(sections: Iterable[Section[Of]], source: Of) -> dict[str, Any]:
    """Every figure under its key; null is no data."""
    whole: dict[str, Any] = {}
    for figure in (figure for section in sections for figure in section.figures):
        *outer, last = figure.key.split(".")
        part = whole
        for name in outer:
            part = part.setdefault(name, {})
        part[last] = figure.value(source)
    return whole


_S = Figure[Summary]
_R = Figure["QueueReport"]


def _percentile(percent: int, over: Literal["answered", "all"]) -> Figure[Summary]:
    def value(s: Summary) -> float | None:
        return (s.wait_percentiles_answered_s if over == "answered" else s.wait_percentiles_all_s)[percent]

    key = f"wait_percentiles_s.{over}.p{percent}"
    return _S(f"wait-p{percent}-{over}", key, f"p{percent}, {over}", "seconds", "w, nearest rank", value)


CALLS: tuple[Section[Summary], ...] = (
    Section(
        "calls",
        "Calls, by the moment they entered the queue",
        (
            _S("offered", "offered", "offered", "count", "N", lambda s: s.offered),
            _S("answered", "answered", "answered", "count", "A", lambda s: s.answered),
            _S("abandoned", "abandoned", "abandoned", "count", "B", lambda s: s.abandoned),
            _S("other", "other", "other", "count", "callback, voicemail, overflow, closed, failed", lambda s: s.other),
        ),
    ),
    Section(
        "level",
        "Service level",
        (
            _S(
                "level-offered", "service_level.offered", "offered (headline)", "share", "A(w<=T) / N",
                lambda s: s.service_level.offered,
            ),
            _S(
                "level-answered", "service_level.answered", "answered", "share", "A(w<=T) / A",
                lambda s: s.service_level.answered,
            ),
            _S(
                "level-neutral", "service_level.neutral", "neutral", "share", "A(w<=T) / (A + B(w>T))",
                lambda s: s.service_level.neutral,
            ),
            _S(
                "level-negative", "service_level.negative", "negative", "share", "A(w<=T) / (A + B)",
                lambda s: s.service_level.negative,
            ),
            _S(
                "level-positive", "service_level.positive", "positive", "share", "(A(w<=T) + B(w<=T)) / (A + B)",
                lambda s: s.service_level.positive,
            ),
            _S(
                "level-short", "service_level.short_excluded", "short-excluded", "share", "A(w<=T) / (N - B(w<=s))",
                lambda s: s.service_level.short_excluded,
            ),
        ),
    ),
    Section(
        "waiting",
        "Waiting",
        (
            _S("asa", "asa_s", "average speed of answer", "seconds", "sum w(answered) / A", lambda s: s.asa_s),
            _S("mean-wait", "mean_wait_s", "mean wait, all", "seconds", "sum w / N", lambda s: s.mean_wait_s),
            _S(
                "time-to-abandon", "time_to_abandon_s", "time to abandon", "seconds", "sum w(B) / B",
                lambda s: s.time_to_abandon_s,
            ),
            _S(
                "longest", "longest_wait_s", "longest wait", "seconds", "max w, abandoned included",
                lambda s: s.longest_wait_s,
            ),
            *(_percentile(percent, "answered") for percent in PERCENTS),
            *(_percentile(percent, "all") for percent in PERCENTS),
            _S("abandonment", "abandonment", "abandonment", "share", "B / N", lambda s: s.abandonment),
            _S(
                "abandonment-short", "abandonment_short_excluded", "abandonment, short-excluded", "share",
                "(B - B(w<=s)) / (N - B(w<=s))",
                lambda s: s.abandonment_short_excluded,
            ),
        ),
    ),
    Section(
        "handling",
        "Handling, per answered call",
        (
            _S("talk", "att_s", "average talk time", "seconds", "sum talk / A", lambda s: s.att_s),
            _S("hold", "hold_s", "hold", "seconds", "sum hold / A", lambda s: s.mean_hold_s),
            _S("consult", "consult_s", "consult", "seconds", "sum consult / A", lambda s: s.mean_consult_s),
            _S("wrap-up", "wrap_up_s", "wrap-up", "seconds", "sum wrap-up / A", lambda s: s.mean_wrap_up_s),
            _S(
                "handle", "aht_s", "average handle time", "seconds", "sum (talk + hold + consult + wrap-up) / A",
                lambda s: s.aht_s,
            ),
        ),
    ),
)  # fmt: skip

_SATISFACTION = Section(
    "satisfaction",
    "Satisfaction, of answered calls",
    (
        _S("csat", "satisfaction.csat", "CSAT", "share", "ratings of 4 and 5 / ratings", lambda s: s.csat),
        _S(
            "mean-rating",
            "satisfaction.mean",
            "mean rating, 1 to 5",
            "number",
            "sum of ratings / ratings",
            lambda s: s.mean_rating,
        ),
        _S(
            "ratings",
            "satisfaction.answers",
            "ratings",
            "count",
            "answers by key after the call",
            lambda s: s.ratings,
        ),
        _S(
            "rating-response",
            "satisfaction.response",
            "response",
            "share",
            "ratings / A",
            lambda s: s.rating_response,
        ),
    ),
)

REPORT: tuple[Section[QueueReport], ...] = (
    *(section.on(lambda report: report.calls) for section in (*CALLS, _SATISFACTION)),
    Section(
        "announced",
        "Announced waits",
        (
            _R(
                "told", "announcements.judged", "announcements judged", "count", "answered, with an estimate",
                lambda r: r.announced.judged,
            ),
            _R(
                "told-error", "announcements.mean_error_s", "mean error", "seconds",
                "mean of announced - real, above 0 is told too much",
                lambda r: r.announced.mean_error_s,
            ),
            _R(
                "told-error-p90", "announcements.error_p90_s", "p90 of the error", "seconds",
                "announced - real, nearest rank",
                lambda r: r.announced.error_p90_s,
            ),
            _R(
                "told-too-little", "announcements.told_too_little", "told too little", "share",
                "waited longer than was said / announcements",
                lambda r: r.announced.told_too_little,
            ),
        ),
    ),
    Section(
        "callbacks",
        "Callbacks, by the moment they were asked for",
        (
            _R("callbacks", "callbacks.asked", "promised", "count", "asked for", lambda r: r.callbacks.asked),
            _R(
                "callbacks-reached", "callbacks.reached", "reached", "count", "caller and operator spoke",
                lambda r: r.callbacks.reached,
            ),
            _R(
                "callbacks-unreached", "callbacks.unreached", "given up", "count", "attempts used up",
                lambda r: r.callbacks.unreached,
            ),
            _R(
                "callbacks-taken-back", "callbacks.taken_back", "taken back", "count",
                "rang again, or not needed any more",
                lambda r: r.callbacks.taken_back,
            ),
            _R("callbacks-owed", "callbacks.owed", "still owed", "count", "not settled", lambda r: r.callbacks.owed),
            _R(
                "callbacks-kept", "callbacks.kept", "kept in time", "share",
                "reached by the due moment / reached, given up or overdue",
                lambda r: r.callbacks.kept,
            ),
            _R(
                "callback-attempts", "callbacks.attempts_per_callback", "attempts per callback", "number",
                "attempts / reached, given up or overdue",
                lambda r: r.callbacks.attempts_per_callback,
            ),
            _R(
                "callback-wait", "callbacks.mean_total_wait_s", "mean total wait", "seconds",
                "entered the queue to first word, over all attempts",
                lambda r: r.callbacks.mean_total_wait_s,
            ),
        ),
    ),
    Section(
        "lost",
        "Lost calls, by the moment they rang",
        (
            _R("lost", "lost.calls", "lost", "count", "abandoned, closed, failed or overflow", lambda r: r.lost.calls),
            _R("lost-to-ring", "lost.to_ring", "still to ring", "count", "open on the list", lambda r: r.lost.to_ring),
            _R("lost-reached", "lost.reached", "reached", "count", "rung back", lambda r: r.lost.reached),
            _R(
                "lost-got-through", "lost.got_through", "got through", "count", "rang again by themselves",
                lambda r: r.lost.got_through,
            ),
            _R(
                "lost-not-needed", "lost.not_needed", "not needed", "count", "closed by somebody",
                lambda r: r.lost.not_needed,
            ),
            _R(
                "lost-off-list", "lost.off_list", "not on the list", "count", "no number, or came through",
                lambda r: r.lost.off_list,
            ),
        ),
    ),
    Section(
        "sent-on",
        "Sent on by the queue's rules",
        (
            _R(
                "sent-overflow", "sent_on.overflow", "to another queue", "count", "waited too long",
                lambda r: r.sent_on.get("overflow", 0),
            ),
            _R(
                "sent-full", "sent_on.full", "queue full", "count", "too many waiting",
                lambda r: r.sent_on.get("full", 0),
            ),
            _R(
                "sent-closed", "sent_on.closed", "closed during the wait", "count", "closing time",
                lambda r: r.sent_on.get("closed", 0),
            ),
            _R(
                "sent-nobody", "sent_on.nobody", "nobody there", "count", "no operator",
                lambda r: r.sent_on.get("nobody", 0),
            ),
        ),
    ),
)  # fmt: skip
