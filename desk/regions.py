"""The live regions: each is a partial template, used on first load and as the body of its server-sent event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup

from desk.accounts import Account, Role
from desk.calls import call_list_model, call_model
from desk.console import Console
from desk.follow_ups import follow_ups_model
from desk.looks import Looks
from desk.owed import owed_model
from desk.people import services, wording_in
from desk.targets import targets_model
from foundation.errors import Forbidden, NotFound

Model = dict[str, Any]


@dataclass(frozen=True)
class Region:
    """A part of a page. `roles` may see it; `model` gives a stream what its template needs."""

    template: str
    roles: frozenset[Role]
    model: Callable[[Looks, Account, str], Model]
    own_call: bool = False  # follows the call that the operator is in
    timed: bool = False  # tells a wait against a target, so it also changes while nothing happens
    of_room: bool = False  # follows what changes in the room, as what is timed does


_OPERATOR: frozenset[Role] = frozenset({"operator"})
_SUPERVISOR: frozenset[Role] = frozenset({"supervisor"})


def console_of(person: Account, looks: Looks | None = None) -> Console:
    """The model of this operator's page. Raises Forbidden for an account that is nobody in the queues."""
    if person.operator_id is None:
        raise Forbidden("This account is not bound to an operator.")
    desk = services()
    glance = looks.glance.get if looks else None
    return Console(desk, person, person.operator_id, wording_in(person.locale), desk.clock.now(), glance)


def _console(looks: Looks, person: Account, _subject: str) -> Model:
    return {"c": console_of(person, looks)}


def _board(looks: Looks, _person: Account, _subject: str) -> Model:
    return {"board": looks.board.get()}


def _call(_looks: Looks, person: Account, subject: str) -> Model:
    return {"call": call_model(services(), person, subject)}


def _calls(_looks: Looks, person: Account, _subject: str) -> Model:
    return {"list": call_list_model(services(), wording_in(person.locale))}


def _targets(_looks: Looks, _person: Account, _subject: str) -> Model:
    return {"targets": targets_model(services())}


def _owed(_looks: Looks, person: Account, _subject: str) -> Model:
    return {"owed": owed_model(services(), person)}


def _follow_ups(_looks: Looks, _person: Account, _subject: str) -> Model:
    return {"follow_ups": follow_ups_model(services())}


def _operator(name: str, *, own_call: bool = True, timed: bool = False) -> Region:
    return Region(f"operator/{name}.html", _OPERATOR, _console, own_call=own_call, timed=timed)


REGIONS: dict[str, Region] = {
    "top": _operator("top", own_call=False, timed=True),
    "now": _operator("now"),
    "day": _operator("day", own_call=False),
    "talk": _operator("talk"),
    "suggestions": _operator("suggestions"),
    "customer": _operator("customer"),
    "earlier": _operator("earlier"),
    "ticket": _operator("ticket"),
    "wallboard": Region("supervisor/wallboard_region.html", _OPERATOR | _SUPERVISOR, _board, timed=True),
    "targets": Region("supervisor/targets_region.html", _SUPERVISOR, _targets, of_room=True),
    "owed": Region("supervisor/owed_region.html", _OPERATOR | _SUPERVISOR, _owed, timed=True),
    "follow-ups": Region("supervisor/follow_ups_region.html", _OPERATOR | _SUPERVISOR, _follow_ups, of_room=True),
    "calls": Region("supervisor/calls_region.html", _SUPERVISOR, _calls, timed=True),
    "call": Region("supervisor/call_region.html", _OPERATOR | _SUPERVISOR, _call),
}
OPERATOR_REGIONS = ("top", "now", "day", "talk", "suggestions", "customer", "earlier", "ticket")


def region(name: str, person: Account) -> Region:
    """A region that this person may see. Raises NotFound and Forbidden."""
    if name not in REGIONS:
        raise NotFound(f"There is no region {name}.")
    found = REGIONS[name]
    if person.role not in found.roles:
        raise Forbidden("Your role does not show this part.")
    return found


def region_html(name: str, **model: Any) -> Markup:
    """The partial of a region from a model that is there already: a page shares one between its regions."""
    return Markup(render_template(REGIONS[name].template, **model))  # noqa: S704 - our own escaped template
