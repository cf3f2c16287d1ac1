"""The rules of the queues: what becomes of who waits too long, callbacks, relaxations and priority; changed at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Protocol

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.changes import Change, last_changes
from desk.failures import wants_json
from desk.people import account, services
from desk.services import DeskServices
from queueing.model import Queue
from queueing.rules import LIMITS, NEEDED, InvalidRules, QueueRules, RuleFault, faults

# The rules as they stand together in the form.
GROUPS: dict[str, tuple[str, ...]] = {
    "wait": ("max_waiting", "nobody_after_s", "overflow_after_s", "overflow_to", "when_closed"),
    "callback": ("callback_after_s", "callback_attempts", "callback_spacing_s", "callback_due_days"),
    "skills": ("relax_language_s", "relax_queue_s", "relax_level_s", "priority_cap_s"),
}
FIELDS = tuple(one.name for one in fields(QueueRules))


class RuleBook(Protocol):
    """The rules of the queues: queueing.rulebook."""

    def rules(self, queue: str) -> QueueRules: ...

    def change(self, queue: str, rules: QueueRules, *, actor: str) -> None: ...


@dataclass
class RulesModel:
    """Queues with their rules as they are typed, and the last changes. `errors`: what was refused, by queue and rule;
    `changed` is the queue whose rules were just changed."""

    queues: Sequence[Queue]
    typed: dict[str, dict[str, str]]
    changes: Sequence[Change]
    errors: dict[str, dict[str, RuleFault]] = field(default_factory=dict)
    changed: str = ""
    groups = GROUPS
    needed = NEEDED


def rules_model(desk: DeskServices) -> RulesModel:
    queues = desk.queues.queues()
    typed = {queue.name: _written(desk.rules.rules(queue.name)) for queue in queues}
    return RulesModel(queues, typed, last_changes(desk.database, "queue.rules-changed"))


def rules_page() -> str:
    model = rules_model(services())
    model.changed = request.args.get("changed", "")
    return render_template("supervisor/rules.html", rules=model)


def change_rules(queue: str) -> Response | tuple[str, int]:
    """Set all rules of a queue: whole numbers (empty: that rule is not there), `overflow_to` and `when_closed`."""
    desk = services()
    desk.queues.queue(queue)  # an unknown queue is NotFound before anything else
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    rules, errors = _read(typed)
    if not errors:
        try:
            desk.rules.change(queue, rules, actor=account().username)
            return redirect(url_for("desk.rules_page", changed=queue, _anchor=f"rules-{queue}"), 303)
        except InvalidRules as refused:
            errors = refused.faults
    else:
        errors = {**faults(queue, rules, {one.name: None for one in desk.queues.queues()}), **errors}
    if wants_json():
        raise InvalidRules(errors)
    model = rules_model(desk)
    model.typed[queue], model.errors[queue] = typed, errors
    return render_template("supervisor/rules.html", rules=model), 422


def _written(rules: QueueRules) -> dict[str, str]:
    values = {name: getattr(rules, name) for name in FIELDS}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _read(typed: dict[str, str]) -> tuple[QueueRules, dict[str, RuleFault]]:
    """The rules as far as they can be read, and what cannot."""
    errors: dict[str, RuleFault] = {}
    values: dict[str, object] = {"when_closed": typed["when_closed"], "overflow_to": typed["overflow_to"] or None}
    for name, (least, most) in LIMITS.items():
        text = typed[name]
        if text.isascii() and text.isdigit():
            values[name] = int(text[:9])
        elif text:
            errors[name] = RuleFault("range", least, most)
            values[name] = least
        else:
            values[name] = None
    return QueueRules(**values), errors  # type: ignore[arg-type]  # `faults` looks at what they are
