"""Whether a caller is speaking is a kindness: without Redis they are listened to all the same."""

from __future__ import annotations

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ivr.listening import Ears


def test_without_redis_listening_goes_on() -> None:
    nobody = Redis(port=1, decode_responses=True, retry=Retry(NoBackoff(), 0))
    Ears(nobody, lambda *_: "", lambda: (), lambda _: False, url="").spoke("c1", 3)
