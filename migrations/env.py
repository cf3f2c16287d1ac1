"""Alembic's entry: the schema is the sum of every room's tables."""

from __future__ import annotations

from alembic import context

from app.schema import import_tables
from foundation.database import Base

import_tables()

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
