"""The answers of the operator's screen: the whole page, or the same in JSON for a program that takes calls."""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from desk.console import Console
from desk.failures import wants_json
from desk.people import account, services
from desk.regions import OPERATOR_REGIONS, console_of

Answer = Response | str | tuple[str, int]
PAUSES = ("break", "lunch", "training", "backoffice")  # reasons an operator may choose; texts pause-<reason>
_FOUND = 8  # results of a search that fit the panel


def page(console: Console | None = None, *, notice: str = "", winner: str = "", status: int = 200) -> tuple[str, int]:
    """The whole operator's page. `notice` is the id of the sentence on top of it."""
    find, who = request.args.get("find", "").strip(), request.args.get("who", "").strip()
    console = console or console_of(account())
    html = render_template(
        "operator/page.html",
        c=console,
        now=console.now,  # before anything was read: a region that an event draws later is newer
        regions=OPERATOR_REGIONS,
        notice=notice,
        winner=winner,
        find=find,
        found=services().helpdesk.tickets(find, None, _FOUND) if find else (),
        who=who,
        people=services().helpdesk.customers(who, _FOUND) if who else (),
        pauses=PAUSES,
    )
    return html, status


def state() -> Response:
    """The same in JSON, for a program that takes calls: presence, offer, call, and the token that forms need."""
    return jsonify(_state(console_of(account())))


def _state(console: Console) -> dict[str, Any]:
    presence, offer, record = console.presence, console.offer, console.record
    queue = console.queue
    return {
        "csrf_token": generate_csrf(),
        "operator": presence.operator_id,
        "state": presence.state,
        "since": presence.since.isoformat(),
        "reason": presence.reason,
        "call": presence.call_id,
        "until": presence.until.isoformat() if presence.until else None,
        "offer": None
        if offer is None
        else {
            "id": offer.id,
            "call": offer.call_id,
            "queue": offer.queue,
            "language": offer.language,
            "lapses_at": offer.lapses_at.isoformat(),
        },
        "call_status": record.status if record else None,
        "wrap_up_codes": [code.code for code in queue.wrap_up_codes] if queue else [],
    }


def done() -> Answer:
    """What follows a form that worked: the page again, or the state for a program."""
    if wants_json():
        return state()
    return redirect(url_for("desk.operator_page"), 303)
