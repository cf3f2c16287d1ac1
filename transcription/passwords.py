"""Passwords and codes in what somebody said: announced ("the pin code is ..."), or asked for by the other speaker.

Pure, tokens in, stretches of tokens out. What was announced is found by what announces it. What was asked for is found
by what it is not: an answer is a secret where it is not made of the words with which people talk about one ("I do not
know it any more", "one moment, I look for it").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from callflows import number_words
from transcription.asking_words import ASKING, Asking
from transcription.phrases import size_at, size_before
from transcription.redaction_words import OPEN_CODES, Terms

_SECRET_TOKENS = 8
_SECRET_WITHIN = 6  # tokens between the announcement and its verb: "the password for my mailbox is"
_LONGEST = 60
_CODE_DIGITS = 3  # a number of so many digits, or of two words, in an answer to "what is the code"
_OTHER_WITHIN = 5  # tokens: "my order number, wait, it is"
_BEHIND_WORDS = 2  # digits behind a word: "sunflower forty"

Stretch = tuple[int, int]


def noun_at(texts: Sequence[str], at: int, terms: Terms) -> int:
    """How many tokens from `at` on name a password or a code; 0 for none, and for codes that are no secret."""
    size = size_at(texts, at, terms.secrets)
    return 0 if OPEN_CODES.intersection(texts[max(0, at - 1) : at + size + 2]) else size


def announced(texts: Sequence[str], language: str, terms: Terms) -> Iterator[Stretch]:
    """What was said to be a password or a code by who said it."""
    at = 0
    while at < len(texts):
        noun = noun_at(texts, at, terms)
        if not noun:
            at += 1
            continue
        at += noun
        start = _said_from(texts, at, language, terms)
        if start is None:
            continue
        end = _said_until(texts, start, language, terms)
        if end > start:
            yield start, end
            at = end


def _said_from(texts: Sequence[str], after: int, language: str, terms: Terms) -> int | None:
    """Where the secret begins that was announced just before `after`."""
    for at in range(after, min(after + _SECRET_WITHIN + 1, len(texts))):
        verb = size_at(texts, at, terms.says)
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
    while at < len(texts) and at - start < _LONGEST:
        number = number_words.is_number(texts[at], language) or texts[at] in terms.letters
        if not number and (texts[at] in terms.ends or at - start >= _SECRET_TOKENS):
            after = at
            while after < len(texts) and texts[after] in terms.fillers:
                after += 1
            if after in (at, len(texts)) or not number_words.is_number(texts[after], language):
                break
        at += 1
    return at


# --- in answer to a question


def answered(texts: Sequence[str], starts: Sequence[int], language: str, terms: Terms) -> Iterator[Stretch]:
    """What is a password or a code in an answer: sentences that begin at `starts`, the last being where it ends."""
    words = ASKING[language]
    hidden: list[Stretch] = []
    waiting = True  # until an answer was given and other things are talked about
    for start, end in pairwise(starts):
        found = _answer(texts, start, end, language, terms, words) if waiting else None
        if found is not None:
            hidden.append(found)
        elif hidden and any(text in words.talk for text in texts[start:end]):
            waiting = False
    yield from hidden
    yield from spelled(texts, starts, language, terms)


def spelled(texts: Sequence[str], starts: Sequence[int], language: str, terms: Terms) -> Iterator[Stretch]:
    """Stretches with a code in them, and the words that belong to it: "I think it is [summer two oh two four]". What
    was just called a ticket number is none."""
    for first, last in _stretches(texts, starts, language, terms, ASKING[language]):
        if any(size_at(texts, at, terms.other) for at in range(max(starts[0], first - _OTHER_WITHIN), last)):
            continue
        numbers = [text for text in texts[first:last] if number_words.is_number(text, language)]
        if all(number_words.is_weak(text, language) for text in numbers):
            continue
        digits = len(number_words.natural(numbers, language))
        behind_words = not number_words.is_number(texts[first], language) and number_words.is_number(
            texts[last - 1], language
        )
        if len(numbers) > 1 or digits >= (_BEHIND_WORDS if behind_words else _CODE_DIGITS):
            yield first, last


def unfinished(texts: Sequence[str], starts: Sequence[int], language: str, terms: Terms) -> Stretch | None:
    """The words at the end of an answer that goes on, when they may yet belong to a code."""
    stretches = _stretches(texts, starts, language, terms, ASKING[language])
    return next((stretch for stretch in stretches if stretch[1] == starts[-1]), None)


def _answer(texts: Sequence[str], start: int, end: int, language: str, terms: Terms, words: Asking) -> Stretch | None:
    """The secret in a sentence that holds little else."""
    copula = False
    for at in range(start, end):
        if size := size_at(texts, at, words.names):
            start, copula = min(at + size + 1, end), True  # what has the name is one word
    while start < end and _introduces(texts, start, language, terms, words):
        copula = copula or texts[start] in words.copula
        start += 1
    while (size := size_before(texts, end, words.afters, start=start + 1)) > 0:  # they only follow an answer
        end -= size
    if start == end:
        return None
    if end - start <= _SECRET_TOKENS and not any(_talks(texts, at, language, terms, words) for at in range(start, end)):
        return start, end
    if not copula or texts[start] in terms.about or _talks(texts, start, language, terms, words):
        return None
    stop = next(
        (at for at in range(start, end) if _talks(texts, at, language, terms, words) or texts[at] in terms.ends), end
    )
    return start, min(stop, start + _SECRET_TOKENS)


def _introduces(texts: Sequence[str], at: int, language: str, terms: Terms, words: Asking) -> bool:
    """Whether this word comes before a secret, or between two parts of it. "One" is a digit where another follows."""
    if not number_words.is_number(texts[at], language):
        return texts[at] in words.lead or texts[at] in terms.fillers
    after = next((text for text in texts[at + 1 : at + 4] if text not in terms.fillers), "")
    weak = number_words.is_weak(texts[at], language) and texts[at] in words.lead | terms.fillers
    return weak and not number_words.is_number(after, language)


def _talks(texts: Sequence[str], at: int, language: str, terms: Terms, words: Asking) -> bool:
    """Whether this word is never a part of a secret. A letter among letters is spelled, not said."""
    text = texts[at]
    if text not in words.talk or text in terms.fillers or number_words.is_number(text, language):
        return False
    beside = (texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else "")
    return len(text) > 1 or not any(len(other) == 1 for other in beside)


def _goes_on(texts: Sequence[str], at: int, language: str, terms: Terms, words: Asking) -> bool:
    """Whether a sentence that begins here may be more of the same secret: with a number, or with a bare word."""
    first = next((text for text in texts[at:] if text not in terms.fillers), "")
    return number_words.is_number(first, language) or not _introduces(texts, at, language, terms, words)


def _stretches(
    texts: Sequence[str], starts: Sequence[int], language: str, terms: Terms, words: Asking
) -> Iterator[Stretch]:
    """Words one after the other that people do not talk with, without what introduces them. They may go on in the next
    sentence."""
    at, end = starts[0], starts[-1]
    begins = {each for each in starts[1:-1] if not _goes_on(texts, each, language, terms, words)}
    while at < end:
        if _talks(texts, at, language, terms, words) or _introduces(texts, at, language, terms, words):
            at += 1
            continue
        first = last = at
        while at < end and not _talks(texts, at, language, terms, words) and (at == first or at not in begins):
            counts_on = number_words.is_number(texts[at], language) and number_words.is_number(texts[last], language)
            if counts_on or not _introduces(texts, at, language, terms, words):
                last = at
            at += 1
        yield first, last + 1
