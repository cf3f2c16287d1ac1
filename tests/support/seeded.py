"""The demonstration's data in a test. argon2 is slow on purpose; a test process needs each hash once."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from app import seeding
from desk.accounts import hash_password
from foundation.database import Database

hashed_once = cache(hash_password)


def seed(database: Database, now: datetime) -> None:
    """Fill an empty database with the demonstration's data."""
    seeding.seed(database, now, hashed_once)
