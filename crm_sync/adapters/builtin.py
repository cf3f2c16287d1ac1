"""The ticketing store that ships with the product."""

from __future__ import annotations

from typing import Protocol

from crm_sync.entry import CallEntry
from foundation.errors import InvalidInput, NotFound, ProviderError


class Recorder(Protocol):
    """What the built-in store offers."""

    def record_call(self, entry: CallEntry) -> int:
        """Write an ended call on its ticket, once per call; gives the ticket's number."""
        ...


class BuiltinStore:
    """Calls into the built-in tickets."""

    name = "builtin"

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def put_call(self, entry: CallEntry) -> str:
        try:
            return str(self._recorder.record_call(entry))
        except (InvalidInput, NotFound) as error:
            raise ProviderError(str(error), permanent=True) from error
