"""The two servers that are compared, each in a process of its own: ours, and the plain way.

    python -m benchmarks.media_servers ours|plain|plain-jemalloc PORT REDIS_URL DATABASE_URL MODELS

The plain way is that of the well-known example servers (vosk-server's `asr_server.py`): one of Vosk's recognisers for
each stream, every message decoded as it comes, in a thread pool as wide as ours, a partial result after each, and the
system's malloc; `plain-jemalloc` has the malloc that ours prefers.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import vosk
from websockets.asyncio.server import ServerConnection, serve

from foundation.clock import SystemClock
from foundation.database import Database
from foundation.live import Live, call_topic
from foundation.memory import connect
from transcription import allocator
from transcription.audio import mulaw_decode
from transcription.models import Models, find
from transcription.protocol import Media, Started, Stopped, parse
from transcription.server import MediaServer
from transcription.store import Transcripts
from transcription.tokens import StreamClaim, StreamTokens

SECRET = "benchmark secret of thirty-two characters"
THREADS = 2


class _Open:
    def allows(self, path: str, signature: str | None) -> bool:
        return True


class PlainServer:
    def __init__(self, port: int, models: Path, tokens: StreamTokens, live: Live) -> None:
        self._port = port
        self._models = {each.language: vosk.Model(str(each.path)) for each in find(models).values()}
        self._tokens = tokens
        self._live = live
        self._pool = ThreadPoolExecutor(THREADS)
        self._telling = ThreadPoolExecutor(8)

    async def serve(self) -> None:
        async with serve(self._stream, "127.0.0.1", self._port, compression=None):
            await asyncio.Event().wait()

    async def _stream(self, socket: ServerConnection) -> None:
        loop = asyncio.get_running_loop()
        began_at, end_s, shown = float("inf"), 0.0, ""
        claim: StreamClaim | None = None
        recogniser: Any = None
        async for raw in socket:
            match parse(raw):
                case Started() as started:
                    token = started.parameters["token"]
                    claim = self._tokens.redeem(token, started.call_sid)
                    recogniser = vosk.KaldiRecognizer(self._models[claim.language], 8000.0)
                    recogniser.SetWords(True)
                case Media() as frame if recogniser is not None and claim is not None:
                    end_s = (frame.timestamp_ms + len(frame.payload) / 8) / 1000
                    began_at = min(began_at, time.monotonic() - end_s)
                    words, text = await loop.run_in_executor(self._pool, _frame, recogniser, frame.payload)
                    if words:
                        self._tell(loop, claim, words, began_at, end_s)
                    if text != shown:
                        shown = text
                        data = {"speaker": claim.speaker, "text": text}
                        loop.run_in_executor(
                            self._telling, self._live.publish, call_topic(claim.call_id), "partial", data
                        )
                case Stopped():
                    break
        if recogniser is not None and claim is not None:
            words = _words(await loop.run_in_executor(self._pool, recogniser.FinalResult))
            if words:
                self._tell(loop, claim, words, began_at, end_s)
            data = {"speaker": claim.speaker, "state": "ended"}
            loop.run_in_executor(
                self._telling, self._live.publish, call_topic(claim.call_id), "transcription-state", data
            )

    def _tell(
        self,
        loop: asyncio.AbstractEventLoop,
        claim: StreamClaim,
        words: list[dict[str, Any]],
        began_at: float,
        end_s: float,
    ) -> None:
        now = time.monotonic()
        data = {
            "speaker": claim.speaker,
            "text": " ".join(word["word"] for word in words),
            "start_s": words[0]["start"],
            "lag_ms": (now - began_at - end_s) * 1000,
            "after_word_ms": (now - began_at - words[-1]["end"]) * 1000,
        }
        loop.run_in_executor(self._telling, self._live.publish, call_topic(claim.call_id), "segment", data)


def _frame(recogniser: Any, mulaw: bytes) -> tuple[list[dict[str, Any]], str]:
    if recogniser.AcceptWaveform(mulaw_decode(mulaw).tobytes()):
        return _words(recogniser.Result()), ""
    return [], json.loads(recogniser.PartialResult())["partial"]


def _words(result: str) -> list[dict[str, Any]]:
    """Without those that stand for sounds."""
    return [word for word in json.loads(result).get("result", ()) if word["word"][:1] not in "<["]


def main() -> None:
    kind, port, redis_url, database_url, folder = sys.argv[1:6]
    if kind != "plain":
        allocator.prefer_jemalloc()
    redis = connect(redis_url)
    live = Live(redis)
    tokens = StreamTokens(SECRET, redis, SystemClock())
    if kind != "ours":
        vosk.SetLogLevel(-1)
        asyncio.run(PlainServer(int(port), Path(folder), tokens, live).serve())
    models, transcripts = Models(Path(folder)), Transcripts(Database(database_url))
    server = MediaServer(
        host="127.0.0.1", port=int(port), threads=THREADS, models=models, handshake=_Open(), tokens=tokens,
        transcripts=transcripts, live=live, clock=SystemClock(), warms=True,
    )  # fmt: skip
    asyncio.run(server.serve())


if __name__ == "__main__":
    main()
