"""`erase`: delete what was said in a call, or everything of one person."""

from __future__ import annotations

import getpass
import os

import click


@click.command()
@click.option("--call", "call_id", help="Id of the call.")
@click.option("--number", help="Telephone number of the person, as +32...")
@click.option("--by", help="Who erases, for the audit log [default: the account on this machine].")
def erase(call_id: str | None, number: str | None, by: str | None) -> None:
    """Erase one call, or one person by telephone number. Figures of calls stay; the audit log keeps the counts."""
    from app.erasure import Erasure
    from foundation.clock import SystemClock
    from foundation.database import Database
    from foundation.memory import connect
    from foundation.settings import load_settings

    if (call_id is None) == (number is None):
        raise click.UsageError("Give either --call or --number.")
    settings = load_settings(os.environ)
    erasure = Erasure(Database(settings.database_url), connect(settings.redis_url), SystemClock(), settings)
    actor = by or getpass.getuser()
    counts = erasure.call(call_id, actor) if call_id else erasure.number(number or "", actor)
    for what, count in counts.items():
        click.echo(f"{what}: {count}")
