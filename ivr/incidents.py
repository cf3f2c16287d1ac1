"""Messages about incidents: set by a supervisor, heard by who rings and by who waits, each in their own language.

A language may be left without a text: its callers hear the standard sentence of the prompts instead
(`incident-standard`), because nobody is read a language they did not choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from callflows.engine import Incident
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import Conflict, InvalidInput, NotFound
from ivr.tables import IncidentRow

LONGEST = 300  # characters: about 25 seconds of speech; a caller should not wait for more
_LOOK_AGAIN_AFTER = timedelta(seconds=2)  # so long a message may take to be heard, and to fall silent


@dataclass(frozen=True)
class IncidentMessage:
    """A message as a supervisor sees it; `queue` "" is every queue."""

    id: int
    rev: int
    queue: str
    texts: Mapping[str, str]
    began_at: datetime
    ended_at: datetime | None


class Incidents:
    """Keeps the messages. Every change leaves an audit row."""

    def __init__(self, database: Database, clock: Clock, languages: tuple[str, ...]) -> None:
        self._database = database
        self._clock = clock
        self._languages = languages
        self._seen: tuple[datetime, tuple[Incident, ...]] | None = None

    def told(self) -> tuple[Incident, ...]:
        """What callers are told now, oldest first; as it was two seconds ago at most, or as last known without SQL."""
        now = self._clock.now()
        if self._seen is None or not timedelta() <= now - self._seen[0] < _LOOK_AGAIN_AFTER:
            try:
                found = tuple(Incident(f"{one.id}.{one.rev}", one.queue, one.texts) for one in self.going_on())
            except (OperationalError, InterfaceError):
                found = self._seen[1] if self._seen else ()
            self._seen = (now, found)
        return self._seen[1]

    def going_on(self) -> list[IncidentMessage]:
        """The messages that callers hear, oldest first."""
        query = select(IncidentRow).where(IncidentRow.ended_at.is_(None)).order_by(IncidentRow.id)
        with self._database.transaction() as session:
            return [_message(row) for row in session.scalars(query)]

    def over(self, limit: int = 10) -> list[IncidentMessage]:
        """The messages that were, the latest first."""
        query = select(IncidentRow).where(IncidentRow.ended_at.is_not(None)).order_by(IncidentRow.ended_at.desc())
        with self._database.transaction() as session:
            return [_message(row) for row in session.scalars(query.limit(limit))]

    def checked(self, texts: Mapping[str, str]) -> dict[str, str]:
        """The texts that are not empty, each as one line. Raises InvalidInput."""
        found = {language: " ".join(text.split()) for language, text in texts.items()}
        found = {language: text for language, text in found.items() if text}
        unknown = sorted(found.keys() - set(self._languages))
        if unknown:
            raise InvalidInput(f"Callers are not spoken to in {', '.join(unknown)}.")
        if not found:
            raise InvalidInput("Write the message in at least one language.")
        for language, text in found.items():
            if len(text) > LONGEST:
                raise InvalidInput(f"The message in {language} is longer than {LONGEST} characters.")
        return found

    def set(self, texts: Mapping[str, str], *, queue: str = "", actor: str) -> IncidentMessage:
        """A new message, heard from now on. Raises InvalidInput."""
        row = IncidentRow(rev=1, queue=queue, texts=self.checked(texts), began_at=self._clock.now(), ended_at=None)
        with self._database.transaction() as session:
            session.add(row)
            session.flush()
            after = {"queue": queue, "texts": row.texts}
            self._audit(session, row.id, actor, "incident.set", {}, after)
            message = _message(row)
        self._seen = None
        return message

    def change(self, incident_id: int, texts: Mapping[str, str], *, actor: str) -> IncidentMessage:
        """Other texts; who heard the old ones hears these too. Raises InvalidInput, NotFound, Conflict."""
        checked = self.checked(texts)
        with self._database.transaction() as session:
            row = self._going_on(session, incident_id)
            if row.texts != checked:
                self._audit(session, row.id, actor, "incident.changed", {"texts": row.texts}, {"texts": checked})
                row.texts, row.rev = checked, row.rev + 1
            message = _message(row)
        self._seen = None
        return message

    def end(self, incident_id: int, *, actor: str) -> IncidentMessage:
        """The incident is over: nobody hears it any more. Raises NotFound, Conflict when it was over already."""
        with self._database.transaction() as session:
            row = self._going_on(session, incident_id)
            row.ended_at = self._clock.now()
            self._audit(session, row.id, actor, "incident.ended", {"texts": row.texts}, {})
            message = _message(row)
        self._seen = None
        return message

    @staticmethod
    def _going_on(session: Session, incident_id: int) -> IncidentRow:
        row = session.get(IncidentRow, incident_id, with_for_update=True)
        if row is None:
            raise NotFound(f"There is no incident {incident_id}.")
        if row.ended_at is not None:
            raise Conflict("This incident is over already.")
        return row

    def _audit(
        self,
        session: Session,
        incident_id: int,
        actor: str,
        action: str,
        before: Mapping[str, object],
        after: Mapping[str, object],
    ) -> None:
        subject = f"incident:{incident_id}"
        audit.record(
            session, at=self._clock.now(), actor=actor, action=action, subject=subject, before=before, after=after
        )


def _message(row: IncidentRow) -> IncidentMessage:
    return IncidentMessage(row.id, row.rev, row.queue, dict(row.texts), row.began_at, row.ended_at)
