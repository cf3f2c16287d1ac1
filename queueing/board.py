"""The board in Redis: who waits where, and what every operator does.

    board:marker:3         set while the board stands; without it nothing is decided until it is rebuilt
    board:calls            hash   call -> WaitingCall as JSON
    board:operators        hash   operator -> Presence as JSON
    board:order:<queue>    sorted set   call by place (order_at in microseconds)
    board:entered:<queue>  sorted set   callers on the line, so no callbacks, by the moment they entered
    board:free:<queue>     sorted set   the same as the order, of the calls without an offer
    board:free             sorted set   those of all queues
    board:ready            sorted set   operators who are ready, by how long they are idle
    board:deadlines        sorted set   operator by `until` in microseconds
    board:unwritten        sorted set   claims that SQL does not have yet, by the moment of the claim
    board:ticker           lease of the ticker at work

A decision reads through a `Look`, works out what should be, and claims it: one Lua script compares everything that was
read with what stands there now, and sets everything or nothing. A claim stays listed as unwritten until SQL has it, so
that one whose process died in between is noticed and undone. Times are the clock's; Redis's own are never used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter
from redis import Redis

from queueing.glance import Band, OnTheLine
from queueing.model import Presence, WaitingCall

MARKER = "board:marker:3"  # the number is the shape of what stands here: one of another shape is put up anew
CALLS = "board:calls"
OPERATORS = "board:operators"
DEADLINES = "board:deadlines"
FREE = "board:free"
READY = "board:ready"
UNWRITTEN = "board:unwritten"
TICKER = "board:ticker"

_CALL: TypeAdapter[WaitingCall] = TypeAdapter(WaitingCall)
_PRESENCE: TypeAdapter[Presence] = TypeAdapter(Presence)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CHUNK, _LONGEST_CHUNK = 16, 512  # calls read at a time: most matchings end with the first ones

# KEYS: the marker, the unwritten claims, then every hash and sorted set used. ARGV: positions in KEYS with fields and
# texts, as JSON; the claim's name and moment. Scores are texts, because a Lua number would lose digits on its way back.
# A claim that is listed already is the client's own second try, after an answer that got lost.
_CLAIM = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 'gone' end
if redis.call('ZSCORE', KEYS[2], ARGV[2]) then return 'claimed' end
local asked = cjson.decode(ARGV[1])
for _, e in ipairs(asked.expect) do
  if (redis.call('HGET', KEYS[e[1]], e[2]) or '') ~= e[3] then return 'changed' end
end
for _, w in ipairs(asked.write) do
  if w[3] == '' then redis.call('HDEL', KEYS[w[1]], w[2]) else redis.call('HSET', KEYS[w[1]], w[2], w[3]) end
end
for _, s in ipairs(asked.score) do
  if s[3] == '' then redis.call('ZREM', KEYS[s[1]], s[2]) else redis.call('ZADD', KEYS[s[1]], s[3], s[2]) end
end
if #asked.write > 0 then redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2]) end
return 'claimed'
"""
# ARGV: owner, now and expiry in microseconds. The value is "<expiry> <owner>".
_LEASE = """
local held = redis.call('GET', KEYS[1])
if held then
  local expiry, owner = string.match(held, '^(%d+) (.+)$')
  if owner ~= ARGV[1] and tonumber(expiry) > tonumber(ARGV[2]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[3] .. ' ' .. ARGV[1])
return 1
"""
_RELEASE = """
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^%d+ (.+)$') == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""


class Claim(Enum):
    CLAIMED = "claimed"
    CHANGED = "changed"  # somebody was first: look again
    GONE = "gone"  # the board does not stand: rebuild it


class Look:
    """What one decision has read, and what it wants to be written."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.claim_id = uuid4().hex
        self.seen: dict[tuple[str, str], str] = {}
        self.written: dict[tuple[str, str], str] = {}
        self.scores: dict[tuple[str, str], str] = {}

    def call(self, call_id: str) -> WaitingCall | None:
        text = self._read(CALLS, call_id)
        return _read_call(text) if text else None

    def presence(self, operator_id: int) -> Presence | None:
        text = self._read(OPERATORS, str(operator_id))
        return _read_presence(text) if text else None

    def put_call(self, call: WaitingCall) -> None:
        place = _score(call.order_at)
        self.written[CALLS, call.call_id] = _CALL.dump_json(call).decode()
        self._place(call, place, place if call.offer is None else "", _score(call.entered_at))

    def drop_call(self, call: WaitingCall) -> None:
        self.written[CALLS, call.call_id] = ""
        self._place(call, "", "", "")

    def _place(self, call: WaitingCall, place: str, free: str, entered: str) -> None:
        self.scores[order_key(call.queue), call.call_id] = place
        if call.kind == "call":
            self.scores[entered_key(call.queue), call.call_id] = entered
        self.scores[free_key(call.queue), call.call_id] = self.scores[FREE, call.call_id] = free

    def put_presence(self, presence: Presence) -> None:
        operator = str(presence.operator_id)
        self.written[OPERATORS, operator] = _PRESENCE.dump_json(presence).decode()
        self.scores[DEADLINES, operator] = _score(presence.until) if presence.until else ""
        self.scores[READY, operator] = _score(idle_since(presence)) if presence.state == "ready" else ""

    def head_at(self, queue: str) -> datetime | None:
        """The place of the first in `queue`."""
        first: Any = self._redis.zrange(order_key(queue), 0, 0, withscores=True)
        return _moment(first[0][1]) if first else None

    def _read(self, key: str, field: str) -> str:
        """As this decision has left it, or as it stands. The first reading is what the claim compares with."""
        if (key, field) in self.written:
            return self.written[key, field]
        if (key, field) not in self.seen:
            found: Any = self._redis.hget(key, field)
            self.seen[key, field] = found or ""
        return self.seen[key, field]


class RedisBoard:
    """Reads and claims. Every change of the board goes through `claim` or `load`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._claim = redis.register_script(_CLAIM)
        self._lease = redis.register_script(_LEASE)
        self._release = redis.register_script(_RELEASE)

    def stands(self) -> bool:
        return bool(self._redis.exists(MARKER))

    def forget(self) -> None:
        """Take the marker away: what stands here is not what SQL says, so the next to look rebuilds it."""
        self._redis.delete(MARKER)

    def look(self) -> Look:
        return Look(self._redis)

    def claim(self, look: Look, now: datetime, *, write: bool = True) -> Claim:
        """Set all that `look` wants if all that it saw still stands. With `write` False only compare."""
        written, scores = (look.written, look.scores) if write else ({}, {})
        keys = [MARKER, UNWRITTEN, *sorted({key for key, _ in (*look.seen, *written, *scores)})]
        at = {key: position for position, key in enumerate(keys, start=1)}
        asked = {
            name: [[at[key], field, text] for (key, field), text in part.items()]
            for name, part in (("expect", look.seen), ("write", written), ("score", scores))
        }
        answer: Any = self._claim(keys=keys, args=[json.dumps(asked), look.claim_id, _score(now)])
        return Claim(answer)

    def is_written(self, look: Look) -> None:
        """SQL has what `look` claimed."""
        if look.written:
            self._redis.zrem(UNWRITTEN, look.claim_id)

    def unwritten(self, before: datetime) -> bool:
        """Whether a claim from before that moment has not reached SQL."""
        return bool(self._redis.zcount(UNWRITTEN, "-inf", _score(before)))

    def snapshot(self) -> tuple[list[WaitingCall], dict[int, Presence]] | None:
        """Everything at one moment: calls in order, and operators. None: the board does not stand."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.exists(MARKER)
            pipe.hvals(CALLS)
            pipe.hvals(OPERATORS)
            stands, calls, operators = pipe.execute()
        if not stands:
            return None
        waiting = sorted(map(_read_call, calls), key=attrgetter("order_at", "call_id"))
        present = map(_read_presence, operators)
        return waiting, {presence.operator_id: presence for presence in present}

    def glance(self, bands: Mapping[str, Band]) -> dict[str, OnTheLine] | None:
        """By queue, without reading a single call. None: the board does not stand."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.exists(MARKER)
            for queue, (late, on_time) in bands.items():
                key = entered_key(queue)
                pipe.zcard(key)
                pipe.zrange(key, 0, 0, withscores=True)
                pipe.zcount(key, "-inf", f"({_score(late)}")
                pipe.zrange(key, _score(late), f"({_score(on_time)}", byscore=True, withscores=True)
            stands, *found = pipe.execute()
        if not stands:
            return None
        parts = zip(*(found[at::4] for at in range(4)), strict=True)
        return {
            queue: OnTheLine(waiting, _moment(first[0][1]) if first else None, late, [_moment(at) for _, at in between])
            for queue, (waiting, first, late, between) in zip(bands, parts, strict=True)
        }

    def ready(self) -> dict[int, datetime] | None:
        """Since when the operators are idle who are ready; empty as well when no call is free for them. None: the board
        does not stand."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.exists(MARKER)
            pipe.zcard(FREE)
            pipe.zrange(READY, 0, -1, withscores=True)
            stands, free, ready = pipe.execute()
        if not stands:
            return None
        return {int(operator): _moment(score) for operator, score in ready} if free else {}

    def free_calls(self, queue: str) -> Iterator[WaitingCall]:
        """The queue's calls without an offer, by place, read as far as they are asked for."""
        first, chunk = 0, _CHUNK
        given: set[str] = set()
        while True:
            names: Any = self._redis.zrange(free_key(queue), first, first + chunk - 1)
            texts: Any = self._redis.hmget(CALLS, names) if names else []
            for text in filter(None, texts):
                call = _read_call(text)
                if call.offer is None and call.call_id not in given:  # the set may have changed between two readings
                    given.add(call.call_id)
                    yield call
            if len(names) < chunk:
                return
            first, chunk = first + chunk, min(2 * chunk, _LONGEST_CHUNK)

    def calls(self) -> set[str]:
        """The calls on the board."""
        names: Any = self._redis.hkeys(CALLS)
        return set(names)

    def find(self, *, call: str = "", operator: int = 0) -> tuple[WaitingCall | None, Presence | None] | None:
        """One call and one operator. None: the board does not stand."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.exists(MARKER)
            pipe.hget(CALLS, call)
            pipe.hget(OPERATORS, str(operator))
            stands, waits, does = pipe.execute()
        if not stands:
            return None
        return (_read_call(waits) if waits else None, _read_presence(does) if does else None)

    def standing(self, call: WaitingCall) -> tuple[int, int] | None:
        """The call's position in its queue, from 1, and how many stand there. None: not there any more."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.zrank(order_key(call.queue), call.call_id)
            pipe.zcard(order_key(call.queue))
            rank, waiting = pipe.execute()
        return None if rank is None else (rank + 1, waiting)

    def due(self, now: datetime) -> list[int]:
        """Operators whose deadline has come, the earliest first."""
        found: Any = self._redis.zrangebyscore(DEADLINES, "-inf", _score(now))
        return [int(operator) for operator in found]

    def load(self, calls: Iterable[WaitingCall], presences: Iterable[Presence], queues: Iterable[str]) -> None:
        """Put the board up anew, in one go."""
        look = self.look()
        for call in calls:
            look.put_call(call)
        for presence in presences:
            look.put_presence(presence)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(CALLS, OPERATORS, DEADLINES, UNWRITTEN, FREE, READY)
            pipe.delete(*(key(queue) for queue in queues for key in (order_key, free_key, entered_key)))
            for (key, field), text in look.written.items():
                pipe.hset(key, field, text)
            for (key, field), score in look.scores.items():
                if score:
                    pipe.zadd(key, {field: score})
            pipe.set(MARKER, "1")
            pipe.execute()

    def lease(self, owner: str, now: datetime, length: timedelta) -> bool:
        """Whether `owner` is the ticker at work until `now + length`."""
        return bool(self._lease(keys=[TICKER], args=[owner, _score(now), _score(now + length)]))

    def release(self, owner: str) -> None:
        self._release(keys=[TICKER], args=[owner])


@lru_cache(maxsize=16_384)
def _read_call(text: str) -> WaitingCall:
    """Of a thousand calls on the board a few are new at each look; a call is frozen, so the others are shared."""
    return _CALL.validate_json(text)


@lru_cache(maxsize=4_096)
def _read_presence(text: str) -> Presence:
    return _PRESENCE.validate_json(text)


def order_key(queue: str) -> str:
    return f"board:order:{queue}"


def entered_key(queue: str) -> str:
    return f"board:entered:{queue}"


def free_key(queue: str) -> str:
    return f"{FREE}:{queue}"


def idle_since(presence: Presence) -> datetime:
    """The beginning of a ready operator's turn."""
    return presence.idle_since or presence.since


def _moment(score: float) -> datetime:
    return _EPOCH + int(score) * _MICROSECOND


def _score(moment: datetime) -> str:
    return str((moment - _EPOCH) // _MICROSECOND)
