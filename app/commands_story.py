"""`python -m app.cli story`: a recorded call as a scenario, to make a test of."""

from __future__ import annotations

import os

import click
from sqlalchemy import select

from callflows.story import story as written
from desk.tables import AccountRow
from foundation.errors import NotFound
from foundation.settings import load_settings


@click.command("story")
@click.argument("call_id")
def story(call_id: str) -> None:
    """Print the call CALL_ID as a table: when, who, does what, what is to be seen then; the form of the scenarios in
    tests/scenarios.

    The caller's number is in it, unless it was withheld.
    """
    from app.container import build

    services = build(load_settings(os.environ))
    try:
        facts = services.call_log.facts_of(call_id)
        if not facts:
            raise NotFound(f"There is no call {call_id}.")
        accounts = select(AccountRow.operator_id, AccountRow.username).where(AccountRow.operator_id.is_not(None))
        with services.database.transaction() as session:
            names = {operator: username for operator, username in session.execute(accounts) if operator is not None}
        click.echo(written(call_id, facts, names, services.desk.prompts.text))
    finally:
        services.close()
