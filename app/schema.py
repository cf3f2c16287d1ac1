"""The database schema: every room's tables, brought up to date by Alembic."""

from __future__ import annotations

import importlib

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine

from foundation.errors import Unavailable
from foundation.settings import ROOT

_TABLES = (
    "foundation.audit",
    "foundation.outbox",
    "ivr.tables",
    "queueing.tables",
    "queueing.callback_tables",
    "transcription.tables",
    "crm_sync.tables",
    "helpdesk.tables",
    "desk.tables",
)
_LOCK = 7_160_001  # pg_advisory_xact_lock key: two processes that migrate at once do it one after the other


def import_tables() -> None:
    """Make `Base.metadata` know every room's tables."""
    for module in _TABLES:
        importlib.import_module(module)


def migrate(engine: Engine) -> None:
    """Bring the database to the newest revision; does nothing when it is there already.

    Raises Unavailable when the database is newer than this code.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        try:
            command.upgrade(_config(connection), "head")
        except CommandError as error:
            raise Unavailable(
                f"The database was made by another version of Onthaal ({error}). Go back to that version, "
                "or forget the demonstration's data with `make clean`."
            ) from error


def revise(engine: Engine, message: str) -> None:
    """Write a new revision from the difference between the tables and the database."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def check(engine: Engine) -> None:
    """Raise when the tables and the migrations differ."""
    with engine.begin() as connection:
        command.check(_config(connection))


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config
