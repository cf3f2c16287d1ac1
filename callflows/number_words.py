"""Number words of three languages as digits, with every way in which a run of them can be read.

Speech leaves no groups: "quatre vingt douze" is 92, 80 12 or 4 20 12. Who looks for a number in what was said must try
each. A reading is a string of digits; numbers of more than four digits do not come as one word here, because a long
number is said in groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

_MOST_READINGS = 3000  # a run with more ways than this is read in those that were found first
_AND = frozenset({"en", "and", "et"})
_LONGEST_PHRASE = 5  # tokens of the longest phrase below a hundred ("quatre vingt dix et un")

_UNITS = {
    "nl": ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"],
    "fr": ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
_ALSO = {
    "nl": {"één": "1", "zero": "0", "o": "0"},
    "fr": {"zero": "0", "une": "1"},
    "en": {"oh": "0", "o": "0", "nought": "0", "nil": "0"},
}
_TEENS = {
    "nl": ["tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"],
    "fr": ["dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf"],
    "en": [
        "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ],
}  # fmt: skip
_TENS = {
    "nl": ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"],
    "fr": ["vingt", "trente", "quarante", "cinquante", "soixante", "septante", "huitante", "nonante"],
    "en": ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
}
_HUNDRED = {"nl": ("honderd",), "fr": ("cent", "cents"), "en": ("hundred",)}
_THOUSAND = {"nl": ("duizend",), "fr": ("mille",), "en": ("thousand",)}
_TIMES = {
    "nl": {"dubbel": 2, "dubbele": 2, "tweemaal": 2, "driemaal": 3, "twee keer": 2, "drie keer": 3, "vier keer": 4},
    "fr": {"double": 2, "triple": 3, "deux fois": 2, "trois fois": 3, "quatre fois": 4},
    "en": {"double": 2, "triple": 3, "treble": 3, "two times": 2, "three times": 3, "four times": 4},
}
Phrase = tuple[str, ...]


def split(word: str) -> list[str]:
    """The parts of a written word that are said one after the other: "quatre-vingt-dix" is three."""
    return [part for part in re.split(r"[-\s']+", word.lower().strip(".,;:!?")) if part]


def is_number(token: str, language: str) -> bool:
    """Whether this token can be a part of a number, digits included."""
    return token.isdecimal() or token in _tokens(language)


def is_weak(token: str, language: str) -> bool:
    """Words that are far more often something else than a digit: an article, an exclamation, "nine" or "new"."""
    return token in {"nl": {"een", "o"}, "fr": {"un", "une", "neuf", "six"}, "en": {"one", "oh", "o"}}[language]


def single_digit(token: str, language: str) -> str | None:
    """The digit that this token alone stands for."""
    return token if token.isdecimal() and len(token) == 1 else units(language).get(token)


@cache
def units(language: str) -> dict[str, str]:
    return {word: str(value) for value, word in enumerate(_UNITS[language])} | _ALSO[language]


@cache
def _below_hundred(language: str) -> dict[Phrase, str]:
    found: dict[Phrase, str] = {(word,): digit for word, digit in units(language).items()}
    found |= {tuple(word.split()): str(10 + n) for n, word in enumerate(_TEENS[language])}
    small = [(word, int(digit)) for word, digit in units(language).items() if digit != "0"]
    for n, ten in enumerate(_TENS[language], start=2):
        found[(ten,)] = str(10 * n)
        for word, unit in small:
            value = str(10 * n + unit)
            if language == "nl":
                found[(word, "en", ten)] = value
                for joint in ("en", "ën", "n"):
                    found[(f"{word.replace('é', 'e')}{joint}{ten}",)] = value
            else:
                found[(ten, word)] = value
                found[(ten, "et" if language == "fr" else "and", word)] = value
    if language == "fr":
        _by_sixty_and_eighty(found, small)
    return found


def _by_sixty_and_eighty(found: dict[Phrase, str], small: list[tuple[str, int]]) -> None:
    """French of France: 60 + 11, and 4 × 20 + 13."""
    upper = [(tuple(word.split()), 10 + n) for n, word in enumerate(_TEENS["fr"])]
    for words, value in [*(((word,), unit) for word, unit in small), *upper]:
        for eighty in (("quatre", "vingt"), ("quatre", "vingts")):
            found[eighty] = "80"
            found[(*eighty, "et", "un")] = "81"
            found[(*eighty, *words)] = str(80 + value)
        if value >= 10:
            found[("soixante", *words)] = str(60 + value)
            found[("soixante", "et", *words)] = str(60 + value)


@cache
def _dutch_compounds() -> dict[Phrase, str]:
    """Dutch writes numbers as one word: "vierduizendvijfhonderdnegenendertig"."""
    small = {"".join(words): int(digits) for words, digits in _below_hundred("nl").items() if len(words) == 1}
    found: dict[Phrase, str] = {}
    heads = {"": 1} | {word: value for word, value in small.items() if 1 < value < 100}
    below_thousand = dict(small)
    for head, times in heads.items():
        for tail, rest in {"": 0, **small}.items():
            value = 100 * times + rest
            found[(f"{head}honderd{tail}",)] = str(value)
            if value < 1000:
                below_thousand[f"{head}honderd{tail}"] = value
    for head, times in heads.items():
        if times < 10:
            for tail, rest in {"": 0, **below_thousand}.items():
                found[(f"{head}duizend{tail}",)] = str(1000 * times + rest)
    return found


@cache
def _tokens(language: str) -> frozenset[str]:
    words = {word for phrase in _below_hundred(language) for word in phrase} - _AND
    words |= {word for phrase in _TIMES[language] for word in phrase.split()} - {"keer", "fois", "times"}
    words |= {*_HUNDRED[language], *_THOUSAND[language]}
    if language == "nl":
        words |= {phrase[0] for phrase in _dutch_compounds()}
    return frozenset(words)


@cache
def spoken(language: str) -> tuple[str, ...]:
    """The words in which a number is said digit by digit or in groups: what a recogniser must know. Thousands of
    Dutch compounds ("vierduizendvijfhonderd") are not among them; nobody says a telephone number so."""
    words = {word for phrase in _below_hundred(language) for word in phrase}
    words |= {word for phrase in _TIMES[language] for word in phrase.split()}
    words |= {*_HUNDRED[language], *_THOUSAND[language]}
    return tuple(sorted(word for word in words if len(word) > 1))


def readings_at(tokens: Sequence[str], at: int, language: str) -> Iterator[tuple[int, str]]:
    """The numbers that begin at `at`, as (index after it, digits). Each way to read it; nothing when it is none."""
    if at >= len(tokens):
        return
    if tokens[at].isdecimal():
        yield at + 1, tokens[at]
        return
    for end, times in _times_at(tokens, at, language):
        digit = single_digit(tokens[end], language) if end < len(tokens) else None
        if digit is not None:
            yield end + 1, digit * times
    large = set(_large_at(tokens, at, language))
    yield from large
    # "deux mille" is 2000 or 2 1000; English says "one thousand", so that there is no doubt
    if not large or (language != "en" and tokens[at] not in _HUNDRED[language] + _THOUSAND[language]):
        yield from _small_at(tokens, at, language)


def _small_at(tokens: Sequence[str], at: int, language: str) -> Iterator[tuple[int, str]]:
    table = _below_hundred(language)
    for length in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
        digits = table.get(tuple(tokens[at : at + length]))
        if digits is not None:
            yield at + length, digits


def _times_at(tokens: Sequence[str], at: int, language: str) -> Iterator[tuple[int, int]]:
    for phrase, times in _TIMES[language].items():
        words = phrase.split()
        if list(tokens[at : at + len(words)]) == words:
            yield at + len(words), times


def _large_at(tokens: Sequence[str], at: int, language: str) -> Iterator[tuple[int, str]]:
    """Numbers with a hundred or a thousand in them: with each tail that may belong to them or begin the next one."""
    if language == "nl" and (compound := _dutch_compounds().get((tokens[at],))) is not None:
        yield at + 1, compound
        return
    yield from ((end, str(value)) for end, value in _hundreds_at(tokens, at, language))
    heads = [(at, "1"), *_small_at(tokens, at, language)] if tokens[at] not in _HUNDRED[language] else []
    for head_end, head in heads:
        if head_end < len(tokens) and tokens[head_end] in _THOUSAND[language] and 0 < int(head) < 10:
            for end, rest in _tails(tokens, head_end + 1, language, hundreds=True):
                yield end, str(1000 * int(head) + rest)


def _hundreds_at(tokens: Sequence[str], at: int, language: str) -> Iterator[tuple[int, int]]:
    for end, times in [(at, "1"), *_small_at(tokens, at, language)]:
        if end < len(tokens) and tokens[end] in _HUNDRED[language] and times != "0":
            for after, rest in _tails(tokens, end + 1, language, hundreds=False):
                yield after, 100 * int(times) + rest


def _tails(tokens: Sequence[str], at: int, language: str, *, hundreds: bool) -> Iterator[tuple[int, int]]:
    """What may follow a hundred or a thousand as its own rest. A rest of tens is always its own: "two hundred thirty"
    is never 200 30; a single digit may be the next number's."""
    start = at + 1 if at < len(tokens) - 1 and tokens[at] in _AND else at
    found = [(end, int(digits)) for end, digits in _small_at(tokens, start, language) if digits != "0"]
    if hundreds:
        found = [*_hundreds_at(tokens, start, language), *found]
    yield from found
    if all(value < 10 for _, value in found):
        yield at, 0


def readings(tokens: Sequence[str], language: str, *, longest: int) -> list[set[str]]:
    """Every string of at most `longest` digits that the tokens from the first on can be read as: at index n, those
    that use exactly the first n tokens. Tokens that are no number are passed over."""
    found: list[set[str]] = [set() for _ in range(len(tokens) + 1)]
    found[0].add("")
    for at in range(len(tokens)):
        if not found[at]:
            continue
        steps = list(readings_at(tokens, at, language)) or [(at + 1, "")]
        for end, digits in steps:
            for head in found[at]:
                if len(head) + len(digits) <= longest and len(found[end]) < _MOST_READINGS:
                    found[end].add(head + digits)
    return found


def natural(tokens: Sequence[str], language: str) -> str:
    """The digits of the reading that takes the longest number at each place."""
    digits, at = "", 0
    while at < len(tokens):
        end, more = max(readings_at(tokens, at, language), default=(at + 1, ""))
        digits, at = digits + more, end
    return digits
