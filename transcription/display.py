"""The words as a person would write them: numbers, times and ticket numbers in digits, a capital at the beginning.

Plain words stay what the recogniser said; this is a second form beside them, and never the source of anything. The
number words themselves are text2num's; what it cannot know is which of them are spelled digit by digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from text_to_num import alpha2digit

from callflows import number_words
from transcription.recogniser import Word

UNSURE_BELOW = 0.6
"""Vosk's `conf` is the word's posterior in its lattice. Of the words below 0.6 four in five are wrong on the spoken
test sets, of the others one in fifty (benchmarks/doubtful_words.py, docs/transcription.md)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LANGUAGES = ("nl", "fr", "en")
_SMALL = 10  # below it a number alone stays a word, as in print: "two lights"
_INSIDE = {"nl": ("en",), "fr": ("et",), "en": ("and",)}
# A unit after it makes even a small number a figure.
_UNITS = {
    "nl": _words("uur euro procent minuten seconden gigabyte megabit megabyte kilometer meter dagen"),
    "fr": frozenset(
        [
            "heure",
            "heures",
            "euro",
            "euros",
            "pour",
            "minutes",
            "secondes",
            "gigaoctets",
            "mégabits",
            "kilomètres",
            "mètres",
            "jours",
        ]
    ),
    "en": _words("o'clock euro euros percent minutes seconds gigabytes megabits am pm hours days"),
}
_TIMES: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "nl": ((re.compile(r"^(\d{1,2}) uur (\d{2})$"), r"\1:\2"),),
    "fr": ((re.compile(r"^(\d{1,2}) heures? (\d{2})$"), r"\1 h \2"),),
    "en": ((re.compile(r"^(\d{1,2}) (\d{2}) (am|pm)$"), r"\1:\2 \3"),),
}
_BEFORE = {"half": -30, "kwart over": 15, "kwart voor": -15, "quarter past": 15, "quarter to": -15, "half past": 30}


@dataclass(frozen=True, slots=True)
class Shown:
    """A word or number as shown. `unsure`: the recogniser was not certain of it."""

    text: str
    unsure: bool


def display(words: Sequence[Word], language: str) -> list[Shown]:
    """The display form; a language without number words gets its capital only."""
    shown = [Shown(word.word, word.conf < UNSURE_BELOW) for word in words]
    if language in _LANGUAGES:
        shown = list(_in_digits(shown, language))
        shown = _clock_times(shown, language)
    if language == "en":
        shown = [Shown("I" + each.text[1:], each.unsure) if _is_i(each.text) else each for each in shown]
    if shown and shown[0].text[:1].islower():
        shown[0] = Shown(shown[0].text[:1].upper() + shown[0].text[1:], shown[0].unsure)
    return shown


def _is_i(text: str) -> bool:
    return text == "i" or text.startswith("i'")


def _in_digits(shown: Sequence[Shown], language: str) -> Iterator[Shown]:
    """Runs of number words as numbers."""
    at = 0
    while at < len(shown):
        end = _run_end(shown, at, language)
        if end == at:
            yield shown[at]
            at += 1
            continue
        run = [each.text for each in shown[at:end]]
        after = shown[end].text if end < len(shown) else ""
        unsure = any(each.unsure for each in shown[at:end])
        if _stays(run, after, language):
            yield from shown[at:end]
        else:
            yield from (Shown(text, unsure) for text in _number(run, language))
        at = end


def _run_end(shown: Sequence[Shown], start: int, language: str) -> int:
    end = at = start
    while at < len(shown):
        if all(number_words.is_number(part, language) for part in number_words.split(shown[at].text)):
            end = at + 1
        elif shown[at].text not in _INSIDE[language] or at == start:
            break
        at += 1
    return end


def _stays(run: Sequence[str], after: str, language: str) -> bool:
    """Whether these number words are better left as words: small ones alone, articles, "neuf" for new."""
    if after in _UNITS[language] and not (len(run) == 1 and run[0] in ("un", "une", "een") and after != "heure"):
        return False
    if len(run) > 1:
        return False
    digit = number_words.single_digit(run[0], language)
    return digit is not None and int(digit) < _SMALL and not run[0].isdecimal()


def _number(run: Sequence[str], language: str) -> list[str]:
    """A run as numbers. Three digits and more that were said one by one are one number, as on a ticket."""
    tokens = [part for word in run for part in number_words.split(word)]
    digits = [number_words.single_digit(token, language) for token in tokens]
    if len(digits) >= 3 and all(digit is not None for digit in digits):
        return ["".join(digit or "" for digit in digits)]
    if any(token in ("double", "triple", "treble", "dubbel", "dubbele") for token in tokens):
        return [number_words.natural(tokens, language)]
    return str(alpha2digit(" ".join(run), language, -1)).split()


def _clock_times(shown: list[Shown], language: str) -> list[Shown]:
    """ "half 3" and "3 uur 30" as times of day."""
    result: list[Shown] = []
    at = 0
    while at < len(shown):
        for length in (3, 2):
            piece = shown[at : at + length]
            text = _time_of(" ".join(each.text for each in piece), language) if len(piece) == length else None
            if text is not None:
                result.append(Shown(text, any(each.unsure for each in piece)))
                at += length
                break
        else:
            result.append(shown[at])
            at += 1
    return result


def _time_of(text: str, language: str) -> str | None:
    for pattern, form in _TIMES[language]:
        if found := pattern.match(text):
            return found.expand(form)
    head, _, hour = text.rpartition(" ")
    if hour not in number_words.units(language) and not hour.isdecimal() and hour not in _HOURS.get(language, {}):
        return None
    shift = _BEFORE.get(head)
    if shift is None or language == "fr" or (head == "half" and language == "en"):
        return None
    value = int(number_words.natural([hour], language) or 0)
    if not 1 <= value <= 12:
        return None
    minutes = (value * 60 + shift) % (12 * 60)
    return f"{minutes // 60 or 12}:{minutes % 60:02}"


_HOURS = {"nl": {"tien", "elf", "twaalf"}, "en": {"ten", "eleven", "twelve"}}
