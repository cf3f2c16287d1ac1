"""One transaction at a time for what must not happen twice at once."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def lock_call(session: Session, call_id: str) -> None:
    """Let this transaction alone decide who calls in `call_id`, and on which ticket the call is."""
    _lock(session, f"helpdesk.call:{call_id}")


def lock_seed(session: Session) -> None:
    """Let this transaction alone put the demonstration's data in."""
    _lock(session, "helpdesk.seed")


def _lock(session: Session, name: str) -> None:
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
