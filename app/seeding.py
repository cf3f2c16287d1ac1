"""Invented data for a first look: queues, operators, accounts, customers, articles, tickets.

Running it again adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import desk.seed
import helpdesk.seed
import queueing.seed
from desk.accounts import hash_password
from foundation.database import Database


def seed(database: Database, now: datetime, hash_with: Callable[[str], str] = hash_password) -> None:
    """Fill an empty database with the demonstration's data. Hashing passwords is most of the work."""
    with database.transaction() as session:
        queueing.seed.seed(session)
        desk.seed.seed(session, hash_with)
        helpdesk.seed.seed(session, now)
