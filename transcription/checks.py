"""Check digits: does a string of digits make a payment card, an IBAN, a national register number? Pure."""

from __future__ import annotations

from collections.abc import Iterator

# Country -> length of an IBAN whose account part is digits (ISO 13616 registry); others are found when announced.
IBAN_LENGTHS = {"BE": 16, "DE": 22, "LU": 20, "FR": 27, "NL": 18}
SHORTEST, LONGEST = 11, 34

_BRANDS = (  # first and last of the first digits, lengths (ISO/IEC 7812; Bancontact and Maestro cards have up to 19)
    ("4", "4", (13, 16, 19)),
    ("51", "55", (16,)),
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),
    ("37", "37", (15,)),
    ("300", "305", (14,)),
    ("36", "36", (14,)),
    ("38", "38", (14,)),
    ("3528", "3589", (16,)),
    ("50", "50", (16, 17, 18, 19)),
    ("56", "58", (16, 17, 18, 19)),
    ("6", "6", (16, 17, 18, 19)),
)
_BANK_DIGITS = 5  # of a Belgian IBAN without its letters: check digits and the bank's code, which is no secret


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: every second digit from the right doubled, all digits summed, a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_card(digits: str) -> bool:
    """A payment card's number: 13 to 19 digits that begin as a card's do, with the right check digit."""
    return digits.isdecimal() and luhn(digits) and any(len(digits) in lengths for lengths in _card_lengths(digits))


def _card_lengths(digits: str) -> Iterator[tuple[int, ...]]:
    """The lengths of each sort of card whose number may begin with these digits."""
    for first, last, lengths in _BRANDS:
        head = digits[: len(first)]
        if first[: len(head)] <= head <= last[: len(head)]:
            yield lengths


def is_iban(text: str) -> bool:
    """ISO 7064 mod 97-10 over letters as numbers. Fourteen bare digits count as a Belgian IBAN without its letters."""
    text = text.upper()
    if text.isdecimal():
        return len(text) == 14 and is_iban("BE" + text)
    if IBAN_LENGTHS.get(text[:2]) != len(text) or not text[2:4].isdecimal():
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def is_register_number(digits: str, *, plainly: bool = False) -> bool:
    """A Belgian national register (or BIS) number: birth date YYMMDD, serial, and 97 - (nine digits mod 97); who was
    born from 2000 on is counted with a 2 before the nine digits. `plainly`: with a known date, and no BIS number."""
    if len(digits) != 11 or not digits.isdecimal() or not _may_be_date(digits):
        return False
    if plainly and not (1 <= int(digits[2:4]) <= 12 and digits[4:6] != "00"):
        return False
    body, check = int(digits[:9]), int(digits[9:])
    return check in (97 - body % 97, 97 - (2_000_000_000 + body) % 97)


def _may_be_date(digits: str) -> bool:
    """Whether a register number may begin so. Month and day may be unknown (00); a BIS number adds 20 or 40 to the
    month."""
    month, day = digits[2:4], digits[4:6]
    months_ok = not month or (month < "6" if len(month) == 1 else int(month) % 20 <= 12 and int(month) <= 52)
    return months_ok and (not day or (day < "4" if len(day) == 1 else int(day) <= 31))


def may_begin_register_number(digits: str) -> bool:
    """Whether these may be the first digits of a register number with a known birth date."""
    month = digits[2:4]
    return len(digits) < 11 and _may_be_date(digits) and (len(month) < 2 or 1 <= int(month) <= 12)


def may_begin_secret(digits: str) -> bool:
    """Whether more digits could make these a card, a register number, or more of an account number than the bank's
    code. One that is whole is told by its check digits, not here."""
    size = len(digits)
    return (
        any(size < max(lengths) for lengths in _card_lengths(digits))
        or (size < 11 and _may_be_date(digits))
        or _BANK_DIGITS < size < 14
    )
