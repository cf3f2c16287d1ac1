"""Figures as a table to read in the terminal: every one with its name, formula and thresholds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from reporting.catalogue import CALLS, REPORT, Section, Unit
from reporting.report import LostCalls, Report
from reporting.summary import Summary

_NO_DATA = "no data"
Of = TypeVar("Of")


def table(figures: Summary) -> str:
    """The lines of `kpi`'s table, without a newline at the end."""
    return "\n".join([*_lines(CALLS, figures), _thresholds(figures)])


def report_table(report: Report) -> str:
    """The lines of `figures`, queue by queue."""
    lines = [f"{report.since:%Y-%m-%d %H:%M} to {report.until:%Y-%m-%d %H:%M}", ""]
    for one in report.queues:
        lines += [f"== {one.queue} ==", "", *_lines(REPORT, one), _thresholds(one.calls), ""]
    if report.outside != LostCalls():
        lines.append(f"Lost before they came into a queue: {report.outside.calls}, to ring: {report.outside.to_ring}.")
    return "\n".join(lines).rstrip("\n")


def _lines(sections: Iterable[Section[Of]], source: Of) -> list[str]:
    lines = []
    for section in sections:
        lines.append(section.name)
        for each in section.figures:
            lines.append(f"  {each.name:<28}{_written(each.value(source), each.unit):>12}   {each.formula}")
        lines.append("")
    return lines


def _thresholds(figures: Summary) -> str:
    t, s = _number(figures.threshold_s), _number(figures.short_abandon_s)
    return f"T = {t} s, s = {s} s. w = wait_s + ring_s: ringing belongs to the wait. w <= T is within, w <= s is short."


def _written(value: float | None, unit: Unit) -> str:
    if value is None:
        return _NO_DATA
    if unit == "share":
        return f"{value * 100:.2f} %"
    return {"count": f"{value:.0f}", "seconds": f"{value:.1f} s", "number": f"{value:.2f}"}[unit]


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
