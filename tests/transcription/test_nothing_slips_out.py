"""At no moment is more of a secret seen than two digits: every partial and every sentence, in the order they come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest

from benchmarks.asked_cases import asked, ordinary_exchanges, refused
from benchmarks.redaction_cases import KINDS, LANGUAGES, secrets
from transcription.discretion import Discretion
from transcription.questions import Asking, Question, asked_for
from transcription.recogniser import Word

CASES = 25  # a kind and language; each has some twenty moments
SEEN = 2  # digits that are far more often something else: "un", "neuf", "one"
_HIDDEN = re.compile(r"\[[^]]*\]|…")
_BETWEEN = frozenset(
    re.findall(r"\w+", "euh uh ja oui okay ok en dan et puis and then b e double dubbel")
)  # tell nothing


def placed(words: Sequence[str], at_s: float) -> list[Word]:
    return [Word(word, at_s + 0.4 * n, at_s + 0.4 * n + 0.3, 1.0) for n, word in enumerate(words)]


def moments(
    language: str, segments: Sequence[Sequence[str]], questions: Sequence[Question] = ()
) -> Iterator[tuple[int, str]]:
    """After each word and each sentence: how many words were said, and all that is on the screen."""
    discretion, shown, at_s, said = Discretion(language), {}, 2.0, 0
    discretion.asked(questions, [])
    for ordinal, words in enumerate(segments):
        for length in range(1, len(words) + 1):
            saying, verdicts = discretion.partial(" ".join(words[:length]), at_s)
            shown |= {verdict.ordinal: verdict.text for verdict in verdicts}
            yield said + length, " ".join([*shown.values(), saying])
        shown |= {verdict.ordinal: verdict.text for verdict in discretion.final(ordinal, placed(words, at_s))}
        said += len(words)
        yield said, " ".join(shown.values())
        at_s += 0.4 * len(words) + 1.0


def most_seen(segments: Sequence[Sequence[str]], hidden: frozenset[int], screen: Iterator[tuple[int, str]]) -> int:
    """The most words of the secret that are seen at any moment: those beside the words that may be."""
    words = [word for segment in segments for word in segment]
    return max(
        len([word for word in _HIDDEN.sub(" ", text).split() if word not in _BETWEEN])
        - len([at for at in set(range(said)) - hidden if words[at] not in _BETWEEN])
        for said, text in screen
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("segments", [1, 3])
def test_of_a_secret_two_digits_are_seen_at_most(kind: str, language: str, segments: int) -> None:
    for case in secrets(kind, language, CASES, segments=segments):
        assert most_seen(case.segments, case.hidden, moments(language, case.segments)) <= SEEN, case.segments


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("segments", [1, 3])
def test_of_a_secret_that_was_asked_for_no_more_is_seen(kind: str, language: str, segments: int) -> None:
    for case in asked(kind, language, CASES, segments=segments):
        asking = Asking(language)
        asking.heard(1, case.question, [0.1 * at for at in range(len(case.question))])
        assert most_seen(case.answer, case.hidden, moments(language, case.answer, asking.questions)) <= SEEN, (
            case.answer
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_gives_no_secret_to_a_question_is_read(language: str) -> None:
    for case in refused(language):
        kind_and_place = asked_for(case.question, language)
        assert kind_and_place is not None and kind_and_place[0] == "secret", case.question
        discretion = Discretion(language)
        discretion.asked([Question("secret", 0.0, 40.0)], [])
        told = {verdict.ordinal: verdict for verdict in discretion.final(1, placed(case.answer[0], 2.0))}
        told |= {verdict.ordinal: verdict for verdict in discretion.waited()}
        assert told[1].text == " ".join(case.answer[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_questions_make_no_secret_of_an_answer(language: str) -> None:
    for case in ordinary_exchanges(language, 200):
        asking = Asking(language)
        asking.heard(1, case.question, [0.1 * at for at in range(len(case.question))])
        assert asking.questions == [], case.question


def test_asking_for_something_else_ends_the_waiting() -> None:
    asking = Asking("nl")
    asking.heard(1, ["wat", "is", "uw", "wachtwoord"], [0.0, 0.2, 0.4, 0.6])
    asking.heard(2, ["en", "wat", "is", "uw", "klantnummer"], [9.0, 9.2, 9.4, 9.6, 9.8])
    assert asking.questions == [Question("secret", 0.6, 9.8)]


def test_who_asked_may_read_back_what_was_answered() -> None:
    discretion = Discretion("en")
    discretion.asked([], [Question("secret", 1.0, 41.0)])
    (told,) = discretion.final(1, placed(["so", "that", "is", "summer", "two", "oh", "two", "four"], 6.0))
    assert told.text == "so that is [secret]"
    (told,) = discretion.final(2, placed(["i", "will", "reset", "your", "mailbox"], 12.0))
    assert told.text == "i will reset your mailbox"


def test_what_is_said_after_the_answer_is_read() -> None:
    discretion, told = Discretion("nl"), {}
    discretion.asked([Question("secret", 0.5, 40.0)], [])
    said = [
        "ja dat is zomer twee nul",
        "twee vier",
        "en mijn mailbox werkt ook niet meer",
        "mijn ticket is een nul vier",
    ]
    for ordinal, text in enumerate(said):
        told |= {
            verdict.ordinal: verdict.text
            for verdict in discretion.final(ordinal, placed(text.split(), 4.0 * ordinal + 1))
        }
    told |= {verdict.ordinal: verdict.text for verdict in discretion.waited()}
    assert list(told.values()) == ["ja dat is [geheim]", "[geheim]", *said[2:]]
