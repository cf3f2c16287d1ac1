"""The command line: `python -m app.cli --help`."""

from __future__ import annotations

import importlib
import os
from typing import Any

import click

from foundation.errors import OnthaalError

# Command -> module:attribute. A module is imported when its command is asked for: `kpi` does not wait for Flask.
COMMANDS = {
    "demo": "app.commands_running:demo",
    "serve": "app.commands_running:serve",
    "migrate": "app.commands_running:migrate",
    "revise": "app.commands_running:revise",
    "seed": "app.commands_running:seed",
    "account": "app.commands_running:account",
    "check": "app.commands_flows:check",
    "run-flow": "app.commands_flows:run_flow",
    "publish": "app.commands_publishing:publish",
    "rollback": "app.commands_publishing:rollback",
    "flow-schema": "app.commands_publishing:write_schema",
    "incident": "app.commands_waiting:incident",
    "queue-rules": "app.commands_rules:queue_rules",
    "skills": "app.commands_rules:skills",
    "article": "app.commands_articles:article",
    "erase": "app.commands_erasure:erase",
    "transcribe": "app.commands_transcription:transcribe",
    "spools": "app.commands_spools:spools",
    "models": "app.commands_models:models",
    "target": "app.commands_targets:target",
    "story": "app.commands_story:story",
    "kpi": "app.commands_reporting:kpi",
    "figures": "app.commands_reporting:figures",
    "staffing": "app.commands_staffing:staffing",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OnthaalError as error:
            raise click.ClickException(str(error)) from error


@click.command(
    cls=_Commands, help="Onthaal, a telephone helpdesk. Settings come from the environment: docs/settings.md."
)
def main() -> None:
    os.environ.setdefault("PYTHONUNBUFFERED", "1")


if __name__ == "__main__":
    main(prog_name="python -m app.cli")
