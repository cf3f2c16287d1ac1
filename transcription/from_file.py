"""A recording's words, through the way of a call."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from transcription import media_stream, pipeline
from transcription.models import Models
from transcription.protocol import Media, Stopped, parse
from transcription.wav import Recording

_STREAM, _LEG = "MZ" + "0" * 32, "CA" + "0" * 32


@dataclass(frozen=True, slots=True)
class Transcription:
    """`decode_cpu_s` is processor time from mu-law bytes to words: without loading the model and reading the file."""

    sentences: tuple[pipeline.Final, ...]
    audio_s: float
    decode_cpu_s: float

    @property
    def text(self) -> str:
        """The plain words, in order."""
        return " ".join(sentence.text for sentence in self.sentences)


def transcribe(
    recording: Recording, models: Models, language: str, *, grammar: Sequence[str] | None = None
) -> Transcription:
    """Stream the recording as fast as it can be decoded. Raises LanguageUnavailable, RecognitionFailed."""
    return asyncio.run(_transcribe(recording, models, language, grammar))


async def _transcribe(
    recording: Recording, models: Models, language: str, grammar: Sequence[str] | None
) -> Transcription:
    decoder = pipeline.Decoder(models.recogniser(language, grammar), partials=False)  # nobody watches
    buffer = pipeline.FrameBuffer()
    with ThreadPoolExecutor(1, "decode") as pool:
        feeding = asyncio.create_task(_feed(recording, buffer))
        try:
            results = [result async for result in pipeline.transcribe(buffer, decoder, pool)]
            await feeding
        finally:
            feeding.cancel()
    sentences = tuple(result for result in results if isinstance(result, pipeline.Final))
    return Transcription(sentences, recording.audio_s, decoder.cpu_s)


async def _feed(recording: Recording, buffer: pipeline.FrameBuffer) -> None:
    """The very text of the messages, so that the reader of the protocol is on the way too."""
    sent = itertools.chain(
        media_stream.opening(_STREAM, _LEG, {}),
        media_stream.frames(_STREAM, recording.mulaw),
        [media_stream.closing(_STREAM, _LEG)],
    )
    for text in sent:
        match parse(text):
            case Media() as frame:
                buffer.put(frame)
                await buffer.low()
            case Stopped():
                buffer.end()
