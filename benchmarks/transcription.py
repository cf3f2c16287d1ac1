"""How many two-speaker calls a machine transcribes, ours beside the plain way: same sound, same models, same run.

    python -m benchmarks.transcription [--model FOLDER] [--seconds S] [--calls N] [--rounds N] [--cost] [--warm]

Each server runs in a process of its own and is sent the same calls (benchmarks/two_speaker_calls.py) as Media Streams
at the pace of speech. First what a call costs, well below the limit, in turns; then how many calls at once are still
told in time: 95 % of the sentences within `LAG_MS` of the last sound that they needed. `--cost` leaves that out: the
processor time of a call is what other work on the machine disturbs least, and the limit follows from it. Each server
has just begun: its models are in memory and it has nothing more to do. With `--warm` it has heard as many other calls
before, as one that runs for a while has. `--model` puts one model in the place of all three. The floor is the speech
alone, each track decoded as one file and heard before.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from redis import Redis

from benchmarks.media_load import SPEAKERS, Heard, Played, encoded_track, play
from benchmarks.media_servers import SECRET
from benchmarks.two_speaker_calls import LANGUAGES, Track, call, speech_share
from foundation.clock import SystemClock
from foundation.database import Base, Database
from foundation.embedded import EmbeddedPostgres, EmbeddedRedis
from foundation.memory import connect as connect_redis
from foundation.settings import ROOT
from tests.support.word_errors import word_errors
from transcription import allocator, gate
from transcription.audio import mulaw_decode
from transcription.models import Models
from transcription.tokens import StreamTokens

CORES = psutil.cpu_count() or 1
LAG_MS = 1000.0
STEP = 1.15
IDLE_PERCENT = 10.0
DISTINCT = 4  # calls a language; more than that many calls are the same ones again, at another moment
WAYS = ("plain", "plain-jemalloc", "ours")


@dataclass(frozen=True)
class House:
    """What both servers are given."""

    folder: Path
    redis: Redis
    redis_url: str
    database_url: str
    models: Path
    warm: bool


@dataclass(frozen=True)
class Found:
    """Processor time in seconds for a minute of one call, both tracks; the rates of words over all calls together."""

    calls: int
    server_s: float
    stores_s: float
    sender_s: float
    errors: int
    words: int
    lag_p95_ms: float
    word_median_ms: float
    word_p95_ms: float
    whole: bool

    @property
    def in_time(self) -> bool:
        return self.whole and self.lag_p95_ms < LAG_MS


@contextmanager
def running(house: House, way: str) -> Iterator[tuple[int, psutil.Process]]:
    """A server of this way, listening; its port and process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.media_servers", way, str(port), house.redis_url, house.database_url]
    bare = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    with subprocess.Popen([*command, str(house.models)], cwd=ROOT, env=bare, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(300):
                with socket.socket() as one:
                    if one.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port, psutil.Process(server.pid)
        finally:
            server.kill()  # it has said all that was asked
            server.wait()


def rendered(seconds: float) -> list[Played]:
    """The calls, encoded; languages in turns."""
    return [
        Played(language, pair, (encoded_track(pair[0]), encoded_track(pair[1])))
        for seed in range(DISTINCT)
        for language in LANGUAGES
        for pair in [call(language, seconds, seed)]
    ]


def stores(house: House) -> list[psutil.Process]:
    """Redis's and PostgreSQL's processes."""
    ours = [one for one in psutil.process_iter(["cmdline"]) if str(house.folder) in " ".join(one.info["cmdline"] or ())]
    return [each for one in ours for each in (one, *one.children(recursive=True)) if "media_servers" not in one.name()]


def spent(processes: Sequence[psutil.Process]) -> float:
    total = 0.0
    for one in {each.pid: each for each in processes}.values():
        if one.is_running():
            times = one.cpu_times()
            total += times.user + times.system
    return total


def measured(house: House, way: str, calls: Sequence[Played], number: int) -> Found:
    """`number` calls at the pace of speech, at a server that has its models in memory."""
    tokens = StreamTokens(SECRET, house.redis, SystemClock())
    chosen = [calls[index % len(calls)] for index in range(number)]
    short = [
        Played(one.language, one.tracks, (one.frames[0][:25], one.frames[1][:25])) for one in calls[: len(LANGUAGES)]
    ]
    with running(house, way) as (port, server):
        others = [calls[(index + len(calls) // 2) % len(calls)] for index in range(number)]
        play(port, house.redis_url, tokens, short)
        settle(server)
        if house.warm:
            play(port, house.redis_url, tokens, others)
        groups = [server], [one for one in stores(house) if one.pid != server.pid], [psutil.Process()]
        before = [spent(group) for group in groups]
        heard, call_s = play(port, house.redis_url, tokens, chosen)
        costs = [(spent(group) - was) * 60 / call_s for group, was in zip(groups, before, strict=True)]
    errors, words = wrong_words(heard, chosen)
    return Found(
        number,
        *costs,
        errors=errors,
        words=words,
        lag_p95_ms=_rank(heard.lags_ms, 0.95),
        word_median_ms=_rank(heard.words_ms, 0.5),
        word_p95_ms=_rank(heard.words_ms, 0.95),
        whole=heard.whole,
    )


def settle(server: psutil.Process) -> None:
    """Wait until it has nothing more to do: engines are warmed behind the calls, half a minute of it at most."""
    for _ in range(30):
        if server.cpu_percent(interval=1.0) < IDLE_PERCENT:
            return


def wrong_words(heard: Heard, calls: Sequence[Played]) -> tuple[int, int]:
    """Wrong words and words of all calls; of a track of which nothing was told every word is wrong."""
    told = {(int(name.rsplit("-", 1)[1]), speaker): lines for (name, speaker), lines in heard.sentences.items()}
    errors = words = 0
    for number, one in enumerate(calls):
        for track, speaker in zip(one.tracks, SPEAKERS, strict=True):
            lines = told.get((number, speaker), {})
            said = track.said.split()
            errors += word_errors(said, " ".join(lines[start_s] for start_s in sorted(lines)).split())
            words += len(said)
    return errors, words


def _rank(values: list[float], share: float) -> float:
    ranked = sorted(values) or [float("inf")]
    return ranked[int(share * (len(ranked) - 1))]


def floor(models: Models, calls: Sequence[Played]) -> dict[str, float]:
    """Processor seconds for a minute of call: the recogniser alone, each track as one file that it has heard once
    before, and the gate alone."""
    total = {"speech": 0.0, "everything": 0.0, "gate": 0.0, "share": 0.0}
    tracks: list[tuple[str, Track]] = [(one.language, track) for one in calls for track in one.tracks]
    sound_s = sum(len(track.mulaw) for _, track in tracks) / 8000
    for language, track in tracks:
        one, last = gate.SpeechGate(), dict[str, float]()
        began = time.thread_time()
        blocks = [track.mulaw[at : at + gate.BLOCK] for at in range(0, len(track.mulaw), gate.BLOCK)]
        heard = [part for block in blocks for part in one.hear(block)]
        total["gate"] += time.thread_time() - began
        speech = b"".join(part.mulaw for part in heard if isinstance(part, gate.Speech))
        total["share"] += len(speech) / 8000 / 120
        for name, mulaw in (("speech", speech), ("everything", track.mulaw)) * 2:  # the second time counts
            recogniser = models.recogniser(language)
            began = time.thread_time()
            for at in range(0, len(mulaw), 8000):
                recogniser.accept(mulaw_decode(mulaw[at : at + 8000]))
            recogniser.finish()
            last[name] = time.thread_time() - began
        for name, cost_s in last.items():
            total[name] += cost_s
    return {name: value * 120 / sound_s for name, value in total.items()}


@dataclass
class Search:
    """The most calls in time of one way: up or down by `STEP` until there are some of both kinds, then halfway between
    them, to one in twenty."""

    way: str
    number: int
    most: Found | None = None  # in time
    too_many: int = 0  # 0: not known yet
    over: bool = False

    def look(self, house: House, calls: Sequence[Played]) -> None:
        found = show(self.way, measured(house, self.way, calls, self.number))
        if found.in_time:
            self.most = found
        else:
            self.too_many = self.number
        least = self.most.calls if self.most is not None else 0
        if self.too_many and self.most is not None:
            self.over = self.too_many - least <= max(1, least // 20)
            self.number = (least + self.too_many) // 2
        else:
            self.over = self.number == 1 and not found.in_time
            self.number = max(1, self.number + 1, int(self.number * STEP)) if least else int(self.number / STEP) or 1


def limits(house: House, calls: Sequence[Played], cost: dict[str, Found]) -> dict[str, int]:
    """The most calls that were in time, begun with what the cores could carry by their cost alone; the ways in turns,
    since a shared machine is not the same for long."""
    carried = {way: CORES * 60 / (one.server_s + one.stores_s + one.sender_s) for way, one in cost.items()}
    searches = [Search(way, max(1, int(0.85 * carried[way]))) for way in WAYS]
    while any(not each.over for each in searches):
        for each in searches:
            if not each.over:
                each.look(house, calls)
    return {each.way: each.most.calls if each.most is not None else 0 for each in searches}


def show(way: str, found: Found) -> Found:
    print(
        f"{way:15}{found.calls:5}{found.server_s:10.2f}{found.stores_s:8.2f}{found.sender_s:8.2f}"
        f"{100 * found.errors / max(1, found.words):8.1f}{found.words:7}{found.lag_p95_ms:9.0f}"
        f"{found.word_median_ms:12.0f}{found.word_p95_ms:7.0f}{'' if found.whole else '   not all was told'}",
        flush=True,
    )
    return found


def main() -> None:
    allocator.prefer_jemalloc()  # the floor is measured in this process
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, help="one model for all three languages")
    parser.add_argument("--calls", type=int, default=6, help="calls while the cost is measured")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rounds", type=int, default=1, help="how often the cost is measured, in turns")
    parser.add_argument("--cost", action="store_true", help="the cost only, not the limit")
    parser.add_argument("--warm", action="store_true", help="each server has heard as many other calls before")
    options = parser.parse_args()
    with open_house(options.model, warm=options.warm) as house:
        calls = rendered(options.seconds)
        share = speech_share([one.tracks for one in calls])
        print(f"{len(calls)} calls of {options.seconds:.0f} s; {100 * share:.1f} % of a track is speech")
        alone = floor(Models(house.models), calls[: len(LANGUAGES)])
        print("             CPU seconds a minute of call")
        print(f"recogniser alone, each track as one file: the speech {alone['speech']:.2f}, everything", end=" ")
        print(f"{alone['everything']:.2f}; gate {alone['gate']:.3f}, which passes {100 * alone['share']:.0f} %\n")
        print(
            "way            calls    server  stores  sender   WER %  words  lag p95  word median    p95  (ms)",
            flush=True,
        )
        costs: dict[str, list[Found]] = {way: [] for way in WAYS}
        for _ in range(options.rounds):
            for way in WAYS:
                costs[way].append(show(way, measured(house, way, calls, options.calls)))
        cost = {way: min(costs[way], key=lambda found: found.server_s) for way in WAYS}
        print(f"\na call costs {cost['plain'].server_s / cost['ours'].server_s:.1f} times less\n")
        if not options.cost:
            most = limits(house, calls, cost)
            print(
                f"\ncalls in time: {most['ours']} ours, {most['plain']} plain: "
                f"{most['ours'] / max(1, most['plain']):.1f} times as many"
            )


@contextmanager
def open_house(model: Path | None, *, warm: bool) -> Iterator[House]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models = ROOT / "models"
        if model is not None:
            models = folder / "models"
            models.mkdir()
            for language in LANGUAGES:
                (models / f"vosk-model-{language}-given").symlink_to(model.resolve())
        redis_server = EmbeddedRedis(folder / "redis").start()
        postgres = EmbeddedPostgres(folder / "pg").start()
        database = Database(postgres.url("benchmark"))
        Base.metadata.create_all(database.engine)
        redis = connect_redis(redis_server.url)
        try:
            yield House(folder, redis, redis_server.url, postgres.url("benchmark"), models, warm)
        finally:
            database.close()
            redis.close()
            postgres.stop()
            redis_server.stop()


if __name__ == "__main__":
    main()
