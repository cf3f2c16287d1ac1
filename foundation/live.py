"""Live messages: what changed, so that a screen can draw it again. Losing one costs a redraw, never a fact.

A topic is `board`, `operator:<id>` or `call:<id>`; a message is a small JSON object with at least `kind`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

BOARD = "board"


def operator_topic(operator_id: int) -> str:
    return f"operator:{operator_id}"


def call_topic(call_id: str) -> str:
    return f"call:{call_id}"


def channel(topic: str) -> str:
    """The Redis channel of a topic."""
    return f"live:{topic}"


class Live:
    """Publishes live messages."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def publish(self, topic: str, kind: str, data: Mapping[str, Any] | None = None) -> None:
        """Tell every screen that follows `topic`. A Redis that is down is logged and passed over:
        screens resync by themselves, callers must not wait for them."""
        try:
            self._redis.publish(channel(topic), json.dumps({"kind": kind, **(data or {})}))
        except RedisError as error:
            log.warning("live message lost", extra={"topic": topic, "kind": kind, "reason": type(error).__name__})
