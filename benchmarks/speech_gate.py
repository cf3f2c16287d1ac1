"""What the speech gate costs in words and saves in sound, beside decoding everything and beside another library.

    python -m benchmarks.speech_gate [--language L] [--line NAME ...] [--gates NAME ...] [--times N] [--noise]

Each recording of the spoken test sets (menu answers left out), with a second of quiet on both ends, as it is and over
worse lines (tests/support/noisy_speech.py, from a seed), goes through the product's own decoder with each gate in turn;
`--times` over, each time with other noise and begun 20 ms later, since where the first frame lies alone moves the word
error rate of everything decoded by a point (`spread`: the lowest and highest of the times).
`first` counts recordings whose first word is gone, `final` is from the end of the last word to the final, in seconds of
sound: no clock is in it. `--noise` asks how much of each noise alone, with no speech, is decoded.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np

from benchmarks.gates import GATES
from benchmarks.two_speaker_calls import LANGUAGES
from foundation.settings import ROOT
from tests.support import noisy_speech
from tests.support.noisy_speech import Sound
from tests.support.word_errors import Spoken, spoken, word_errors
from transcription import gate, wav
from transcription.audio import TELEPHONE_HZ
from transcription.models import Models
from transcription.pipeline import BLOCK_BYTES, Decoder, Final
from transcription.protocol import Media

NOISE_S = 60
FRAME = 160  # 20 ms
SEEDS = 1000  # more than there are recordings of a language


@dataclass
class Outcome:
    """Over all recordings of one language on one line, with one gate."""

    errors: int = 0
    words: int = 0
    first_gone: int = 0
    decoded_s: float = 0.0
    sound_s: float = 0.0
    gate_cpu_s: float = 0.0
    finals_s: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)  # of each time

    def add(self, other: Outcome) -> None:
        for name in ("errors", "words", "first_gone", "decoded_s", "sound_s", "gate_cpu_s"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.finals_s += other.finals_s
        self.rates += other.rates

    @property
    def rate(self) -> float:
        return 100 * self.errors / self.words


def heard(models: Models, language: str, name: str, recording: wav.Recording) -> tuple[list[str], Outcome]:
    """The words, through the decoder of the product with this gate."""
    decoder = Decoder(models.recogniser(language), partials=False, speech_gate=GATES[name]())
    finals: list[Final] = []
    for chunk, at in enumerate(range(0, len(recording.mulaw), BLOCK_BYTES), start=1):
        decoder.hear([Media("MZ", "inbound", chunk, at // 8, recording.mulaw[at : at + BLOCK_BYTES])])
        if decoder.waiting:
            finals += [result for result in decoder.decode(0.0) if isinstance(result, Final)]
    live = len(finals)
    decoder.end()
    if decoder.waiting:
        finals += [result for result in decoder.decode(0.0) if isinstance(result, Final)]
    lags = [final.heard_at - final.said_at for final in finals[:live]]
    words = [word.word for final in finals for word in final.words]
    return words, Outcome(decoded_s=decoder.decoded_s, sound_s=recording.audio_s, finals_s=lags)


def first_gone(said: Sequence[str], words: Sequence[str]) -> bool:
    """The first word said has no counterpart: neither itself nor another word in its place."""
    first = SequenceMatcher(None, said, words, autojunk=False).get_opcodes()
    return not words or (bool(first) and first[0][0] == "delete")


def judged(language: str, line: str, gates: Sequence[str], short: bool, take: int) -> dict[str, Outcome]:
    models = Models(ROOT / "models")
    recordings: list[Spoken] = [
        each for each in spoken(language) if each.grammar is None and not (short and each.kind == "call")
    ]
    sounds = [noisy_speech.sound_of(wav.read(each.path)) for each in recordings]
    found: dict[str, Outcome] = defaultdict(Outcome)
    for index, (each, sound) in enumerate(zip(recordings, sounds, strict=True)):
        others = [other for at, other in enumerate(sounds) if at != index]
        whole = noisy_speech.over_line(line, sound, others, seed=index + SEEDS * take)
        recording = later(whole, take)
        said = each.text.split()
        for name in gates:
            words, outcome = heard(models, language, name, recording)
            outcome.errors, outcome.words = word_errors(said, words), len(said)
            outcome.first_gone = first_gone(said, words)
            found[name].add(outcome)
    for one in found.values():
        one.rates = [one.rate]
    return dict(found)


def later(recording: wav.Recording, frames: int) -> wav.Recording:
    return wav.Recording(recording.mulaw[frames * FRAME :], recording.audio_s - frames * FRAME / TELEPHONE_HZ)


def passed(name: str, sound: Sound) -> tuple[float, float]:
    """The share of a sound that is decoded, and the processor seconds of the gate for a second of it."""
    mulaw = noisy_speech.recorded(sound).mulaw
    one = GATES[name]()
    began = time.thread_time()
    parts = [part for at in range(0, len(mulaw), gate.BLOCK) for part in one.hear(mulaw[at : at + gate.BLOCK])]
    cpu_s = time.thread_time() - began
    return sum(len(part.mulaw) for part in parts if isinstance(part, gate.Speech)) / len(mulaw), cpu_s * 8000 / len(
        mulaw
    )


def noise_alone(gates: Sequence[str]) -> None:
    """`NOISE_S` seconds of each noise, as loud as 10 and as 30 dB below the speech of the test set."""
    sounds = [noisy_speech.sound_of(wav.read(each.path)) for each in spoken("nl") if each.grammar is None]
    level = noisy_speech.speech_level(np.concatenate(sounds))
    kinds = noisy_speech.noises(sounds, 8000 * NOISE_S, 1)
    print("| alone on a track | " + " | ".join(gates) + " |\n|---|" + "---|" * len(gates))
    for name, make in kinds.items():
        noise = make()
        for below_db in (10, 30):
            loud = noise / float(np.sqrt((noise**2).mean())) * level * 10 ** (-below_db / 20)
            shares = [passed(one, loud + noisy_speech.line(len(loud)))[0] for one in gates]
            print(f"| {name}, {below_db} dB below speech | " + " | ".join(f"{share:.2f}" for share in shares) + " |")
    talk = np.concatenate(sounds)
    costs = [f"{1000 * passed(one, talk)[1]:.2f}" for one in gates]
    print("| gate's CPU ms a second of speech | " + " | ".join(costs) + " |")


def together(parts: Iterable[dict[str, Outcome]]) -> dict[str, Outcome]:
    total: dict[str, Outcome] = defaultdict(Outcome)
    for part in parts:
        for name, one in part.items():
            total[name].add(one)
    return dict(total)


def show(language: str, line: str, found: dict[str, Outcome]) -> None:
    plain = found["everything"]
    for name, one in found.items():
        lags = sorted(one.finals_s) or [float("nan")]
        print(
            f"| {language} | {line} | {name} | {one.rate:.1f} | {one.rate - plain.rate:+.1f} | {one.first_gone} | "
            f"{one.decoded_s / one.sound_s:.2f} | {lags[len(lags) // 2]:.2f} | {lags[int(len(lags) * 0.95)]:.2f} | "
            f"{min(one.rates):.1f} to {max(one.rates):.1f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--line", choices=list(noisy_speech.LINES), action="append")
    parser.add_argument("--gates", choices=list(GATES), nargs="+", default=["everything", "ours"])
    parser.add_argument("--noise", action="store_true", help="only noise, no speech")
    parser.add_argument("--short", action="store_true", help="single sentences only: a third of the sound")
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    if options.noise:
        noise_alone(list(GATES))
        return
    gates = list(dict.fromkeys(["everything", *options.gates]))
    lines = options.line or list(noisy_speech.LINES)
    print("| language | line | gate | WER % | difference | first | decoded | final p50 s | p95 s | spread |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    totals: dict[str, dict[str, Outcome]] = {}
    worst: dict[str, float] = defaultdict(lambda: -np.inf)
    with ProcessPoolExecutor(options.processes) as pool:
        jobs = {
            (line, language): [
                pool.submit(judged, language, line, gates, options.short, take) for take in range(options.times)
            ]
            for line in lines
            for language in options.language or LANGUAGES
        }
        for (line, language), takes in jobs.items():
            found = together(job.result() for job in takes)
            show(language, line, found)
            totals[line] = together([totals.get(line, {}), found])
            for name, one in found.items():
                worst[name] = max(worst[name], one.rate - found["everything"].rate)
    for line, found in totals.items():
        show("all", line, found)
    print("\nworst difference in points: " + ", ".join(f"{name} {value:+.1f}" for name, value in worst.items()))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
