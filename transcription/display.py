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
_PARTS = {  # what stands before an hour (after it in French) -> minutes
    "nl": {"half": -30, "kwart over": 15, "kwart voor": -15, "over half": -30, "voor half": -30, "over": 0, "voor": 0},
    "fr": {"et quart": 15, "et demie": 30, "et demi": 30, "moins le quart": -15, "moins quart": -15},
    "en": {"quarter past": 15, "a quarter past": 15, "quarter to": -15, "a quarter to": -15, "half past": 30, "past": 0,
           "to": 0},
}  # fmt: skip
_MINUTES = (5, 10, 20, 25)  # "ten past three"; other minutes are said after the hour
_AT = {
    "nl": _words("om tegen rond na tot vanaf is"),
    "en": _words("at around about after before until till by is it's"),
}
_LONGEST_TIME = 5  # words: "vijf voor half vier", "10 heures moins le quart"
_POINT = {"nl": ("komma", ","), "fr": ("virgule", ","), "en": ("point", ".")}
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
             "seventh": "7th", "eighth": "8th", "ninth": "9th"}  # fmt: skip


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
        shown = _joined(shown, language)
        shown = _clock_times(shown, language)
    if language == "en":
        shown = [Shown("I" + each.text[1:], each.unsure) if _is_i(each.text) else each for each in shown]
    if shown and shown[0].text[:1].islower():
        first = shown[0].text
        capital = "Eé" if first.startswith("éé") else first[:1].upper()  # Dutch: "Eén"
        shown[0] = Shown(capital + first[len(capital) :], shown[0].unsure)
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
        if shown[at].text == "cent" and shown[at - 1].text == "pour" and at > 0:
            break  # per cent
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
    natural = number_words.natural(tokens, language)
    if natural.startswith("0") and len(natural) in (9, 10):
        return [natural]  # a telephone number, however it was grouped
    pairs = str(alpha2digit(" ".join(run), language, -1)).split()
    return ["".join(pairs)] if language == "en" and len(pairs) == 2 and pairs[0] in ("19", "20") else pairs


def _joined(shown: list[Shown], language: str) -> list[Shown]:
    """ "3 komma 5" as "3,5", and "20 third" as "23rd"."""
    word, sign = _POINT[language]
    result: list[Shown] = []
    at = 0
    while at < len(shown):
        three = shown[at : at + 3]
        if len(three) == 3 and three[1].text == word:
            whole, rest = (_value(each.text, language) for each in (three[0], three[2]))
            if whole is not None and rest is not None:
                result.append(Shown(f"{whole}{sign}{rest}", any(each.unsure for each in three)))
                at += 3
                continue
        two = shown[at : at + 2]
        if language == "en" and len(two) == 2 and two[1].text in _ORDINALS and re.fullmatch(r"[2-9]0", two[0].text):
            result.append(Shown(two[0].text[0] + _ORDINALS[two[1].text], two[0].unsure or two[1].unsure))
            at += 2
            continue
        result.append(shown[at])
        at += 1
    return result


def _value(text: str, language: str) -> int | None:
    """A number in digits, or a small one that stayed a word."""
    if text.isdecimal():
        return int(text)
    digit = number_words.single_digit(text, language)
    return int(digit) if digit is not None else None


def _clock_times(shown: list[Shown], language: str) -> list[Shown]:
    """ "half 3" and "3 uur 30" as times of day."""
    result: list[Shown] = []
    at = 0
    while at < len(shown):
        for length in range(_LONGEST_TIME, 1, -1):
            piece = shown[at : at + length]
            before = shown[at - 1].text.lower() if at else ""
            follows = shown[at + length].text if at + length < len(shown) else ""
            after = (before in _AT.get(language, ()) or not (before or follows)) and follows not in _UNITS[language]
            text = _time_of([each.text for each in piece], language, after) if len(piece) == length else None
            if text is not None:
                result.append(Shown(text, any(each.unsure for each in piece)))
                at += length
                break
        else:
            result.append(shown[at])
            at += 1
    return result


def _time_of(words: list[str], language: str, after: bool) -> str | None:
    """`after`: a word before them says that a time follows; without, "five to six" may be six people."""
    for pattern, form in _TIMES[language]:
        if found := pattern.match(" ".join(words)):
            return found.expand(form)
    if language == "fr":
        return _french_time(words)
    *head, last = words
    hour = _value(last, language)
    said = _value(head[0], language)
    minutes = _PARTS[language].get(" ".join(head if said is None else head[1:]))
    if hour is None or not 1 <= hour <= 12 or minutes is None:
        return None
    if said is None:
        return _clock(hour, minutes) if minutes else None
    if said not in _MINUTES or not after:
        return None
    return _clock(hour, minutes + (said if head[1] in ("over", "past") else -said))


def _french_time(words: list[str]) -> str | None:
    """ "8 heures et quart"."""
    minutes = _PARTS["fr"].get(" ".join(words[2:]))
    hour = _value(words[0], "fr") if minutes is not None and words[1] in ("heure", "heures") else None
    if hour is None or minutes is None or not 1 <= hour <= 24:
        return None
    total = (hour * 60 + minutes) % (24 * 60)
    return f"{total // 60} h {total % 60:02}"


def _clock(hour: int, minutes: int) -> str:
    total = (hour * 60 + minutes) % (12 * 60)
    return f"{total // 60 or 12}:{total % 60:02}"
