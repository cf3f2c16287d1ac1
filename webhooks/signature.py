"""Who is calling us: X-Twilio-Signature over the configured public URL, before anything else is looked at.

twilio.md section 2: the URL is the one we gave out (never Host or X-Forwarded-*), query string byte for byte, form
fields with blanks kept; a JSON body is signed through its hash in the query.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from flask import Request
from twilio.request_validator import RequestValidator


class SignatureGuard:
    """Checks webhooks and WebSocket handshakes against one Auth Token.

    Only the Auth Token's SHA-1 is accepted: a header that names another key must not choose how it is checked.
    """

    def __init__(self, public_base_url: str, auth_token: str) -> None:
        self._base = public_base_url.rstrip("/")
        self._validator = RequestValidator(auth_token)

    def allows(self, request: Request) -> bool:
        """Whether Twilio signed this HTTP request."""
        signature = request.headers.get("X-Twilio-Signature", "")
        if not signature or not signature.isascii():
            return False
        query = request.query_string.decode("latin-1")
        url = self._base + request.path + (f"?{query}" if query else "")
        if request.is_json:
            if "bodySHA256" not in request.args:
                return False
            return bool(self._validator.validate(url, request.get_data(as_text=True), signature))
        return bool(self._validator.validate(url, request.form if request.method == "POST" else {}, signature))


class HandshakeGuard:
    """Checks the WebSocket handshake of a Media Stream: signed over the URL in the TwiML, without parameters, with or
    without a trailing slash (twilio.md 2.1)."""

    def __init__(self, media_stream_url: str, auth_token: str) -> None:
        url = urlsplit(media_stream_url)
        # Twilio signs wss without the port (twilio.md 2.2); the address as configured is tried as well.
        self._origins = dict.fromkeys((f"wss://{url.hostname}", f"{url.scheme}://{url.netloc}"))
        self._validator = RequestValidator(auth_token)

    def allows(self, path: str, signature: str | None) -> bool:
        """Whether Twilio signed the handshake for `path` (as requested, without query)."""
        if not signature or not signature.isascii():
            return False
        path = path.rstrip("/")
        return any(
            hmac.compare_digest(self._validator.compute_signature(origin + path + slash, {}), signature)
            for origin in self._origins
            for slash in ("", "/")
        )
