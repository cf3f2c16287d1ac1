"""Flow sessions in Redis, changed by compare-and-set; what Redis loses is rebuilt from the call log."""

from __future__ import annotations

from typing import Protocol

from redis import Redis

from callflows.session import Session
from foundation.errors import StaleSession

# A caller cannot be on the line longer than 24 h (twilio.md 1.4); an hour more keeps late callbacks harmless.
_KEPT_S = 25 * 3600

_SAVE = """
local stored = redis.call('GET', KEYS[1])
if stored then
    local marker = cjson.decode(stored)
    if marker.step ~= tonumber(ARGV[2]) or marker.loop ~= tonumber(ARGV[3]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[4])
return 1
"""


class SessionHistory(Protocol):
    """Where a lost session is found again: the call log."""

    def last_session(self, call_id: str) -> Session | None: ...


class Sessions:
    """Loads and saves the session of a live call."""

    def __init__(self, redis: Redis, history: SessionHistory) -> None:
        self._redis = redis
        self._history = history
        self._save = redis.register_script(_SAVE)

    def load(self, call_id: str) -> Session | None:
        """The session, from Redis or else from the call log; None when the call is unknown to both."""
        return self.at_hand(call_id) or self._history.last_session(call_id)

    def at_hand(self, call_id: str) -> Session | None:
        """The session if Redis has it: for a call that is most likely new, which the call log need not be asked."""
        stored = self._redis.get(_key(call_id))
        return Session.model_validate_json(stored) if isinstance(stored, str) else None

    def reload(self, call_id: str) -> Session | None:
        """The session as the call log has it, which is right when another request was first."""
        return self._history.last_session(call_id)

    def save(self, session: Session, *, over: Session | None) -> None:
        """Store `session` if Redis still holds `over` or nothing. Raises StaleSession."""
        step, loop = (over.step, over.loop) if over else (-1, -1)
        saved = self._save(keys=[_key(session.call_id)], args=[session.model_dump_json(), step, loop, _KEPT_S])
        if not saved:
            raise StaleSession(f"The session of call {session.call_id} was changed by another request.")


def _key(call_id: str) -> str:
    return f"session:{call_id}"
