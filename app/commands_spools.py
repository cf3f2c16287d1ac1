"""`spools`: sound that waits to be transcribed."""

from __future__ import annotations

import contextlib
import os

import click

from app.container import Container, build
from foundation.settings import load_settings
from transcription.catching_up import BeingRead


@click.group()
def spools() -> None:
    """Sound that waits to be transcribed: list it, transcribe it now."""


@spools.command("list")
def list_spools() -> None:
    """What waits, oldest first, what could not be transcribed and why, and how much room it takes."""
    services = build(load_settings(os.environ))
    try:
        services.spools.recover()
        waiting = services.spools.waiting()
        for each in waiting:
            click.echo(
                f"{each.created_at:%Y-%m-%d %H:%M}  {each.call_id}  {each.speaker:<8}  {each.language}  "
                f"{each.state:<12}  {each.done_s:.0f} of {each.sound_s:.0f} s"
            )
        for each in services.spools.failed():
            click.echo(f"{each.created_at:%Y-%m-%d %H:%M}  {each.call_id}  {each.speaker:<8}  failed: {each.reason}")
        limit_mb = services.settings.spool_limit_mb
        click.echo(f"{len(waiting)} waiting; {services.spools.used_bytes() / 1e6:.1f} of {limit_mb} MB")
    finally:
        services.close()


@spools.command("transcribe")
@click.option("--call", "call_id", help="Only this call, also while it goes on.")
def transcribe_spools(call_id: str | None) -> None:
    """Transcribe now, in this process, what waits of calls that are over."""
    services = build(load_settings(os.environ))
    try:
        services.spools.recover()
        due = services.spools.ready(call_id)
        with click.progressbar(due, label="Transcribing") as bar:
            for each in bar:
                with contextlib.suppress(BeingRead):  # it is told below that it is left
                    services.catching_up.transcribe({"spool": each.id})
        _tell_what_is_left(services, call_id)
    finally:
        services.close()


def _tell_what_is_left(services: Container, call_id: str | None) -> None:
    left = [each for each in services.spools.waiting() if call_id in (None, each.call_id)]
    if left:
        click.echo(f"{len(left)} still waiting: their calls go on, or are written down by a worker.")
