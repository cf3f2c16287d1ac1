"""What Twilio calls. `create_blueprint` joins the routes and puts the signature check in front of all of them."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from foundation.clock import Clock
from foundation.errors import Forbidden, InvalidInput, OnthaalError
from ivr.call_log import CallLog
from ivr.conversations import Conversations
from ivr.outbound import Outbound
from ivr.resuming import Resuming
from ivr.service import IvrService
from ivr.urls import VoiceUrls
from webhooks.callbacks import callbacks_blueprint
from webhooks.signature import SignatureGuard
from webhooks.voice import voice_blueprint

log = logging.getLogger(__name__)

AUDIO = Path(__file__).resolve().parent / "audio"


def create_blueprint(
    *,
    guard: SignatureGuard,
    ivr: IvrService,
    conversations: Conversations,
    outbound: Outbound,
    resuming: Resuming,
    call_log: CallLog,
    urls: VoiceUrls,
    clock: Clock,
    apology: str,
) -> Blueprint:
    """All routes that Twilio calls."""
    webhooks = Blueprint("webhooks", __name__)
    webhooks.register_blueprint(voice_blueprint(ivr, conversations, outbound, urls, apology))
    webhooks.register_blueprint(callbacks_blueprint(call_log, conversations, resuming, clock))

    @webhooks.get("/voice/audio/<name>")
    def audio(name: str) -> Response:
        """Hold music; public, since it is only music, and cacheable by Twilio."""
        return send_from_directory(AUDIO, name, mimetype="audio/x-wav", max_age=86_400)

    @webhooks.before_request
    def check_signature() -> Response | None:
        if request.endpoint == "webhooks.audio" or guard.allows(request):
            return None
        log.warning("webhook refused: bad signature", extra={"path": request.path})
        return Response("The signature does not hold.\n", status=403, content_type="text/plain")

    @webhooks.errorhandler(OnthaalError)
    def refuse(error: OnthaalError) -> Response:
        status = {Forbidden: 403, InvalidInput: 400}.get(type(error), 503)
        log.warning("webhook refused", extra={"path": request.path, "reason": error.code})
        return Response(f"{error}\n", status=status, content_type="text/plain")

    return webhooks
