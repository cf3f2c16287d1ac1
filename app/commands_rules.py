"""`python -m app.cli queue-rules` and `skills`: the rules of a queue, and what operators can do; shown and changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace

import click

from desk.accounts import LANGUAGES
from foundation.clock import SystemClock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound
from foundation.live import Live
from foundation.memory import connect
from foundation.settings import load_settings
from queueing.model import Operator
from queueing.rulebook import RuleBook
from queueing.rules import LIMITS, NEEDED, WHEN_CLOSED, QueueRules
from queueing.skills import SkillBook

_by = click.option("--by", "actor", default="command line", show_default=True, help="Who, for the audit row.")
_NONE = -1  # takes a rule away
_HELP = {
    "max_waiting": "Who comes in behind so many hears that it is too busy; -1: no limit.",
    "overflow_after_s": "After so many seconds to --overflow-to; -1: never.",
    "nobody_after_s": "After so many seconds without an operator signed in; -1: never.",
    "callback_after_s": "A callback is offered after so many seconds waited or expected; -1: never.",
    "callback_attempts": "How often a callback is tried.",
    "callback_spacing_s": "Seconds between a failed attempt and the next.",
    "callback_due_days": "A callback is due at the end of this working day after the request.",
    "relax_language_s": "After so many seconds also operators without the language; -1: never.",
    "relax_queue_s": "After so many seconds also operators who do not know the product; -1: never.",
    "relax_level_s": "After so many seconds also operators of a lower level; -1: never.",
    "priority_cap_s": "The most virtual waited time that a call can be given.",
}


def _numbers(command: click.Command) -> click.Command:
    """An option for each rule that is a number."""
    for name in LIMITS:
        command.params.append(click.Option([f"--{name.replace('_', '-')}"], type=int, help=_HELP[name]))
    return command


@_numbers
@click.command("queue-rules")
@click.argument("queue")
@click.option("--overflow-to", help="The queue that helps out.")
@click.option("--when-closed", type=click.Choice(WHEN_CLOSED), help="What becomes of who waits at closing time.")
@_by
def queue_rules(
    queue: str, overflow_to: str | None, when_closed: str | None, actor: str, **numbers: int | None
) -> None:
    """Show the rules of QUEUE, and change those that are given, also for who waits now."""
    given = {"overflow_to": overflow_to, "when_closed": when_closed, **numbers}
    changes = {
        name: None if value == _NONE and name not in NEEDED else value
        for name, value in given.items()
        if value is not None
    }
    if changes.get("overflow_after_s", 0) is None:
        changes["overflow_to"] = None
    settings = load_settings(os.environ)
    with closing(Database(settings.database_url)) as database, closing(connect(settings.redis_url)) as redis:
        book = RuleBook(database, redis, SystemClock(), _Nobody())
        rules: QueueRules = replace(book.rules(queue), **changes)  # type: ignore[arg-type]  # checked by `change`
        if changes:
            book.change(queue, rules, actor=actor)
    for name, value in asdict(rules).items():
        click.echo(f"{name.replace('_', '-')}: {'none' if value is None else value}")


@click.command("skills")
@click.argument("operator", required=False)
@click.option("--language", "languages", multiple=True, type=click.Choice(LANGUAGES), help="Repeat it; replaces all.")
@click.option(
    "--queue", "queues", multiple=True, metavar="QUEUE[:LEVEL]", help="As internet or internet:2; repeat it, adds."
)
@click.option("--no-queue", "dropped", multiple=True, metavar="QUEUE", help="Takes a queue away; repeat it.")
@_by
def skills(
    operator: str | None,
    languages: tuple[str, ...],
    queues: tuple[str, ...],
    dropped: tuple[str, ...],
    actor: str,
) -> None:
    """Show what every operator can do, or OPERATOR (a number or a name). What is given counts from the next offer."""
    with _skill_book() as book:
        known = book.operators()
        if operator is None:
            if languages or queues or dropped:
                raise InvalidInput("Say whose skills: a number or a name.")
            found = known
        else:
            one = _operator(operator, known)
            levels = {queue: one.level(queue) for queue in one.queues} | dict(map(_level, queues))
            if missing := sorted(set(dropped) - levels.keys()):
                raise InvalidInput(f"{one.name} has no queue {', '.join(missing)} to take away.")
            levels = {queue: level for queue, level in levels.items() if queue not in dropped}
            if languages or queues or dropped:
                one = book.change(one.id, languages=set(languages) or one.languages, levels=levels, actor=actor)
            found = [one]
        for each in found:
            can = " ".join(f"{queue}:{each.level(queue)}" for queue in sorted(each.queues))
            click.echo(f"{each.id} {each.name}: {' '.join(sorted(each.languages))}; {can}")


def _level(words: str) -> tuple[str, int]:
    """Read "internet" or "internet:2"."""
    queue, colon, level = words.partition(":")
    if colon and not (level.isascii() and level.isdigit()):
        raise InvalidInput(f'"{words}" is not a queue with a level; write it as internet:2.')
    return queue, int(level) if colon else 1


def _operator(wanted: str, known: list[Operator]) -> Operator:
    found = [one for one in known if wanted == str(one.id) or wanted.casefold() == one.name.casefold()]
    if len(found) != 1:
        several = f"There are {len(found)} operators {wanted}; say the number." if found else ""
        raise NotFound(several or f"There is no operator {wanted}; `skills` lists them.")
    return found[0]


class _Nobody:
    """The rules are read and written here, not applied."""

    def operators(self) -> list[Operator]:
        return []


@contextmanager
def _skill_book() -> Iterator[SkillBook]:
    settings = load_settings(os.environ)
    with closing(Database(settings.database_url)) as database, closing(connect(settings.redis_url)) as redis:
        yield SkillBook(database, SystemClock(), Live(redis), LANGUAGES)
