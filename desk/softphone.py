"""The access token with which an operator's browser becomes a telephone (twilio.md 5.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import jsonify
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant
from werkzeug.wrappers import Response

from desk.people import operator_id, services
from foundation.settings import Settings

TTL_S = 3600  # the page asks for a new one well before; Twilio's own limit is 24 hours
SKEW_S = 60  # Twilio's clock may be behind ours


def access_token(settings: Settings, identity: str, now: datetime) -> str:
    """A JWT for `identity` that may call the TwiML App and may not be called: operators pull their calls.

    It says who is calling and nothing else; parameters of `connect` come from the browser and are never trusted.
    """
    token: Any = AccessToken(
        settings.twilio_account_sid,
        settings.twilio_api_key_sid,
        settings.twilio_api_key_secret.get_secret_value(),
        identity=identity,
        nbf=int(now.timestamp()) - SKEW_S,
        valid_until=int(now.timestamp()) + TTL_S,
    )
    token.add_grant(VoiceGrant(incoming_allow=False, outgoing_application_sid=settings.twilio_app_sid))
    return str(token.to_jwt())


def token() -> Response:
    """The signed-in operator's token, and how long it lasts."""
    desk, identity = services(), f"op_{operator_id()}"
    return jsonify(token=access_token(desk.settings, identity, desk.clock.now()), identity=identity, ttl_s=TTL_S)
