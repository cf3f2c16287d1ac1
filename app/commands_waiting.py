"""`python -m app.cli incident`: what callers are told about an incident."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from callflows.prompts import Catalogue
from foundation.clock import SystemClock
from foundation.database import Database
from foundation.settings import load_settings
from ivr.incidents import IncidentMessage, Incidents
from queueing import ledger

_by = click.option("--by", "actor", default="command line", show_default=True, help="Who, for the audit row.")


@click.group("incident")
def incident() -> None:
    """Messages about incidents, heard by who rings and by who waits."""


@incident.command("set")
@click.option("--nl", default="", help="What Dutch-speaking callers hear.")
@click.option("--fr", default="", help="What French-speaking callers hear.")
@click.option("--en", default="", help="What English-speaking callers hear.")
@click.option("--queue", default="", help="Only for who waits in this queue.  [default: everybody]")
@click.option("--change", type=int, metavar="ID", help="Change this message instead of adding one.")
@_by
def set_incident(nl: str, fr: str, en: str, queue: str, change: int | None, actor: str) -> None:
    """Set a message. In a language without a text callers hear the standard sentence."""
    texts = {"nl": nl, "fr": fr, "en": en}
    with _stores() as (database, service, prompts):
        if queue:
            with database.transaction() as session:
                if queue not in {known.name for known in ledger.queues(session)}:
                    raise click.BadParameter(f"There is no queue {queue}.")
        message = service.change(change, texts, actor=actor) if change else service.set(texts, queue=queue, actor=actor)
        for line in _lines(message, prompts):
            click.echo(line)


@incident.command("list")
def list_incidents() -> None:
    """What callers hear now."""
    with _stores() as (_, service, prompts):
        messages = service.going_on()
        for message in messages:
            for line in _lines(message, prompts):
                click.echo(line)
        if not messages:
            click.echo("Callers hear no message.")


@incident.command("end")
@click.argument("incident_id", type=int, metavar="ID")
@_by
def end_incident(incident_id: int, actor: str) -> None:
    """The incident is over: nobody hears the message any more."""
    with _stores() as (_, service, _):
        service.end(incident_id, actor=actor)
    click.echo(f"Incident {incident_id} is over.")


@contextmanager
def _stores() -> Iterator[tuple[Database, Incidents, Catalogue]]:
    settings = load_settings(os.environ)
    prompts = Catalogue.load(settings.prompts_dir)
    with closing(Database(settings.database_url)) as database:
        yield database, Incidents(database, SystemClock(), prompts.languages), prompts


def _lines(message: IncidentMessage, prompts: Catalogue) -> list[str]:
    """What callers hear, by language."""
    where = message.queue or "every queue"
    heard = [
        f"  {language}: {message.texts.get(language) or prompts.text(language, 'incident-standard')}"
        for language in prompts.languages
    ]
    return [f"{message.id} ({where}), since {message.began_at:%Y-%m-%d %H:%M} UTC", *heard]
