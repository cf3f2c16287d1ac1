"""Check digits: does a string of digits make a payment card, an IBAN, a national register number? Pure."""

from __future__ import annotations

import re

# Country -> length of an IBAN whose account part is digits (ISO 13616 registry); others are found when announced.
IBAN_LENGTHS = {"BE": 16, "DE": 22, "LU": 20, "FR": 27, "NL": 18}
SHORTEST, LONGEST = 11, 34

_BRANDS = (  # pattern of the first digits, lengths (ISO/IEC 7812; Bancontact and Maestro cards have up to 19)
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"3(0[0-5]|[68])"), {14}),
    (re.compile(r"35(2[89]|[3-8])"), {16}),
    (re.compile(r"5[06-8]|6"), {16, 17, 18, 19}),
)


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: every second digit from the right doubled, all digits summed, a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_card(digits: str) -> bool:
    """A payment card's number: 13 to 19 digits that begin as a card's do, with the right check digit."""
    if not 13 <= len(digits) <= 19 or not digits.isdecimal():
        return False
    return any(len(digits) in lengths and brand.match(digits) for brand, lengths in _BRANDS) and luhn(digits)


def is_iban(text: str) -> bool:
    """ISO 7064 mod 97-10 over letters as numbers. Fourteen bare digits count as a Belgian IBAN without its letters."""
    text = text.upper()
    if text.isdecimal():
        return len(text) == 14 and is_iban("BE" + text)
    if IBAN_LENGTHS.get(text[:2]) != len(text) or not text[2:4].isdecimal():
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def is_register_number(digits: str) -> bool:
    """A Belgian national register (or BIS) number: birth date YYMMDD, serial, and 97 - (nine digits mod 97); who was
    born from 2000 on is counted with a 2 before the nine digits."""
    if len(digits) != 11 or not digits.isdecimal():
        return False
    month, day = int(digits[2:4]), int(digits[4:6])
    if month % 20 > 12 or month > 52 or day > 31:
        return False
    body, check = int(digits[:9]), int(digits[9:])
    return check in (97 - body % 97, 97 - (2_000_000_000 + body) % 97)
