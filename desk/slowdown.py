"""Wrong passwords are slowed down: per account and per address, counted in Redis, or in memory while Redis is away."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import TypeVar

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import Redis
from redis.exceptions import RedisError

from foundation.errors import TooManyAttempts

log = logging.getLogger(__name__)
T = TypeVar("T")

# Five tries in five minutes: enough for a person with caps lock on, 60 guesses an hour for a machine.
PER_ACCOUNT = RateLimitItemPerMinute(5, 5)
# An office shares one address, so it may fail more often before everybody in it has to wait.
PER_ADDRESS = RateLimitItemPerMinute(30, 5)


class SignInBrake:
    """Counts wrong passwords. Ask `check` before looking at the password, then say how it went."""

    def __init__(self, redis: Redis) -> None:
        self._shared = MovingWindowRateLimiter(
            RedisStorage("redis://", connection_pool=redis.connection_pool, key_prefix="sign-in")
        )
        self._memory: MovingWindowRateLimiter | None = None

    def check(self, username: str, address: str) -> None:
        """Count one try. Raises TooManyAttempts when there were too many; then the password is not even looked at,
        so that a guesser does not learn whether it was right."""
        self._count(PER_ACCOUNT, "account", username, hit=True)
        self._count(PER_ADDRESS, "address", address, hit=False)

    def failed(self, address: str) -> None:
        self._with(lambda limiter: limiter.hit(PER_ADDRESS, "address", address))

    def succeeded(self, username: str) -> None:
        self._with(lambda limiter: limiter.clear(PER_ACCOUNT, "account", username))

    def _count(self, item: RateLimitItem, *identity: str, hit: bool) -> None:
        def ask(limiter: MovingWindowRateLimiter) -> int | None:
            allowed = limiter.hit(item, *identity) if hit else limiter.test(item, *identity)
            if allowed:
                return None
            return max(1, math.ceil(limiter.get_window_stats(item, *identity).reset_time - time.time()))

        retry_after_s = self._with(ask)
        if retry_after_s is not None:
            raise TooManyAttempts("Too many wrong passwords. Wait before you try again.", retry_after_s)

    def _with(self, use: Callable[[MovingWindowRateLimiter], T]) -> T:
        try:
            return use(self._shared)
        except (RedisError, StorageError) as error:
            log.warning("sign-in counts are kept in memory", extra={"reason": type(error).__name__})
            if self._memory is None:
                self._memory = MovingWindowRateLimiter(MemoryStorage())
            return use(self._memory)
