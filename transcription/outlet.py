"""From results to the record and the screens: segments are stored, then published; partials only published.

Everything that may wait for PostgreSQL or Redis happens in a thread. While it waits, segments queue up and of the
partials only the newest is kept, so slow stores never hold back the decoder or the reader.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlalchemy.exc import SQLAlchemyError

from foundation.live import call_topic
from transcription.audio import Gap
from transcription.pipeline import Final, Partial, Result
from transcription.recogniser import Word
from transcription.store import Segment
from transcription.tokens import StreamClaim

log = logging.getLogger(__name__)

PARTIAL_EVERY_S = 0.2  # five a second: faster than a reader sees, slow enough for the screens
RETRY_EVERY_S = 2.0
SAVE_WITHIN_S = 60.0  # after the stream's end: how long segments wait for a database that is away


class Screens(Protocol):
    """foundation.live.Live: tells every screen that follows a topic; may block, does not raise."""

    def publish(self, topic: str, kind: str, data: Mapping[str, Any] | None = None) -> None: ...


class Record(Protocol):
    """transcription.store.Transcripts: stores a segment once; raises SQLAlchemyError when it cannot."""

    def add(self, segment: Segment) -> Segment: ...


class Outlet:
    """What one stream says, in order. `put` and `state` never block; `run` does the work until `close`."""

    def __init__(
        self,
        claim: StreamClaim,
        *,
        stream_sid: str,
        stream_started_at: datetime,
        record: Record,
        screens: Screens,
        pool: Executor,
        save_within_s: float = SAVE_WITHIN_S,
    ) -> None:
        self._claim = claim
        self._stream = stream_sid
        # Not below 0 when the machines' clocks differ: nothing is said before the call.
        self._offset_s = max(0.0, (stream_started_at - claim.call_started_at).total_seconds())
        self._record = record
        self._screens = screens
        self._pool = pool
        self._save_within_s = save_within_s
        self._waiting: deque[Final | Gap | str] = deque()
        self._partial: Partial | None = None
        self._shown = False  # a partial with text is on the screens
        self._ordinal = 0
        self._unsaved: list[Segment] = []
        self._retry_at = 0.0
        self._wake = asyncio.Event()
        self._closed_at: float | None = None

    def put(self, result: Result) -> None:
        """A result of the decoder, in seconds of the stream."""
        if isinstance(result, Partial):
            self._partial = result
        else:
            self._waiting.append(result)
            self._partial = None  # it belonged to the sentence that ended
        self._wake.set()

    def state(self, state: Literal["listening", "unavailable", "ended"]) -> None:
        self._waiting.append(state)
        self._wake.set()

    def close(self) -> None:
        """Nothing more comes; `run` ends when all is told and stored, or could not be stored in time."""
        self._closed_at = time.monotonic()
        self._wake.set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        partial_after = 0.0
        while not self._done():
            wait_s = self._wait_s(partial_after)
            try:
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            waiting, self._waiting = list(self._waiting), deque()
            partial = None
            if self._partial is not None and (waiting or time.monotonic() >= partial_after):
                partial, self._partial = self._partial, None
                partial_after = time.monotonic() + PARTIAL_EVERY_S
            await loop.run_in_executor(self._pool, self._deliver, waiting, partial)
        if self._unsaved:
            log.error("segments lost: the database stayed away", extra={"count": len(self._unsaved)})

    def _done(self) -> bool:
        if self._closed_at is None or self._waiting or self._partial is not None:
            return False
        return not self._unsaved or time.monotonic() > self._closed_at + self._save_within_s

    def _wait_s(self, partial_after: float) -> float | None:
        """How long to wait for something new: until a held-back partial, or the next try to store, is due."""
        if self._partial is not None:
            return max(0.0, partial_after - time.monotonic())
        return RETRY_EVERY_S if self._unsaved else None

    def _deliver(self, waiting: list[Final | Gap | str], partial: Partial | None) -> None:
        """In a thread; one at a time for a stream."""
        self._save()
        for item in waiting:
            match item:
                case Final():
                    self._segment(item)
                case Gap():
                    self._publish(
                        "transcription-gap", {"start_s": self._call_s(item.start_s), "end_s": self._call_s(item.end_s)}
                    )
                case _:
                    self._publish("transcription-state", {"state": item})
        if partial is not None and (partial.text or self._shown):
            self._publish("partial", {"start_s": self._call_s(partial.start_s), "text": partial.text})
            self._shown = bool(partial.text)

    def _segment(self, final: Final) -> None:
        self._ordinal += 1
        start_s = self._call_s(final.start_s)
        segment = Segment(
            call_id=self._claim.call_id,
            speaker=self._claim.speaker,
            operator_id=self._claim.operator_id,
            started_at=self._claim.call_started_at + timedelta(seconds=start_s),
            start_s=start_s,
            end_s=self._call_s(final.end_s),
            text=final.text,
            words=tuple(
                Word(word.word, self._call_s(word.start_s), self._call_s(word.end_s), round(word.conf, 3))
                for word in final.words
            ),
            language=self._claim.language,
            stream=self._stream,
            ordinal=self._ordinal,
        )
        self._unsaved.append(segment)
        stored = self._save()  # when it cannot be stored now, the operator still reads it now
        now = time.monotonic()
        self._publish(
            "segment",
            {
                "id": stored,
                "start_s": segment.start_s,
                "end_s": segment.end_s,
                "text": segment.text,
                "lag_ms": max(0, round((now - final.heard_at) * 1000)),  # since the last sound it needed
                "after_word_ms": max(0, round((now - final.said_at) * 1000)),  # since its last word, pause and all
            },
        )
        if self._shown:
            self._publish("partial", {"start_s": segment.end_s, "text": ""})
            self._shown = False

    def _save(self) -> int | None:
        """Store what is not stored yet, in order; the id of the last, or None when the database is away."""
        stored = None
        if time.monotonic() >= self._retry_at:
            try:
                while self._unsaved:
                    stored = self._record.add(self._unsaved[0]).id
                    del self._unsaved[0]
            except SQLAlchemyError as error:
                log.warning("segments kept in memory", extra={"reason": type(error).__name__})
                self._retry_at = time.monotonic() + RETRY_EVERY_S
                return None
        return stored

    def _call_s(self, stream_s: float) -> float:
        return round(self._offset_s + stream_s, 3)

    def _publish(self, kind: str, data: Mapping[str, Any]) -> None:
        self._screens.publish(call_topic(self._claim.call_id), kind, {"speaker": self._claim.speaker, **data})
