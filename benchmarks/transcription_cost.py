"""What transcription costs, and how soon words show.

    python -m benchmarks.transcription_cost

Cost: processor seconds per second of sound, each spoken test set through the way of a call, with partials as in a call
and without as for files; and the word error rate of the same pass. Lag: conversations at the pace they were spoken,
over a real socket into a real media server with real Redis and PostgreSQL, measured where a screen would receive them.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from redis import Redis
from websockets.asyncio.client import connect

from foundation.clock import SystemClock
from foundation.database import Base, Database
from foundation.embedded import EmbeddedPostgres, EmbeddedRedis
from foundation.live import Live, call_topic, channel
from foundation.memory import connect as connect_redis
from foundation.memory import connect_for_jobs
from foundation.settings import ROOT
from tests.support.word_errors import SPEECH, spoken, word_error_rate
from transcription import media_stream, wav
from transcription.models import Models
from transcription.pipeline import Decoder, Final, FrameBuffer, transcribe
from transcription.protocol import Media, parse
from transcription.server import MediaServer
from transcription.store import Transcripts
from transcription.tokens import StreamClaim, StreamTokens

LANGUAGES = ("nl", "fr", "en")
FRAME_S = 0.02


@dataclass
class Cost:
    audio_s: float = 0.0
    cpu_s: float = 0.0
    wer: float = 0.0


def cost(models: Models, language: str, *, partials: bool) -> Cost:
    """Over all free speech of the test set; the menu answers have their own grammars and are left out."""
    total, pairs = Cost(), []
    for each in spoken(language):
        if each.grammar is None:
            recording = wav.read(each.path)
            decoder = Decoder(models.recogniser(language), partials=partials)
            pairs.append((each.text, asyncio.run(_decode(recording, decoder))))
            total.audio_s += recording.audio_s
            total.cpu_s += decoder.cpu_s
    total.wer = word_error_rate(pairs)
    return total


async def _decode(recording: wav.Recording, decoder: Decoder) -> str:
    """A block at a time, as at the pace of speech: the decoder never has more at once."""
    buffer = FrameBuffer()

    async def feed() -> None:
        for text in media_stream.frames("MZ1", recording.mulaw):
            frame = parse(text)
            assert isinstance(frame, Media)
            buffer.put(frame)
            await buffer.low()
        buffer.end()

    with ThreadPoolExecutor(1) as pool:
        feeding = asyncio.create_task(feed())
        results = [result async for result in transcribe(buffer, decoder, pool)]
        await feeding
    return " ".join(result.text for result in results if isinstance(result, Final))


class _Open:
    def allows(self, path: str, signature: str | None) -> bool:
        return True


@dataclass
class Lags:
    """Milliseconds, one a sentence. `processing`: last sound needed to message; `word`: last word's end to message."""

    processing: list[float]
    word: list[float]
    first_partial: list[float]  # first word's start to the first partial of its sentence


def lags(models: Models, redis: Redis, redis_url: str, database: Database, streams: int) -> Lags:
    clock = SystemClock()
    tokens = StreamTokens("benchmark secret of thirty-two characters", redis, clock)
    server = MediaServer(
        host="127.0.0.1", port=0, threads=2, models=models, handshake=_Open(), tokens=tokens,
        transcripts=Transcripts(database), live=Live(redis), clock=clock,
    )  # fmt: skip
    listener = connect_for_jobs(redis_url).pubsub()
    files = [SPEECH / language / f"call_0{n}.wav" for n in range(3) for language in LANGUAGES][:streams]
    calls = [f"{streams}-streams-{index}" for index in range(len(files))]
    listener.subscribe(*(channel(call_topic(call)) for call in calls))
    began: dict[str, float] = {}
    arrived: list[tuple[float, str, dict[str, object]]] = []

    def listen() -> None:
        ended = 0
        for message in listener.listen():
            if message["type"] == "message":
                data = json.loads(message["data"])
                arrived.append((time.monotonic(), message["channel"].decode().rsplit(":", 1)[1], data))
                ended += data.get("state") == "ended"
                if ended == len(calls):
                    return

    async def speak(call: str, file: Path) -> None:
        now = datetime.now(UTC)
        token = tokens.issue(StreamClaim(call, "caller", None, file.parent.name, now, call))
        async with connect(f"ws://127.0.0.1:{server.port}/media", compression=None) as socket:
            for text in media_stream.opening(call, call, {"token": token}):
                await socket.send(text)
            began[call] = start = time.monotonic()
            for index, text in enumerate(media_stream.frames(call, wav.read(file).mulaw), start=1):
                await asyncio.sleep(max(0.0, start + index * FRAME_S - time.monotonic()))
                await socket.send(text)
            await socket.send(media_stream.closing(call, call))

    async def scene() -> None:
        await server.start()
        hearing = asyncio.create_task(asyncio.to_thread(listen))
        await asyncio.gather(*(speak(call, file) for call, file in zip(calls, files, strict=True)))
        await hearing
        await server.stop()

    asyncio.run(scene())
    listener.close()
    return _measure(arrived, began, Transcripts(database))


def _measure(
    arrived: list[tuple[float, str, dict[str, object]]], began: dict[str, float], transcripts: Transcripts
) -> Lags:
    found = Lags([], [], [])
    ends = {segment.id: segment for call in began for segment in transcripts.of_call(call)}
    waiting: dict[str, float] = {}  # call: when the first partial of the sentence arrived
    for at, call, data in arrived:
        if data["kind"] == "partial" and data["text"]:
            waiting.setdefault(call, at)
        if data["kind"] == "segment" and not data["held_ms"]:  # a number in it may come later
            segment = ends[int(str(data["id"]))]
            found.processing.append(float(str(data["lag_ms"])))
            found.word.append(float(str(data["after_word_ms"])))
            if call in waiting:
                found.first_partial.append((waiting.pop(call) - began[call] - segment.start_s) * 1000)
    return found


def _spread(values: list[float]) -> str:
    ranked = sorted(values)
    return f"{statistics.median(ranked):8.0f} {ranked[int(0.95 * (len(ranked) - 1))]:8.0f} {ranked[-1]:8.0f}"


def main() -> None:
    models = Models(ROOT / "models")
    print("language   sound s   WER %   CPU s a second   without partials")
    for language in LANGUAGES:
        call, file = cost(models, language, partials=True), cost(models, language, partials=False)
        print(
            f"{language:8} {call.audio_s:9.1f} {100 * call.wer:7.1f} {call.cpu_s / call.audio_s:16.4f}"
            f" {file.cpu_s / file.audio_s:18.4f}"
        )
    with tempfile.TemporaryDirectory() as folder:
        redis_server = EmbeddedRedis(Path(folder) / "redis").start()
        postgres = EmbeddedPostgres(Path(folder) / "pg").start()
        redis, database = connect_redis(redis_server.url), Database(postgres.url("benchmark"))
        try:
            Base.metadata.create_all(database.engine)
            print("\nlag in ms, at the pace of speech   median      p95  longest")
            for streams in (1, 9):
                found = lags(models, redis, redis_server.url, database, streams)
                print(f"{streams} streams, {len(found.word)} sentences")
                print(f"  last sound needed to message  {_spread(found.processing)}")
                print(f"  last word's end to message    {_spread(found.word)}")
                print(f"  first word to first partial   {_spread(found.first_partial)}")
                sys.stdout.flush()
        finally:
            database.close()
            redis.close()
            postgres.stop()
            redis_server.stop()


if __name__ == "__main__":
    main()
