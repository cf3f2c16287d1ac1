"""Finds what must not be kept or shown in what somebody said: pure, words in, spans out.

Payment cards, IBANs and national register numbers are found by their check digits, in every way in which the number
words can be read; behind an announcement ("my card number is") also without, because one misheard digit spoils a
check. Passwords and codes are found by their announcement. `transcription.discretion` does this over a whole call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from callflows import number_words
from transcription.checks import LONGEST, SHORTEST, is_card, is_iban, is_register_number
from transcription.redaction_words import FALLBACK, OPEN_CODES, TERMS, Terms

Kind = Literal["card", "iban", "register", "secret", "email", "pending"]

_FILLERS_IN_A_ROW = 3
_ANNOUNCED_WITHIN = 14  # tokens: "my card number, just a moment, I take it out of my wallet, is"
_ANNOUNCED_DIGITS = 4  # a group of a card number; shorter ones are counts
_LEAST_SAID = 9  # digits in the natural reading: nobody means eleven who seems to say eight
_OPEN_DIGITS = 2  # one digit alone is held by nobody: a count, or the first of a number that the next one completes
_SECRET_TOKENS = 8
_SECRET_WITHIN = 6  # tokens between the announcement and its verb: "the password for my mailbox is"
_LONGEST_RUN = 60


@dataclass(frozen=True, slots=True)
class Span:
    """Words `start` to `end` (exclusive) are `kind`; pending: a number goes on, and it is too early to say which."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    word: int  # index of the word that it is a part of


def terms_of(language: str) -> Terms:
    return TERMS.get(language, TERMS[FALLBACK])


def find(words: Sequence[str], language: str, *, emails: bool = False, ended: bool = False) -> list[Span]:
    """The spans to hide, by word, in order and apart. `ended`: nothing follows, so that nothing is pending."""
    language = language if language in TERMS else FALLBACK
    terms = terms_of(language)
    tokens = [_Token(part, at) for at, word in enumerate(words) for part in _parts(word)]
    texts = [token.text for token in tokens]
    found: list[tuple[int, int, Kind]] = []
    for start, end in _runs(texts, language, terms):
        kind = _judge(texts, start, end, language, terms)
        if kind is not None:
            found.append((start, end, kind))
        elif not ended and _open(texts, start, end, language, terms):
            found.append((start, end, "pending"))
    found += _secrets(texts, language, terms)
    if emails:
        found += _emails(texts, terms)
    return _apart([Span(tokens[start].word, tokens[end - 1].word + 1, kind) for start, end, kind in found])


def _parts(word: str) -> list[str]:
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


def _judge(texts: Sequence[str], start: int, end: int, language: str, terms: Terms) -> Kind | None:
    run = texts[start:end]
    most = _most_digits(run, language)
    announced = _announced(texts, start, terms)
    if announced is not None and most >= _ANNOUNCED_DIGITS:
        return announced
    said = number_words.natural(run, language)
    if most < SHORTEST or len(said) < _LEAST_SAID or _is_telephone(said):
        return None
    return _plainly(run, language) or _checked(run, language, terms)


def _is_telephone(digits: str) -> bool:
    """A Belgian telephone number. Read in other ways it is long enough for many things, and nobody says it so."""
    return digits.startswith("0") and len(digits) in (9, 10)


def _plainly(run: Sequence[str], language: str) -> Kind | None:
    """The kind of number that the whole run is, read in its most natural way."""
    digits = number_words.natural(run, language)
    if is_register_number(digits):
        return "register"
    return "card" if is_card(digits) else None


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
        if _ends_with(before, at + 1, terms.other):
            return None
        for kind, phrases in terms.announced.items():
            if _ends_with(before, at + 1, phrases):
                return kind  # type: ignore[return-value]
    return None


def _ends_with(texts: Sequence[str], end: int, phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(end >= len(phrase) and tuple(texts[end - len(phrase) : end]) == phrase for phrase in phrases)


def _open(texts: Sequence[str], start: int, end: int, language: str, terms: Terms) -> bool:
    """Whether this run may go on: nothing but fillers follows it, and it is more than an article."""
    if any(text not in terms.fillers for text in texts[end:]):
        return False
    run = texts[start:end]
    if _announced(texts, start, terms) is not None:
        return True
    strong = any(number_words.is_number(text, language) and not number_words.is_weak(text, language) for text in run)
    return _most_digits(run, language) >= _OPEN_DIGITS and (strong or len(run) > _OPEN_DIGITS)


# --- passwords and codes


def _secrets(texts: Sequence[str], language: str, terms: Terms) -> Iterator[tuple[int, int, Kind]]:
    at = 0
    while at < len(texts):
        noun = max((len(p) for p in terms.secrets if tuple(texts[at : at + len(p)]) == p), default=0)
        if not noun or OPEN_CODES.intersection(texts[max(0, at - 1) : at + noun + 2]):
            at += 1
            continue
        at += noun
        start = _said_from(texts, at, language, terms)
        if start is None:
            continue
        end = _said_until(texts, start, language, terms)
        if end > start:
            yield start, end, "secret"
            at = end


def _said_from(texts: Sequence[str], after: int, language: str, terms: Terms) -> int | None:
    """Where the secret begins that was announced just before `after`."""
    for at in range(after, min(after + _SECRET_WITHIN + 1, len(texts))):
        verb = max((len(p) for p in terms.says if tuple(texts[at : at + len(p)]) == p), default=0)
        if verb:
            start = at + verb
            while start < len(texts) and texts[start] in terms.fillers:
                start += 1
            about = start < len(texts) and texts[start] in terms.about
            return None if about and not _spelling(texts, start, language, terms) else start
        if texts[at] in terms.ends or (texts[at] in terms.about and texts[at] not in terms.links):
            break
    start = after
    while start < len(texts) and texts[start] in terms.fillers:
        start += 1
    return start if _spelling(texts, start, language, terms) else None


def _spelling(texts: Sequence[str], at: int, language: str, terms: Terms) -> bool:
    """Whether numbers or letters are being said one after the other from here."""
    said: list[str] = []
    for text in texts[at : at + 5]:
        if number_words.is_number(text, language) or (len(text) == 1 and text in terms.letters):
            said.append(text)
        elif not said or text not in terms.fillers:
            break
    if len(said) > 2 or (said and len(number_words.natural(said, language)) > 2):
        return True
    return len(said) == 2 and not all(number_words.is_weak(text, language) for text in said)


def _said_until(texts: Sequence[str], start: int, language: str, terms: Terms) -> int:
    at = start
    while at < len(texts) and at - start < _LONGEST_RUN:
        number = number_words.is_number(texts[at], language) or texts[at] in terms.letters
        if not number and (texts[at] in terms.ends or at - start >= _SECRET_TOKENS):
            after = at
            while after < len(texts) and texts[after] in terms.fillers:
                after += 1
            if after in (at, len(texts)) or not number_words.is_number(texts[after], language):
                break
        at += 1
    return at


# --- e-mail addresses


def _emails(texts: Sequence[str], terms: Terms) -> Iterator[tuple[int, int, Kind]]:
    stop = terms.ends | terms.about | {"is", "est", "adres", "adresse", "address", "mail", "my", "mijn", "mon"}
    for at, text in enumerate(texts):
        if "@" in text and len(text) > 1:
            yield at, at + 1, "email"
            continue
        if (text,) not in terms.at_sign:
            continue
        dots = [n for n in range(at + 2, min(at + 7, len(texts) - 1)) if texts[n] in terms.dot]
        if not dots:
            continue
        start = at
        while start > 0 and at - start < 8 and texts[start - 1] not in stop:
            start -= 1
        if start < at:
            yield start, dots[-1] + 2, "email"


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
