"""`python -m app.cli incident` and `queue-rules`: what callers are told, and what becomes of those who wait."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace

import click

from callflows.prompts import Catalogue
from foundation.clock import SystemClock
from foundation.database import Database
from foundation.memory import connect
from foundation.settings import load_settings
from ivr.incidents import IncidentMessage, Incidents
from queueing import ledger
from queueing.model import Operator
from queueing.rules import RuleBook

_by = click.option("--by", "actor", default="command line", show_default=True, help="Who, for the audit row.")
_NONE = -1


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


@click.command("queue-rules")
@click.argument("queue")
@click.option("--max-waiting", type=int, help="Who comes in behind so many hears that it is too busy; -1: no limit.")
@click.option("--overflow-after-s", type=int, help="After so many seconds to --overflow-to; -1: never.")
@click.option("--overflow-to", help="The queue that helps out.")
@click.option("--nobody-after-s", type=int, help="After so many seconds without an operator signed in; -1: never.")
@click.option("--when-closed", type=click.Choice(["serve", "leave"]), help="What becomes of who waits at closing time.")
@_by
def queue_rules(
    queue: str,
    max_waiting: int | None,
    overflow_after_s: int | None,
    overflow_to: str | None,
    nobody_after_s: int | None,
    when_closed: str | None,
    actor: str,
) -> None:
    """Show the rules of the wait in QUEUE, and change those that are given, also for who waits now."""
    given = {
        "max_waiting": max_waiting,
        "overflow_after_s": overflow_after_s,
        "overflow_to": overflow_to,
        "nobody_after_s": nobody_after_s,
        "when_closed": when_closed,
    }
    changes = {name: None if value == _NONE else value for name, value in given.items() if value is not None}
    if changes.get("overflow_after_s", 0) is None:
        changes["overflow_to"] = None
    settings = load_settings(os.environ)
    with closing(Database(settings.database_url)) as database, closing(connect(settings.redis_url)) as redis:
        book = RuleBook(database, redis, SystemClock(), _Nobody())
        rules = replace(book.rules(queue), **changes)  # type: ignore[arg-type]  # checked by `change`
        if changes:
            book.change(queue, rules, actor=actor)
    for name, value in asdict(rules).items():
        click.echo(f"{name.replace('_', '-')}: {'none' if value is None else value}")


class _Nobody:
    """The rules are read and written here, not applied."""

    def operators(self) -> list[Operator]:
        return []


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
