"""Engines that have heard a sentence before a caller says one.

What Vosk works out while it decodes, it keeps (transcription/recogniser.py): the first sentences after a start cost
most. One sentence heard before spares an engine a third of its first quarter of a minute, with a model of official size
(docs/performance.md). So engines hear the one that ships, behind the calls that go on.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from foundation.errors import OnthaalError
from foundation.priority import step_back
from transcription import calibration
from transcription.audio import mulaw_decode
from transcription.models import Models

log = logging.getLogger(__name__)

MOST = 8  # engines a language; with a model of official size each takes some 30 MB


class Warming:
    """Warms languages, one engine after the other."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._pool = ThreadPoolExecutor(1, "warm", initializer=step_back)  # calls that go on come first
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, language: str, count: int) -> None:
        """Have `count` engines warm, at most `MOST`, as soon as there is time for it."""
        task = asyncio.create_task(self._warm(language, min(count, MOST)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Finish the one that hears now, and leave the others."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pool.shutdown(cancel_futures=True)

    async def _warm(self, language: str, count: int) -> None:
        samples = mulaw_decode(calibration.sentence(language)[0].mulaw)
        loop = asyncio.get_running_loop()
        try:
            for _ in range(count):
                await loop.run_in_executor(self._pool, self._models.warm_one, language, samples)
        except OnthaalError as error:  # whoever speaks next finds out, and is told
            log.warning("not warmed", extra={"language": language, "reason": type(error).__name__})
        else:
            log.info("warmed", extra={"language": language, "count": count})
