"""What a stream says, on its way into the record: in order, and again when the database was away.

An opt-out closes it: nothing more of the call is stored, and nothing that waited for the database is.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from transcription.store import MissingSound, OptedOut, Segment, Speaker

log = logging.getLogger(__name__)

RETRY_EVERY_S = 2.0


class Record(Protocol):
    """transcription.store.Transcripts: stores a segment once, and its new text when it comes again. Raises
    SQLAlchemyError when it cannot, OptedOut when this call may not be written down any more."""

    def add(self, segment: Segment) -> Segment: ...

    def add_gap(self, gap: MissingSound) -> None: ...

    def set_level(self, call_id: str, speaker: Speaker, stream: str, state: str) -> None: ...


class Keeping:
    """The sentences and gaps of one stream. Every method blocks and raises nothing; one thread at a time."""

    def __init__(self, record: Record, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._record = record
        self._monotonic = monotonic
        self._waiting: deque[Segment | MissingSound] = deque()
        self._retry_at = float("-inf")
        self._muted = False

    @property
    def muted(self) -> bool:
        """The call was opted out: nothing more of it is kept."""
        return self._muted

    @property
    def unsaved(self) -> int:
        """Sentences and gaps that could not be stored yet."""
        return len(self._waiting)

    def keep(self, item: Segment | MissingSound) -> int | None:
        """Store it behind what waits; the id of a sentence, None when it waits too or may not be kept."""
        self._waiting.append(item)
        return self.save()

    def save(self) -> int | None:
        """Store what waits, when it is time to try again; the id of the last sentence, None when something is left."""
        stored = None
        if self._monotonic() < self._retry_at:
            return None
        try:
            while self._waiting and not self._muted:
                match self._waiting[0]:
                    case MissingSound() as gap:
                        self._record.add_gap(gap)
                    case segment:
                        stored = self._record.add(segment).id
                self._waiting.popleft()
        except OptedOut:
            self._muted = True
        except SQLAlchemyError as error:
            log.warning("segments kept in memory", extra={"reason": type(error).__name__})
            self._retry_at = self._monotonic() + RETRY_EVERY_S
            return None
        if self._muted:
            self._waiting.clear()
        return stored

    def level(self, call_id: str, speaker: Speaker, stream: str, state: str) -> None:
        """Remember how the stream is written down; not tried again."""
        try:
            self._record.set_level(call_id, speaker, stream, state)
        except SQLAlchemyError as error:
            log.warning("the level was told and not kept", extra={"reason": type(error).__name__})
