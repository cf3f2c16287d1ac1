"""What operators can do: languages, queues, and the level in each; changed from the next offer on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.accounts import LANGUAGES
from desk.changes import Change, last_changes
from desk.failures import wants_json
from desk.people import account, services
from desk.services import DeskServices
from queueing.model import Operator, Queue
from queueing.skills import LEVELS, InvalidSkills


class SkillBook(Protocol):
    """What operators can do: queueing.skills."""

    def operators(self) -> Sequence[Operator]: ...

    def change(
        self, operator_id: int, *, languages: Collection[str], levels: Mapping[str, int], actor: str
    ) -> Operator: ...


@dataclass(frozen=True)
class Typed:
    """A form of one operator: `levels` by queue, "" for one that they do not know."""

    languages: Sequence[str]
    levels: dict[str, str]


@dataclass
class SkillsModel:
    """Operators as their forms show them. `errors`: what was refused, by operator (the fields of InvalidSkills);
    `wanted`: the part of a name that was asked for; `changed`: whose skills were just changed."""

    operators: Sequence[Operator]
    names: dict[str, str]
    queues: Sequence[Queue]
    typed: dict[int, Typed]
    changes: Sequence[Change]
    wanted: str = ""
    errors: dict[int, list[str]] = field(default_factory=dict)
    changed: str = ""
    languages = LANGUAGES
    levels = tuple(str(level) for level in LEVELS)


def skills_model(desk: DeskServices, wanted: str = "") -> SkillsModel:
    queues, everybody = desk.queues.queues(), desk.skills.operators()
    operators = sorted(everybody, key=lambda one: one.name.casefold())
    shown = [one for one in operators if wanted.casefold() in one.name.casefold()]
    typed = {
        one.id: Typed(
            sorted(one.languages),
            {queue.name: str(one.level(queue.name)) if queue.name in one.queues else "" for queue in queues},
        )
        for one in shown
    }
    names = {str(one.id): one.name for one in everybody}
    return SkillsModel(
        shown, names, queues, typed, last_changes(desk.database, "operator.skills-changed"), wanted=wanted
    )


def skills_page() -> str:
    """With `?name=` only operators whose name has that in it."""
    model = skills_model(services(), request.args.get("name", "").strip())
    model.changed = request.args.get("changed", "")
    return render_template("supervisor/skills.html", skills=model)


def change_skills(operator_id: int) -> Response | tuple[str, int]:
    """Set `language` (any number of them) and `level-<queue>` (1 and up; empty: not known). Raises NotFound."""
    desk = services()
    wanted = request.form.get("name", "").strip()
    typed = Typed(
        request.form.getlist("language"),
        {queue.name: request.form.get(f"level-{queue.name}", "").strip() for queue in desk.queues.queues()},
    )
    levels = {
        queue: int(text) if text.isascii() and text.isdigit() else 0 for queue, text in typed.levels.items() if text
    }
    try:
        desk.skills.change(operator_id, languages=typed.languages, levels=levels, actor=account().username)
    except InvalidSkills as refused:
        if wants_json():
            raise
        model = skills_model(desk, wanted)
        model.typed[operator_id] = typed
        model.errors[operator_id] = list(refused.fields)
        return render_template("supervisor/skills.html", skills=model), 422
    address = url_for("desk.skills_page", changed=operator_id, name=wanted or None, _anchor=f"operator-{operator_id}")
    return redirect(address, 303)
