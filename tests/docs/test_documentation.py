"""What can be set, called or typed is documented, and what is documented exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli import COMMANDS
from desk.blueprint import ROUTES
from foundation.settings import ROOT, Settings

DOCS = ROOT / "docs"


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_table_with_its_meaning(name: str) -> None:
    field = Settings.model_fields[name]
    rows = [line for line in text("settings.md").splitlines() if line.startswith(f"| `{name.upper()}` |")]
    assert len(rows) == 1, f"docs/settings.md has {len(rows)} rows for {name.upper()}"
    assert field.description is not None
    assert field.description in rows[0]


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", text("settings.md"), re.MULTILINE))
    assert documented == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"^\| `{command}[ `]", text("cli.md"), re.MULTILINE), f"docs/cli.md lacks {command}"


def test_every_voice_route_is_documented(voice_rules: list[str]) -> None:
    documented = text("webhooks.md")
    missing = [rule for rule in voice_rules if rule not in documented]
    assert missing == []


@pytest.mark.parametrize("route", [f"{route.method} {route.path}" for route in ROUTES])
def test_every_screen_route_is_documented(route: str) -> None:
    assert route.split(" ", 1)[1] in text("screens.md"), f"docs/screens.md lacks {route}"


def markdown() -> list[Path]:
    return sorted([ROOT / "README.md", *DOCS.rglob("*.md")])


@pytest.mark.parametrize("page", markdown(), ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_exist(page: Path) -> None:
    named = re.findall(
        r"`((?:docs|tests|callflows|ivr|app|benchmarks|deploy|models|migrations)/[\w./-]+)`", page.read_text()
    )
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_the_readme_opens_with_the_two_commands() -> None:
    opening = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:20])
    assert "make demo" in opening
    assert "make test" in opening
