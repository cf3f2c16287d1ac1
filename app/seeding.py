"""Invented data for a first look: queues, operators, accounts, customers, articles, tickets.

Running it again adds nothing.
"""

from __future__ import annotations

from datetime import datetime

import desk.seed
import helpdesk.seed
import queueing.seed
from foundation.database import Database


def seed(database: Database, now: datetime) -> None:
    """Fill an empty database with the demonstration's data."""
    with database.transaction() as session:
        queueing.seed.seed(session)
        desk.seed.seed(session)
        helpdesk.seed.seed(session, now)
