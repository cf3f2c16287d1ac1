"""`python -m app.cli staffing`: how many operators an interval needs."""

from __future__ import annotations

import json
import sys

import click

from foundation.errors import InvalidInput
from reporting.staffing import Demand, Plan, Staffed, Target, plan


class _Target(click.ParamType[Target]):
    """SHARE/SECONDS, such as 80/20: 80 % of the callers within 20 seconds."""

    name = "share/seconds"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Target:
        share, _, within_s = str(value).partition("/")
        try:
            return Target(share=float(share) / 100, within_s=float(within_s))
        except ValueError:
            self.fail(f"'{value}' is not a share and seconds such as 80/20.", param, ctx)
        except InvalidInput as error:
            self.fail(str(error), param, ctx)


@click.command("staffing")
@click.option("--calls", type=float, required=True, help="Calls offered in the interval.")
@click.option("--interval-min", type=float, default=30, show_default=True, help="Length of the interval, minutes.")
@click.option("--aht-s", type=float, required=True, help="Average handle time, wrap-up included, seconds.")
@click.option("--target", type=_Target(), default="80/20", show_default=True, help="Per cent of the callers / seconds.")
@click.option("--patience-s", type=float, help="Mean patience of a caller, seconds; callers then give up (Erlang A).")
@click.option("--shrinkage", type=float, default=0, show_default=True, help="Paid time without calls, per cent.")
@click.option("--operators", type=click.IntRange(1, 20_000), help="Instead: what this many operators would give.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; null is no answer, shares are 0 to 1.")
def staffing(
    calls: float,
    interval_min: float,
    aht_s: float,
    target: Target,
    patience_s: float | None,
    shrinkage: float,
    operators: int | None,
    as_json: bool,
) -> None:
    """How many operators reach the target, by Erlang C, or by Erlang A when the callers' patience is given.

    The service level is the share of all offered calls that an operator answers in time. Where the queue would grow
    without end the answer is "overloaded". Figures that cannot be end it: a sentence on standard error, exit 2.
    """
    try:
        demand = Demand(calls=calls, interval_s=interval_min * 60, aht_s=aht_s, patience_s=patience_s)
        found = plan(demand, target, shrinkage, operators)
    except InvalidInput as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo(json.dumps(found.as_json()) if as_json else _table(found))


def _table(found: Plan) -> str:
    demand, target = found.demand, found.target
    patience = demand.patience_s
    model = "Erlang C" if patience is None else f"Erlang A, patience {patience:g} s"
    lines = [
        f"{found.answer.operators} operators, {found.with_shrinkage} with shrinkage ({model})",
        f"{demand.load:.2f} erlang; T = {target.within_s:g} s, target {target.share:.0%}; A(w<=T) / N",
        "",
        f"{'operators':>10}{'in time':>12}{'ASA':>10}{'occupancy':>12}{'abandon':>10}",
    ]
    return "\n".join(lines + [_line(row, row == found.answer) for row in found.table])


def _line(row: Staffed, chosen: bool) -> str:
    mark = "  <" if chosen else ""
    if row.service_level is None or row.asa_s is None or row.occupancy is None:
        return f"{row.operators:>10}  overloaded: the queue grows without end{mark}"
    lost = "-" if row.abandonment is None else f"{row.abandonment:.1%}"
    return f"{row.operators:>10}{row.service_level:>12.1%}{row.asa_s:>8.1f} s{row.occupancy:>12.1%}{lost:>10}{mark}"
