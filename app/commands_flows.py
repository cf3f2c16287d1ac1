"""`python -m app.cli check` and `run-flow`: a flow is looked at before callers meet it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from callflows.check import check as find_faults
from callflows.check import languages_of, spoken_languages
from callflows.check_speech import words_nobody_hears
from callflows.engine import Context
from callflows.faults import Fault, FlowError
from callflows.folder import Folder, load_flow
from callflows.prompts import Catalogue, PromptError
from callflows.walk import walk
from foundation.clock import SystemClock
from foundation.errors import OnthaalError
from foundation.settings import Settings
from queueing.seed import QUEUES
from transcription.models import Models

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_flows_dir = click.option(
    "--flows-dir",
    type=_FOLDER,
    default=Settings.model_fields["flows_dir"].default,
    help="Folder with the flow files.  [default: callflows/flows]",
)
_prompts_dir = click.option(
    "--prompts-dir",
    type=_FOLDER,
    default=Settings.model_fields["prompts_dir"].default,
    help="Folder with a catalogue a language.  [default: callflows/prompts]",
)


@click.command("check")
@_flows_dir
@_prompts_dir
@click.option("--queue", "queues", multiple=True, help="A queue there is; repeat it. Default: the queues that ship.")
@click.option(
    "--models-dir",
    type=_FOLDER,
    default=Settings.model_fields["models_dir"].default,
    help="Folder with the speech models.  [default: models]",
)
def check(flows_dir: Path, prompts_dir: Path, queues: tuple[str, ...], models_dir: Path) -> None:
    """Check every flow and every prompt.

    All faults are printed at once as FILE:LINE: [NODE] sentence, exit 1. Words to say that the installed speech models
    do not know are warnings, on standard error.
    """
    if not any(flows_dir.glob("*.toml")):
        raise click.ClickException(f"There is no flow in {flows_dir}; expected a file such as helpdesk.toml.")
    known = queues or tuple(queue["name"] for queue in QUEUES)
    faults = find_faults(flows_dir, prompts_dir, queues=known)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        click.echo(f"{len(faults)} fault{'' if len(faults) == 1 else 's'}.", err=True)
        sys.exit(1)
    for warning in _words_nobody_hears(flows_dir, models_dir):
        click.echo(f"{warning} (warning)", err=True)
    catalogue = Catalogue.load(prompts_dir)
    texts = len(catalogue.entries(catalogue.languages[0]))
    flows = [reading.flow for reading in Folder.at(flows_dir).readings.values() if reading.flow]
    nodes = sum(len(flow.nodes) for flow in flows)
    what = f"{len(flows)} flow{'' if len(flows) == 1 else 's'} with {nodes} nodes"
    click.echo(f"All well: {what}, {texts} prompts in {', '.join(catalogue.languages)}.")


def _words_nobody_hears(flows_dir: Path, models_dir: Path) -> list[Fault]:
    try:
        folder = Folder.at(flows_dir)
    except FlowError:
        return []
    models = Models(models_dir)

    def unheard(language: str, phrases: tuple[str, ...]) -> tuple[str, ...] | None:
        try:
            return models.unheard(language, phrases)
        except OnthaalError:  # not there, or damaged: `models check` tells which
            return None

    return words_nobody_hears(folder, lambda name: languages_of(folder, name), unheard)


@click.command("run-flow")
@click.argument("flow")
@click.option("--language", metavar="LANGUAGE", help="Chosen by itself at the question for it: nl, fr or en.")
@click.option(
    "--at", metavar="MOMENT", help="As 2026-12-25T10:00, in --timezone unless it has an offset.  [default: now]"
)
@click.option(
    "--press",
    default="",
    metavar="KEYS",
    help="Keys for the questions in turn, as 2,1; words are said where somebody listens, as 2,invoice.",
)
@click.option("--deaf", is_flag=True, help="Nobody listens: as without a speech model.")
@click.option("--always-open", is_flag=True, help="Treat every calendar as open.")
@click.option("--retention-days", type=click.IntRange(1), default=30, show_default=True, help="Said in the notice.")
@click.option("--timezone", default="Europe/Brussels", show_default=True, help="Time zone of --at.")
@_flows_dir
@_prompts_dir
def run_flow(
    flow: str,
    language: str | None,
    at: str | None,
    press: str,
    deaf: bool,
    always_open: bool,
    retention_days: int,
    timezone: str,
    flows_dir: Path,
    prompts_dir: Path,
) -> None:
    """Walk through FLOW, a name such as helpdesk or a file, and print every node and every sentence.

    Questions without a key left are not answered.
    """
    path = Path(flow) if flow.endswith(".toml") else flows_dir / f"{flow}.toml"
    try:
        catalogue = Catalogue.load(prompts_dir)
        loaded = load_flow(path)
        if language is not None and language not in spoken_languages(loaded):
            raise click.BadParameter(f"{language} is not a language of {loaded.name}.")
        lines = walk(
            loaded,
            catalogue,
            language=language,
            at=_moment(at, timezone),
            presses=[key.strip() for key in press.split(",") if key.strip()],
            context=Context(
                retention_days=retention_days,
                always_open=always_open,
                understood=frozenset() if deaf else frozenset(spoken_languages(loaded)),
            ),
        )
        for line in lines:
            click.echo(line)
    except (FlowError, PromptError) as error:
        raise click.ClickException(str(error)) from error


def _moment(at: str | None, timezone: str) -> datetime:
    try:
        zone = ZoneInfo(timezone)
    except (KeyError, ValueError):
        raise click.BadParameter(f'"{timezone}" is not a time zone; write it as Europe/Brussels.') from None
    if at is None:
        return SystemClock().now().astimezone(zone)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise click.BadParameter(f'"{at}" is not a moment; write it as 2026-12-25T10:00.') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
