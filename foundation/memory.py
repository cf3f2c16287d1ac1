"""Redis, the working memory: nothing in it is the only copy of a fact."""

from __future__ import annotations

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def connect(url: str) -> Redis:
    """A client for `url` that decodes to `str`, answers or fails within two seconds, and connects when first used.

    Two seconds: a webhook must answer well before Twilio's own time-out, also when Redis is gone.
    """
    return Redis.from_url(
        url, decode_responses=True, socket_timeout=2.0, socket_connect_timeout=1.0, retry=Retry(NoBackoff(), 1)
    )


def connect_for_jobs(url: str) -> Redis:
    """A client for rq and for subscriptions: bytes, and no time-out on a blocking read."""
    return Redis.from_url(url, socket_connect_timeout=2.0)
