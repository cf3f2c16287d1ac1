"""The requests whose answer is TwiML: a caller or an operator is listening while we work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, request

from foundation.errors import Forbidden
from ivr import twiml
from ivr.conversations import Conversations
from ivr.outbound import Outbound
from ivr.service import IvrService
from ivr.urls import VoiceUrls
from webhooks.form import Form

log = logging.getLogger(__name__)

Answer = Callable[..., str]


def twiml_response(document: str) -> Response:
    return Response(document, content_type="text/xml; charset=utf-8")


def voice_blueprint(
    ivr: IvrService, conversations: Conversations, outbound: Outbound, urls: VoiceUrls, apology: str
) -> Blueprint:
    """Routes under /voice that answer TwiML. `apology` is the document given when we cannot do better: it is made
    once, at start, because it must not need anything that may be down."""
    voice = Blueprint("voice", __name__, url_prefix="/voice")

    def spoken(answer: Answer) -> Callable[..., Response]:
        """The edge: whatever goes wrong, the caller gets a valid document."""

        @wraps(answer)
        def view(**path: str | int) -> Response:
            try:
                return twiml_response(answer(Form(request.form), **path))
            except Forbidden:
                raise
            except Exception as error:  # a caller is listening: any document of ours is better than none
                log.exception("apology given", extra={"path": request.path, "reason": type(error).__name__})
                return twiml_response(apology)

        return view

    def own_call(form: Form, call_id: str) -> None:
        """A signed URL never expires (twilio.md 2.2), so it is bound to the leg it was made for."""
        if not ivr.owns(call_id, form.need("CallSid")):
            raise Forbidden("This address belongs to another call.")

    @voice.post("/incoming")
    @spoken
    def incoming(form: Form) -> str:
        return ivr.arrive(form.need("CallSid"), form.need("From"), form.need("To"))

    @voice.post("/fallback")
    @spoken
    def fallback(form: Form) -> str:
        log.error("Twilio fell back", extra={"code": form.get("ErrorCode"), "path": form.get("ErrorUrl")})
        return apology

    @voice.post("/calls/<call_id>/<int:step>/answer")
    @spoken
    def answer(form: Form, call_id: str, step: int) -> str:
        own_call(form, call_id)
        # The id of a recording is the last part of its address; it is not sent by itself (twilio.md 1.7).
        url = form.get("RecordingUrl")
        if url:
            return ivr.recorded(call_id, step, url.rpartition("/")[2], url, form.number("RecordingDuration"))
        return ivr.answer(call_id, step, form.get("Digits"))

    @voice.post("/calls/<call_id>/<int:step>/wait/<int:loop>")
    @spoken
    def wait(form: Form, call_id: str, step: int, loop: int) -> str:
        own_call(form, call_id)
        return ivr.wait(call_id, step, loop)

    @voice.post("/calls/<call_id>/<int:step>/wait/<int:loop>/key")
    @spoken
    def wait_key(form: Form, call_id: str, step: int, loop: int) -> str:
        own_call(form, call_id)
        return ivr.wait(call_id, step, loop, form.get("Digits"))

    @voice.post("/calls/<call_id>/<int:step>/left-queue")
    @spoken
    def left_queue(form: Form, call_id: str, step: int) -> str:
        own_call(form, call_id)
        return ivr.left_queue(call_id, step, form.need("QueueResult"))

    @voice.post("/calls/<call_id>/<int:step>/after-talk")
    @spoken
    def after_talk(form: Form, call_id: str, step: int) -> str:
        own_call(form, call_id)
        return ivr.after_talk(call_id, step)

    @voice.post("/calls/<call_id>/callback/<int:asked>")
    @spoken
    def callback_answered(form: Form, call_id: str, asked: int) -> str:
        return outbound.answered(call_id, form.need("CallSid"), asked)

    @voice.post("/calls/<call_id>/callback/<int:asked>/key")
    @spoken
    def callback_key(form: Form, call_id: str, asked: int) -> str:
        document = outbound.pressed(call_id, form.need("CallSid"), asked, form.get("Digits"))
        return conversations.caller_document(call_id) if document is None else document

    @voice.post("/calls/<call_id>/hold")
    @spoken
    def hold(_form: Form, **_path: str) -> str:
        return twiml.hold(urls)

    @voice.post("/operator")
    @spoken
    def operator(form: Form) -> str:
        identity = form.need("From")
        # Only `From` of a browser leg is proof of who it is (twilio.md 5.3); the parameters are the browser's own.
        if not identity.startswith("client:op_") or not identity[len("client:op_") :].isdigit():
            raise Forbidden("Only an operator's own softphone may come in here.")
        operator_id = int(identity[len("client:op_") :])
        return conversations.operator_document(form.need("CallSid"), operator_id, form.get("offer"))

    @voice.post("/calls/<call_id>/operator-left")
    @spoken
    def operator_left(_form: Form, **_path: str) -> str:
        return twiml.empty()

    return voice
