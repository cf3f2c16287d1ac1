"""`python -m app.cli target`: a queue's wait-time targets, shown and changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from foundation.errors import InvalidInput
from foundation.settings import load_settings
from queueing.model import Queue
from queueing.periods import WHEN_MISSED, Period, Target, days_of, in_words, minutes_of
from queueing.service import QueueService


@click.command("target")
@click.argument("queue")
@click.option("--share", type=float, metavar="PERCENT", help="Share of the callers, 1 to 100.")
@click.option("--within", "within_s", type=int, metavar="SECONDS", help="The time within which they are answered.")
@click.option("--longest", "longest_s", type=int, metavar="SECONDS", help="The longest acceptable wait.")
@click.option(
    "--when-missed", type=click.Choice(WHEN_MISSED), help="When a call will miss it: show it, or widen the search."
)
@click.option("--period", metavar="NAME", help="Another target at --days and --from to --until.")
@click.option("--days", metavar="DAYS", help="Of the period: mon-fri, or sat,sun.")
@click.option("--from", "begins", metavar="HH:MM", help="When the period begins.")
@click.option("--until", "ends", metavar="HH:MM", help="When the period ends; 24:00 is midnight.")
@click.option("--remove", is_flag=True, help="Take the period away.")
@click.option("--by", "actor", default="command line", show_default=True, help="Who, for the audit row.")
def target(
    queue: str,
    share: float | None,
    within_s: int | None,
    longest_s: int | None,
    when_missed: str | None,
    period: str | None,
    days: str | None,
    begins: str | None,
    ends: str | None,
    remove: bool,
    actor: str,
) -> None:
    """Show the targets of QUEUE; change what is given, with effect at once, also for who waits now."""
    with _queues() as service:
        found = service.queue(queue)
        if period and remove:
            found = service.drop_period(queue, period, actor=actor)
        elif period:
            known = {one.name: one for one in found.periods}.get(period)
            base = _changed(known.target if known else found.target, share, within_s, longest_s, when_missed)
            if known is None and not (days and begins and ends):
                raise InvalidInput("A new period needs --days, --from and --until.")
            wanted = Period(
                name=period,
                days=days_of(days) if days else known.days if known else (),
                from_min=minutes_of(begins) if begins else known.from_min if known else 0,
                until_min=minutes_of(ends) if ends else known.until_min if known else 0,
                target=base,
            )
            found = service.set_period(queue, wanted, actor=actor)
        elif any(one is not None for one in (share, within_s, longest_s, when_missed)):
            base = _changed(found.target, share, within_s, longest_s, when_missed)
            found = service.set_target(
                queue,
                share=base.share,
                within_s=base.within_s,
                longest_s=base.longest_s,
                when_missed=base.when_missed,
                actor=actor,
            )
        for line in _lines(found):
            click.echo(line)


def _changed(
    old: Target, share: float | None, within_s: int | None, longest_s: int | None, when_missed: str | None
) -> Target:
    within = old.within_s if within_s is None else within_s
    return Target(
        share=old.share if share is None else round(share / 100, 4),
        within_s=within,
        longest_s=max(old.longest_s, within) if longest_s is None else longest_s,
        when_missed=old.when_missed if when_missed is None else "widen" if when_missed == "widen" else "warn",
    )


def _lines(queue: Queue) -> Iterator[str]:
    target = queue.target
    yield (
        f"{queue.name}: {target.share * 100:g} % within {target.within_s} s, at most {target.longest_s} s, "
        f"{target.when_missed}"
    )
    for one in queue.periods:
        yield f"  {one.name}: {in_words(one)}"


@contextmanager
def _queues() -> Iterator[QueueService]:
    from app.container import build

    services = build(load_settings(os.environ))
    try:
        yield services.queue
    finally:
        services.close()
