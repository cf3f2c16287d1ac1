"""Commands that run the product: demo, serve, migrate, seed, account."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from foundation.database import Database
from foundation.settings import ROOT, load_settings

SERVED = ("web", "live", "media", "worker", "ticker", "simulator")


@click.command()
@click.option(
    "--calls", type=click.IntRange(1, 50), help="Play this many bot calls, print one JSON line each, and stop."
)
@click.option("--port", default=8000, show_default=True, help="First of the five ports that are used.")
@click.option("--data", type=click.Path(path_type=Path), default=ROOT / "var" / "demo", help="Folder for its data.")
@click.option("--bots/--no-bots", default=True, show_default=True, help="Let invented callers ring in now and then.")
def demo(calls: int | None, port: int, data: Path, bots: bool) -> None:
    """Run everything on embedded defaults, with data under var/demo."""
    from app.demo import running

    raise SystemExit(running.rehearse(data, port, calls) if calls else running.run(data, port, bots=bots))


@click.command()
@click.argument("process", type=click.Choice(SERVED))
def serve(process: str) -> None:
    """Run one process until it is told to stop."""
    if process == "simulator":
        from app.demo.outside import serve_simulator

        serve_simulator(load_settings(os.environ))
    else:
        from app import servers

        servers.serve(process)


@click.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL to the current schema."""
    from app.schema import migrate as bring_up_to_date

    database = Database(load_settings(os.environ).database_url)
    bring_up_to_date(database.engine)
    click.echo("The database is up to date.")


@click.command()
@click.argument("message")
def revise(message: str) -> None:
    """Write a migration from the difference between the tables and a scratch database."""
    import tempfile

    from app import schema
    from foundation.embedded import EmbeddedPostgres

    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "pg").start()
        try:
            database = Database(server.url("scratch"))
            schema.migrate(database.engine)
            schema.revise(database.engine, message)
            database.close()
        finally:
            server.stop()


@click.command()
@click.option("--queues-only", is_flag=True, help="Only the queues, for a helpdesk that goes live.")
def seed(queues_only: bool) -> None:
    """Fill an empty database with invented data for a first look, or with the queues only."""
    from app.seeding import seed as fill
    from queueing.seed import seed_queues

    database = Database(load_settings(os.environ).database_url)
    if queues_only:
        with database.transaction() as session:
            seed_queues(session)
        click.echo("The queues are in place; make accounts with `python -m app.cli account`.")
        return
    fill(database, datetime.now(UTC))
    click.echo("The demonstration's data is in place.")


@click.command()
@click.argument("username")
@click.option("--role", type=click.Choice(["operator", "supervisor"]), required=True)
@click.option("--name", required=True, help="The name that colleagues see.")
@click.option(
    "--locale", type=click.Choice(["nl", "fr", "en"]), default="nl", show_default=True, help="Of the screens."
)
@click.option("--language", "languages", multiple=True, help="Spoken with callers; repeat it. Operators only.")
@click.option("--queue", "queues", multiple=True, help="Whose calls are taken; repeat it. Operators only.")
@click.password_option(help="Asked for when it is left out.")
def account(
    username: str,
    role: str,
    name: str,
    locale: str,
    languages: tuple[str, ...],
    queues: tuple[str, ...],
    password: str,
) -> None:
    """Make an account; an operator's also says which calls it takes."""
    from app.people import add_person

    if role == "operator" and not (languages and queues):
        raise click.UsageError("An operator needs at least one --language and one --queue.")
    add_person(
        load_settings(os.environ), username, password, role=role, name=name, locale=locale, languages=languages,
        queues=queues,
    )  # fmt: skip
    click.echo(f"{username} can sign in.")
