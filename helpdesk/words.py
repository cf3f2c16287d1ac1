"""Text and numbers as people type them, made fit for the store."""

from __future__ import annotations

import phonenumbers

from foundation.errors import InvalidInput

_COUNTRY = "BE"  # a number without a country is Belgian


def e164(number: str | None) -> str | None:
    """The number in E.164; None for a withheld, unknown or impossible one."""
    try:
        parsed = phonenumbers.parse(number or "", _COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def cleaned(what: str, text: str, longest: int) -> str:
    """The text without outer spaces and without NUL, which PostgreSQL cannot store. Raises InvalidInput."""
    text = text.replace("\x00", "").strip()
    if len(text) > longest:
        raise InvalidInput(f"The {what} has {len(text)} characters; {longest} is the most.")
    return text
