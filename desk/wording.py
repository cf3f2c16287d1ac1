"""What a person reads: texts from the catalogue, and times, dates and shares in the person's own way of writing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent

from callflows.prompts import PromptError
from foundation.calendar_days import midnight, span
from foundation.errors import InvalidInput

_LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}
Day = date  # `date` is also a way of writing one, below
LANGUAGE_NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English"}


class Texts(Protocol):
    """A catalogue. `text` raises callflows.prompts.PromptError for an id that the language does not have."""

    def text(self, language: str, prompt_id: str, args: Mapping[str, object] | None = None, /) -> str: ...


def clock_text(seconds: float) -> str:
    """mm:ss, or h:mm:ss from an hour on; whole seconds, rounded down as a running clock does."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes:02}:{second:02}"


def phone_text(number: str) -> str:
    """A number as people write it: national for Belgium, international otherwise; unreadable ones unchanged."""
    try:
        parsed = phonenumbers.parse(number, "BE")
    except phonenumbers.NumberParseException:
        return number
    national = parsed.country_code == 32
    style = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


class Wording:
    """Texts and formats of one language. Templates know it as `w`."""

    def __init__(self, texts: Texts, prompts: Texts, language: str, timezone: str) -> None:
        self._texts = texts
        self._prompts = prompts
        self._zone = ZoneInfo(timezone)
        self._locale = _LOCALES[language]
        self._percent = "\u00a0%" if language == "fr" else "%"
        self.language = language

    def __call__(self, text_id: str, /, **args: Any) -> str:
        return self._texts.text(self.language, text_id, args)

    def known(self, prefix: str, name: str | None) -> str:
        """The text `<prefix>-<name>`, or the bare name when the catalogue has no word for it (a queue added later)."""
        if not name:
            return ""
        try:
            return self._texts.text(self.language, f"{prefix}-{name}", {})
        except PromptError:
            return name

    def prompt(self, prompt_id: str) -> str:
        """A choice of the voice menu, by its name in the voice catalogue."""
        try:
            return self._prompts.text(self.language, prompt_id, {})
        except PromptError:
            return prompt_id

    def clock(self, seconds: float) -> str:
        return clock_text(seconds)

    def phone(self, number: str) -> str:
        return phone_text(number)

    def time(self, moment: datetime) -> str:
        """Time of day to the minute."""
        return format_time(moment, "HH:mm", tzinfo=self._zone, locale=self._locale)

    def time_s(self, moment: datetime) -> str:
        """Time of day to the second."""
        return format_time(moment, "HH:mm:ss", tzinfo=self._zone, locale=self._locale)

    def after(self, start: datetime, seconds: float) -> str:
        """Time of day, to the second, `seconds` after `start`."""
        return self.time_s(start + timedelta(seconds=seconds))

    def date(self, day: date) -> str:
        """A calendar day."""
        return format_date(day, "d MMM y", locale=self._locale)

    def day(self, moment: datetime) -> str:
        """Day and month."""
        return format_datetime(moment, "d MMM", tzinfo=self._zone, locale=self._locale)

    def moment(self, moment: datetime) -> str:
        """Day, month and time of day."""
        return format_datetime(moment, "d MMM y, HH:mm", tzinfo=self._zone, locale=self._locale)

    def day_start(self, now: datetime) -> datetime:
        """Midnight, here, of the day that `now` is in."""
        return midnight(now, self._zone)

    def parse_day(self, text: str) -> tuple[datetime, datetime] | None:
        """Start and end of an ISO date here, or None when it is not one that somebody means."""
        try:
            day = Day.fromisoformat(text)
            return span(day, day, self._zone)
        except (ValueError, InvalidInput):
            return None

    def days(self, first: Day, last: Day) -> tuple[datetime, datetime]:
        """From the midnight that begins `first` to the one that ends `last`, here. Raises InvalidInput."""
        return span(first, last, self._zone)

    def number(self, value: float) -> str:
        """A number with at most two decimals."""
        return format_decimal(value, "#,##0.##", locale=self._locale)

    def share(self, value: float) -> str:
        """A share 0-1 as a percentage with at most one decimal."""
        return format_percent(value, f"#,##0.#{self._percent}", locale=self._locale)

    def share_whole(self, value: float) -> str:
        """A share 0-1 in whole per cents, rounded down: 89.9 % has not reached 90 %."""
        whole = math.floor(round(value * 100, 6)) / 100
        return format_percent(whole, f"#,##0{self._percent}", locale=self._locale)

    def percent_plain(self, value: float) -> str:
        """A share as a bare number for a form: 90 or 92.5."""
        return f"{round(value * 100, 2):g}"
