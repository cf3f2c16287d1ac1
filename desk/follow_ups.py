"""Who rang in vain and is to be rung back: the list for operators and supervisors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.people import account, services
from desk.services import DeskServices
from queueing.model import Queue


class LostCall(Protocol):
    """One call that came to nothing."""

    @property
    def outcome(self) -> str: ...

    @property
    def queue(self) -> str | None: ...

    @property
    def language(self) -> str | None: ...

    @property
    def waited_s(self) -> float: ...


class FollowUp(Protocol):
    """A number to ring back, and the calls it made in vain."""

    @property
    def id(self) -> int: ...

    @property
    def number(self) -> str: ...

    @property
    def calls(self) -> Sequence[LostCall]: ...

    @property
    def last(self) -> LostCall: ...

    @property
    def last_call_at(self) -> datetime: ...

    @property
    def closed_at(self) -> datetime | None: ...

    @property
    def closed_how(self) -> str | None: ...

    @property
    def closed_by(self) -> str | None: ...


class FollowUpBook(Protocol):
    """Who rang in vain: ivr.follow_ups."""

    def open(self, limit: int = 200) -> Sequence[FollowUp]: ...

    def closed(self, limit: int = 20) -> Sequence[FollowUp]: ...

    def close(self, follow_up_id: int, how: str, *, actor: str) -> FollowUp: ...


@dataclass(frozen=True)
class FollowUpsModel:
    """`names`: number -> the customer it may be."""

    open: Sequence[FollowUp]
    closed: Sequence[FollowUp]
    names: Mapping[str, str]
    queues: Mapping[str, Queue]


def follow_ups_model(desk: DeskServices) -> FollowUpsModel:
    waiting = desk.follow_ups.open()
    return FollowUpsModel(
        waiting,
        desk.follow_ups.closed(),
        desk.helpdesk.names_of({one.number for one in waiting}),
        {queue.name: queue for queue in desk.queues.queues()},
    )


def follow_ups_page() -> str:
    return render_template("supervisor/follow_ups.html", follow_ups=follow_ups_model(services()))


def close_follow_up(follow_up_id: int) -> Response:
    """`how`: reached or not-needed. Raises InvalidInput, NotFound, and Conflict that names who was first."""
    services().follow_ups.close(follow_up_id, request.form.get("how", ""), actor=account().username)
    return redirect(url_for("desk.follow_ups_page"), 303)
