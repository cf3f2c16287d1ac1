"""Messages that callers leave: written down, their sound fetched, their words transcribed, each by a job of its own.

The sound is kept as `<id>.wav` in a folder of this installation. A job that runs again finds what is done already.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from callflows.facts import StepTaken, VoicemailLeft
from foundation import outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.outbox import Push
from ivr.call_log import CallLog
from ivr.recordings import Recordings

log = logging.getLogger(__name__)

FETCH = "voicemail.fetch"
TRANSCRIBE = "voicemail.transcribe"
_QUEUE = "bulk"

Transcript = Literal["waiting", "written", "refused", "no-model", "failed"]
# (call, language, file, when the message was begun) -> how it went; writes the words down with the call
Transcriber = Callable[[str, str, Path, datetime], Literal["written", "no-model", "failed"]]


class Item(Protocol):
    """A message on the list."""

    @property
    def id(self) -> int: ...
    @property
    def call_id(self) -> str: ...
    @property
    def recording(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def path(self) -> str | None: ...
    @property
    def transcript(self) -> str: ...
    @property
    def left_at(self) -> datetime: ...
    @property
    def duration_s(self) -> int: ...
    @property
    def deleted_at(self) -> datetime | None: ...


class Inbox(Protocol):
    """The list of messages: queueing.voicemails. Each method may be called again without harm."""

    def left(
        self, *, call_id: str, recording: str, queue: str, language: str, number: str, duration_s: int,
        left_at: datetime, due_at: datetime, transcript: Transcript,
    ) -> Item: ...  # fmt: skip
    def one(self, voicemail_id: int) -> Item: ...
    def fetched(self, voicemail_id: int, path: str) -> None: ...
    def transcribed(self, voicemail_id: int, transcript: Transcript) -> None: ...
    def delete(self, voicemail_id: int, actor: str) -> Item: ...


class Messages:
    """Takes messages in."""

    def __init__(
        self,
        call_log: CallLog,
        inbox: Inbox,
        recordings: Recordings,
        transcribe: Transcriber,
        database: Database,
        clock: Clock,
        push: Push,
        *,
        folder: Path,
    ) -> None:
        self._call_log = call_log
        self._inbox = inbox
        self._recordings = recordings
        self._transcribe = transcribe
        self._database = database
        self._clock = clock
        self._push = push
        self._folder = folder

    def take(self, payload: Mapping[str, Any]) -> None:
        """The caller of `payload["call_id"]` left a message: an item of work at once, its sound follows."""
        call_id = payload["call_id"]
        record, facts = self._call_log.record_of(call_id), self._call_log.facts_of(call_id)
        lengths = {
            fact.event["recording"]: int(fact.event["duration_s"])
            for fact in facts
            if isinstance(fact, StepTaken) and fact.event.get("kind") == "recorded"
        }
        for fact in facts:
            if isinstance(fact, VoicemailLeft):
                item = self._inbox.left(
                    call_id=call_id,
                    recording=fact.recording,
                    queue=fact.queue,
                    language=record.language or "nl",
                    number=record.from_number,
                    duration_s=lengths.get(fact.recording, 0),
                    left_at=fact.at,
                    due_at=fact.due_at,
                    transcript="waiting" if record.transcription else "refused",
                )
                self._then(FETCH, item.id)

    def fetch(self, payload: Mapping[str, Any]) -> None:
        """Fetch the sound. Raises ProviderError while it is not there: the outbox tries again."""
        item = self._inbox.one(payload["voicemail"])
        if item.deleted_at is not None or item.path is not None:
            return
        sound = self._recordings.fetch(item.recording)
        self._folder.mkdir(parents=True, exist_ok=True)
        path, part = self._folder / f"{item.id}.wav", self._folder / f"{item.id}.part"
        part.write_bytes(sound)
        part.replace(path)  # a file is there whole or not at all
        self._inbox.fetched(item.id, str(path))
        if item.transcript == "waiting":
            self._then(TRANSCRIBE, item.id)

    def transcribe(self, payload: Mapping[str, Any]) -> None:
        """Write down what was said, in the way of a call's own transcript."""
        item = self._inbox.one(payload["voicemail"])
        if item.path is None or item.transcript != "waiting":
            return
        began_at = item.left_at - timedelta(seconds=item.duration_s)
        how = self._transcribe(item.call_id, item.language, Path(item.path), began_at)
        self._inbox.transcribed(item.id, how)

    def delete(self, voicemail_id: int, actor: str) -> None:
        """Take a message off the list, and its sound away: here and at the provider."""
        item = self._inbox.delete(voicemail_id, actor)
        (self._folder / f"{item.id}.wav").unlink(missing_ok=True)
        self._recordings.delete(item.recording)

    def _then(self, topic: str, voicemail_id: int) -> None:
        with self._database.transaction() as sql:
            now = self._clock.now()
            row = outbox.add(sql, topic=topic, queue=_QUEUE, payload={"voicemail": voicemail_id}, now=now)
        self._push(_QUEUE, row.id)
