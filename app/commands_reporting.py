"""`python -m app.cli kpi`: figures over call records from anywhere; `figures`: those of this helpdesk's own past."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from foundation.calendar_days import span
from foundation.errors import InvalidInput
from foundation.settings import load_settings
from reporting.csvlog import BadRow, read_calls
from reporting.summary import summary
from reporting.table import report_table, table


class _Seconds(click.ParamType[Decimal]):
    """A number of seconds, zero or more, exact."""

    name = "seconds"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"'{value}' is not a number of seconds.", param, ctx)
        if not number.is_finite() or number < 0:
            self.fail(f"'{value}' is not a number of seconds, zero or more.", param, ctx)
        return number


@click.command("kpi")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True))
@click.option("--threshold-s", type=_Seconds(), default="20", show_default=True, help="T: a wait up to it is within.")
@click.option(
    "--short-abandon-s", type=_Seconds(), default="5", show_default=True, help="s: a caller who left by then is short."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; null is no data, shares are 0 to 1.")
def kpi(file: str, threshold_s: Decimal, short_abandon_s: Decimal, as_json: bool) -> None:
    """Service level, waits and handle times of the calls in FILE, a CSV with a header (- is standard input).

    Columns: queue, entered_at, outcome, wait_s; optional ring_s, talk_s, hold_s, consult_s, wrap_up_s, where an empty
    cell is zero; without talk_s there are no talk and handle times. Other columns are ignored. The outcome is answered,
    abandoned, callback, voicemail, overflow, closed or failed. The moment entered_at is ISO 8601; without an offset it
    is UTC. Times are seconds.

    A line that is wrong ends it: FILE:LINE and a sentence on standard error, exit 2.
    """
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        calls = read_calls(content)
    except BadRow as error:
        click.echo(f"{file}:{error.line}: {error}", err=True)
        sys.exit(2)
    figures = summary(calls, threshold_s, short_abandon_s)
    click.echo(json.dumps(figures.as_json()) if as_json else table(figures))


@click.command("figures")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day, such as 2026-11-23; today when left out.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day, counted in; today when left out.")
@click.option("--queue", help="One queue; all of them when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; null is no data, shares are 0 to 1.")
def figures(since: datetime | None, until: datetime | None, queue: str | None, as_json: bool) -> None:
    """The figures of this helpdesk for a period, queue by queue: calls, waits, handling, satisfaction, how honest the
    announced waits were, callbacks, lost calls. They are those of the page of figures, by the formulas of `kpi`.

    Days are days in the helpdesk's time zone. T is the target's time of each queue.
    """
    from app.container import build

    services = build(load_settings(os.environ))
    try:
        zone = ZoneInfo(services.settings.timezone)
        today = services.clock.now().astimezone(zone)
        begin, end = span((since or today).date(), (until or today).date(), zone)
        if begin >= end:
            raise InvalidInput("The first day comes after the last.")
        queues = [services.queue.queue(queue)] if queue else services.queue.queues()
        report = services.desk.reports.of(queues, begin, end)
        click.echo(json.dumps(report.as_json()) if as_json else report_table(report))
    finally:
        services.close()
