"""The wait-time targets: change one with effect at once, and see who changed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.changes import Change, last_changes
from desk.failures import wants_json
from desk.people import account, services
from desk.services import DeskServices
from foundation.errors import InvalidInput
from queueing.model import Queue
from queueing.periods import Period, Target, days_in_words, days_of, minutes_of, time_of

_LONGEST_S = 3600  # an hour: a target beyond it is a typing error


@dataclass
class TargetsModel:
    """Queues with their targets, and the last changes. `typed` and `errors`: what was refused, by form and field; a
    form is a queue, or "<queue>/<period>"."""

    queues: Sequence[Queue]
    changes: Sequence[Change]
    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    errors: dict[str, dict[str, str]] = field(default_factory=dict)

    def period_fields(self, period: Period) -> dict[str, str]:
        """A period as it is typed."""
        return {
            "name": period.name,
            "days": days_in_words(period.days),
            "from": time_of(period.from_min),
            "until": time_of(period.until_min),
        }


def targets_model(desk: DeskServices) -> TargetsModel:
    return TargetsModel(desk.queues.queues(), last_changes(desk.database, "queue.target-changed"))


def targets_page() -> str:
    return render_template("supervisor/targets.html", targets=targets_model(services()))


def change_target(queue: str) -> Response | tuple[str, int]:
    """Set `share_percent` (1-100, a comma is fine) and `within_s` (seconds)."""
    desk = services()
    desk.queues.queue(queue)  # an unknown queue is NotFound before anything else
    typed = _typed("share_percent", "within_s", "longest_s", "when_missed")
    target, errors = _read(typed)
    if target is None:
        return _refused(queue, queue, typed, errors)
    longest_s = target.longest_s if typed["longest_s"] else None
    desk.queues.set_target(
        queue,
        share=target.share,
        within_s=target.within_s,
        longest_s=longest_s,
        when_missed=target.when_missed if typed["when_missed"] else None,
        actor=account().username,
    )
    return redirect(url_for("desk.targets_page"), 303)


def change_period(queue: str) -> Response | tuple[str, int]:
    """Add or change the period `name` (its target, `days`, `from` and `until`), or take it away (`remove`)."""
    desk = services()
    desk.queues.queue(queue)
    typed = _typed("name", "days", "from", "until", "share_percent", "within_s", "longest_s", "when_missed")
    if request.form.get("remove"):
        desk.queues.drop_period(queue, typed["name"], actor=account().username)
        return redirect(url_for("desk.targets_page"), 303)
    target, errors = _read(typed)
    try:
        if target is not None:
            begins, ends = minutes_of(typed["from"]), minutes_of(typed["until"])
            period = Period(typed["name"], days_of(typed["days"]), begins, ends, target)
            desk.queues.set_period(queue, period, actor=account().username)
            return redirect(url_for("desk.targets_page"), 303)
    except InvalidInput:
        errors["period"] = "error-period"
    return _refused(queue, f"{queue}/{typed['name']}", typed, errors)


def _typed(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in names}


def _refused(queue: str, form: str, typed: dict[str, str], errors: dict[str, str]) -> tuple[str, int]:
    """The page with what was typed, and what is wrong beside it. A period that is not there yet has a form of its own,
    named after the queue alone."""
    if wants_json():
        raise InvalidInput("A target is a share from 1 to 100 per cent within 1 to 3600 seconds.")
    model = targets_model(services())
    names = {f"{one.name}/{period.name}" for one in model.queues for period in one.periods} | {queue}
    form = form if form in names else f"{queue}/"
    model.typed[form], model.errors[form] = typed, errors
    return render_template("supervisor/targets.html", targets=model), 422


def _read(typed: dict[str, str]) -> tuple[Target | None, dict[str, str]]:
    errors: dict[str, str] = {}
    share, within_s = 0.0, 0
    try:
        percent = float(typed["share_percent"].replace(",", ".").removesuffix("%"))
    except ValueError:
        percent = 0.0
    if 1 <= percent <= 100:
        share = round(percent / 100, 4)
    else:
        errors["share_percent"] = "error-share"
    if typed["within_s"].isascii() and typed["within_s"].isdigit() and 1 <= int(typed["within_s"][:6]) <= _LONGEST_S:
        within_s = int(typed["within_s"])
    else:
        errors["within_s"] = "error-within"
    longest = typed["longest_s"] or str(max(within_s, Target.longest_s))
    if not (longest.isascii() and longest.isdigit() and within_s <= int(longest[:6]) <= _LONGEST_S):
        errors["longest_s"] = "error-longest"
    if errors:
        return None, errors
    return Target(share, within_s, int(longest), "widen" if typed["when_missed"] == "widen" else "warn"), errors
