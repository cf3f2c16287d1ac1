"""What the operator does with the words of a call: use or dismiss what was suggested, stop the writing, delete it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flask import request

from desk.people import account, services
from desk.regions import console_of
from desk.said import Line
from desk.screen import Answer, done
from foundation.errors import Conflict
from foundation.live import call_topic, channel
from helpdesk.suggestions import Suggestion


class SuggestionBook(Protocol):
    """What is suggested in calls: helpdesk.suggestions."""

    def for_call(self, call_id: str, language: str, lines: Sequence[Line]) -> Sequence[Suggestion]: ...

    def of_call(self, call_id: str, language: str) -> Sequence[Suggestion]: ...

    def decide(self, call_id: str, kind: str, subject: str, state: str, actor: str) -> None: ...

    def erase(self, call_id: str) -> int: ...


class OptingOut(Protocol):
    """Stops the transcription of a call that goes on: ivr.opting_out."""

    def opt_out(self, call_id: str, by: str) -> None: ...

    def erase(self, call_id: str) -> int: ...


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
