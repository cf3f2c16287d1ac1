"""Access tokens of the Voice SDK. Source: twilio.md 5.3."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import jwt

MAX_TTL_S = 24 * 3600
_IDENTITY = re.compile(r"[A-Za-z0-9_]{1,121}")


class TokenRefused(Exception):
    """The token opens nothing; `code` is Twilio's error code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Grant:
    """What an access token allows."""

    identity: str
    application_sid: str
    incoming: bool
    expires_at_s: int


def open_token(token: str, account_sid: str, api_keys: Mapping[str, str], now_s: float) -> Grant:
    """Check an access token against the account's API keys (SID -> secret). Raises TokenRefused."""
    try:
        header = jwt.get_unverified_header(token)
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss", "")
    except jwt.PyJWTError as error:
        raise TokenRefused(20101, "the access token cannot be read") from error
    if header.get("cty") != "twilio-fpa;v=1":
        raise TokenRefused(20102, "the access token's header is not twilio-fpa;v=1")
    if issuer not in api_keys:
        raise TokenRefused(20103, "the access token was made with an unknown API key")
    try:
        claims = jwt.decode(
            token, api_keys[issuer], algorithms=["HS256"], options={"verify_exp": False, "verify_nbf": False}
        )
    except jwt.PyJWTError as error:
        raise TokenRefused(20107, "the access token's signature does not hold") from error
    expires = int(claims.get("exp", 0))
    if expires <= now_s:
        raise TokenRefused(20104, "the access token has expired")
    if expires - int(claims.get("nbf", claims.get("iat", now_s))) > MAX_TTL_S:
        raise TokenRefused(20157, "the access token lives longer than 24 hours")
    if claims.get("sub") != account_sid:
        raise TokenRefused(20101, "the access token is of another account")
    grants = claims.get("grants", {})
    identity = grants.get("identity", "")
    voice = grants.get("voice")
    if not _IDENTITY.fullmatch(identity):
        raise TokenRefused(20101, "the access token has no usable identity")
    if voice is None:
        raise TokenRefused(20106, "the access token has no voice grant")
    outgoing = voice.get("outgoing", {}).get("application_sid", "")
    return Grant(identity, outgoing, bool(voice.get("incoming", {}).get("allow")), expires)
