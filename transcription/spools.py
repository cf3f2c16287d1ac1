"""Which spools there are and how far they are: the index in SQL of the files that `transcription.spool` writes.

A file says by itself what it is, so the index can be made again from the files (`recover`): a spool that was begun
while the database was away, or whose writer was killed, is found and transcribed all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotFound
from foundation.outbox import Push
from transcription.spool import About, SpoolFolder, SpoolUnreadable
from transcription.store import OptedOut, Speaker, speaker_of
from transcription.tables import OptOutRow, SpoolRow, TrackLevelRow

log = logging.getLogger(__name__)

TRANSCRIBE = "spool.transcribe"
QUEUE = "bulk"
QUIET_S = 10.0  # a file of a call that is over, and to which nothing was added so long, has lost its writer
_OPEN = ("writing", "waiting", "transcribing")

State = Literal["writing", "waiting", "transcribing", "done", "failed"]
Over = Callable[[Collection[str]], Collection[str]]  # of these calls, the ones that are over or are not known


@dataclass(frozen=True, slots=True)
class SpoolState:
    """One spool, as the index has it. Seconds of sound; `reason`: why it failed."""

    id: str
    call_id: str
    speaker: Speaker
    language: str
    state: str
    sound_s: float
    done_s: float
    reason: str | None
    created_at: datetime

    @property
    def open(self) -> bool:
        return self.state in _OPEN


How = Literal["", "sentences", "unavailable", "spooled", "spool-full", "catching-up", "complete", "incomplete"]


@dataclass(frozen=True, slots=True)
class Written:
    """How a call is written down; an empty `how` is: as it goes on, with partial words. Seconds of spooled sound."""

    how: How
    done_s: float
    sound_s: float

    @property
    def percent(self) -> int:
        """How much of what was spooled is text."""
        return min(99, int(100 * self.done_s / self.sound_s)) if self.sound_s else 0


class Spools:
    """The spools of an installation. Every method blocks; raises SQLAlchemyError."""

    def __init__(self, database: Database, folder: SpoolFolder, clock: Clock, push: Push, over: Over) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self._push = push
        self._over = over

    # While the call goes on

    def began(self, about: About) -> None:
        """A file was begun. Raises OptedOut, and the file is gone, when the call may not be written down."""
        with self._database.transaction() as session:
            if session.get(OptOutRow, about.call_id, with_for_update={"read": True}) is None:
                session.execute(_row(about, self._clock.now()))
                return
        self._folder.remove(about.id)
        raise OptedOut("This call may not be written down any more.")

    def ended(self, about: About, *, sound_s: float) -> None:
        """A file is whole: `sound_s` seconds. One that was deleted meanwhile is forgotten."""
        with self._database.transaction() as session:
            if self._folder.quiet_s(about.id) is None:
                session.execute(delete(SpoolRow).where(SpoolRow.id == about.id))
                return
            session.execute(
                update(SpoolRow)
                .where(SpoolRow.id == about.id, SpoolRow.state == "writing")
                .values(state="waiting", sound_s=sound_s)
            )

    def drop(self, call_id: str) -> int:
        """Delete the sound of a call that waits, at once; gives the number of files. What was transcribed stays."""
        with self._database.transaction() as session:
            return drop(session, self._folder, [call_id])

    # Afterwards

    def enqueue(self) -> int:
        """Give out, as jobs, the spools of calls that are over; gives their number."""
        due: list[outbox.OutboxRow] = []
        with self._database.transaction() as session:
            query = select(SpoolRow).where(SpoolRow.state.in_(("writing", "waiting"))).order_by(SpoolRow.created_at)
            rows = session.scalars(query.with_for_update(skip_locked=True)).all()
            calls = {row.call_id for row in rows}
            finished = self._over(calls) if calls else ()
            for row in rows:
                if row.call_id not in finished or (row.state == "writing" and not self._abandoned(row.id)):
                    continue
                row.state = "transcribing"
                due.append(
                    outbox.add(session, topic=TRANSCRIBE, queue=QUEUE, payload={"spool": row.id}, now=self._clock.now())
                )
        for job in due:
            self._push(job.queue, job.id)
        return len(due)

    def _abandoned(self, spool_id: str) -> bool:
        quiet_s = self._folder.quiet_s(spool_id)
        return quiet_s is None or quiet_s >= QUIET_S

    def ready(self, call_id: str | None = None) -> Sequence[SpoolState]:
        """What can be transcribed at once: of calls that are over, and of `call_id` also while it goes on. Also what
        was given out as a job: one that gave up, or that no worker takes, is waited for in vain; what a worker does
        read at this moment it has claimed, and `CatchingUp` does not read it twice."""
        waiting = [each for each in self.waiting() if call_id in (None, each.call_id)]
        finished = self._over({each.call_id for each in waiting}) if waiting else ()
        return [
            each
            for each in waiting
            if (each.call_id == call_id and each.state != "writing")
            or (each.call_id in finished and (each.state != "writing" or self._abandoned(each.id)))
        ]

    def recover(self) -> int:
        """Put files into the index that are not in it; gives their number."""
        there = self._folder.ids()
        self._folder.remove_parts(older_than_s=60)
        with self._database.transaction() as session:
            known = set(session.scalars(select(SpoolRow.id).where(SpoolRow.id.in_(there)))) if there else set()
        found = 0
        for spool_id in there:
            if spool_id in known:
                continue
            try:
                with self._folder.open(spool_id) as spool:
                    self.began(spool.about)
            except (OptedOut, FileNotFoundError):
                continue
            except SpoolUnreadable as error:
                log.error("a spool cannot be read", extra={"path": spool_id, "reason": str(error)})
                continue
            log.warning("a spool was found that nobody knew", extra={"path": spool_id})
            found += 1
        return found

    def one(self, spool_id: str) -> SpoolState:
        """Raises NotFound: it was erased meanwhile."""
        with self._database.transaction() as session:
            row = session.get(SpoolRow, spool_id)
            if row is None:
                raise _gone(spool_id)
            return _state(row)

    def progress(self, spool_id: str, *, done_s: float, sound_s: float) -> None:
        """So much of it is transcribed. Raises NotFound: it was erased meanwhile."""
        self._set(spool_id, done_s=done_s, sound_s=sound_s)

    def done(self, spool_id: str, *, failed: str | None = None) -> None:
        """Its text is there, or it could not be had because `failed`; its sound is deleted either way. Raises NotFound:
        it was erased meanwhile."""
        self._folder.remove(spool_id)
        self._set(spool_id, state="failed" if failed else "done", reason=failed)

    def _set(self, spool_id: str, **values: object) -> None:
        """Waits for an erasure that goes on, whose row this is."""
        with self._database.transaction() as session:
            found = session.execute(
                update(SpoolRow).where(SpoolRow.id == spool_id).values(**values).returning(SpoolRow.id)
            )
            if found.first() is None:
                raise _gone(spool_id)

    # To see

    def of_call(self, call_id: str) -> Sequence[SpoolState]:
        """All spools of a call, also those that are done."""
        with self._database.transaction() as session:
            rows = session.scalars(select(SpoolRow).where(SpoolRow.call_id == call_id).order_by(SpoolRow.created_at))
            return [_state(row) for row in rows]

    def of_conversation(self, call_id: str, *, over: bool) -> Written:
        """How a call is written down, for who looks at it now."""
        with self._database.transaction() as session:
            rows = session.scalars(select(SpoolRow).where(SpoolRow.call_id == call_id)).all()
            levels = session.scalars(
                select(TrackLevelRow).where(TrackLevelRow.call_id == call_id).order_by(TrackLevelRow.changed_at)
            )
            newest = {row.speaker: row.state for row in levels}
        done_s, sound_s = sum(row.done_s for row in rows), sum(row.sound_s for row in rows)
        return Written(_how(rows, set(newest.values()), over=over), done_s=done_s, sound_s=sound_s)

    def waiting(self) -> Sequence[SpoolState]:
        """Every spool whose text is not there yet, oldest first."""
        return self._in(_OPEN)

    def failed(self) -> Sequence[SpoolState]:
        """Every spool whose text could not be had, oldest first."""
        return self._in(("failed",))

    def _in(self, states: Collection[str]) -> Sequence[SpoolState]:
        with self._database.transaction() as session:
            rows = session.scalars(select(SpoolRow).where(SpoolRow.state.in_(states)).order_by(SpoolRow.created_at))
            return [_state(row) for row in rows]

    def used_bytes(self) -> int:
        return self._folder.used_bytes()


def _how(spools: Sequence[SpoolRow], levels: Collection[str], *, over: bool) -> How:
    if any(row.state in _OPEN for row in spools):
        return "catching-up" if over else "spooled"
    if spools and over:
        return "incomplete" if "spool-full" in levels or any(row.state == "failed" for row in spools) else "complete"
    worst: Sequence[How] = ("unavailable", "spool-full", "spooled", "sentences")
    found: How = next((how for how in worst if how in levels), "")
    return "" if over and found == "sentences" else found


def drop(session: Session, folder: SpoolFolder, call_ids: Collection[str]) -> int:
    """Delete files and rows of these calls, in the caller's transaction; gives the number of files."""
    files = sum(folder.remove_call(call_id) for call_id in call_ids)  # first: one without a row would be found again
    session.execute(delete(SpoolRow).where(SpoolRow.call_id.in_(call_ids)))
    session.execute(delete(TrackLevelRow).where(TrackLevelRow.call_id.in_(call_ids)))
    return files


def drop_older(session: Session, folder: SpoolFolder, age: timedelta, now: datetime) -> int:
    """Delete what is left of spools of that age, readable or not; gives the number of files."""
    old = SpoolRow.created_at < now - age
    files = sum(folder.remove(spool_id) for spool_id in session.scalars(select(SpoolRow.id).where(old)))
    session.execute(delete(SpoolRow).where(old))
    session.execute(delete(TrackLevelRow).where(TrackLevelRow.changed_at < now - age))
    return files + folder.remove_older(age)


def _gone(spool_id: str) -> NotFound:
    return NotFound(f"There is no spool {spool_id}.")


def _row(about: About, now: datetime) -> Insert:
    values = {
        "id": about.id,
        "call_id": about.call_id,
        "speaker": about.speaker,
        "language": about.language,
        "state": "writing",
        "sound_s": 0.0,
        "done_s": 0.0,
        "created_at": now,
    }
    return insert(SpoolRow).values(values).on_conflict_do_nothing()


def _state(row: SpoolRow) -> SpoolState:
    return SpoolState(
        id=row.id,
        call_id=row.call_id,
        speaker=speaker_of(row.speaker),
        language=row.language,
        state=row.state,
        sound_s=row.sound_s,
        done_s=row.done_s,
        reason=row.reason,
        created_at=row.created_at,
    )
