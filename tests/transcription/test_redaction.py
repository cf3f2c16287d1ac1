"""Secrets do not come through, however they are said; ordinary sentences do."""

from __future__ import annotations

import pytest

from benchmarks.redaction_cases import KINDS, LANGUAGES, ordinary, secrets
from callflows.number_words import is_number
from transcription.checks import is_card, is_iban, is_register_number
from transcription.discretion import Discretion
from transcription.recogniser import Word
from transcription.redaction import Asked, find

CASES = 300  # a kind and language
SPLIT_CASES = 100
MISSES = 0.02  # at most this share; benchmarks/redaction.py prints the figures
FALSE_ALARMS = 0.01


def _words(text: str) -> list[str]:
    return text.split()


def spoken(said: str | tuple[str, ...], at_s: float = 0.0) -> list[Word]:
    words = said.split() if isinstance(said, str) else said
    return [Word(word, at_s + n, at_s + n + 0.8, 1.0) for n, word in enumerate(words)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_said_in_one_breath_is_hidden_whole(kind: str, language: str) -> None:
    missed = []
    for case in secrets(kind, language, CASES):
        spans = find(case.words, language, ended=True)
        if not case.hidden <= {at for span in spans for at in range(span.start, span.end)}:
            missed.append(" ".join(case.words))
    assert len(missed) <= MISSES * CASES, missed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_said_over_several_sentences_is_hidden_in_all_of_them(kind: str, language: str) -> None:
    missed = []
    for case in secrets(kind, language, SPLIT_CASES, segments=3):
        discretion = Discretion(language)
        told = {}
        at_s = 0.0
        for ordinal, words in enumerate(case.segments):
            for verdict in discretion.final(ordinal, spoken(words, at_s)):
                told[verdict.ordinal] = verdict
            at_s += len(words) + 1.0
        told |= {verdict.ordinal: verdict for verdict in discretion.waited()}
        left = [word for verdict in told.values() for word in verdict.words if not word.word.startswith(("[", "…"))]
        open_words = [word for at, word in enumerate(case.words) if at not in case.hidden]
        if len(left) > len(open_words):
            missed.append(" | ".join(" ".join(segment) for segment in case.segments))
    assert len(missed) <= MISSES * SPLIT_CASES, missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_ordinary_sentences_with_their_numbers_stay_readable(language: str) -> None:
    hidden = [" ".join(case.words) for case in ordinary(language, 1000) if find(case.words, language, ended=True)]
    assert len(hidden) <= FALSE_ALARMS * 1000, hidden


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_group_of_a_card_number_is_ever_seen_in_a_partial(language: str) -> None:
    for case in secrets("card", language, 20):
        for length in range(1, len(case.words) + 1):
            hidden = {at for span in find(case.words[:length], language) for at in range(span.start, span.end)}
            so_far = [at for at in sorted(case.hidden) if at < length and at not in hidden]
            seen = [case.words[at] for at in so_far if is_number(case.words[at], language)]
            assert len(seen) <= 1, (case.words[:length], seen)  # one digit alone is a count


def test_what_is_held_back_of_a_partial_is_shown_as_it_goes_on() -> None:
    discretion = Discretion("nl")
    assert discretion.partial("er staan vijfenveertig")[0] == "er staan …"
    assert discretion.partial("er staan vijfenveertig mails")[0] == "er staan vijfenveertig mails"


def test_a_number_that_may_be_a_card_waits_for_the_next_sentence_and_is_then_shown() -> None:
    discretion = Discretion("en")
    (first,) = discretion.final(1, spoken("it says four five three nine"))
    assert (first.text, first.settled) == ("it says …", False)
    again, second = discretion.final(2, spoken("can you look it up", 9.0))
    assert (again.ordinal, again.text, again.settled) == (1, "it says four five three nine", True)
    assert second.settled


def test_a_number_that_nothing_follows_is_shown_after_a_while() -> None:
    discretion = Discretion("nl")
    discretion.final(1, spoken("er staat vier vijf drie negen"))
    assert discretion.pending
    (told,) = discretion.waited()
    assert told.text == "er staat vier vijf drie negen"
    assert not discretion.pending


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "mijn ticket is een nul vier vier twee"),  # said to be no secret
        ("nl", "u bereikt mij op nul vier zeven nul een twee drie vier vijf zes"),  # nobody's birth date
        ("nl", "het is er een van acht acht negen"),  # neither a card nor a date begins so
        ("fr", "c'est le huit neuf neuf deux"),
        ("en", "the label says nine nine nine one"),
    ],
)
def test_a_number_that_cannot_become_a_secret_waits_for_nothing(language: str, sentence: str) -> None:
    (told,) = Discretion(language).final(1, spoken(sentence))
    assert (told.text, told.settled) == (sentence, True)


def test_a_group_that_was_shown_after_a_long_pause_is_hidden_when_the_card_becomes_clear() -> None:
    discretion = Discretion("nl")
    discretion.final(1, spoken("dat is vier vijf drie negen"))
    (shown,) = discretion.waited()
    assert shown.settled
    rest = "een vier acht acht nul drie vier drie zes vier zes zeven"
    told = discretion.final(2, spoken(rest, 12.0))
    assert [verdict.text for verdict in told] == ["dat is [kaartnummer]", "[kaartnummer]"]


def test_a_password_announced_in_one_sentence_and_said_in_the_next_is_hidden() -> None:
    discretion = Discretion("fr")
    discretion.final(1, spoken("mon mot de passe est"))
    told = discretion.final(2, spoken("tournesol quarante deux", 6.0))
    assert told[-1].text == "[secret]"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "ik ben mijn wachtwoord vergeten"),
        ("nl", "mijn wachtwoord is niet meer geldig en mijn naam is jan"),
        ("fr", "mon code postal est neuf mille"),
        ("en", "the error code is four hundred and four"),
        ("en", "my order is eight one two three four five six seven nine zero"),
    ],
)
def test_talking_about_a_password_or_an_order_is_not_saying_a_secret(language: str, sentence: str) -> None:
    assert find(sentence.split(), language, ended=True) == []


def test_an_address_is_hidden_only_on_request() -> None:
    said = _words("my email is jan dot smith at example dot com thanks")
    assert find(said, "en", ended=True) == []
    (span,) = find(said, "en", emails=True, ended=True)
    assert (span.kind, said[span.start : span.end]) == ("email", said[3:10])


def test_digits_count_as_well_as_words() -> None:
    assert [span.kind for span in find(_words("betaal met 4539 1488 0343 6467 graag"), "nl", ended=True)] == ["card"]
    assert [span.kind for span in find(_words("op BE68 5390 0754 7034 graag"), "nl", ended=True)] == ["iban"]


def test_check_digits_as_published() -> None:
    assert is_card("4539148803436467")  # a published test number
    assert not is_card("4539148803436468")
    assert is_iban("BE68539007547034")  # the registry's example
    assert is_iban("NL91ABNA0417164300")
    assert not is_iban("BE68539007547035")
    assert is_register_number("85073003328")  # the example of the Belgian documentation
    assert not is_register_number("85073003329")


@pytest.mark.parametrize(
    ("language", "sentence", "hidden"),
    [
        ("nl", "het is de naam van mijn hond rex", "rex"),
        ("nl", "dat is de naam van onze kat minoes denk ik", "minoes"),
        ("fr", "c est le nom de mon chien rex", "rex"),
        ("fr", "c est le nom de jeune fille de ma mère dupont", "dupont"),
        ("en", "it is the name of my dog rex", "rex"),
        ("en", "well it s the name of my street oak lane thanks", "oak lane"),
        ("en", "it is the name of my dog", ""),
        ("nl", "het is de naam van mijn hond", ""),
    ],
)
def test_a_password_told_by_what_has_its_name_is_hidden(language: str, sentence: str, hidden: str) -> None:
    words = _words(sentence)
    found = find(words, language, ended=True, asked=[Asked(0, len(words), "secret")])
    assert " ".join(word for span in found for word in words[span.start : span.end]) == hidden


def test_the_spoken_test_set_stays_readable() -> None:
    from foundation.settings import ROOT

    hidden = []
    for language in LANGUAGES:
        lines = (ROOT / "tests" / "speech" / language / "transcripts.tsv").read_text("utf-8").splitlines()[1:]
        for line in lines:
            words = line.split("\t")[1].split()
            hidden += [" ".join(words)] if find(words, language, ended=True) else []
    assert hidden == []
