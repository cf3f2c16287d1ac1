"""A summary as a table to read in the terminal: every figure with its name, formula and thresholds."""

from __future__ import annotations

from decimal import Decimal

from reporting.summary import Summary

_NO_DATA = "no data"


def table(figures: Summary) -> str:
    """The lines of the table, without a newline at the end."""
    t, s = _number(figures.threshold_s), _number(figures.short_abandon_s)
    levels = figures.service_level
    sections = [
        (
            "Calls, by the moment they entered the queue",
            [
                ("offered", str(figures.offered), "N"),
                ("answered", str(figures.answered), "A"),
                ("abandoned", str(figures.abandoned), "B"),
                ("other", str(figures.other), "callback, voicemail, overflow, closed, failed"),
            ],
        ),
        (
            f"Service level, T = {t} s",
            [
                ("offered (headline)", _percent(levels.offered), "A(w<=T) / N"),
                ("answered", _percent(levels.answered), "A(w<=T) / A"),
                ("neutral", _percent(levels.neutral), "A(w<=T) / (A + B(w>T))"),
                ("negative", _percent(levels.negative), "A(w<=T) / (A + B)"),
                ("positive", _percent(levels.positive), "(A(w<=T) + B(w<=T)) / (A + B)"),
                ("short-excluded", _percent(levels.short_excluded), f"A(w<=T) / (N - B(w<=s)), s = {s} s"),
            ],
        ),
        (
            "Waiting",
            [
                ("average speed of answer", _time(figures.asa_s), "sum w(answered) / A"),
                ("mean wait, all", _time(figures.mean_wait_s), "sum w / N"),
                ("time to abandon", _time(figures.time_to_abandon_s), "sum w(B) / B"),
                ("longest wait", _time(figures.longest_wait_s), "max w, abandoned included"),
                *_percentiles("answered", figures.wait_percentiles_answered_s),
                *_percentiles("all", figures.wait_percentiles_all_s),
                ("abandonment", _percent(figures.abandonment), "B / N"),
                (
                    "abandonment, short-excluded",
                    _percent(figures.abandonment_short_excluded),
                    f"(B - B(w<=s)) / (N - B(w<=s)), s = {s} s",
                ),
            ],
        ),
        (
            "Handling, per answered call",
            [
                ("average talk time", _time(figures.att_s), "sum talk / A"),
                ("hold", _time(figures.mean_hold_s), "sum hold / A"),
                ("consult", _time(figures.mean_consult_s), "sum consult / A"),
                ("wrap-up", _time(figures.mean_wrap_up_s), "sum wrap-up / A"),
                ("average handle time", _time(figures.aht_s), "sum (talk + hold + consult + wrap-up) / A"),
            ],
        ),
    ]
    lines = []
    for heading, rows in sections:
        lines.append(heading)
        lines.extend(f"  {name:<28}{value:>12}   {formula}" for name, value, formula in rows)
        lines.append("")
    lines.append("w = wait_s + ring_s: ringing belongs to the wait. Boundary: w <= T is within, w <= s is short.")
    return "\n".join(lines)


def _percentiles(over: str, percentiles: dict[int, float | None]) -> list[tuple[str, str, str]]:
    return [(f"p{p}, {over}", _time(value), "w, nearest rank") for p, value in percentiles.items()]


def _percent(value: float | None) -> str:
    return _NO_DATA if value is None else f"{value * 100:.2f} %"


def _time(value: float | None) -> str:
    return _NO_DATA if value is None else f"{value:.1f} s"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
