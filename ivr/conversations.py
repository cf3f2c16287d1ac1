"""The talking room: an operator's leg comes in, the caller is moved in, hold, loss of either side, the end.

What a callback reports becomes facts; what follows from them happens in jobs (`settle`, `move_in`, `requeue`), each of
which looks at the record first, so that doing one twice or late changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from callflows.facts import CallEnded, HoldChanged, LegJoined, LegLeft, RoomEnded
from callflows.record import CallRecord
from foundation.clock import Clock
from foundation.errors import Conflict, NotFound, OfferGone, ProviderError
from ivr import twiml
from ivr.call_log import CallLog
from ivr.sessions import Sessions
from ivr.telephony import CALL_GONE, NOT_THERE, Telephony
from ivr.urls import VoiceUrls
from ivr.waiting import Waiting

log = logging.getLogger(__name__)

MOVE_IN = "call.move-in"
REQUEUE = "call.requeue"

# ReasonParticipantLeft -> the operator was lost, rather than the room ended around them (twilio.md 1.8)
_LOST = frozenset({"participant_hung_up", "participant_add_failed", "participant_updated_via_api"})


class AcceptedOffer(Protocol):
    """An offer an operator has accepted."""

    @property
    def call_id(self) -> str: ...


class Queue(Protocol):
    """The queue, as conversations need it. Each method may be called again without harm."""

    def over(self, call_id: str, reason: str, operator_id: int | None) -> None: ...
    def expected(self, offer_id: str, operator_id: int) -> AcceptedOffer: ...
    def connected(self, call_id: str, operator_id: int) -> None: ...
    def requeue(self, call_id: str, operator_id: int | None = None) -> None: ...


class Outgoing(Protocol):
    """Rings the callers of callbacks."""

    def dial(self, record: CallRecord, operator_id: int) -> None: ...
    def operator_lost(self, record: CallRecord) -> None: ...
    def settle(self, record: CallRecord) -> None: ...


class Tickets(Protocol):
    """Gives a leg's Media Stream its address and one-time token."""

    def ticket(self, record: CallRecord, *, leg: str, operator_id: int | None) -> twiml.StreamTicket: ...


class Conversations:
    """Runs talking rooms."""

    def __init__(
        self,
        call_log: CallLog,
        sessions: Sessions,
        queue: Queue,
        waiting: Waiting,
        telephony: Telephony,
        tickets: Tickets,
        outgoing: Outgoing,
        urls: VoiceUrls,
        clock: Clock,
    ) -> None:
        self._call_log = call_log
        self._sessions = sessions
        self._queue = queue
        self._waiting = waiting
        self._telephony = telephony
        self._tickets = tickets
        self._outgoing = outgoing
        self._urls = urls
        self._clock = clock

    # Documents

    def operator_document(self, leg: str, operator_id: int, offer_id: str) -> str:
        """What an operator's leg does when it arrives for `offer_id`: into the room, or away when the offer is gone."""
        try:
            offer = self._queue.expected(offer_id, operator_id)
        except (OfferGone, NotFound):
            log.info("operator's leg came without a live offer", extra={"offer": offer_id, "operator": operator_id})
            return twiml.hang_up()
        record = self._call_log.record_of(offer.call_id)
        if record.ended_at is not None:
            return twiml.hang_up()
        return twiml.talk(
            record.call_id,
            label=twiml.operator_label(operator_id),
            action=self._urls.operator_left(record.call_id),
            ends_room=False,
            urls=self._urls,
            ticket=self._ticket(record, leg, operator_id),
        )

    def caller_document(self, call_id: str) -> str:
        """What the caller's leg does to talk: into the room, which ends when the caller leaves it."""
        return self._into_the_room(self._call_log.record_of(call_id))

    def _into_the_room(self, record: CallRecord) -> str:
        call_id = record.call_id
        session = self._sessions.load(call_id)
        if record.ended_at is not None or record.caller_leg is None or session is None:
            return twiml.hang_up()
        return twiml.talk(
            call_id,
            label=twiml.CALLER_LABEL,
            action=self._urls.after_talk(call_id, session.step),
            ends_room=True,
            urls=self._urls,
            ticket=self._ticket(record, record.caller_leg, None),
        )

    def _ticket(self, record: CallRecord, leg: str, operator_id: int | None) -> twiml.StreamTicket | None:
        return self._tickets.ticket(record, leg=leg, operator_id=operator_id) if record.transcription else None

    # What callbacks report

    def joined(self, call_id: str, fact: LegJoined) -> None:
        """A leg is in the room; when it is the operator's, the caller is moved in by a job."""
        work = {"call_id": call_id, "leg": fact.leg, "operator_id": fact.operator}
        then = [] if fact.operator is None else [(MOVE_IN, work)]
        self._call_log.record(call_id, fact, then=then)

    def left(self, call_id: str, fact: LegLeft) -> None:
        """A leg is out of the room; a lost operator puts the caller back at the head of the queue, by a job."""
        lost = fact.operator is not None and fact.reason in _LOST
        then = [(REQUEUE, {"call_id": call_id, "operator_id": fact.operator})] if lost else []
        self._call_log.record(call_id, fact, then=then)

    def changed(self, call_id: str, fact: HoldChanged | RoomEnded) -> None:
        self._call_log.record(call_id, fact)

    # Jobs

    def move_in(self, payload: Mapping[str, Any]) -> None:
        """Move the waiting caller into the room in which the operator is."""
        call_id = payload["call_id"]
        record = self._call_log.record_of(call_id)
        if record.ended_at is not None:
            self._telephony.end_room(twiml.room_name(call_id))
            self._send_away(payload["leg"])
            return
        if record.operator_leg != payload["leg"] or record.status != "connecting":
            return
        if record.direction == "callback" and record.answered_at is None:
            operator_id = payload.get("operator_id")
            if operator_id is not None:
                self._outgoing.dial(record, operator_id)
            return
        if record.caller_leg is None:
            return
        self._redirect_caller(record.caller_leg, call_id, self._into_the_room(record))

    def requeue(self, payload: Mapping[str, Any]) -> None:
        """The operator was lost in the middle of the talk: the caller goes back to the head of the queue."""
        call_id = payload["call_id"]
        record = self._call_log.record_of(call_id)
        session = self._sessions.load(call_id)
        if record.ended_at is not None or record.operator_leg is not None or session is None:
            return
        if record.direction == "callback" and record.answered_at is None:
            self._queue.requeue(call_id, payload["operator_id"])
            self._outgoing.operator_lost(record)
            return
        if record.caller_leg is None or record.queue is None or session.phase != "waiting":
            return
        self._queue.requeue(call_id, payload["operator_id"])
        self._redirect_caller(record.caller_leg, call_id, twiml.back_to_queue(session, record.queue, self._urls))

    def _redirect_caller(self, leg: str, call_id: str, document: str) -> None:
        try:
            self._telephony.redirect(leg, document)
        except ProviderError as error:
            if error.provider_code not in (CALL_GONE, NOT_THERE):
                raise
            # The caller left before we could: their own callback may be late, this is as good.
            self._call_log.record(
                call_id, CallEnded(at=self._clock.now(), key="call-ended", reason="caller-gone-before-redirect")
            )
            self._telephony.end_room(twiml.room_name(call_id))

    def settle(self, payload: Mapping[str, Any]) -> None:
        """Make the queue agree with the record: the record is the truth, whatever was lost on the way."""
        record = self._call_log.record_of(payload["call_id"])
        if record.direction == "callback":
            self._outgoing.settle(record)
        if record.status in ("talking", "held") and record.operator is not None:
            with suppress(OfferGone):  # lost in the meantime; the requeue follows
                self._queue.connected(record.call_id, record.operator)
        elif record.direction == "callback" and record.status == "waiting":
            pass  # its own ticker puts it into the queue, at its caller's place
        elif record.status == "waiting" and record.answered_at is None:
            # As the log has it: whoever lost the way to the queue may have lost the way to the session too.
            session = self._sessions.reload(record.call_id)
            if session is not None:
                self._waiting.enter(session)
        elif record.status in ("menu", "ended", "wrap-up") and record.entered_at is not None:
            self._after_queue(record)

    def _after_queue(self, record: CallRecord) -> None:
        """The caller waits and talks no more: nobody may be kept for this call."""
        self._queue.over(record.call_id, record.outcome or "left", record.operator)
        if record.operator_leg is not None:
            self._telephony.end_room(twiml.room_name(record.call_id))
            if record.answered_at is None:  # alone in a room: one that has not begun is not ended with it
                self._send_away(record.operator_leg)

    def _send_away(self, leg: str) -> None:
        try:
            self._telephony.end_leg(leg)
        except ProviderError as error:
            if error.provider_code not in (CALL_GONE, NOT_THERE):
                raise

    # What the operator asks

    def hold(self, call_id: str, held: bool) -> None:
        """Put the caller on hold, or take them back. Raises Conflict when nobody is talking."""
        self._talking(call_id)
        self._telephony.hold(twiml.room_name(call_id), twiml.CALLER_LABEL, held=held, hold_url=self._urls.hold(call_id))

    def hang_up(self, call_id: str) -> None:
        """The operator ends the talk: the caller leaves the room first, hears the goodbye, and the room ends."""
        record = self._talking(call_id)
        if not self._telephony.remove(twiml.room_name(call_id), twiml.CALLER_LABEL):
            self.reconcile(record)  # it ended before, and the callback that says so was lost

    def _talking(self, call_id: str) -> CallRecord:
        record = self._call_log.record_of(call_id)
        if record.status not in ("talking", "held"):
            raise Conflict("There is no conversation going on in this call any more.")
        return record

    def reconcile(self, record: CallRecord) -> None:
        """Ask the provider about a call of which nothing was heard for long: a callback may have been lost."""
        if record.caller_leg is None:
            return  # a callback that waits for its turn
        try:
            status = self._telephony.status(record.caller_leg)
        except ProviderError as error:
            if error.provider_code != NOT_THERE:
                raise
            status = "completed"
        if status in ("completed", "busy", "failed", "no-answer", "canceled"):
            self._call_log.record(
                record.call_id, CallEnded(at=self._clock.now(), key="call-ended", reason=f"reconciled-{status}")
            )
