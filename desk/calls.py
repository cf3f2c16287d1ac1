"""The list of calls, and one call on its timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, get_args
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from callflows.facts import Fact
from callflows.record import CallRecord, Outcome
from crm_sync.delivery import SyncState
from desk.accounts import Account
from desk.call_search import Filter, Marks, find_calls, marks_of
from desk.people import account, services, wording
from desk.said import OVER, Line, SaidLine, Written, said_lines, with_turns
from desk.services import DeskServices
from desk.told import Told, told_waits
from desk.wording import Wording
from foundation.errors import Forbidden
from helpdesk.suggestions import Suggestion
from helpdesk.views import Customer, Ticket
from queueing.callback_model import Attempt, Callback
from queueing.model import Queue

CLOCKS = ("menu", "wait", "ring", "talk", "hold", "consult", "wrap_up")
_PAGE = 50
# Facts that say nothing to a person: the flow's own steps and reports that others already tell.
_SILENT = frozenset({"step-taken", "leg-status", "target-set"})


class CallBook(Protocol):
    """The call log, to read."""

    def record_of(self, call_id: str) -> CallRecord: ...

    def facts_of(self, call_id: str) -> Sequence[Fact]: ...

    def calls(
        self,
        limit: int = 50,
        *,
        before: datetime | None = None,
        since: datetime | None = None,
        queue: str | None = None,
        outcome: str | None = None,
        operator: int | None = None,
    ) -> Sequence[CallRecord]: ...


class Syncs(Protocol):
    """The delivery of calls to the ticketing store: crm_sync.delivery."""

    def of_call(self, call_id: str) -> SyncState | None: ...

    def retry(self, call_id: str) -> None: ...


@dataclass(frozen=True)
class Part:
    """A stretch of the bar: `x` and `width` in per mille of the whole."""

    clock: str
    seconds: float
    x: float
    width: float


@dataclass(frozen=True)
class CallModel:
    record: CallRecord
    parts: Sequence[Part]
    facts: Sequence[Fact]
    segments: Sequence[Line]
    lines: Sequence[SaidLine]  # what was said, where sound is missing, and what happened in between
    written: Written
    suggestions: Sequence[Suggestion]
    customer: Customer | None
    ticket: Ticket | None
    sync: SyncState | None
    operator_names: dict[int, str]
    queues: dict[str, Queue]
    told: Sequence[Told]
    callback: Callback | None  # that this call asked for, or is an attempt at
    attempts: Sequence[Attempt]  # at that callback

    @property
    def over_target(self) -> bool:
        """Whether the caller waited longer than the target, answered or not."""
        return self.record.target_s is not None and self.record.clocks.answer_s > self.record.target_s


@dataclass(frozen=True)
class CallListModel:
    """A page of calls, newest first. `more`: where the next page begins; `given`: the filters as they were asked."""

    calls: Sequence[CallRecord]
    more: datetime | None
    given: dict[str, str]
    bad_day: bool
    queues: Sequence[Queue]
    operator_names: dict[int, str]
    marks: Mapping[str, Marks]
    outcomes: Sequence[str] = get_args(Outcome)

    @property
    def query(self) -> str:
        """The filters as part of an address."""
        return urlencode(self.given)


def parts_of(record: CallRecord) -> list[Part]:
    """The call's clocks in their usual order, empty ones left out."""
    seconds = [(name, float(getattr(record.clocks, name))) for name in CLOCKS]
    whole = sum(value for _, value in seconds)
    parts, x = [], 0.0
    for name, value in seconds:
        if value > 0:
            width = 1000 * value / whole
            parts.append(Part(name, value, round(x, 2), round(width, 2)))
            x += width
    return parts


def names_of_operators(desk: DeskServices) -> dict[int, str]:
    return {one.id: one.name for one in desk.queues.operators()}


def call_model(desk: DeskServices, person: Account, call_id: str) -> CallModel:
    """Everything about one call. Raises NotFound; Forbidden to an operator for a call that was not theirs."""
    record = desk.calls.record_of(call_id)
    if person.role == "operator" and record.operator != person.operator_id:
        raise Forbidden("Operators may look at their own calls only.")
    told = [fact for fact in desk.calls.facts_of(call_id) if fact.kind not in _SILENT]
    segments = desk.transcripts.of_call(call_id)
    lines = said_lines(segments, desk.transcripts.gaps_of_call(call_id))
    callback = desk.callbacks.of_call(call_id) or desk.callbacks.asked_in(call_id)
    return CallModel(
        lines=with_turns(lines, told, record.started_at) if lines else [],
        suggestions=desk.suggestions.of_call(call_id, record.language or ""),
        written=desk.written(call_id, over=record.status in OVER),
        record=record,
        parts=parts_of(record),
        facts=sorted(told, key=lambda fact: fact.at),
        segments=segments,
        customer=desk.helpdesk.customer_of_call(call_id),
        ticket=desk.helpdesk.ticket_of_call(call_id),
        sync=desk.syncs.of_call(call_id),
        operator_names=names_of_operators(desk),
        queues={queue.name: queue for queue in desk.queues.queues()},
        told=told_waits(record, told),
        callback=callback,
        attempts=desk.callbacks.attempts(callback.id) if callback else (),
    )


def call_page(call_id: str) -> str:
    return render_template("supervisor/call.html", call=call_model(services(), account(), call_id))


def call_list_model(desk: DeskServices, w: Wording) -> CallListModel:
    """The calls that the address asks for, so that a page and its live region show the same: `queue`, `outcome`,
    `day` (ISO date), `text` (part of a number, or words that were said), `before` (ISO moment)."""
    given = {name: request.args.get(name, "").strip() for name in ("queue", "outcome", "day", "text", "before")}
    bounds = w.parse_day(given["day"]) if given["day"] else None
    found = find_calls(
        desk.database,
        Filter(
            queue=given["queue"] or None,
            outcome=given["outcome"] or None,
            since=bounds[0] if bounds else None,
            before=_moment(given["before"]) or (bounds[1] if bounds else None),
            text=given["text"],
        ),
        _PAGE + 1,
    )
    return CallListModel(
        calls=found[:_PAGE],
        more=found[_PAGE - 1].started_at if len(found) > _PAGE else None,
        given=given,
        bad_day=bool(given["day"]) and bounds is None,
        queues=desk.queues.queues(),
        operator_names=names_of_operators(desk),
        marks=marks_of(desk.database, found[:_PAGE]),
    )


def call_list() -> str:
    return render_template("supervisor/calls.html", list=call_list_model(services(), wording()))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def retry_sync(call_id: str) -> Response:
    """Try again to bring this call into the ticketing store, now."""
    services().calls.record_of(call_id)
    services().syncs.retry(call_id)
    return redirect(url_for("desk.call_page", call_id=call_id), 303)
