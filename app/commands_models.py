"""`models`: which speech models there are; install, remove and check them."""

from __future__ import annotations

from pathlib import Path

import click

from foundation.settings import ROOT
from transcription import installing, trying
from transcription.audio import TELEPHONE_HZ
from transcription.models import find

_FOLDER = click.option(
    "--models",
    "folder",
    type=click.Path(path_type=Path),
    default=ROOT / "models",
    help="Folder with a Vosk model a language [default: models/ of the checkout].",
)


@click.group()
def models() -> None:
    """Speech models: list, install, remove, check."""


@models.command("list")
@_FOLDER
def list_models(folder: Path) -> None:
    """The models in use, and the official ones that can be installed."""
    in_use = find(folder)
    for language, model in sorted(in_use.items()):
        click.echo(f"{language}  {model.path.name}  {model.trained_hz} Hz")
    for language, name in installing.OFFICIAL.items():
        if language not in in_use or in_use[language].path.name != name:
            click.echo(f"{language}  {name}  can be installed: models install {language}")


@models.command("install")
@click.argument("wanted", metavar="LANGUAGE")
@click.option("--source", default=installing.SOURCE, show_default=True, help="Where the models are published.")
@_FOLDER
def install_model(wanted: str, source: str, folder: Path) -> None:
    """Fetch the official model for LANGUAGE (or the model of that full name) and put it in use."""
    model = installing.offered(wanted, source.rstrip("/"))
    if model.obsolete:
        click.echo(f"{model.name} is obsolete, says its publisher.", err=True)
    with click.progressbar(length=model.size_bytes, label=model.name) as bar:
        shown = 0

        def progress(have: int, _: int) -> None:
            nonlocal shown
            bar.update(have - shown)
            shown = have

        found = installing.install(model, folder, progress)
    click.echo(f"{found.path.name} is installed for '{found.language}'; start `media` again to use it.")


@models.command("remove")
@click.argument("name")
@_FOLDER
def remove_model(name: str, folder: Path) -> None:
    """Delete the model in the folder NAME."""
    installing.remove(name, folder)
    click.echo(f"{name} is removed.")


@models.command("check")
@_FOLDER
def check_models(folder: Path) -> None:
    """Each language's model: are its files as they were installed, does it load, how many words does it know, and what
    does it hear in a short sentence."""
    in_use = find(folder)
    damaged = False
    for language in sorted({*installing.OFFICIAL, *in_use}):
        if language not in in_use:
            click.echo(f"{language}  no model: models install {language}")
            continue
        model = in_use[language]
        faults = installing.faults(model)
        tried = trying.tried(model)
        damaged = damaged or bool(faults) or tried.fault is not None
        said = [
            "; ".join(faults) or "whole",
            f"{model.trained_hz} Hz" + (", fed at 16000" if model.feed_hz != TELEPHONE_HZ else ""),
            f"{tried.words} words" if tried.words else "a list of words of its own",
            tried.fault or f'hears "{tried.heard}"',
        ]
        click.echo(f"{language}  {model.path.name}  {', '.join(said)}")
    if damaged:
        raise click.ClickException("A model is damaged; remove it and install it again.")
