"""The reports that nobody listens to: late, twice and in any order (twilio.md 1.6).

Each becomes a fact with a key, so that reporting it again changes nothing.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, request

from callflows.facts import HoldChanged, LegJoined, LegLeft, LegStatus, RecordingChanged, RoomEnded, StreamChanged
from foundation.clock import Clock
from ivr.call_log import CallLog
from ivr.conversations import Conversations
from ivr.resuming import Resuming
from ivr.service import call_id_of
from ivr.twiml import CALLER_LABEL
from webhooks.form import Form

log = logging.getLogger(__name__)

_DONE = Response(status=204)
_STREAM_EVENTS = ("stream-started", "stream-stopped", "stream-error")


def callbacks_blueprint(call_log: CallLog, conversations: Conversations, resuming: Resuming, clock: Clock) -> Blueprint:
    """Routes under /voice that answer 204. An error answers 5xx, and Twilio tries again as the URL asks."""
    callbacks = Blueprint("callbacks", __name__, url_prefix="/voice")

    @callbacks.post("/status")
    def status() -> Response:
        """Status of a leg. A leg that began no call of ours (an operator's) is reported by the room instead."""
        form = Form(request.form)
        leg = form.need("CallSid")
        call_id = call_id_of(leg)
        word = form.need("CallStatus")
        fact = LegStatus(
            at=form.time(clock.now()),
            key=f"leg:{leg}:{form.get('SequenceNumber')}:{word}",
            leg=leg,
            status=word,
            sequence=form.number("SequenceNumber"),
            caller=True,
        )
        call_log.record_if_known(call_id, fact)
        return _DONE

    @callbacks.post("/calls/<call_id>/callback-status")
    def callback_status(call_id: str) -> Response:
        """The end of a leg that we placed to ring a caller back."""
        form = Form(request.form)
        leg, word = form.need("CallSid"), form.need("CallStatus")
        record = call_log.record_of(call_id)
        if record.direction == "callback" and record.caller_leg in (None, leg):
            key = f"leg:{leg}:{form.get('SequenceNumber')}:{word}"
            at, sequence = form.time(clock.now()), form.number("SequenceNumber")
            call_log.record(call_id, LegStatus(at=at, key=key, leg=leg, status=word, sequence=sequence, caller=True))
        return _DONE

    @callbacks.post("/calls/<call_id>/conference")
    def conference(call_id: str) -> Response:
        form = Form(request.form)
        at, sequence = form.time(clock.now()), form.number("SequenceNumber")
        room = form.need("ConferenceSid")
        key = f"room:{room}:{sequence}"
        leg = form.get("CallSid")
        operator = _operator(form.get("ParticipantLabel"))
        match form.need("StatusCallbackEvent"):
            case "participant-join":
                fact = LegJoined(at=at, key=key, leg=leg, operator=operator, sequence=sequence)
                conversations.joined(call_id, fact)
            case "participant-leave":
                reason = form.get("ReasonParticipantLeft")
                gone = LegLeft(at=at, key=key, leg=leg, operator=operator, sequence=sequence, reason=reason)
                conversations.left(call_id, gone)
            case "participant-hold" | "participant-unhold" as event:
                held = event == "participant-hold"
                if form.get("ParticipantLabel") == CALLER_LABEL:
                    conversations.changed(call_id, HoldChanged(at=at, key=key, leg=leg, held=held, sequence=sequence))
            case "conference-end":
                reason = form.get("ReasonConferenceEnded")
                conversations.changed(call_id, RoomEnded(at=at, key=key, room=room, sequence=sequence, reason=reason))
            case other:
                log.debug("conference event passed over", extra={"event": other})
        return _DONE

    @callbacks.post("/calls/<call_id>/stream")
    def stream(call_id: str) -> Response:
        form = Form(request.form)
        event = form.need("StreamEvent")
        if event in _STREAM_EVENTS:
            sid = form.need("StreamSid")
            resuming.changed(
                call_id,
                StreamChanged.model_validate(
                    {
                        "at": form.time(clock.now()),
                        "key": f"stream:{sid}:{event}",
                        "leg": form.get("CallSid"),
                        "stream": sid,
                        "change": event,
                    }
                ),
                resumed="resumed" in request.args,
            )
        return _DONE

    @callbacks.post("/calls/<call_id>/<int:step>/listening")
    def listening(call_id: str, step: int) -> Response:
        form = Form(request.form)
        if form.need("StreamEvent") == "stream-error":
            told = {"call": call_id, "step": step, "reason": form.get("StreamError")}
            log.warning("a menu is answered by keys only", extra=told)
        return _DONE

    @callbacks.post("/calls/<call_id>/recording")
    def recording(call_id: str) -> Response:
        form = Form(request.form)
        sid, word = form.need("RecordingSid"), form.need("RecordingStatus")
        call_log.record(
            call_id,
            RecordingChanged(
                at=form.time(clock.now()),
                key=f"recording:{sid}:{word}",
                recording=sid,
                status=word,
                duration_s=form.number("RecordingDuration") if form.get("RecordingDuration") else None,
            ),
        )
        return _DONE

    return callbacks


def _operator(label: str) -> int | None:
    """The operator of a participant label (`operator-7`), None for the caller's."""
    kind, _, number = label.partition("-")
    return int(number) if kind == "operator" and number.isdigit() else None
