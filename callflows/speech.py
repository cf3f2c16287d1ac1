"""What a caller may say instead of pressing keys, and which keys they meant. Pure.

The recogniser is given the words of a question and writes `UNKNOWN` for speech that is none of them; one that cannot be
limited writes every word it hears. What is read here is the same for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import phonenumbers

from callflows import number_words
from callflows.node_parts import Choice
from callflows.nodes import AskNode, MenuNode, Node, RatingNode
from callflows.promise_nodes import SlotsNode
from callflows.spoken_words import FILLERS, NO, YES

UNKNOWN = "[unk]"
SURE = 0.8
"""Least confidence of every word of a choice. With the shipped models right answers of synthetic voices have 0.96 and
more, and what only sounds like an answer mostly less than 0.75 (docs/call-flows.md). Of two homophones in one question
each has 0.5."""
SURE_AMONG_OTHERS = 0.9  # when other things are said as well
SURE_OF_DIGITS = 0.5  # on average: a number is read back before it counts
A_FEW_DIGITS = 3
REGION = "BE"  # whose national numbers a caller may give without a country code

ListeningNode = MenuNode | AskNode | RatingNode | SlotsNode


class HeardWord(Protocol):
    """One word as the recogniser wrote it; `conf` from 0 to 1."""

    @property
    def word(self) -> str: ...
    @property
    def conf(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """The keys that were meant; none: something was said, but no answer."""

    digits: str
    confidence: float


@dataclass(frozen=True)
class Choices:
    """A question with a few answers. `phrases`: what may be said, and the keys it stands for; those in `short` count
    only when nothing else is said, because they turn up in any sentence."""

    language: str
    phrases: Mapping[str, str]
    short: frozenset[str]

    @property
    def digits(self) -> frozenset[str]:
        """Those of the phrases that are the words of the keys themselves."""
        return frozenset(phrase for phrase in self.short if set(phrase.split()) <= digits_said(self.language).keys())

    def words(self) -> tuple[str, ...]:
        return (*self.phrases, *FILLERS[self.language])

    def answer(self, heard: Sequence[HeardWord]) -> Answer | None:
        """What was meant; None when nothing was said that could be an answer, not even a wrong one."""
        parts = [(phrase, conf) for phrase, conf in self._parts(heard) if phrase not in FILLERS[self.language]]
        if not parts:
            return None
        said = [(phrase, conf) for phrase, conf in parts if phrase in self.phrases]
        meant = {self.phrases[phrase] for phrase, _ in said}
        conf = min((conf for _, conf in said), default=0.0)
        alone = len(said) == len(parts)
        if not alone and any(phrase in self.short for phrase, _ in said):
            return Answer("", conf)
        sure = conf >= (SURE if alone else SURE_AMONG_OTHERS)
        return Answer(meant.pop() if len(meant) == 1 and sure else "", conf)

    def complete(self, answer: Answer | None) -> bool:
        """The answer is clear; nothing need follow."""
        return answer is not None and answer.digits != ""

    def _parts(self, heard: Sequence[HeardWord]) -> Iterable[tuple[str, float]]:
        """The words as phrases, the longest first, and single words where there is none; with their confidence."""
        known = {tuple(phrase.split()): phrase for phrase in self.words()}
        longest = max(map(len, known), default=1)
        at = 0
        while at < len(heard):
            for length in range(min(longest, len(heard) - at), 0, -1):
                run = heard[at : at + length]
                phrase = known.get(tuple(each.word for each in run))
                if phrase is not None or length == 1:
                    yield phrase or run[0].word, min(each.conf for each in run)
                    at += length
                    break


@dataclass(frozen=True)
class Number:
    """A question for `least` to `most` digits, or for a telephone number (`phone`)."""

    language: str
    least: int
    most: int
    phone: bool = False

    def words(self) -> tuple[str, ...]:
        return (*number_words.spoken(self.language), *FILLERS[self.language])

    def answer(self, heard: Sequence[HeardWord]) -> Answer | None:
        """The number that was said in digits, in groups, or with a "double" in it; None for less than a few digits,
        which may be the tones of keys."""
        numbers = set(number_words.spoken(self.language))
        kept = [each for each in heard if each.word.isdecimal() or set(number_words.split(each.word)) <= numbers]
        tokens = [part for each in kept for part in number_words.split(each.word)]
        if len(number_words.natural(tokens, self.language)) < min(self.least, A_FEW_DIGITS):
            return None
        conf = sum(each.conf for each in kept) / len(kept)
        return Answer(self._number(tokens) if conf >= SURE_OF_DIGITS else "", conf)

    def complete(self, answer: Answer | None) -> bool:
        """Nothing can follow."""
        return answer is not None and len(answer.digits) == self.most

    def _number(self, tokens: Sequence[str]) -> str:
        """The likeliest of the ways in which the words can be read: as they are mostly said, if that can be it."""
        natural = number_words.natural(tokens, self.language)
        if self.phone and not _is_a_telephone(natural):
            ways = number_words.readings(tokens, self.language, longest=self.most)[-1]
            numbers = [way for way in ways if _is_a_telephone(way)]
            if len(numbers) == 1:
                return numbers[0]
        return natural if self.least <= len(natural) <= self.most else ""


Question = Choices | Number


def question(node: Node | None, language: str) -> Question | None:
    """What may be said at `node`, or None where nothing is listened to."""
    if not isinstance(node, ListeningNode) or not node.speech:
        return None
    match node:
        case AskNode():
            return Number(language, node.min_digits, node.max_digits, phone=node.format == "phone")
        case MenuNode():
            return choices(node.keys, language)
        case RatingNode() | SlotsNode():
            return choices({}, language)


def choices(keys: Mapping[str, Choice], language: str) -> Choices:
    """The phrases of a menu: every digit, also one without a key (else it would be taken for one that sounds like it),
    yes and no where they mean something, and the flow's own words."""
    phrases = digits_said(language)
    units = {digit: word for word, digit in reversed(phrases.items())}
    phrases |= {" ".join(units[digit] for digit in key): key for key in keys if key.isdecimal()}
    phrases |= {phrase: key for key, choice in keys.items() for phrase in yes_or_no(choice, language)}
    own = {phrase: key for key, choice in keys.items() for phrase in own_words(choice, language)}
    return Choices(language, phrases | own, short=frozenset(phrases))


def digits_said(language: str) -> dict[str, str]:
    """The words for the ten digits; without single letters, which are sounds more often."""
    return {word: digit for word, digit in number_words.units(language).items() if len(word) > 1}


def yes_or_no(choice: Choice, language: str) -> tuple[str, ...]:
    """What may be said for a choice that means yes or no."""
    return {"yes": YES, "no": NO}.get(choice.means, {}).get(language, ())


def own_words(choice: Choice, language: str) -> list[str]:
    """What the flow itself lets callers say for a choice."""
    return [phrase for said_in, phrases in choice.say.items() if said_in == language for phrase in phrases]


def as_telephone(digits: str) -> str | None:
    """The number as E.164, or None when it cannot be one."""
    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_a_telephone(digits: str) -> bool:
    """Stricter than for typed digits: of several readings only one is the caller's."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, REGION))
    except phonenumbers.NumberParseException:
        return False
