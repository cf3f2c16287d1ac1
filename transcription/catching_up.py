"""After the call: the sound that was spooled becomes text, by the same way as live sound, in its place in the call.

A job does one spool. It may be cut off and run again: sentences are stored by stream and ordinal, a second run writes
all of them anew, and the sound is deleted only when its text is stored.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from foundation.errors import NotFound, Unavailable
from foundation.live import call_topic
from foundation.priority import step_back
from transcription import pipeline
from transcription.audio import TELEPHONE_HZ
from transcription.keeping import Record
from transcription.models import LanguageUnavailable, Models
from transcription.outlet import Outlet, Questions, Screens
from transcription.pipeline import Decoder, FrameBuffer
from transcription.spool import Spool, SpoolFolder, SpoolUnreadable
from transcription.spools import Spools, SpoolState
from transcription.tokens import StreamClaim

log = logging.getLogger(__name__)

TELL_EVERY_S = 1.0


class BeingRead(Unavailable):
    """Another process transcribes this spool at this moment."""

    code = "spool-being-read"


class Book(Record, Protocol):
    """transcription.store.Transcripts."""

    def opted_out(self, call_id: str) -> bool: ...

    def forget_after(self, stream: str, ordinal: int) -> None: ...

    def forget(self, stream: str) -> None: ...


class CatchingUp:
    """Transcribes spools."""

    def __init__(
        self,
        spools: Spools,
        folder: SpoolFolder,
        models: Models,
        transcripts: Book,
        live: Screens,
        *,
        complete: Callable[[str, str], None] = lambda _call_id, _language: None,
        meanwhile: Callable[[], None] = lambda: None,
        redact_emails: bool = False,
        questions: Questions | None = None,
    ) -> None:
        """`complete` hears of a call whose text is all there, with its language; `meanwhile` is asked again and again
        during a long spool, so that more urgent work of the same process can pass."""
        self._spools = spools
        self._folder = folder
        self._models = models
        self._transcripts = transcripts
        self._live = live
        self._complete = complete
        self._meanwhile = meanwhile
        self._redact_emails = redact_emails
        self._questions = questions

    def transcribe(self, payload: Mapping[str, Any]) -> None:
        """Write down the spool `payload["spool"]`, once however often it is asked for. Raises Unavailable when its text
        could not be stored: its sound stays, and the job comes back; BeingRead when another process does it now, which
        may fail."""
        spool_id = payload["spool"]
        try:
            known = self._spools.one(spool_id)
        except NotFound:
            return  # erased, or the call was opted out
        if not known.open:
            return
        if self._transcripts.opted_out(known.call_id):
            self._spools.drop(known.call_id)
            return
        failed = None
        try:
            try:
                with self._folder.open(spool_id) as spool:
                    if not spool.claim():
                        raise BeingRead("Another process transcribes this spool.")
                    asyncio.run(self._write_down(spool, self._sound_s(known)))
            except (FileNotFoundError, SpoolUnreadable, LanguageUnavailable) as error:
                failed = "the sound is gone" if isinstance(error, FileNotFoundError) else str(error)
                log.error("a spool could not be transcribed", extra={"call": known.call_id, "reason": failed})
            if failed is None and self._transcripts.opted_out(known.call_id):
                self._spools.drop(known.call_id)
                return
            self._spools.done(spool_id, failed=failed)
        except NotFound:
            log.info("a spool was deleted while it was transcribed", extra={"call": known.call_id})
            if not self._transcripts.opted_out(known.call_id):  # then what was written before stays
                self._transcripts.forget(_stream(spool_id))  # erased: what was written down after that goes too
            return
        if all(not each.open for each in self._spools.of_call(known.call_id)):
            self._complete(known.call_id, known.language)
            self._tell(known.call_id, known.speaker, "complete")

    def _sound_s(self, known: SpoolState) -> float:
        """Seconds of sound in a spool; one whose writer was killed is read to know."""
        if known.sound_s > 0:
            return known.sound_s
        with self._folder.open(known.id) as whole:
            return whole.sound_s()

    async def _write_down(self, spool: Spool, sound_s: float) -> None:
        about = spool.about
        stream = _stream(about.id)
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "decode", initializer=step_back) as decoding, ThreadPoolExecutor(1) as storing:
            outlet = Outlet(
                StreamClaim(
                    about.call_id, about.speaker, about.operator_id, about.language, about.call_started_at, leg=""
                ),
                stream_sid=stream,
                stream_started_at=about.stream_started_at,
                record=self._transcripts,
                screens=self._live,
                pool=storing,
                hold_s=3600.0,  # nobody pauses here: what follows a number is already said
                save_within_s=0.0,
                redact_emails=self._redact_emails,
                late=True,
                questions=self._questions,
            )
            recogniser = await loop.run_in_executor(decoding, self._models.recogniser, about.language)
            decoder = Decoder(recogniser, partials=False)
            buffer = FrameBuffer()
            running = asyncio.create_task(outlet.run())
            feeding = asyncio.create_task(self._feed(spool, buffer, sound_s))
            try:
                async for result in pipeline.transcribe(buffer, decoder, decoding):
                    outlet.put(result)
                await feeding
            finally:
                feeding.cancel()
                outlet.close()
                await running
            if outlet.unsaved:
                raise Unavailable("The text could not be stored; the sound stays until it can.")
            if not outlet.muted:
                await loop.run_in_executor(storing, self._transcripts.forget_after, stream, outlet.ordinal)

    async def _feed(self, spool: Spool, buffer: FrameBuffer, sound_s: float) -> None:
        done_s, told_at = 0.0, float("-inf")
        try:
            for frame in spool:
                buffer.put(frame)
                done_s += len(frame.payload) / TELEPHONE_HZ
                if buffer.waiting_s < 1.0:
                    continue
                await buffer.low()
                if time.monotonic() >= told_at + TELL_EVERY_S:
                    told_at = time.monotonic()
                    self._spools.progress(spool.about.id, done_s=done_s, sound_s=sound_s)
                    self._tell(spool.about.call_id, spool.about.speaker, "catching-up")
                    self._meanwhile()
        except SpoolUnreadable as error:  # what came before it is good
            log.error("a part of a spool is lost", extra={"call": spool.about.call_id, "reason": str(error)})
        finally:
            buffer.end()
        if not spool.ended:
            log.warning("a spool was cut off", extra={"call": spool.about.call_id})
        self._spools.progress(spool.about.id, done_s=sound_s, sound_s=sound_s)

    def _tell(self, call_id: str, speaker: str, state: str) -> None:
        self._live.publish(call_topic(call_id), "transcription-state", {"speaker": speaker, "state": state})


def _stream(spool_id: str) -> str:
    """The stream that its sentences are of."""
    return f"spool:{spool_id}"
