"""`python -m app.cli kpi`: the helpdesk's figures over call records from anywhere."""

from __future__ import annotations

import json
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from reporting.csvlog import BadRow, read_calls
from reporting.summary import summary
from reporting.table import table


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
