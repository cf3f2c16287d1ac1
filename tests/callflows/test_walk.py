"""`check` and `run-flow` as they are typed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from app.commands_flows import check, run_flow
from callflows.folder import load_flow
from callflows.prompts import Catalogue
from callflows.walk import walk

ROOT = Path(__file__).resolve().parents[2]
FLOW = load_flow(ROOT / "callflows" / "flows" / "helpdesk.toml")
CATALOGUE = Catalogue.load(ROOT / "callflows" / "prompts")


def walked(*arguments: str) -> list[str]:
    result = CliRunner().invoke(run_flow, arguments)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_a_french_caller_on_christmas_day() -> None:
    assert walked("helpdesk", "--language", "fr", "--at", "2026-12-25T10:00", "--press", "2,1")[1:] == [
        "[language]",
        "    nl: Welkom bij de helpdesk. Voor Nederlands, druk op 1.",
        "    fr: Bienvenue au helpdesk. Pour le français, appuyez sur le 2.",
        "    en: Welcome to the helpdesk. For English, press 3.",
        "    > presses 2",
        "[incident]",
        "[hours]",
        "[holiday]",
        "    fr: Notre helpdesk est fermé aujourd'hui, pour un jour férié ou de fermeture.",
        "[closed-choice]",
        "    fr: Pour être rappelé quand nous serons ouverts, appuyez sur 1. Pour laisser un message, appuyez sur 2.",
        "    fr: Vous pouvez aussi dire votre choix.",
        "    (may be said: rappeler = 1, rappelez moi = 1, message = 2, laisser un message = 2, the digits)",
        "    > presses 2",
        "[voicemail-closed]",
        "[voicemail-closed/notice]",
        "    fr: Votre message est enregistré et transcrit pour vous aider, et conservé 30 jours.",
        "    > says nothing",
        "[voicemail-closed/message]",
        "    fr: Parlez après le signal, et terminez par la touche dièse.",
        "    > speaks for ten seconds",
        "[voicemail-closed/keep]",
        "[voicemail-closed/thanks]",
        "    fr: Merci pour votre message. Un collègue l’écoutera au plus tard à la fin du prochain jour ouvrable. "
        "Au revoir.",
        "",
        "Outcome: voicemail",
    ]


def test_a_caller_who_opts_out_errs_and_waits() -> None:
    lines = walked("helpdesk", "--language", "en", "--at", "2026-11-23T10:00", "--press", "9,7,1,0,4")
    assert lines[5:] == [
        "    > presses 3",
        "[incident]",
        "[hours]",
        "[notice]",
        "    en: This call is transcribed so that we can help you better. We keep the text for 30 days. "
        "If you would rather we did not, please press 9 now.",
        "    > presses 9",
        "[notice-refused]",
        "    en: Of course. This call will not be transcribed.",
        "[topic]",
        lines[14],
        "    > presses 7",
        "    en: I do not know that choice.",
        lines[14],
        "    > presses 1",
        "[internet]",
        "    en: One moment please, we are connecting you.",
        "    (into the queue internet)",
        "    en: You are number 3 in the queue.",
        "    en: You can also be called back without losing your place: press 1.",
        "    en: To leave a message, press 2. To hear your place again, press 0.",
        "    (music, 20 s)",
        "    > presses 0",
        "    en: There is one caller ahead of you.",
        "    en: You can also be called back without losing your place: press 1.",
        "    en: To leave a message, press 2. To hear your place again, press 0.",
        "    (music, 20 s)",
        "    (music, 20 s)",
        "    > talks with an operator, who ends the talk",
        "[rating]",
        "    en: How did we do? Please press a key from 1 to 5, where 1 is poor and 5 is very good.",
        "    > presses 4",
        "[goodbye]",
        "    en: Thank you for calling. Goodbye.",
        "",
        "Outcome: answered",
    ]


@pytest.mark.parametrize("press", ["1", "2", "3", "4", "0", "9,1", "5,5,5", ""])
@pytest.mark.parametrize("at", ["2026-11-23T10:00", "2026-11-23T19:00", "2026-03-29T02:30", "2026-10-25T02:30"])
def test_every_walk_comes_to_an_end(press: str, at: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Europe/Brussels"))
    for language in CATALOGUE.languages:
        lines = list(walk(FLOW, CATALOGUE, language=language, at=moment, presses=press.split(",")))
        if at == "2026-11-23T10:00":
            assert lines[-1] == "Outcome: answered"
        else:  # whoever presses 2 leaves a message
            assert lines[-1] == ("Outcome: voicemail" if press == "2" else "Outcome: closed")


def test_always_open_and_retention_are_heard() -> None:
    lines = walked(
        "helpdesk", "--language", "nl", "--at", "2026-12-25T03:00+01:00", "--always-open", "--retention-days", "1"
    )
    assert any("We bewaren de tekst één dag." in line for line in lines)
    assert lines[-1] == "Outcome: answered"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing"], "nothing.toml:1: The file cannot be read"),
        (["helpdesk", "--at", "tomorrow"], '"tomorrow" is not a moment'),
        (["helpdesk", "--timezone", "Mars/North"], '"Mars/North" is not a time zone'),
        (["helpdesk", "--language", "de"], "de is not a language"),
    ],
)
def test_what_cannot_be_walked_is_told(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(run_flow, arguments)
    assert result.exit_code != 0
    assert sentence in result.output


def test_check_needs_no_environment() -> None:
    command = [sys.executable, "-m", "app.cli", "check"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert done.returncode == 0
    assert all(line.endswith("(warning)") for line in done.stderr.splitlines()), done.stderr
    assert re.fullmatch(r"All well: \d+ flows? with \d+ nodes, \d+ prompts in en, fr, nl\.\n", done.stdout)


def test_check_prints_every_fault_and_fails(tmp_path: Path) -> None:
    text = (ROOT / "callflows" / "flows" / "helpdesk.toml").read_text()
    calendars = (ROOT / "callflows" / "flows" / "calendars.toml").read_text()
    (tmp_path / "calendars.toml").write_text(calendars)
    for called in ("callback", "voicemail"):
        shutil.copy(ROOT / "callflows" / "flows" / f"{called}.toml", tmp_path)
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace('exit = "internet"', 'exit = "internot"').replace('"goodbye"\no', '"goodbey"\no'))
    result = CliRunner().invoke(check, ["--flows-dir", str(tmp_path), "--queue", "internet", "--queue", "workplace"])
    assert result.exit_code == 1
    ours = [line for line in result.output.splitlines() if line.startswith(f"{broken}:")]
    faults = [line.removeprefix(f"{broken}:").partition(" ")[2] for line in ours]
    assert faults == [
        '[topic] keys.1.exit leads to "internot", which is not a node.',
        "[internet] No way leads to this node.",
        '[invoices] Queue "invoices" has no wait-time target: it is not one of the queues (internet, workplace).',
        '[goodbye] prompt: prompt "goodbey" is missing in nl, fr, en.',
    ]
    assert re.search(r"\d+ faults\.\n$", result.output)


def test_check_of_an_empty_folder_says_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(check, ["--flows-dir", str(tmp_path)])
    assert result.exit_code == 1
    assert "There is no flow in" in result.output
