"""Misses and false alarms of the redaction: `python -m benchmarks.redaction [--cases 500]`.

Counts generated secrets of which a word stays visible (said in one sentence, and over three), and ordinary sentences
with numbers of which something is hidden; the spoken test set's sentences count as ordinary ones too.
"""

from __future__ import annotations

import argparse
import time

from benchmarks.redaction_cases import KINDS, LANGUAGES, Case, ordinary, secrets
from foundation.settings import ROOT
from transcription.discretion import Discretion
from transcription.recogniser import Word
from transcription.redaction import find


def missed_in_one(case: Case) -> bool:
    hidden = {at for span in find(case.words, case.language, ended=True) for at in range(span.start, span.end)}
    return not case.hidden <= hidden


def missed_over_several(case: Case) -> bool:
    discretion, told, at_s = Discretion(case.language), {}, 0.0
    for ordinal, segment in enumerate(case.segments):
        words = [Word(word, at_s + n, at_s + n + 0.8, 1.0) for n, word in enumerate(segment)]
        told |= {verdict.ordinal: verdict for verdict in discretion.final(ordinal, words)}
        at_s += len(words) + 1.0
    told |= {verdict.ordinal: verdict for verdict in discretion.waited()}
    left = sum(not word.word.startswith("[") for verdict in told.values() for word in verdict.words)
    return left > len(case.words) - len(case.hidden)


def spoken_sentences(language: str) -> list[list[str]]:
    lines = (ROOT / "tests" / "speech" / language / "transcripts.tsv").read_text("utf-8").splitlines()[1:]
    return [line.split("\t")[1].split() for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=500, help="cases a kind and language")
    cases = parser.parse_args().cases
    print("| what | language | cases | missed, one sentence | missed, three sentences | ms a sentence |")
    print("|---|---|---|---|---|---|")
    for kind in KINDS:
        for language in LANGUAGES:
            began = time.perf_counter()
            one = sum(map(missed_in_one, secrets(kind, language, cases)))
            cost_ms = (time.perf_counter() - began) * 1000 / cases
            three = sum(map(missed_over_several, secrets(kind, language, cases, segments=3)))
            print(f"| {kind} | {language} | {cases} | {one} | {three} | {cost_ms:.1f} |")
    print("\n| ordinary sentences | language | cases | something hidden |\n|---|---|---|---|")
    for language in LANGUAGES:
        hidden = sum(bool(find(case.words, language, ended=True)) for case in ordinary(language, 2 * cases))
        print(f"| with numbers, generated | {language} | {2 * cases} | {hidden} |")
        sentences = spoken_sentences(language)
        hidden = sum(bool(find(words, language, ended=True)) for words in sentences)
        print(f"| spoken test set | {language} | {len(sentences)} | {hidden} |")


if __name__ == "__main__":
    main()
