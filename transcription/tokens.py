"""Who may send sound for which call: a signed one-time token in the stream's `<Parameter name="token">`.

The handshake is signed by Twilio, the messages after it are not, and they name no call of ours; the token does both.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from redis import Redis
from redis.exceptions import RedisError

from foundation.clock import Clock
from foundation.errors import Forbidden
from transcription.store import Speaker

log = logging.getLogger(__name__)

VALID_FOR = timedelta(minutes=2)  # from rendering the TwiML to `start`: Twilio needs a second or two
MAX_LENGTH = 480  # Twilio refuses a parameter whose name and value reach 500 characters
_SPEAKERS: tuple[Speaker, ...] = ("caller", "operator")


@dataclass(frozen=True, slots=True)
class StreamClaim:
    """What a stream is. `leg` is the CallSid whose sound it carries, `call_started_at` second 0 of the transcript."""

    call_id: str
    speaker: Speaker
    operator_id: int | None
    language: str
    call_started_at: datetime
    leg: str


@dataclass(frozen=True, slots=True)
class AnswerClaim:
    """A stream that is listened to for the answer to the question of step `step`, and for nothing else."""

    call_id: str
    step: int
    language: str
    leg: str


Claim = StreamClaim | AnswerClaim
_ANSWER = "answer"  # in the place of the speaker


class StreamTokens:
    """Issues and redeems stream tokens."""

    def __init__(self, secret: str, redis: Redis, clock: Clock) -> None:
        self._signer = URLSafeSerializer(
            secret,
            salt="onthaal.media-stream",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )
        self._redis = redis
        self._clock = clock
        self._seen: dict[str, float] = {}  # nonce: expiry; what this process redeemed
        self._lock = Lock()

    def issue(self, claim: Claim) -> str:
        """A token for one stream, valid for two minutes; shorter than `MAX_LENGTH`."""
        expires = (self._clock.now() + VALID_FOR).timestamp()
        token = self._signer.dumps([secrets.token_urlsafe(12), int(expires), *_written(claim)])
        text = token.decode("ascii") if isinstance(token, bytes) else token
        if len(text) > MAX_LENGTH:
            raise ValueError(f"a stream token of {len(text)} characters does not fit a parameter")
        return text

    def redeem(self, token: str, call_sid: str) -> Claim:
        """The claim, once. Raises Forbidden when forged, expired, used before, or for another leg than `call_sid`.

        When Redis does not answer, a token that holds and is in time is accepted, and remembered in this process only.
        Losing every transcript while Redis is away would be the greater harm: to use a token twice, another process
        must take it within two minutes in a handshake that Twilio's Auth Token signed.
        """
        nonce, expires, claim = self._read(token)
        now = self._clock.now().timestamp()
        if now > expires:
            raise Forbidden("The stream token has expired.")
        if claim.leg != call_sid:
            raise Forbidden("The stream token is for another call.")
        if not self._first_here(nonce, expires, now) or not self._first_anywhere(nonce):
            raise Forbidden("The stream token was used before.")
        return claim

    def _read(self, token: str) -> tuple[str, float, Claim]:
        if len(token) > MAX_LENGTH:
            raise Forbidden("The stream token is not ours.")
        try:
            fields: Any = self._signer.loads(token)
            nonce, expires, call_id, speaker, number, language, started_ms, leg = fields
        except (BadData, ValueError, TypeError):
            raise Forbidden("The stream token is not ours.") from None
        if speaker == _ANSWER:
            return nonce, expires, AnswerClaim(call_id, number, language, leg)
        started_at = datetime.fromtimestamp(started_ms / 1000, UTC)
        return nonce, expires, StreamClaim(call_id, _SPEAKERS[speaker], number, language, started_at, leg)

    def _first_here(self, nonce: str, expires: float, now: float) -> bool:
        with self._lock:
            for old in [seen for seen, until in self._seen.items() if until < now]:
                del self._seen[old]
            if nonce in self._seen:
                return False
            self._seen[nonce] = expires
            return True

    def _first_anywhere(self, nonce: str) -> bool:
        # Kept twice as long as the token is valid, so that clocks that differ cannot let it in again.
        try:
            return bool(self._redis.set(f"stream-token:{nonce}", 1, nx=True, ex=2 * VALID_FOR))
        except RedisError as error:
            log.warning("stream token remembered in this process only", extra={"reason": type(error).__name__})
            return True


def _written(claim: Claim) -> list[object]:
    """A claim as `_read` takes it: call, speaker, number of the operator or of the step, language, beginning, leg."""
    if isinstance(claim, AnswerClaim):
        return [claim.call_id, _ANSWER, claim.step, claim.language, 0, claim.leg]
    if claim.call_started_at.tzinfo is None:
        raise ValueError("a stream claim needs an aware datetime")
    started_ms = round(claim.call_started_at.timestamp() * 1000)
    return [
        claim.call_id, _SPEAKERS.index(claim.speaker), claim.operator_id, claim.language, started_ms, claim.leg,
    ]  # fmt: skip
