"""`python -m app.cli article`: the articles, and the words by which callers' talk finds them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from foundation.clock import SystemClock
from foundation.database import Database
from foundation.settings import load_settings
from helpdesk import Helpdesk
from helpdesk.views import LANGUAGES, Article

_by = click.option("--by", "actor", default="command line", show_default=True, help="Who, for the audit row.")


@click.group("article")
def article() -> None:
    """The articles of the knowledge base, and the callers' words that find them."""


@article.command("list")
@click.option("--language", type=click.Choice(LANGUAGES), help="Only these.  [default: every language]")
def list_articles(language: str | None) -> None:
    """Every article: number, language, name and title."""
    with _helpdesk() as helpdesk:
        found = helpdesk.articles(language)
    for each in found:
        click.echo(f"{each.number:>5}  {each.language}  {each.slug:<22}  {each.title}")
    if not found:
        click.echo("There are no articles.")


@article.command("show")
@click.argument("number", type=click.IntRange(min=1))
def show(number: int) -> None:
    """One article, with its keywords."""
    with _helpdesk() as helpdesk:
        _print(helpdesk.article_numbered(number))


@article.command("keywords")
@click.argument("number", type=click.IntRange(min=1))
@click.argument("words", metavar='"A, B, C"')
@_by
def keywords(number: int, words: str, actor: str) -> None:
    """Replace the keywords of an article, with effect at once; "" takes them all away."""
    with _helpdesk() as helpdesk:
        _print(helpdesk.set_article_keywords(number, words, actor))


@contextmanager
def _helpdesk() -> Iterator[Helpdesk]:
    settings = load_settings(os.environ)
    with closing(Database(settings.database_url)) as database:
        yield Helpdesk(database, SystemClock())


def _print(found: Article) -> None:
    click.echo(f"{found.number}  {found.language}  {found.slug}  ({found.queue or 'every queue'})")
    click.echo(found.title)
    click.echo(found.body)
    click.echo(f"keywords: {found.keywords or 'none'}")
