"""Which flow answers a number, in which version: the files, or what was published from them.

A call keeps the version it began with, whatever is published, rolled back or deployed meanwhile: every version that a
call has begun with is kept in SQL, with the texts that it was made of.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from callflows.faults import FlowError
from callflows.flow import Flow
from callflows.folder import Folder
from callflows.hours import Calendar
from callflows.nodes import QueueNode
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import Conflict, NotFound, Unavailable
from ivr.tables import FlowPublicationRow, FlowVersionRow

log = logging.getLogger(__name__)

_AWAY = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class Publication:
    """What answers from `at` on: `versions` by flow."""

    id: int
    at: datetime
    actor: str
    versions: Mapping[str, str]
    rolled_back_to: int | None = None


class FlowLibrary:
    """The flows of an installation. Safe for many threads: what is remembered never changes."""

    def __init__(
        self, database: Database, clock: Clock, folder: Path, default: str, by_number: Mapping[str, str] | None = None
    ) -> None:
        """`by_number`: the flows of the numbers that the `default` flow does not answer. Raises FlowError when a file
        that may have to answer cannot be used."""
        self._database = database
        self._clock = clock
        self._default = default
        self._by_number = dict(by_number or {})
        self._files = Folder.at(folder)
        self._file_flows = {name: self._files.load(name) for name in {default, *self._by_number.values()}}
        self._known = {(name, flow.version): flow for name, flow in self._file_flows.items()}
        self._kept: set[str] = set()
        self._last: Publication | None = None

    def answering(self, number: str) -> Flow:
        """The flow that answers `number` now. Without SQL it is the one that answered last, else the file's."""
        name = self._by_number.get(number, self._default)
        try:
            self._last = self.current()
            version = self._last.versions.get(name) if self._last else None
            if version is None:
                return self._from_file(name)
            return self.version(name, version)
        except _AWAY:
            log.error("flow chosen without the database", extra={"flow": name})
        version = self._last.versions.get(name, "") if self._last else ""
        return self._known.get((name, version), self._file_flows[name])

    def version(self, name: str, version: str) -> Flow:
        """A version of a flow. Raises NotFound, and Unavailable when this code cannot read it any more."""
        known = self._known.get((name, version))
        if known is not None:
            return known
        with self._database.transaction() as session:
            row = session.get(FlowVersionRow, version)
        if row is None or row.flow != name:
            raise NotFound(f"There is no version {version} of the flow {name}.")
        try:
            flow = Folder(row.texts, f"version {version}").load(name)
        except FlowError as error:
            raise Unavailable(f"Version {version} of the flow {name} cannot be read any more: {error}") from error
        self._known[name, version] = flow
        return flow

    def calendars(self) -> dict[str, Calendar]:
        """The calendar of each queue, as the queue nodes of the flows that answer now name it."""
        found: dict[str, Calendar] = {}
        for number in ("", *self._by_number):
            flow = self.answering(number)
            for node in flow.nodes.values():
                if isinstance(node, QueueNode) and node.calendar in flow.calendars:
                    found.setdefault(node.queue, flow.calendars[node.calendar])
        return found

    def current(self) -> Publication | None:
        """The publication that counts; None when nothing was published."""
        with self._database.transaction() as session:
            return _current(session)

    def publications(self, limit: int = 20) -> list[Publication]:
        """Newest first."""
        with self._database.transaction() as session:
            rows = session.scalars(select(FlowPublicationRow).order_by(FlowPublicationRow.id.desc()).limit(limit))
            return [_publication(row) for row in rows]

    def publish(self, actor: str) -> Publication:
        """Let the files answer from now on. Looks at their form only: `check` first. Raises Conflict when they are what
        answers already, FlowError."""
        flows = {name: self._files.load(name) for name in self._files.readings}
        versions = {name: flow.version for name, flow in flows.items()}
        with self._database.transaction() as session:
            before = _current(session)
            if before is not None and before.versions == versions:
                raise Conflict(f"Nothing has changed since publication {before.id}.")
            for name in flows:
                self._keep(session, name, versions[name])
            return self._put(session, versions, actor, before, None)

    def rollback(self, actor: str, to: int | None = None) -> Publication:
        """Let an earlier publication answer again: `to`, or the one before the one that counts. Raises NotFound,
        Conflict when there is none before."""
        with self._database.transaction() as session:
            before = _current(session)
            if before is None:
                raise Conflict("Nothing was published: the files answer.")
            if to is None:
                effective = before.rolled_back_to or before.id
                to = session.scalar(
                    select(FlowPublicationRow.id)
                    .where(FlowPublicationRow.id < effective, FlowPublicationRow.rolled_back_to.is_(None))
                    .order_by(FlowPublicationRow.id.desc())
                    .limit(1)
                )
                if to is None:
                    raise Conflict(f"There is no publication before {effective}.")
            row = session.get(FlowPublicationRow, to)
            if row is None:
                raise NotFound(f"There is no publication {to}.")
            if row.versions == before.versions:
                raise Conflict(f"Publication {to} is what answers already.")
            return self._put(session, row.versions, actor, before, row.rolled_back_to or row.id)

    def _from_file(self, name: str) -> Flow:
        """The file's flow, which is kept from the first call on that begins with it."""
        flow = self._file_flows[name]
        if flow.version not in self._kept:
            with self._database.transaction() as session:
                self._keep(session, name, flow.version)
            self._kept.add(flow.version)
        return flow

    def _keep(self, session: Session, name: str, version: str) -> None:
        joined = self._files.joined(name)
        files = joined.files if joined else frozenset({name})
        texts = {file: self._files.texts[file] for file in sorted(files)}
        values = {"version": version, "flow": name, "texts": texts, "created_at": self._clock.now()}
        session.execute(insert(FlowVersionRow).values(**values).on_conflict_do_nothing())

    def _put(
        self, session: Session, versions: Mapping[str, str], actor: str, before: Publication | None, back: int | None
    ) -> Publication:
        now = self._clock.now()
        row = FlowPublicationRow(at=now, actor=actor, versions=dict(versions), rolled_back_to=back)
        session.add(row)
        session.flush()
        audit.record(
            session,
            at=now,
            actor=actor,
            action="flows.rolled-back" if back else "flows.published",
            subject=f"publication:{row.id}",
            before=dict(before.versions) if before else {},
            after=dict(versions),
        )
        return _publication(row)


def _current(session: Session) -> Publication | None:
    row = session.scalar(select(FlowPublicationRow).order_by(FlowPublicationRow.id.desc()).limit(1))
    return _publication(row) if row else None


def _publication(row: FlowPublicationRow) -> Publication:
    return Publication(row.id, row.at, row.actor, dict(row.versions), row.rolled_back_to)
