"""Faults of what callers may say, each with its line, and warnings about the models."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from app.commands_flows import check, run_flow
from callflows.check_speech import faults_of_speech, words_nobody_hears
from callflows.flow import read_flow
from callflows.folder import Folder

FLOW = """\
name = "small"
start = "menu"
language = "nl"

[nodes.menu]
kind = "menu"
prompt = "ask"
speech = true
no_input = "bye"
wrong_key = "bye"

[nodes.menu.keys.1]
exit = "bye"
say.nl = ["factuur"]
say.en = ["invoice"]

[nodes.menu.keys.2]
exit = "bye"
say.nl = ["iets anders"]
say.en = ["something else"]

[nodes.bye]
kind = "hangup"
outcome = "left-menu"
"""


def faults(text: str) -> list[str]:
    reading = read_flow(text, "small.toml")
    assert reading.flow is not None, reading.faults
    return [str(fault) for fault in sorted(faults_of_speech(reading, reading.flow, ("nl", "en")))]


def test_words_for_every_choice_in_every_language_are_well() -> None:
    assert faults(FLOW) == []


def test_two_choices_with_the_same_words() -> None:
    assert faults(FLOW.replace("iets anders", "factuur")) == [
        'small.toml:17: [menu] "factuur" (nl) is to mean key 2, but it means key 1.'
    ]


def test_words_that_the_product_knows_already() -> None:
    found = faults(FLOW.replace("iets anders", "vijf").replace("something else", "please"))
    assert found == [
        'small.toml:17: [menu] "please" (en) is to mean key 2, but it means nothing, because callers say it beside '
        "their answers.",
        'small.toml:17: [menu] "vijf" (nl) is to mean key 2, but it means key 5.',
    ]
    assert faults(FLOW.replace("iets anders", "twee")) == [], "the word for the key itself"
    both = FLOW.replace("[nodes.menu.keys.1]\n", '[nodes.menu.keys.1]\nmeans = "yes"\n')
    assert faults(both.replace("iets anders", "dat klopt")) == [
        'small.toml:18: [menu] "dat klopt" (nl) is to mean key 2, but it means key 1.'
    ]


def test_words_that_are_missing_in_a_language() -> None:
    assert faults(FLOW.replace('say.en = ["invoice"]\n', "")) == [
        "small.toml:12: [menu] Key 1 has words to say, but none in en."
    ]


def test_words_where_nobody_listens() -> None:
    found = faults(FLOW.replace("speech = true\n", ""))
    assert found == [
        "small.toml:11: [menu] Key 1 has words to say, but only a menu with speech = true listens.",
        "small.toml:16: [menu] Key 2 has words to say, but only a menu with speech = true listens.",
    ]


def test_words_that_a_recogniser_could_not_write() -> None:
    (fault,) = read_flow(FLOW.replace("iets anders", "Optie 2!"), "small.toml").faults
    assert (fault.line, fault.node) == (19, "menu")


def test_a_model_that_does_not_know_the_words_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(FLOW, encoding="utf-8")
    known = {"nl": {"factuur"}}

    def unheard(language: str, phrases: tuple[str, ...]) -> tuple[str, ...] | None:
        return tuple(set(phrases) - known[language]) if language in known else None

    found = words_nobody_hears(Folder.at(tmp_path), lambda _: ("nl", "en"), unheard)
    assert [(fault.line, fault.sentence) for fault in found] == [
        (8, "No speech model for en is installed: its callers have the keys."),
        (17, 'The speech model for nl does not know "iets anders": nobody can say it.'),
    ]


def test_the_shipped_flows_are_well_and_their_warnings_do_not_fail() -> None:
    result = CliRunner().invoke(check, [])
    assert result.exit_code == 0
    assert 'The speech model for nl does not know "telefonie"' in result.stderr
    assert "(warning)" not in result.stdout


def test_a_walk_shows_what_may_be_said_and_takes_it() -> None:
    given = ["helpdesk", "--language", "en", "--at", "2026-11-23T10:00", "--press", "invoice"]
    heard = CliRunner().invoke(run_flow, given).output
    assert "invoice = 4" in heard
    assert 'says "invoice": understood as 4' in heard
    assert "into the queue invoices" in heard
    assert "say your choice" not in CliRunner().invoke(run_flow, [*given, "--deaf"]).output
