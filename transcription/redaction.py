"""Finds what must not be kept or shown in what somebody said: pure, words in, spans out.

Payment cards, IBANs and national register numbers are found by their check digits, in every way in which the number
words can be read; behind an announcement ("my card number is") also without, because one misheard digit spoils a
check, and so in an answer to a question for one. Passwords and codes are `transcription.passwords`'.
`transcription.discretion` does this over a whole call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from callflows import number_words
from transcription import addresses, passwords
from transcription.checks import (
    LONGEST,
    SHORTEST,
    is_card,
    is_iban,
    is_register_number,
    may_begin_register_number,
    may_begin_secret,
)
from transcription.phrases import size_before
from transcription.redaction_words import FALLBACK, TERMS, Terms

Kind = Literal["card", "iban", "register", "secret", "email", "pending"]

_FILLERS_IN_A_ROW = 3
_ANNOUNCED_WITHIN = 14  # tokens: "my card number, just a moment, I take it out of my wallet, is"
_ANNOUNCED_DIGITS = 4  # a group of a card number; shorter ones are counts
_LEAST_SAID = 9  # digits in the natural reading: nobody means eleven who seems to say eight
_OPEN_DIGITS = 2  # one digit alone is held by nobody: a count, or the first of a number that the next one completes
_OTHER_WITHIN = 5  # tokens: "my order number, wait, it is"
_OTHER_DIGITS = 10  # no order, ticket or telephone number is longer
_LONGEST_RUN = 60


@dataclass(frozen=True, slots=True)
class Span:
    """Words `start` to `end` (exclusive) are `kind`; pending: a number goes on, and it is too early to say which."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """Words `start` to `end` were said while an answer was awaited to a question for a `kind`. `echo`: by who asked,
    who may say it after the other one."""

    start: int
    end: int
    kind: Kind
    echo: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    word: int  # index of the word that it is a part of


def terms_of(language: str) -> Terms:
    return TERMS.get(language, TERMS[FALLBACK])


def find(
    words: Sequence[str],
    language: str,
    *,
    emails: bool = False,
    ended: bool = False,
    speaking: bool = False,
    begins: Sequence[int] = (),
    asked: Sequence[Asked] = (),
) -> list[Span]:
    """The spans to hide, by word, in order and apart. `ended`: nothing follows, so that nothing is pending;
    `speaking`: the last words still change. `begins`: the words at which sentences begin; `asked` in their order."""
    language = language if language in TERMS else FALLBACK
    terms = terms_of(language)
    tokens = [_Token(part, at) for at, word in enumerate(words) for part in tokens_of(word)]
    texts = [token.text for token in tokens]
    place = {token.word: at for at, token in reversed(list(enumerate(tokens)))}
    sentences = [place[at] for at in sorted({0, *begins}) if at in place]
    numbers = [each for each in asked if each.kind != "secret"]
    found: list[tuple[int, int, Kind]] = []
    for start, end in _runs(texts, language, terms):
        wanted = next((each.kind for each in numbers if each.start <= tokens[start].word < each.end), None)
        kind = _judge(texts, start, end, language, terms, wanted)
        if kind is not None:
            found.append((start, end, kind))
        elif not ended and _open(texts, start, end, language, terms, wanted):
            heads = [start, *(at for at in sentences if start < at < end)]
            if wanted or speaking or any(_may_go_on(texts, at, end, language, terms) for at in heads):
                found.append((start, end, "pending"))
    found += [(start, end, "secret") for start, end in passwords.announced(texts, language, terms)]
    for each in asked:
        if each.kind == "secret":
            of_it = [at for at, token in enumerate(tokens) if each.start <= token.word < each.end]
            found += _answered(texts, of_it, sentences, language, terms, each.echo, ended) if of_it else []
    if emails:
        found += [(start, end, "email") for start, end in addresses.said(texts, terms)]
    return _apart([Span(tokens[start].word, tokens[end - 1].word + 1, kind) for start, end, kind in found])


def _answered(
    texts: Sequence[str],
    of_it: Sequence[int],
    sentences: Sequence[int],
    language: str,
    terms: Terms,
    echo: bool,
    ended: bool,
) -> Iterator[tuple[int, int, Kind]]:
    start, end = of_it[0], of_it[-1] + 1
    starts = [start, *(at for at in sentences if start < at < end), end]
    found = (passwords.spelled if echo else passwords.answered)(texts, starts, language, terms)
    for first, last in found:
        yield first, last, "secret"
    rest = passwords.unfinished(texts, starts, language, terms) if not (ended or echo) and end == len(texts) else None
    if rest is not None:
        yield *rest, "pending"


def tokens_of(word: str) -> list[str]:
    """The parts of a word that count one by one: "quatre-vingt-dix" is three, "be68" two."""
    if "@" in word:
        return [word.lower()]
    parts = number_words.split(word)
    if len(parts) == 1 and parts[0][:-1].isalpha() and parts[0][-1:] in ".:,":
        parts = [parts[0][:-1]]
    return [piece for part in parts for piece in _digits_apart(part)]


def _digits_apart(part: str) -> list[str]:
    """ "be68" is two tokens, "1234.5678" too."""
    pieces: list[str] = []
    for character in part:
        if character in "./:":
            pieces.append("")
        elif pieces and pieces[-1] and pieces[-1][-1].isdecimal() == character.isdecimal():
            pieces[-1] += character
        else:
            pieces.append(character)
    return [piece for piece in pieces if piece]


# --- numbers


def _runs(texts: Sequence[str], language: str, terms: Terms) -> Iterator[tuple[int, int]]:
    """Stretches of numbers and spelled letters, with little between them, that have a number in them."""
    at = 0
    while at < len(texts):
        if not _belongs(texts, at, language, terms):
            at += 1
            continue
        start = last = at
        gap = 0
        while at < len(texts) and gap <= _FILLERS_IN_A_ROW and at - start < _LONGEST_RUN:
            if _belongs(texts, at, language, terms):
                last, gap = at, 0
            elif texts[at] in terms.fillers or texts[at] in ("keer", "fois", "times"):
                gap += 1
            else:
                break
            at += 1
        at = last + 1
        while start < last and texts[start] in terms.letters and not _country(texts, start, terms):
            start += 1
        if any(number_words.is_number(text, language) for text in texts[start : last + 1]):
            yield start, last + 1


def _belongs(texts: Sequence[str], at: int, language: str, terms: Terms) -> bool:
    return number_words.is_number(texts[at], language) or texts[at] in terms.letters or texts[at] in _COUNTRIES


_COUNTRIES = frozenset({"be", "de", "lu", "fr", "nl"})


def _country(texts: Sequence[str], at: int, terms: Terms) -> str | None:
    """The country code that begins here: "be", or "b" "e"."""
    if texts[at] in _COUNTRIES:
        return texts[at]
    two = "".join(terms.letters.get(text, "?") for text in texts[at : at + 2])
    return two if two in _COUNTRIES else None


def _judge(texts: Sequence[str], start: int, end: int, language: str, terms: Terms, wanted: Kind | None) -> Kind | None:
    run = texts[start:end]
    most = _most_digits(run, language)
    announced = _announced(texts, start, terms)
    if announced is None and not _other_number(texts, start, terms, _ANNOUNCED_WITHIN):
        announced = wanted
    if announced is not None and most >= _ANNOUNCED_DIGITS:
        return announced
    said = number_words.natural(run, language)
    if most < SHORTEST or len(said) < _LEAST_SAID:
        return None
    if _is_telephone(said):  # long enough for many things when read in other ways, and nobody says those so
        return "register" if _with_birth_date(run, language) else None
    if is_register_number(said):
        return "register"
    return "card" if is_card(said) else _checked(run, language, terms)


def _is_telephone(digits: str) -> bool:
    """As long as a Belgian telephone number."""
    return digits.startswith("0") and len(digits) in (9, 10)


def _with_birth_date(run: Sequence[str], language: str) -> bool:
    """Whether this can be read as a register number with a birth date. One telephone number in a thousand can, too."""
    return any(
        is_register_number(digits, plainly=True)
        for digits in number_words.readings(run, language, longest=SHORTEST)[len(run)]
    )


def _checked(run: Sequence[str], language: str, terms: Terms) -> Kind | None:
    """The kind of number that is in this run, by its check digits, read in any way."""
    for at in range(len(run)):
        country = _country(run, at, terms)
        if country is not None:
            tail = run[at + (1 if run[at] == country else 2) :]
            if any(is_iban(country + text) for text in _all_readings(tail, language, terms)):
                return "iban"
        if not number_words.is_number(run[at], language):
            continue
        for digits in _all_readings(run[at:], language, terms):
            if is_card(digits):
                return "card"
            if is_register_number(digits):
                return "register"
            if len(digits) == 14 and is_iban(digits):
                return "iban"
    return None


def _all_readings(run: Sequence[str], language: str, terms: Terms) -> Iterator[str]:
    """Every number that begins at the run's first token and ends at any. Letters are read as themselves."""
    if not any(text in terms.letters and not number_words.is_number(text, language) for text in run):
        for numbers in number_words.readings(run, language, longest=LONGEST)[SHORTEST // 4 :]:
            yield from numbers
        return
    heads = {""}
    piece: list[str] = []
    for text in [*run, ""]:  # pieces of numbers between letters, as in a Dutch IBAN
        if text and (text not in terms.letters or number_words.is_number(text, language)):
            piece.append(text)
            continue
        found = number_words.readings(piece, language, longest=LONGEST) if piece else [{""}]
        yield from (head + digits for head in heads for step in found for digits in step)
        heads = {head + digits + terms.letters.get(text, "") for head in heads for digits in found[-1]}
        piece = []


def _most_digits(run: Sequence[str], language: str) -> int:
    found = number_words.readings(run, language, longest=LONGEST)
    return max((len(digits) for step in found for digits in step), default=0)


def _announced(texts: Sequence[str], start: int, terms: Terms) -> Kind | None:
    """What was said to follow, at most a few words before."""
    before = texts[max(0, start - _ANNOUNCED_WITHIN) : start]
    for at in range(len(before) - 1, -1, -1):
        if size_before(before, at + 1, terms.other):
            return None
        for kind, phrases in terms.announced.items():
            if size_before(before, at + 1, phrases):
                return kind  # type: ignore[return-value]
    return None


def _other_number(texts: Sequence[str], start: int, terms: Terms, within: int) -> bool:
    """Whether what follows was said to be a number that is no secret."""
    before = texts[max(0, start - within) : start]
    return any(size_before(before, at + 1, terms.other) for at in range(len(before)))


def _open(texts: Sequence[str], start: int, end: int, language: str, terms: Terms, wanted: Kind | None) -> bool:
    """Whether this run may go on: nothing but fillers follows it, and it is more than an article."""
    if any(text not in terms.fillers for text in texts[end:]):
        return False
    run = texts[start:end]
    if wanted is not None or _announced(texts, start, terms) is not None:
        return True
    strong = any(number_words.is_number(text, language) and not number_words.is_weak(text, language) for text in run)
    return _most_digits(run, language) >= _OPEN_DIGITS and (strong or len(run) > _OPEN_DIGITS)


def _may_go_on(texts: Sequence[str], start: int, end: int, language: str, terms: Terms) -> bool:
    """Whether the number that begins here, or behind an article here, can still become a secret, read in any way."""
    if _announced(texts, start, terms) is not None or any(_country(texts, at, terms) for at in range(start, end)):
        return True
    said = number_words.natural(texts[start:end], language)
    if len(said) <= _OTHER_DIGITS and _other_number(texts, start, terms, _OTHER_WITHIN):
        return False
    begins = may_begin_register_number if _is_telephone(said) else may_begin_secret
    at = start
    while at < end:
        found = number_words.readings(texts[at:end], language, longest=LONGEST)
        if any(begins(digits) for digits in found[-1] | _before_last(texts[at:end], found, language)):
            return True
        if not (number_words.is_number(texts[at], language) and number_words.is_weak(texts[at], language)):
            return False
        at += 1
    return False


def _before_last(run: Sequence[str], found: Sequence[set[str]], language: str) -> set[str]:
    """The readings without the last number, which may not be whole: who said "seventy" may be saying seventy five, and
    "two" two thousand. Dutch says a thousand in one word."""
    if language == "nl" and number_words.single_digit(run[-1], language) is not None:
        return set()
    ends_there = (
        at for at in range(len(run)) if any(end == len(run) for end, _ in number_words.readings_at(run, at, language))
    )
    at = next(ends_there, 0)
    return found[at] if at else set()


def _apart(spans: list[Span]) -> list[Span]:
    """Spans that overlap become one; what is known counts more than what is pending."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if joined and span.start < joined[-1].end:
            last = joined[-1]
            kind = last.kind if last.kind != "pending" else span.kind
            joined[-1] = Span(last.start, max(last.end, span.end), kind)
        else:
            joined.append(span)
    return joined
