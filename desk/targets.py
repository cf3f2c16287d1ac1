"""The wait-time targets: change one with effect at once, and see who changed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from desk.failures import wants_json
from desk.people import account, services
from desk.services import DeskServices
from foundation.audit import AuditRow
from foundation.errors import InvalidInput
from queueing.model import Queue

_LAST_CHANGES = 15
_LONGEST_S = 3600  # an hour: a target beyond it is a typing error


@dataclass
class TargetsModel:
    """Queues with their targets, and the last changes. `typed` and `errors`: what was refused, by queue and field."""

    queues: Sequence[Queue]
    changes: Sequence[AuditRow]
    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    errors: dict[str, dict[str, str]] = field(default_factory=dict)


def targets_model(desk: DeskServices) -> TargetsModel:
    query = (
        select(AuditRow)
        .where(AuditRow.subject.startswith("queue:"))
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
        .limit(_LAST_CHANGES)
    )
    with desk.database.transaction() as session:
        changes = session.scalars(query).all()
    return TargetsModel(desk.queues.queues(), changes)


def targets_page() -> str:
    return render_template("supervisor/targets.html", targets=targets_model(services()))


def change_target(queue: str) -> Response | tuple[str, int]:
    """Set `share_percent` (1-100, a comma is fine) and `within_s` (seconds)."""
    desk = services()
    desk.queues.queue(queue)  # an unknown queue is NotFound before anything else
    typed = {name: request.form.get(name, "").strip() for name in ("share_percent", "within_s")}
    share, within_s, errors = _read(typed)
    if errors or share is None or within_s is None:
        if wants_json():
            raise InvalidInput("A target is a share from 1 to 100 per cent within 1 to 3600 seconds.")
        model = targets_model(desk)
        model.typed[queue], model.errors[queue] = typed, errors
        return render_template("supervisor/targets.html", targets=model), 422
    desk.queues.set_target(queue, share=share, within_s=within_s, actor=account().username)
    return redirect(url_for("desk.targets_page"), 303)


def _read(typed: dict[str, str]) -> tuple[float | None, int | None, dict[str, str]]:
    errors: dict[str, str] = {}
    share, within_s = None, None
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
    return share, within_s, errors
