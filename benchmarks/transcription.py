"""How many two-speaker calls a machine transcribes, ours beside the plain way: same sound, same models, same run.

    python -m benchmarks.transcription [--model FOLDER] [--calls N] [--seconds S] [--rounds N]

Each server runs in a process of its own and is sent the same calls as Media Streams at the pace of speech. Its
processor time for a second of call, below its limit, says how many calls two cores carry (at `LOAD` of them); that
number is then played at the pace of speech, and reduced until 95 % of the sentences are told within `LAG_MS`. `--model`
puts one model in the place of all three. The floor is the speech alone, each track decoded as one file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from redis import Redis
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.media_servers import SECRET
from benchmarks.two_speaker_calls import Track, call
from foundation.clock import SystemClock
from foundation.database import Base, Database
from foundation.embedded import EmbeddedPostgres, EmbeddedRedis
from foundation.live import call_topic, channel
from foundation.memory import connect as connect_redis
from foundation.memory import connect_for_jobs
from foundation.settings import ROOT
from tests.support.word_errors import word_error_rate
from transcription import gate, media_stream
from transcription.audio import mulaw_decode
from transcription.models import Models
from transcription.tokens import StreamClaim, StreamTokens

LANGUAGES = ("nl", "fr", "en")
FRAME_S = 0.02
CORES = 2
LOAD = 0.8  # of the cores; the rest is for those who send, and for chance
LAG_MS = 1000.0
CLIMB = 0.75


@dataclass(frozen=True)
class Found:
    calls: int
    cpu_s: float  # for a second of one call, both tracks
    wer: float
    lag_p95_ms: float
    word_median_ms: float
    word_p95_ms: float


@dataclass(frozen=True)
class House:
    redis: Redis
    redis_url: str
    database_url: str
    models: Path


def play(house: House, kind: str, number: int, seconds: float) -> Found:
    """`number` calls of `seconds` seconds at the pace of speech."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.media_servers", kind, str(port), house.redis_url, house.database_url]
    with subprocess.Popen([*command, str(house.models)], cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        try:
            return asyncio.run(_play(house, port, psutil.Process(server.pid), number, seconds))
        finally:
            server.kill()  # it has said all that was asked
            server.wait()


async def _play(house: House, port: int, server: psutil.Process, number: int, seconds: float) -> Found:
    tokens = StreamTokens(SECRET, house.redis, SystemClock())
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    lags: list[float] = []
    words: list[float] = []
    sockets: list[tuple[str, ClientConnection, list[str]]] = []
    said: dict[tuple[str, str], str] = {}
    names = [f"{time.time_ns()}-{index}" for index in range(number)]
    listener = connect_for_jobs(house.redis_url).pubsub()
    listener.subscribe(*(channel(call_topic(name)) for name in names))
    over = threading.Thread(target=_listen, args=(listener, 2 * number, texts, lags, words), daemon=True)
    over.start()
    kinds = [(language, call(language, seconds, seed)) for seed in range(2) for language in LANGUAGES]
    rendered = {
        (which, side): list(media_stream.frames("MZ", track.mulaw))
        for which, (_, pair) in enumerate(kinds)
        for side, track in enumerate(pair)
    }
    for index, name in enumerate(names):
        language, pair = kinds[index % len(kinds)]
        for side, speaker in enumerate(("caller", "operator")):
            leg = f"{name}-{side}"
            claim = StreamClaim(name, "operator" if side else "caller", side or None, language, datetime.now(UTC), leg)
            ws = await _open(port)
            for text in media_stream.opening("MZ", leg, {"token": tokens.issue(claim)}):
                await ws.send(text)
            said[(name, speaker)] = pair[side].said
            sockets.append((leg, ws, rendered[(index % len(kinds), side)]))
    before = sum(server.cpu_times()[:2])
    start = time.monotonic()
    for frame in range(int(seconds / FRAME_S)):
        await asyncio.sleep(max(0.0, start + (frame + 1) * FRAME_S - time.monotonic()))
        for _, ws, frames in sockets:
            await ws.send(frames[frame])
    cpu_s = (sum(server.cpu_times()[:2]) - before) / seconds / number
    for leg, ws, _ in sockets:
        await ws.send(media_stream.closing("MZ", leg))
    await asyncio.to_thread(over.join, 60)
    for _, ws, _ in sockets:
        await ws.close()
    wer = word_error_rate([(text, " ".join(texts[key])) for key, text in said.items()])
    late = lags or [float("inf")]
    return Found(number, cpu_s, wer, _share(late, 0.95), _share(words, 0.5), _share(words, 0.95))


async def _open(port: int) -> ClientConnection:
    for _ in range(200):
        try:
            return await connect(f"ws://127.0.0.1:{port}/media", compression=None)
        except OSError:
            await asyncio.sleep(0.1)
    raise SystemExit("The server did not start.")


def _listen(listener, streams, texts, lags, words) -> None:  # type: ignore[no-untyped-def]
    ended = 0
    while ended < streams:
        message = listener.get_message(timeout=90)
        if message is None:
            return
        if message["type"] != "message":
            continue
        data = json.loads(message["data"])
        if data["kind"] == "segment":
            name = message["channel"].decode().rsplit(":", 1)[1]
            texts[(name, data["speaker"])].append(data["text"])
            lags.append(data["lag_ms"])
            words.append(data["after_word_ms"])
        ended += data.get("state") == "ended"


def _share(values: list[float], share: float) -> float:
    ranked = sorted(values) or [float("inf")]
    return ranked[int(share * (len(ranked) - 1))]


def floor(models: Models, seconds: float) -> tuple[float, float, float]:
    """Processor seconds a second of call for the recogniser alone: on the speech; on everything. And the gate's."""
    spent = {"speech": 0.0, "all": 0.0, "gate": 0.0}
    for seed in range(2):
        for language in LANGUAGES:
            for track in call(language, seconds, seed):
                one = gate.SpeechGate()
                began = time.thread_time()
                heard = [
                    part
                    for at in range(0, len(track.mulaw), gate.BLOCK)
                    for part in one.hear(track.mulaw[at : at + gate.BLOCK])
                ]
                spent["gate"] += time.thread_time() - began
                speech = b"".join(part.mulaw for part in heard if isinstance(part, gate.Speech))
                for name, mulaw in (("speech", speech), ("all", track.mulaw)):
                    recogniser = models.recogniser(language)
                    began = time.thread_time()
                    for at in range(0, len(mulaw), 8000):
                        recogniser.accept(mulaw_decode(mulaw[at : at + 8000]))
                    recogniser.finish()
                    spent[name] += time.thread_time() - began
    calls_s = 2 * len(LANGUAGES) * seconds
    return spent["speech"] / calls_s, spent["all"] / calls_s, spent["gate"] / calls_s


def limit(house: House, kind: str, few: int, seconds: float) -> tuple[Found, Found]:
    """The cost below the limit, and the most calls that were in time."""
    cost = play(house, kind, few, seconds)
    show(kind, cost)
    number = max(1, int(CORES * LOAD / cost.cpu_s))
    while True:  # fewer until they are in time
        found = play(house, kind, number, seconds)
        show(kind, found)
        if found.lag_p95_ms < LAG_MS or number == 1:
            return cost, found
        number = max(1, int(number * CLIMB))


def show(kind: str, found: Found) -> None:
    print(
        f"{kind:6}{found.calls:6}{found.cpu_s:14.4f}{100 * found.wer:8.1f}{found.lag_p95_ms:12.0f}"
        f"{found.word_median_ms:14.0f}{found.word_p95_ms:8.0f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, help="one model for all three languages")
    parser.add_argument("--calls", type=int, default=6, help="calls while the cost is measured")
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--rounds", type=int, default=0, help="only compare the cost, so many times in turns")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        models = ROOT / "models"
        if options.model is not None:
            models = Path(folder) / "models"
            models.mkdir()
            for language in LANGUAGES:
                (models / f"vosk-model-{language}-given").symlink_to(options.model.resolve())
        redis_server = EmbeddedRedis(Path(folder) / "redis").start()
        postgres = EmbeddedPostgres(Path(folder) / "pg").start()
        database = Database(postgres.url("benchmark"))
        Base.metadata.create_all(database.engine)
        house = House(connect_redis(redis_server.url), redis_server.url, postgres.url("benchmark"), models)
        try:
            tracks: list[Track] = [t for seed in range(2) for each in LANGUAGES for t in call(each, 40.0, seed)]
            share = sum(track.speech_s for track in tracks) / (40.0 * len(tracks))
            speech, everything, gate_s = floor(Models(models), options.seconds)
            print(f"speech: {100 * share:.0f} % of a track. CPU seconds for a second of call (two tracks):")
            print(f"recogniser on the speech alone {speech:.4f}, on everything {everything:.4f}; gate {gate_s:.4f}\n")
            print("way    calls  CPU s a call-s   WER %  lag p95 ms  word median ms   p95", flush=True)
            if options.rounds:
                for _ in range(options.rounds):
                    for kind in ("plain", "ours"):
                        show(kind, play(house, kind, options.calls, options.seconds))
                return
            plain = limit(house, "plain", min(options.calls, 4), options.seconds)
            ours = limit(house, "ours", options.calls, options.seconds)
            print(
                f"\ncalls in time: {ours[1].calls} ours, {plain[1].calls} plain: {ours[1].calls / plain[1].calls:.1f} "
                f"times as many; cost {plain[0].cpu_s / ours[0].cpu_s:.1f} times less"
            )
        finally:
            database.close()
            house.redis.close()
            postgres.stop()
            redis_server.stop()


if __name__ == "__main__":
    main()
