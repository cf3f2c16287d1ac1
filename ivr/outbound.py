"""Rings callers back. The operator is in the room first; then one worker dials, the caller hears who it is and presses
a key (an answering machine does not), and their leg goes on as that of any caller.

What becomes of an attempt follows from its record, so that it may be told twice or late.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from callflows.effects import Say
from callflows.facts import (
    CallbackDialled,
    CallbackRequested,
    CallEnded,
    Fact,
    LegStatus,
    TranscriptionRefused,
)
from callflows.lifecycle import LEG
from callflows.record import CallRecord
from foundation.clock import Clock
from foundation.errors import Forbidden, ProviderError
from ivr import twiml
from ivr.call_log import CallLog
from ivr.telephony import CALL_GONE, NOT_THERE, Telephony
from ivr.urls import VoiceUrls

log = logging.getLogger(__name__)

RINGS_S = 30  # Twilio adds about five seconds (twilio.md 1.5)
TALK, CANCEL, TALK_UNHEARD = "1", "2", "9"  # keys; with 9 nothing is transcribed
_ROUNDS = 2  # of asking for a key
# Status words of a leg that was never answered -> how the attempt ended; "completed" is answered without a key.
_UNANSWERED = {"busy": "busy", "failed": "failed", "completed": "no-key"}
_OURS = frozenset({"no-key", "operator-lost", "failed", "cancelled"})  # reasons with which we end an attempt


class Promise(Protocol):
    """A callback, as far as dialling needs it."""

    @property
    def number(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def origin_call_id(self) -> str: ...


class Callbacks(Protocol):
    """Who is to be rung back: queueing.callbacks. Each method may be called again without harm."""

    def request(self, origin_call_id: str, asked: CallbackRequested) -> None: ...
    def lease(self, call_id: str, operator_id: int) -> Promise | None: ...
    def of_call(self, call_id: str) -> Promise | None: ...
    def reached(self, call_id: str) -> None: ...
    def failed(self, call_id: str, result: str) -> None: ...
    def cancelled(self, call_id: str) -> None: ...
    def overdue(self) -> list[str]: ...


class Outbound:
    """The attempts at callbacks. `from_number` is the helpdesk's own, shown on the caller's telephone."""

    def __init__(
        self,
        call_log: CallLog,
        callbacks: Callbacks,
        telephony: Telephony,
        text_of: twiml.TextOf,
        urls: VoiceUrls,
        clock: Clock,
        *,
        from_number: str,
        retention_days: int,
        same_ticket: Callable[[str, str], None],
    ) -> None:
        """`same_ticket(call_id, origin_call_id)` puts an attempt on the ticket of the call it was asked for in."""
        self._call_log = call_log
        self._callbacks = callbacks
        self._telephony = telephony
        self._text_of = text_of
        self._urls = urls
        self._clock = clock
        self._from_number = from_number
        self._retention_days = retention_days
        self._same_ticket = same_ticket

    # Jobs

    def request(self, payload: Mapping[str, Any]) -> None:
        """A caller asked for a callback in the call `payload["call_id"]`: write it down."""
        call_id = payload["call_id"]
        for fact in self._call_log.facts_of(call_id):
            if isinstance(fact, CallbackRequested):
                self._callbacks.request(call_id, fact)

    def dial(self, record: CallRecord, operator_id: int) -> None:
        """The operator is in the room: ring the caller, unless another worker does so already."""
        promise = self._callbacks.lease(record.call_id, operator_id)
        if promise is None:
            log.info("callback is dialled by another worker, or over", extra={"call": record.call_id})
            return
        self._same_ticket(record.call_id, promise.origin_call_id)
        try:
            leg = self._telephony.place(
                to=promise.number,
                from_number=self._from_number,
                url=self._urls.callback(record.call_id, 1),
                status_url=self._urls.callback_status(record.call_id),
                rings_s=RINGS_S,
            )
        except ProviderError as error:
            # Not tried again by this attempt: nobody knows whether the telephone rings already.
            log.warning("callback not dialled", extra={"call": record.call_id, "reason": str(error)})
            self._end(record.call_id, "failed")
            return
        self._note_leg(record.call_id, leg)

    # Documents

    def answered(self, call_id: str, leg: str, asked: int) -> str:
        """What somebody who picks up hears: who it is, and which key to press."""
        record = self._own(call_id, leg)
        if record.ended_at is not None:
            return twiml.hang_up()
        language = record.language or "nl"
        return twiml.question(
            Say(prompt="callback-answered", language=language, args={"retention_days": self._retention_days})
            if record.transcription
            else Say(prompt="callback-answered-unheard", language=language),
            self._text_of,
            action=self._urls.callback_key(call_id, asked),
        )

    def pressed(self, call_id: str, leg: str, asked: int, digits: str) -> str | None:
        """The document after a key; None when the caller wants to talk: the talking room has that one."""
        record = self._own(call_id, leg)
        if record.ended_at is not None:
            return twiml.hang_up()
        language = record.language or "nl"
        if digits == CANCEL:
            self._callbacks.cancelled(call_id)
            self._end(call_id, "cancelled")
            return twiml.goodbye(Say(prompt="callback-cancelled", language=language), self._text_of)
        if digits in (TALK, TALK_UNHEARD):
            if digits == TALK_UNHEARD:
                refused = TranscriptionRefused(at=self._clock.now(), key="transcription-refused", by="caller")
                self._call_log.record(call_id, refused)
            return None
        if asked < _ROUNDS:
            return self.answered(call_id, leg, asked + 1)
        self._end(call_id, "no-key")
        return twiml.goodbye(Say(prompt="callback-no-key", language=language), self._text_of)

    # What follows from what was reported

    def operator_lost(self, record: CallRecord) -> None:
        """The operator left before the caller was there: their telephone stops ringing."""
        promise = self._callbacks.of_call(record.call_id)
        if promise is None or promise.status != "dialling":
            return
        if record.caller_leg is not None:
            self._stop(record.caller_leg)
        self._end(record.call_id, "operator-lost")

    def settle(self, record: CallRecord) -> None:
        """Make the callback agree with the record of its attempt."""
        if record.answered_at is not None:
            self._callbacks.reached(record.call_id)
        elif record.ended_at is not None:
            self._callbacks.failed(record.call_id, _result(self._call_log.facts_of(record.call_id)))

    def tick(self) -> None:
        """Give up attempts of which nothing was heard: their dialler died, or every report of them was lost."""
        for call_id in self._callbacks.overdue():
            record = self._call_log.record_of(call_id)
            if record.caller_leg is not None and record.ended_at is None:
                self._stop(record.caller_leg)
            self._end(call_id, "failed")
            self.settle(self._call_log.record_of(call_id))

    def _own(self, call_id: str, leg: str) -> CallRecord:
        """The record of the attempt that this leg belongs to; the leg is taken down when the answer to the REST call
        that placed it was lost. Raises Forbidden for another leg."""
        record = self._call_log.record_of(call_id)
        if record.direction != "callback" or record.caller_leg not in (None, leg):
            raise Forbidden("This address belongs to another call.")
        if record.caller_leg is None:
            self._note_leg(call_id, leg)
        return record

    def _note_leg(self, call_id: str, leg: str) -> None:
        self._call_log.record(call_id, CallbackDialled(at=self._clock.now(), key="callback-dialled", leg=leg))

    def _end(self, call_id: str, reason: str) -> None:
        self._call_log.record(call_id, CallEnded(at=self._clock.now(), key="call-ended", reason=reason))

    def _stop(self, leg: str) -> None:
        try:
            self._telephony.end_leg(leg)
        except ProviderError as error:
            if error.provider_code not in (CALL_GONE, NOT_THERE):
                raise


def _result(facts: list[Fact]) -> str:
    """How an attempt ended that reached nobody."""
    for fact in facts:
        if isinstance(fact, CallEnded) and fact.reason in _OURS:
            return fact.reason
    told = [fact.status for fact in facts if isinstance(fact, LegStatus) and fact.status in LEG.final]
    return _UNANSWERED.get(told[0], "no-answer") if told else "no-answer"
