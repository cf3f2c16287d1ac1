"""The port that every ticketing system is behind. An adapter is a small class in `crm_sync.adapters`; the suite in
tests/contracts says what it must do."""

from __future__ import annotations

from typing import Protocol

from crm_sync.entry import CallEntry


class TicketStore(Protocol):
    """A ticketing system that takes calls.

    `put_call` may be asked the same call any number of times, at once and after a crash in between: the call's id is
    the key, the last content counts, and nothing is there twice. It raises ProviderError, `permanent` when asking
    again cannot help; any other error counts as passing.
    """

    @property
    def name(self) -> str:
        """The adapter's name, as shown on the screens and kept with each delivery."""
        ...

    def put_call(self, entry: CallEntry) -> str:
        """Put a call on its ticket, made when there is none; gives the ticket's reference as people write it."""
        ...
