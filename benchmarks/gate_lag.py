"""From a sentence's last word to its final, in seconds of sound: the speech gate beside Vosk's own end-pointing.

The two sides of recorded conversations in three languages, each with two seconds of silence behind it, in the blocks in
which a call's sound is decoded. No clock of the machine is in it, so it gives the same figures anywhere.

    python -m benchmarks.gate_lag
"""

from __future__ import annotations

import statistics

from foundation.settings import ROOT
from simulator.sound.turns import split_turns
from transcription.audio import TELEPHONE_HZ, mulaw_decode
from transcription.gate import BLOCK, Speech, SpeechGate
from transcription.models import Models

SILENCE = b"\xff" * (2 * TELEPHONE_HZ)


def lags(models: Models, sound: bytes, language: str) -> tuple[list[float], list[float]]:
    """Seconds from last word to final for every sentence of a track: (with the gate, without)."""
    gate, gated, plain = SpeechGate(), models.recogniser(language), models.recogniser(language)
    ours: list[float] = []
    theirs: list[float] = []
    fed = skipped = 0
    for at in range(0, len(sound) - BLOCK, BLOCK):
        block, now_s = sound[at : at + BLOCK], (at + BLOCK) / TELEPHONE_HZ
        for heard in gate.hear(block):
            if isinstance(heard, Speech):
                skipped = heard.at - fed
                fed += len(heard.mulaw)
                words = gated.accept(mulaw_decode(heard.mulaw))
            else:
                words = gated.finish()
            if words:
                ours.append(now_s - words[-1].end_s - skipped / TELEPHONE_HZ)
        if words := plain.accept(mulaw_decode(block)):
            theirs.append(now_s - words[-1].end_s)
    return ours, theirs


def main() -> None:
    models = Models(ROOT / "models")
    ours: list[float] = []
    theirs: list[float] = []
    for language in ("nl", "fr", "en"):
        for recording in ("call_00", "call_01", "call_03"):
            for side in split_turns(ROOT / "tests" / "speech" / language / f"{recording}.wav"):
                found = lags(models, side + SILENCE, language)
                ours += found[0]
                theirs += found[1]
    for name, found_s in (("Vosk's end-pointing", sorted(theirs)), ("speech gate", sorted(ours))):
        p95 = found_s[int(len(found_s) * 0.95)]
        print(f"{name}: {len(found_s)} sentences, median {statistics.median(found_s):.2f} s, p95 {p95:.2f} s")


if __name__ == "__main__":
    main()
