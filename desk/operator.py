"""What an operator does with a call. A form answers with the page: after a redirect when it worked, at once and with
the reason when it did not."""

from __future__ import annotations

from typing import Protocol, get_args

from flask import request

from desk import tickets
from desk.failures import wants_json
from desk.people import account, operator_id, services
from desk.regions import console_of
from desk.screen import PAUSES, Answer, done, page
from foundation.errors import Conflict, InvalidInput, OfferTaken
from queueing.model import ChosenState

_CHOICES: dict[str, ChosenState] = {state: state for state in get_args(ChosenState)}


class Conversations(Protocol):
    """The talking room of a call."""

    def hold(self, call_id: str, held: bool) -> None: ...

    def hang_up(self, call_id: str) -> None: ...


def operator_page() -> Answer:
    return page()


def set_presence() -> Answer:
    """Ready, pause with a reason, or away. During a call it is what follows the call."""
    chosen = _CHOICES.get(request.form.get("state", ""))
    reason = request.form.get("reason") or None
    if chosen is None:
        raise InvalidInput("Choose ready, pause or away.")
    if chosen == "pause" and reason not in PAUSES:
        raise InvalidInput("Choose a reason for the pause.")
    services().queues.set_presence(operator_id(), chosen, reason if chosen == "pause" else None)
    return done()


def accept(offer_id: str) -> Answer:
    """Take the offered call. Exactly one operator wins; the others see by name who did."""
    try:
        services().queues.accept(offer_id, operator_id())
    except OfferTaken as taken:
        if wants_json():
            raise
        return page(notice="notice-offer-taken", winner=taken.winner, status=409)
    except Conflict:
        if wants_json():
            raise
        return page(notice="notice-offer-gone", status=409)
    return done()


def decline(offer_id: str) -> Answer:
    try:
        services().queues.decline(offer_id, operator_id())
    except Conflict:
        if wants_json():
            raise
        return page(notice="notice-offer-gone", status=409)
    return done()


def hold(call_id: str) -> Answer:
    """Put the caller on hold (`held` is 1) or take them back (0)."""
    _current(call_id)
    services().conversations.hold(call_id, request.form.get("held") == "1")
    return done()


def end(call_id: str) -> Answer:
    _current(call_id)
    services().conversations.hang_up(call_id)
    return done()


def _current(call_id: str) -> None:
    presence = services().queues.presence(operator_id())
    if presence.call_id != call_id or presence.state not in ("connecting", "talking"):
        raise Conflict("This call is over.")


def finish_wrap_up() -> Answer:
    """Put the call away. What was typed on its ticket is saved first; when that cannot be done, nothing is finished."""
    console = console_of(account())
    if console.presence.state != "wrap-up":
        return done()  # the server's clock was first: what was wanted is so
    code = request.form.get("code") or None
    codes = {code.code for code in console.queue.wrap_up_codes} if console.queue else set()
    if code is None and codes:
        console.errors["code"] = "error-code-missing"
    elif code is not None and code not in codes:
        raise InvalidInput("This queue has no such wrap-up code.")
    if not console.errors and console.draft is not None and console.call_id is not None:
        tickets.save(console, console.draft)
    if console.errors:
        if wants_json():
            raise InvalidInput("The wrap-up needs a code and the ticket a subject.")
        return page(console, status=422)
    services().queues.finish_wrap_up(operator_id(), code)
    return done()
