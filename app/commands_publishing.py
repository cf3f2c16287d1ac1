"""`python -m app.cli publish`, `rollback` and `flow-schema`: flows go live, and back."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import click

from callflows.check import check as find_faults
from callflows.faults import FlowError
from callflows.schema import SCHEMA_FILE, flow_schema
from foundation.clock import SystemClock
from foundation.database import Database
from foundation.settings import Settings, load_settings
from ivr.flows import FlowLibrary, Publication
from queueing import ledger

_by = click.option("--by", "actor", default="command line", show_default=True, help="Who, for the audit row.")


@click.command("publish")
@_by
@click.option("--list", "listing", is_flag=True, help="Only show what was published, newest first.")
def publish(actor: str, listing: bool) -> None:
    """Let the flow files answer from now on.

    They are checked first, with the queues of the database: a fault is printed and nothing changes. Calls in progress
    keep the version that they began with.
    """
    settings = load_settings(os.environ)
    with closing(Database(settings.database_url)) as database:
        if listing:
            for publication in _library(settings, database).publications():
                click.echo(_line(publication))
            return
        with database.transaction() as session:
            queues = [queue.name for queue in ledger.queues(session)]
        faults = find_faults(settings.flows_dir, settings.prompts_dir, queues=queues)
        for fault in faults:
            click.echo(str(fault))
        if faults:
            click.echo("Nothing was published.", err=True)
            sys.exit(1)
        click.echo(_line(_library(settings, database).publish(actor)))


@click.command("rollback")
@click.option("--to", type=int, help="A publication of `publish --list`.  [default: the one before]")
@_by
def rollback(to: int | None, actor: str) -> None:
    """Let an earlier publication answer again. Calls in progress keep the version that they began with."""
    settings = load_settings(os.environ)
    with closing(Database(settings.database_url)) as database:
        click.echo(_line(_library(settings, database).rollback(actor, to)))


@click.command("flow-schema")
@click.option("--out", type=click.Path(path_type=Path), help="The file.  [default: beside the flows]")
def write_schema(out: Path | None) -> None:
    """Write the JSON Schema of a flow, for editors."""
    path = out or Path(Settings.model_fields["flows_dir"].default) / SCHEMA_FILE
    path.write_text(flow_schema(), encoding="utf-8")
    click.echo(f"Written: {path.name}")


def _library(settings: Settings, database: Database) -> FlowLibrary:
    try:
        return FlowLibrary(database, SystemClock(), settings.flows_dir, settings.flow)
    except FlowError as error:
        raise click.ClickException(str(error)) from error


def _line(publication: Publication) -> str:
    versions = ", ".join(f"{flow} {version}" for flow, version in sorted(publication.versions.items()))
    back = f", back to {publication.rolled_back_to}" if publication.rolled_back_to else ""
    return f"{publication.id}: {publication.at:%Y-%m-%d %H:%M:%S} UTC by {publication.actor}{back}: {versions}"
