"""Faults of flows that call each other, and of what they share; one broken example for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from callflows.check import check
from callflows.faults import FlowError
from callflows.folder import Folder, load_flow

CALENDARS = """\
[office]
monday = ["08:00-18:00"]
"""
MAIN = """\
name = "main"
start = "language"
language = "nl"
apology = "sorry"

[nodes.language]
kind = "language"
prompt = "hello"
keys = { 1 = "nl", 2 = "fr" }
next = "number"

[nodes.number]
kind = "call"
flow = "number"
exits = { done = "hours", back = "bye" }

[nodes.hours]
kind = "hours"
calendar = "office"
open = "wait"
closed = "bye"
holiday = "bye"

[nodes.wait]
kind = "queue"
queue = "internet"
announce_prompt = "sorry"
estimate_prompt = "sorry"
overflow_prompt = "sorry"
incident_prompt = "sorry"
callback_prompt = "sorry"
calendar = "office"
closed = "bye"
done = "bye"
full = "bye"
failed = "bye"

[nodes.bye]
kind = "hangup"
prompt = "sorry"
outcome = "closed"
"""
NUMBER = """\
name = "number"
start = "ask"
language = "nl"
apology = "sorry"

[nodes.ask]
kind = "ask"
prompt = "sorry"
no_input_prompt = "sorry"
wrong_prompt = "sorry"
store = "badge"
min_digits = 2
max_digits = 4
next = "right"
no_input = "back"
wrong = "back"

[nodes.right]
kind = "menu"
prompt = "right"
args = { badge = "badge" }
no_input_prompt = "sorry"
wrong_key_prompt = "sorry"
keys = { 1 = { exit = "done" }, 2 = { exit = "ask" } }
no_input = "done"
wrong_key = "done"

[nodes.done]
kind = "return"

[nodes.back]
kind = "return"
exit = "back"
"""
PROMPTS = "hello = Press { $key }.\nsorry = Sorry.\nright = { $badge }: right?\n"
TEXTS = {"main": MAIN, "number": NUMBER, "calendars": CALENDARS}


def faults(folder: Path, changes: dict[str, tuple[str, str]], fr: str = PROMPTS) -> list[str]:
    """The faults of the two flows after `changes`, file -> (old, new), without the folder's name."""
    (folder / "prompts").mkdir()
    for name, text in TEXTS.items():
        old, new = changes.get(name, ("", ""))
        assert old in text
        (folder / f"{name}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    (folder / "prompts" / "nl.ftl").write_text(PROMPTS, encoding="utf-8")
    (folder / "prompts" / "fr.ftl").write_text(fr, encoding="utf-8")
    found = check(folder, folder / "prompts", queues=["internet"])
    return [str(fault).replace(f"{folder}/", "") for fault in found]


def test_the_two_flows_are_without_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"main": ('flow = "number"', 'flow = "nmber"')}, 'main.toml:14: [number] flow "nmber" is not in this folder.'),
        (
            {"main": ('done = "hours", ', "")},
            'main.toml:15: [number] flow "number" returns by "done", and no exit says where that leads.',
        ),
        (
            {"main": ('done = "hours", ', 'done = "hours", later = "bye", ')},
            'main.toml:15: [number] flow "number" never returns by "later".',
        ),
        (
            {"number": ('[nodes.done]\nkind = "return"', '[nodes.done]\nkind = "call"\nflow = "main"')},
            'number.toml:30: [done] flow "main" comes back to itself.',
        ),
        (
            {"main": ('back = "bye"', 'back = "number"')},
            "main.toml:12: [number] This loops without the caller pressing a key: "
            "number -> number/ask -> number/back -> number.",
        ),
        (
            {"number": ('no_input = "back"\nwrong = "back"', 'no_input = "done"\nwrong = "done"')},
            "number.toml:31: [back] No way leads to this node.",
        ),
        (
            {"number": ('store = "badge"', 'store = "budge"')},
            'number.toml:21: [right] args.badge: no node stores "badge".',
        ),
        (
            {"number": ("min_digits = 2", "min_digits = 7")},
            "number.toml:6: [ask] min_digits is more than max_digits.",
        ),
        ({"number": ('args = { badge = "badge" }\n', "")}, 'number.toml:20: [right] prompt: prompt "right" in nl'),
        ({"main": ('calendar = "office"\nclosed', "closed")}, "main.toml:32: [wait] closed needs a calendar."),
        ({"calendars": ("[office]", "[shop]")}, 'main.toml:19: [hours] calendar "office" is not one of this flow'),
        ({"calendars": ("08:00-18:00", "8-18")}, "calendars.toml:2: monday.0: write a period as"),
        ({"calendars": ("[office]", "[office")}, "calendars.toml:1: This is not TOML"),
    ],
)
def test_a_fault_is_told_where_it_is_written(tmp_path: Path, changes: dict[str, tuple[str, str]], fault: str) -> None:
    found = faults(tmp_path, changes)
    assert any(line.startswith(fault) for line in found), "\n".join(found)
    with pytest.raises(FlowError):
        if not any("prompt" in line or "loops" in line or "No way" in line or "needs" in line for line in found):
            load_flow(tmp_path / "main.toml")
        else:  # what only `check` sees does not keep a flow from being loaded
            raise FlowError([])


def test_a_called_flow_is_not_told_to_be_unreachable_when_only_its_call_is(tmp_path: Path) -> None:
    found = faults(tmp_path, {"main": ('next = "number"', 'next = "hours"')})
    assert found == ["main.toml:12: [number] No way leads to this node."]


def test_a_called_flow_needs_its_prompts_in_the_languages_of_those_who_call_it(tmp_path: Path) -> None:
    found = faults(tmp_path, {}, fr=PROMPTS.replace("right = { $badge }: right?\n", ""))
    assert found == [
        'number.toml:20: [right] prompt: prompt "right" is missing in fr.',
        'prompts/nl.ftl:3: "right" is missing in fr.',
    ]


def test_the_version_follows_every_file_that_a_flow_is_made_of() -> None:
    first = Folder(TEXTS).load("main")
    assert Folder({**TEXTS, "other": NUMBER}).load("main").version == first.version
    for name in TEXTS:
        changed = Folder({**TEXTS, name: TEXTS[name] + "# changed\n"}).load("main")
        assert changed.version != first.version
    assert "number/ask" in first.nodes
    assert Folder(TEXTS).load("number").nodes.keys() == {"ask", "right", "done", "back"}
