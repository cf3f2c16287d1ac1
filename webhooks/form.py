"""What Twilio sends, read leniently: we take the fields we need and ignore the rest, which grows (twilio.md 1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from foundation.errors import InvalidInput


class Form:
    """The fields of one webhook."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def need(self, name: str) -> str:
        """A field that must be there. Raises InvalidInput."""
        value = self._fields.get(name, "")
        if not value:
            raise InvalidInput(f"The webhook has no {name}.")
        return value

    def get(self, name: str, default: str = "") -> str:
        return self._fields.get(name, default)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; `default` when it is missing or not a number."""
        try:
            return int(self._fields.get(name, ""))
        except ValueError:
            return default

    def time(self, now: datetime) -> datetime:
        """`Timestamp`: RFC 2822, or ISO 8601 for streams (twilio.md 1.1); `now` when missing or unreadable."""
        text = self._fields.get("Timestamp", "")
        for parse in (parsedate_to_datetime, datetime.fromisoformat):
            try:
                moment = parse(text)
            except ValueError:
                continue
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        return now
