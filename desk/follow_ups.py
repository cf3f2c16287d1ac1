"""Who rang in vain and is to be rung back: the list for operators and supervisors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.people import account, services
from desk.services import DeskServices, FollowUp
from queueing.model import Queue


@dataclass(frozen=True)
class FollowUpsModel:
    """`names`: number -> the customer it may be."""

    open: Sequence[FollowUp]
    closed: Sequence[FollowUp]
    names: Mapping[str, str]
    queues: Mapping[str, Queue]


def follow_ups_model(desk: DeskServices) -> FollowUpsModel:
    waiting = desk.follow_ups.open()
    names: dict[str, str] = {}
    for one in waiting:
        found = desk.helpdesk.candidates(one.number)
        if len(found) == 1:
            names[one.number] = found[0].customer.name
    return FollowUpsModel(
        waiting, desk.follow_ups.closed(), names, {queue.name: queue for queue in desk.queues.queues()}
    )


def follow_ups_page() -> str:
    return render_template("supervisor/follow_ups.html", follow_ups=follow_ups_model(services()))


def close_follow_up(follow_up_id: int) -> Response:
    """`how`: reached or not-needed. Raises InvalidInput, NotFound, and Conflict that names who was first."""
    services().follow_ups.close(follow_up_id, request.form.get("how", ""), actor=account().username)
    return redirect(url_for("desk.follow_ups_page"), 303)
