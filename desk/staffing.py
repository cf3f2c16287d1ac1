"""How many operators an interval needs: a form, the answer by Erlang C or A, and what some more or fewer would give."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request

from foundation.errors import InvalidInput
from reporting.staffing import Demand, Plan, Target, plan

# Field -> what it shows at first. Patience is empty: callers who wait for ever, Erlang C.
FIELDS = {
    "calls": "100",
    "interval_min": "30",
    "aht_s": "180",
    "share_percent": "80",
    "within_s": "20",
    "patience_s": "",
    "shrinkage_percent": "30",
}

_POSITIVE = ("calls", "interval_min", "aht_s", "patience_s")


@dataclass(frozen=True)
class StaffingModel:
    """What was typed and its answer; `plan` None when it cannot be reckoned with, `unread` the fields to look at."""

    typed: dict[str, str]
    plan: Plan | None
    unread: frozenset[str] = frozenset()

    @property
    def overloaded(self) -> int:
        """The most operators, of those in the table, with whom the queue grows without end; 0 for none."""
        rows = self.plan.table if self.plan else ()
        return max((row.operators for row in rows if row.overloaded), default=0)


def staffing_page() -> str | tuple[str, int]:
    """The page; its form asks with GET, so that an answer has an address that can be sent on."""
    model = staffing_model({name: request.args.get(name, shown).strip() for name, shown in FIELDS.items()})
    return render_template("supervisor/staffing.html", s=model), 200 if model.plan else 422


def staffing_model(typed: dict[str, str]) -> StaffingModel:
    values, unread = {}, set()
    for name, text in typed.items():
        if name == "patience_s" and not text:
            continue
        try:
            values[name] = float(text.replace(",", ".").removesuffix("%"))
        except ValueError:
            unread.add(name)
    unread |= {name for name in _POSITIVE if values.get(name, 1.0) <= 0}
    return StaffingModel(typed, None if unread else _plan(values), frozenset(unread))


def _plan(values: dict[str, float]) -> Plan | None:
    try:
        demand = Demand(
            values["calls"], values["interval_min"] * 60, values["aht_s"], patience_s=values.get("patience_s")
        )
        target = Target(values["share_percent"] / 100, values["within_s"])
        return plan(demand, target, values["shrinkage_percent"])
    except InvalidInput:
        return None
