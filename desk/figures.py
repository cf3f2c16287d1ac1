"""The figures of a period, queue by queue: the page, and the same as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from flask import Response, render_template, request

from desk.people import services, wording
from desk.services import DeskServices
from desk.wording import Wording
from foundation.errors import InvalidInput, NotFound
from queueing.model import Queue
from reporting.catalogue import REPORT, Figure, Section
from reporting.report import QueueReport, Report

PERIODS = ("today", "yesterday", "week")  # what one asks for daily; anything else is two dates
_LONGEST = timedelta(days=400)


class Reports(Protocol):
    """The figures of any period: reporting.report."""

    def of(self, queues: Iterable[Queue], since: datetime, until: datetime) -> Report: ...


@dataclass(frozen=True)
class FiguresModel:
    """What was asked and its answer. `first` and `last` are days, both included; `report` None: the dates cannot be,
    and `error` is the text that says why."""

    period: str
    typed: dict[str, str]
    queues: Sequence[Queue]
    shown: Sequence[Queue]
    first: date | None = None
    last: date | None = None
    report: Report | None = None
    error: str = ""
    sections: Sequence[Section[QueueReport]] = REPORT
    periods = PERIODS

    @property
    def query(self) -> str:
        """The same question as part of an address."""
        return urlencode({name: value for name, value in self.typed.items() if value})

    def but(self, **other: str) -> str:
        """The same question with something else asked."""
        return urlencode({name: value for name, value in {**self.typed, **other}.items() if value})

    @property
    def empty(self) -> bool:
        """Whether nothing at all happened in the queues."""
        return self.report is not None and all(
            one.calls.offered == one.callbacks.asked == one.lost.calls == 0 for one in self.report.queues
        )


def figures_model(desk: DeskServices, w: Wording) -> FiguresModel:
    """What the address asks for: `period`, or `since` and `until` (ISO dates, both included), and `queue`. Raises
    NotFound for a queue that there is not."""
    typed = {name: request.args.get(name, "").strip() for name in ("period", "since", "until", "queue")}
    queues = desk.queues.queues()
    shown = [queue for queue in queues if typed["queue"] in ("", queue.name)]
    if typed["queue"] and not shown:
        raise NotFound(f"There is no queue {typed['queue']}.")
    free = bool(typed["since"] or typed["until"])
    period = "free" if free else typed["period"] if typed["period"] in PERIODS else "today"
    try:
        first, last = _days(period, typed, w.day_start(desk.clock.now()).date())
    except InvalidInput as error:
        return FiguresModel(period, typed, queues, shown, error=str(error))
    try:
        since, until = w.days(first, last)
    except InvalidInput:
        return FiguresModel(period, typed, queues, shown, error="figures-bad-day")
    report = desk.reports.of(shown, since, until)
    return FiguresModel(period, typed, queues, shown, first, last, report)


def _days(period: str, typed: Mapping[str, str], today: date) -> tuple[date, date]:
    """First and last day. Raises InvalidInput with the id of the text that says what is wrong."""
    if period == "today":
        return today, today
    if period == "yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    if period == "week":
        return today - timedelta(days=6), today
    try:
        first = date.fromisoformat(typed["since"] or typed["until"])
        last = date.fromisoformat(typed["until"]) if typed["until"] else max(today, first)
    except ValueError:
        raise InvalidInput("figures-bad-day") from None
    if first > last:
        raise InvalidInput("figures-backwards")
    if last - first > _LONGEST:
        raise InvalidInput("figures-too-long")
    return first, last


def written(w: Wording, figure: Figure[QueueReport], value: float | None) -> str:
    """A figure as a person reads it."""
    if value is None:
        return w("figures-no-data")
    if figure.unit == "share":
        return w.share(value)
    if figure.unit == "seconds":
        return ("−" if value <= -1 else "") + w.clock(abs(value))
    return w.number(value)


def figures_page() -> tuple[str, int]:
    model = figures_model(services(), wording())
    return render_template("supervisor/figures.html", f=model, written=written), 422 if model.error else 200


def figures_csv() -> Response:
    """One line a queue and figure, exact: shares 0 to 1, times in seconds, an empty cell is no data. Raises
    InvalidInput for dates that cannot be."""
    w = wording()
    model = figures_model(services(), w)
    if model.report is None or model.first is None or model.last is None:
        raise InvalidInput(w(model.error))
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(("queue", "from", "until", "section", "figure", "value", "unit", "formula"))
    for report in model.report.queues:
        for section in model.sections:
            for figure in section.figures:
                value = figure.value(report)
                shown = "" if value is None else repr(value)
                about = (report.queue, model.first.isoformat(), model.last.isoformat(), section.id)
                lines.writerow((*about, figure.id, shown, figure.unit, figure.formula))
    name = f"onthaal-figures-{model.first}-{model.last}.csv"
    return Response(
        "\ufeff" + out.getvalue(),  # spreadsheets take a file for UTF-8 by its mark
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
