"""What the operator does with the words of a call: use or dismiss what was suggested, stop the writing, delete it."""

from __future__ import annotations

from flask import request

from desk.people import account, services
from desk.regions import console_of
from desk.screen import Answer, done
from foundation.errors import Conflict
from foundation.live import call_topic, channel


def decide(call_id: str, kind: str, subject: str) -> Answer:
    """`state` is "used" or "dismissed"."""
    console_of(account()).own_call(call_id)
    services().suggestions.decide(call_id, kind, subject, request.form.get("state", ""), account().username)
    _changed(call_id)
    return done()


def opt_out(call_id: str) -> Answer:
    """The caller does not want to be written down any more."""
    console = console_of(account())
    if console.presence.call_id != call_id or console.presence.state not in ("connecting", "talking"):
        raise Conflict("This call is over.")
    services().opting_out.opt_out(call_id, account().username)
    return done()


def delete_transcript(call_id: str) -> Answer:
    """What was written before the opt-out goes as well, with the sentences that triggered suggestions."""
    console_of(account()).own_call(call_id)
    services().opting_out.erase(call_id)
    services().suggestions.erase(call_id)
    _changed(call_id)
    return done()


def _changed(call_id: str) -> None:
    """Other tabs of this operator draw again."""
    services().redis.publish(channel(call_topic(call_id)), '{"kind": "suggestions-changed"}')
