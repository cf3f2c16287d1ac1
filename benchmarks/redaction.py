"""Misses and false alarms of the redaction: `python -m benchmarks.redaction [--cases 500]`.

Counts generated secrets of which a word stays visible (said in one sentence, and over three), also such as only the
other speaker's question gives away; and ordinary sentences of which something is hidden: with numbers, in answer to
questions, and the spoken test set's.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from benchmarks.asked_cases import KINDS as ASKED_KINDS
from benchmarks.asked_cases import Exchange, asked, ordinary_exchanges, refused
from benchmarks.redaction_cases import KINDS, LANGUAGES, Case, ordinary, secrets
from foundation.settings import ROOT
from transcription.discretion import Discretion, Verdict
from transcription.questions import Asking, Question
from transcription.recogniser import Word
from transcription.redaction import find


def missed_in_one(case: Case) -> bool:
    hidden = {at for span in find(case.words, case.language, ended=True) for at in range(span.start, span.end)}
    return not case.hidden <= hidden


def seen(language: str, segments: Sequence[Sequence[str]], questions: Sequence[Question] = ()) -> list[str]:
    """The words that stay visible of what somebody said from second 2 on, sentence after sentence."""
    discretion, at_s = Discretion(language), 2.0
    told: dict[int, Verdict] = {}
    discretion.asked(questions, [])
    for ordinal, segment in enumerate(segments):
        words = [Word(word, at_s + 0.4 * n, at_s + 0.4 * n + 0.3, 1.0) for n, word in enumerate(segment)]
        told |= {verdict.ordinal: verdict for verdict in discretion.final(ordinal, words)}
        at_s += 0.4 * len(words) + 1.0
    told |= {verdict.ordinal: verdict for verdict in discretion.waited()}
    return [word.word for verdict in told.values() for word in verdict.words if not word.word.startswith("[")]


def missed_over_several(case: Case) -> bool:
    return len(seen(case.language, case.segments)) > len(case.words) - len(case.hidden)


def seen_in_answer(exchange: Exchange) -> int:
    asking = Asking(exchange.language)
    asking.heard(1, exchange.question, [0.1 * at for at in range(len(exchange.question))])
    return len(seen(exchange.language, exchange.answer, asking.questions))


def missed_in_answer(exchange: Exchange) -> bool:
    return seen_in_answer(exchange) > sum(map(len, exchange.answer)) - len(exchange.hidden)


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
    for kind in ASKED_KINDS:
        for language in LANGUAGES:
            began = time.perf_counter()
            one = sum(map(missed_in_answer, asked(kind, language, cases)))
            cost_ms = (time.perf_counter() - began) * 1000 / cases
            three = sum(map(missed_in_answer, asked(kind, language, cases, segments=3)))
            print(f"| {kind}, asked for by the other | {language} | {cases} | {one} | {three} | {cost_ms:.1f} |")
    print("\n| ordinary sentences | language | cases | something hidden |\n|---|---|---|---|")
    for language in LANGUAGES:
        for what, sentences in (
            ("with numbers, generated", [case.words for case in ordinary(language, 2 * cases)]),
            ("spoken test set", spoken_sentences(language)),
        ):
            hidden = sum(bool(find(words, language, ended=True)) for words in sentences)
            print(f"| {what} | {language} | {len(sentences)} | {hidden} |")
        for what, exchanges in (
            ("replies that give no secret to who asks for one", list(refused(language))),
            ("answers to other questions", list(ordinary_exchanges(language, cases))),
        ):
            hidden = sum(seen_in_answer(each) < sum(map(len, each.answer)) for each in exchanges)
            print(f"| {what} | {language} | {len(exchanges)} | {hidden} |")


if __name__ == "__main__":
    main()
