"""Listens to a caller who answers a menu's question, and hands over what was meant. Nothing that was said is kept.

A clear answer is handed over at once. Anything else waits until the caller has said no more for a while: a number comes
in groups, and who has said "euh, I would like" goes on. One answer is all that a stream gives: the document that
follows begins a new one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from typing import Protocol, TypeVar, TypeVarTuple

from callflows.speech import UNKNOWN, Answer, Number, Question
from foundation.errors import OnthaalError
from transcription import pipeline
from transcription.gate import SpeechGate
from transcription.models import Models
from transcription.recogniser import Word
from transcription.tokens import AnswerClaim

log = logging.getLogger(__name__)
T = TypeVar("T")
Args = TypeVarTuple("Args")

SAID_ALL_S = 1.6  # after the end of a sentence; with the gate's own pause two seconds after the last word
LEAST_SOUND_S = 0.4  # of speech that is none of the words: less is a cough or a click
TELL_EVERY_S = 0.5
_BEGINS = 0.15  # chance of speech: one short word is no more to the network, and what is no answer the grammar tells


def answer_gate() -> SpeechGate:
    """What of a caller's answer is heard: rather too much than too little."""
    return SpeechGate(_BEGINS)


class Answers(Protocol):
    """Who asked, and takes the answer. Each method may block."""

    def question(self, call_id: str, step: int) -> Question | None:
        """What is asked, or None when it is answered already."""
        ...

    def speaking(self, call_id: str, step: int) -> None:
        """The caller is speaking now: do not tell them that nothing was heard."""
        ...

    def heard(self, call_id: str, step: int, leg: str, answer: Answer) -> None: ...


class Listener:
    """Listens to any number of callers; one for a process."""

    def __init__(
        self,
        models: Models,
        answers: Answers,
        *,
        decoding: Executor,
        waiting: Executor,
        spent: Callable[[pipeline.Work], bool] = lambda _: True,
    ) -> None:
        """`decoding` has the threads that decode, `waiting` those that wait for stores and model files; `spent` hears
        what each piece of an answer took."""
        self._models = models
        self._answers = answers
        self._decoding = decoding
        self._waiting = waiting
        self._spent = spent

    async def listen(self, claim: AnswerClaim, buffer: pipeline.FrameBuffer) -> None:
        """Until there is an answer or the stream ends. What goes wrong ends the listening: the caller has the keys."""
        try:
            answer = await self._answer(claim, buffer)
            if answer is not None:
                await self._in_thread(self._answers.heard, claim.call_id, claim.step, claim.leg, answer)
                log.info("answer heard", extra={"call": claim.call_id, "understood": bool(answer.digits)})
        except Exception as error:  # the stream's edge, as in the server
            log.warning(
                "a menu is answered by keys only",
                extra={"call": claim.call_id, "language": claim.language, "reason": type(error).__name__},
                exc_info=None if isinstance(error, OnthaalError) else error,
            )
        buffer.discard()
        while await buffer.take() is not None:  # go on reading, so that Twilio sees no error
            pass

    async def _answer(self, claim: AnswerClaim, buffer: pipeline.FrameBuffer) -> Answer | None:
        question = await self._in_thread(self._answers.question, claim.call_id, claim.step)
        if question is None:
            return None
        recogniser = await self._in_thread(self._models.answer_recogniser, claim.language, question.words())
        decoder = pipeline.Decoder(recogniser, speech_gate=answer_gate())
        results: asyncio.Queue[pipeline.Result | None] = asyncio.Queue()
        heard = pipeline.transcribe(buffer, decoder, self._decoding, go_on=self._spent)
        decoding = asyncio.create_task(_put_all(heard, results))
        try:
            return await self._meant(claim, question, results)
        finally:
            decoding.cancel()
            (ended,) = await asyncio.gather(decoding, return_exceptions=True)
            if isinstance(ended, Exception):
                raise ended

    async def _meant(
        self, claim: AnswerClaim, question: Question, results: asyncio.Queue[pipeline.Result | None]
    ) -> Answer | None:
        said: list[Word] = []
        answer: Answer | None = None
        told_at = 0.0
        while True:
            try:
                async with asyncio.timeout(SAID_ALL_S if answer is not None else None):
                    result = await results.get()
            except TimeoutError:
                return answer
            match result:
                case None:
                    return answer
                case pipeline.Partial(text=text) if text and time.monotonic() - told_at > TELL_EVERY_S:
                    told_at = time.monotonic()
                    await self._in_thread(self._answers.speaking, claim.call_id, claim.step)
                case pipeline.Final(words=words) if not only_a_sound(words):
                    said = [*said, *words] if isinstance(question, Number) else [*words]
                    answer = question.answer(said) or answer
                    if question.complete(answer):
                        return answer

    async def _in_thread(self, call: Callable[[*Args], T], *args: *Args) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._waiting, call, *args)


async def _put_all(source: AsyncIterator[pipeline.Result], results: asyncio.Queue[pipeline.Result | None]) -> None:
    try:
        async for result in source:
            results.put_nowait(result)
    finally:
        results.put_nowait(None)


def only_a_sound(words: Sequence[Word]) -> bool:
    """Whether nothing was said but a cough or a click."""
    return all(each.word == UNKNOWN for each in words) and words[-1].end_s - words[0].start_s < LEAST_SOUND_S
