"""One stream's way from sound to words: live for as long as the machine keeps up, then to disk for later.

`Tracks` holds what the streams of a process share. The level of a track is decided by `admission`; a track that is
spooled in the middle of a sentence spools that sentence from its beginning.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from transcription import calibration, pipeline
from transcription.admission import Admission, Cost, Level
from transcription.models import Models
from transcription.outlet import Outlet, State
from transcription.pipeline import Decoder, FrameBuffer, Partial, Work
from transcription.protocol import Media
from transcription.recogniser import Recogniser
from transcription.spool import About, SpoolFolder, SpoolFull, Spooling, new_id
from transcription.store import OptedOut
from transcription.tokens import StreamClaim
from transcription.warming import Warming

log = logging.getLogger(__name__)

_STATES: Mapping[Level, State] = {
    Level.LIVE: "listening",
    Level.SENTENCES: "sentences",
    Level.SPOOLED: "spooled",
}
_BEHIND_S = 1.0  # of sound that nobody heard yet: a number may go on in it
Measure = Callable[[Callable[[], Recogniser], str], Cost]


class Index(Protocol):
    """transcription.spools.Spools: raises SQLAlchemyError; `began` OptedOut."""

    def began(self, about: About) -> None: ...

    def ended(self, about: About, *, sound_s: float) -> None: ...


class Tracks:
    """The streams of one process."""

    def __init__(
        self,
        models: Models,
        decoding: Executor,
        storing: Executor,
        admission: Admission,
        *,
        folder: SpoolFolder | None,
        index: Index | None,
        measure: Measure = calibration.measure,
        warming: Warming | None = None,
    ) -> None:
        """`admission` must not spool when there is no `folder`. `warming` begins with a language that was measured."""
        self._models = models
        self._decoding = decoding
        self._storing = storing
        self._admission = admission
        self._folder = folder
        self._index = index
        self._measure = measure
        self._warming = warming
        self._measuring = asyncio.Lock()

    def figures(self) -> Mapping[str, object]:
        """What was measured, for the health page."""
        return self._admission.figures(time.monotonic())

    def besides(self, work: Work) -> bool:
        """What decoding an answer took counts in what the machine has left; gives True, so that it goes on."""
        self._admission.besides(cpu_s=work.cpu_s, wall_s=work.wall_s, now=time.monotonic())
        return True

    async def measure_one(self) -> None:
        """Measure one language before the first call, so that capacity is known; the others when they are first
        spoken, since their models are not in memory before. A model that cannot be used says so at its first call."""
        loop = asyncio.get_running_loop()
        languages = sorted(await loop.run_in_executor(self._storing, self._models.available))
        if languages and not self._admission.closed:
            try:
                await self._measured(languages[0])
            except Exception as error:  # noqa: BLE001 - nothing depends on this
                log.warning("capacity not measured yet", extra={"reason": type(error).__name__})

    async def _measured(self, language: str) -> None:
        loop = asyncio.get_running_loop()
        async with self._measuring:
            if self._admission.known(language):
                return
            await loop.run_in_executor(self._storing, self._models.recogniser, language)  # load it
            cost = await loop.run_in_executor(
                self._decoding, self._measure, lambda: self._models.recogniser(language), language
            )
            self._admission.measured(language, cost)
            room = self._admission.room_for_calls(time.monotonic()) or 0
            log.info("capacity measured: room for so many calls", extra={"language": language, "count": room})
            if self._warming is not None:
                self._warming.begin(language, room)  # of the two of a call one speaks

    async def write_down(
        self, claim: StreamClaim, stream: str, began_at: datetime, buffer: FrameBuffer, outlet: Outlet
    ) -> None:
        """Everything that one stream says, until its buffer has ended. Raises OnthaalError when its language cannot be
        written down."""
        loop = asyncio.get_running_loop()
        # To spool what nobody can transcribe later would be of no use.
        await loop.run_in_executor(self._storing, self._models.check, claim.language)
        if not self._admission.closed:
            await self._measured(claim.language)
        try:
            level = self._admission.admit(stream, claim.call_id, claim.language, time.monotonic())
            outlet.state(_STATES[level])
            before: Sequence[Media] = ()
            if level is not Level.SPOOLED:
                before = await self._live(claim, stream, buffer, outlet, level)
            if before or not buffer.over:
                about = About(
                    id=new_id(claim.call_id),
                    call_id=claim.call_id,
                    speaker=claim.speaker,
                    operator_id=claim.operator_id,
                    language=claim.language,
                    call_started_at=claim.call_started_at,
                    stream=stream,
                    stream_started_at=began_at,
                )
                await self._spool(about, before, buffer, outlet)
        finally:
            self._admission.gone(stream)

    async def _live(
        self, claim: StreamClaim, stream: str, buffer: FrameBuffer, outlet: Outlet, level: Level
    ) -> Sequence[Media]:
        """Decode until the end, or until the rest must be spooled; gives the frames to begin with, then."""
        loop = asyncio.get_running_loop()
        recogniser = await loop.run_in_executor(self._storing, self._models.recogniser, claim.language)
        decoder = Decoder(recogniser, partials=level is Level.LIVE)
        outlet.follow(lambda: decoder.speaking or buffer.waiting_s >= _BEHIND_S)
        gave_way = False

        def go_on(work: Work) -> bool:
            nonlocal level, gave_way
            now = time.monotonic()
            outlet.look()
            self._admission.spent(stream, cpu_s=work.cpu_s, wall_s=work.wall_s, sound_s=work.sound_s, now=now)
            found = self._admission.review(stream, work.behind_s, now)
            if found is Level.SPOOLED and outlet.holding:
                return True  # the two halves of a secret must not be judged apart
            if found is not level:
                level = found
                decoder.partials = level is Level.LIVE
                if not decoder.partials:
                    outlet.put(Partial("", 0.0))
                outlet.state(_STATES[level])
                late_ms = round(work.behind_s * 1000)
                log.info("level changed", extra={"call": claim.call_id, "status": level.value, "lag_ms": late_ms})
            gave_way = level is Level.SPOOLED
            return not gave_way

        try:
            async for result in pipeline.transcribe(buffer, decoder, self._decoding, go_on=go_on):
                outlet.put(result)
        finally:
            outlet.follow(None)
        return tuple(decoder.untold) if gave_way else ()

    async def _spool(self, about: About, before: Sequence[Media], buffer: FrameBuffer, outlet: Outlet) -> None:
        """Write to disk what comes, until the end. What cannot be written is not kept, and the screens say so."""
        loop = asyncio.get_running_loop()
        folder = self._folder
        if folder is None:
            return
        writer: Spooling | None = None
        try:
            writer = await loop.run_in_executor(self._storing, self._begin, folder, about)
            await loop.run_in_executor(self._storing, writer.add, before)
            while (frames := await buffer.take()) is not None:
                await loop.run_in_executor(self._storing, writer.add, frames)
                if writer.deleted:
                    raise OptedOut("This call may not be written down any more.")
        except SpoolFull as error:
            log.error("sound is lost: it cannot be spooled", extra={"call": about.call_id, "reason": str(error)})
            outlet.state("spool-full")
        except OptedOut:
            log.info("the spool is deleted", extra={"call": about.call_id})
        finally:
            if writer is not None:
                await loop.run_in_executor(self._storing, self._end, about, writer)
        buffer.discard()  # go on reading, so that Twilio sees no error
        while await buffer.take() is not None:
            pass

    def _begin(self, folder: SpoolFolder, about: About) -> Spooling:
        writer = folder.create(about)
        if self._index is not None:
            try:
                self._index.began(about)
            except SQLAlchemyError as error:  # the file says by itself what it is; it is found later
                log.warning("a spool is not in the index yet", extra={"reason": type(error).__name__})
            except OptedOut:
                writer.abandon()
                raise
        return writer

    def _end(self, about: About, writer: Spooling) -> None:
        try:
            writer.close()
        except SpoolFull as error:
            log.error("sound is lost: it cannot be spooled", extra={"call": about.call_id, "reason": str(error)})
        if self._index is not None:
            try:
                self._index.ended(about, sound_s=writer.sound_s)
            except SQLAlchemyError as error:
                log.warning("a spool is not in the index yet", extra={"reason": type(error).__name__})
