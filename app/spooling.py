"""Joins the sound that waits for its text to the calls it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import select

from foundation.database import Database
from foundation.settings import Settings
from helpdesk.suggestions import Suggestions
from ivr.tables import CallRow
from transcription.spool import SpoolFolder
from transcription.spools import Spools
from transcription.store import Transcripts


def spool_folder(settings: Settings) -> SpoolFolder:
    """The folder of the spools, with the key of this installation."""
    return SpoolFolder(
        settings.spool_dir, settings.secret_key.get_secret_value(), limit_bytes=settings.spool_limit_mb * 1_000_000
    )


def calls_over(database: Database) -> Callable[[Collection[str]], Collection[str]]:
    """Of these calls, the ones that go on no more; a call that nobody knows does not go on."""

    def over(call_ids: Collection[str]) -> Collection[str]:
        with database.transaction() as session:
            going_on = select(CallRow.call_id).where(CallRow.call_id.in_(call_ids), CallRow.ended_at.is_(None))
            return set(call_ids) - set(session.scalars(going_on))

    return over


class OptOuts:
    """What is closed and deleted when a call may not be written down any more: the record, and sound that waits."""

    def __init__(self, transcripts: Transcripts, spools: Spools) -> None:
        self._transcripts = transcripts
        self._spools = spools

    def opt_out(self, call_id: str, *, by: str, at: datetime) -> None:
        self._transcripts.opt_out(call_id, by=by, at=at)
        self._spools.drop(call_id)

    def erase(self, call_id: str) -> int:
        return self._transcripts.erase(call_id)


def suggest_late(suggestions: Suggestions, transcripts: Transcripts) -> Callable[[str, str], None]:
    """What would have been suggested, for the page of a call whose text came after it."""

    def complete(call_id: str, language: str) -> None:
        suggestions.for_call(call_id, language, transcripts.of_call(call_id))

    return complete
