"""`check` finds every fault at once; one broken example for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from callflows.check import check, check_catalogue
from callflows.faults import FlowError
from callflows.flow import read_flow
from callflows.folder import load_flow
from callflows.prompts import Catalogue

ROOT = Path(__file__).resolve().parents[2] / "callflows"
QUEUES = ("internet", "workplace", "invoices")

FLOW = """\
name = "small"
start = "language"
language = "nl"
apology = "sorry"

[calendars.office]
monday = ["08:00-18:00"]

[nodes.language]
kind = "language"
prompt = "hello"
keys = { 1 = "nl", 2 = "fr" }
next = "hours"

[nodes.hours]
kind = "hours"
calendar = "office"
open = "menu"
closed = "bye"
holiday = "bye"

[nodes.menu]
kind = "menu"
prompt = "ask"
no_input_prompt = "sorry"
wrong_key_prompt = "sorry"
no_input = "bye"
wrong_key = "bye"

[nodes.menu.keys.1]
exit = "wait"
label = "sorry"

[nodes.wait]
kind = "queue"
queue = "internet"
announce_prompt = "place"
estimate_prompt = "place"
done = "bye"
full = "bye"
failed = "bye"

[nodes.bye]
kind = "hangup"
prompt = "sorry"
outcome = "closed"
"""
PROMPTS = """\
hello = Welcome, press { $key }.
ask = One for help.
place = You are number { $position }.
sorry = Sorry.
queue-overflow = Another team helps you.
incident-standard = Something is broken.
"""


def faults(folder: Path, *changes: tuple[str, str], prompts: dict[str, str] | None = None) -> list[str]:
    """The faults of the small flow after `changes`, without the folder's name."""
    text = FLOW
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "prompts").mkdir()
    (folder / "small.toml").write_text(text, encoding="utf-8")
    for language, body in ({"nl": PROMPTS, "fr": PROMPTS} | (prompts or {})).items():
        (folder / "prompts" / f"{language}.ftl").write_text(body, encoding="utf-8")
    found = check(folder, folder / "prompts", queues=QUEUES)
    return [str(fault).replace(f"{folder}/", "") for fault in found]


def test_the_shipped_flow_and_prompts_are_without_fault() -> None:
    assert check(ROOT / "flows", ROOT / "prompts", queues=QUEUES) == []


def test_the_small_flow_is_without_fault(tmp_path: Path) -> None:
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('exit = "wait"', 'exit = "wiat"', '31: [menu] keys.1.exit leads to "wiat", which is not a node.'),
        ('start = "language"', 'start = "begin"', '2: start leads to "begin", which is not a node.'),
        (
            'calendar = "office"',
            'calendar = "shop"',
            '17: [hours] calendar "shop" is not one of this flow, nor of all flows.',
        ),
        (
            "[nodes.bye]",
            '[nodes.alone]\nkind = "hangup"\noutcome = "closed"\n\n[nodes.bye]',
            "43: [alone] No way leads to this node.",
        ),
        (
            "[nodes.bye]",
            '[nodes.nothing]\nkind = "set"\nnext = "bye"\n\n[nodes.bye]',
            "43: [nothing] it sets nothing: give priority_s, level or product.",
        ),
        (
            "[nodes.bye]",
            '[nodes.vip]\nkind = "set"\nproduct = "printers"\nnext = "bye"\n\n[nodes.bye]',
            '45: [vip] Product "printers" is not one of the queues (internet, invoices, workplace).',
        ),
        (
            "[nodes.bye]",
            '[nodes.vip]\nkind = "set"\nlevel = 9\nnext = "bye"\n\n[nodes.bye]',
            "45: [vip] level: input should be less than or equal to 5.",
        ),
        (
            "[nodes.bye]",
            '[nodes.promise]\nkind = "callback-offered"\nyes = "bye"\n\n[nodes.bye]',
            "43: [promise] no: is missing.",
        ),
        (
            'closed = "bye"',
            'closed = "hours"',
            "15: [hours] This loops without the caller pressing a key: hours -> hours.",
        ),
        (
            'no_input = "bye"',
            'no_input = "hours"',
            "15: [hours] This loops without the caller pressing a key: hours -> menu -> hours.",
        ),
        ("nodes.menu.keys.1", "nodes.menu.keys.11", "30: [menu] Key 11 has more digits than are asked for (1)."),
        (
            "[nodes.menu.keys.1]",
            '[nodes.menu.keys.12]\nexit = "bye"\n[nodes.menu.keys.1]',
            "32: [menu] Keys collide: 1 is the beginning of 12.",
        ),
        (
            'queue = "internet"',
            'queue = "printers"',
            '36: [wait] Queue "printers" has no wait-time target: it is not one of the queues '
            "(internet, invoices, workplace).",
        ),
        ('prompt = "ask"', 'prompt = "aks"', '24: [menu] prompt: prompt "aks" is missing in nl, fr.'),
        ('label = "sorry"', 'label = "srory"', '32: [menu] keys.1.label: prompt "srory" is missing in nl, fr.'),
        ('apology = "sorry"', 'apology = "x"', '4: apology: prompt "x" is missing in nl, fr.'),
        (
            'prompt = "ask"',
            'prompt = "place"',
            '24: [menu] prompt: prompt "place" in nl needs $position; it is given nothing.',
        ),
        (
            'announce_prompt = "place"',
            'announce_prompt = "hello"',
            '37: [wait] announce_prompt: prompt "hello" in fr needs $key; it is given $position.',
        ),
        ('2 = "fr"', '2 = "en"', '3: There is no catalogue of prompts in "en".'),
        ('outcome = "closed"', 'outcome = "closed"\nhours_prompt = "ask"', "47: [bye] hours_prompt needs a calendar."),
        ('kind = "menu"', 'kind = "meun"', "23: [menu] kind: \"meun\" is not one of 'language', 'menu',"),
        ('outcome = "closed"', 'outcome = "over"', "46: [bye] outcome: \"over\" is not one of 'answered',"),
        ('outcome = "closed"', "", "43: [bye] outcome: is missing."),
        ('wrong_key = "bye"', 'wrong_key = "bye"\nsparkle = 3', "29: [menu] sparkle: is not known here."),
        ("[nodes.menu.keys.1]", "[nodes.menu.keys.a]", "30: [menu] keys.a: string should match pattern"),
        ('monday = ["08:00-18:00"]', 'monday = ["8-18"]', "7: calendars.office.monday.0: write a period as"),
        ('language = "nl"', 'language = "de"', "3: language: \"de\" is not one of 'nl', 'fr' or 'en'."),
        ("[nodes.wait]", "[nodes.menu]", "34: This is not TOML: Cannot declare ('nodes', 'menu') twice"),
    ],
)
def test_a_fault_is_told_with_its_line_and_node(tmp_path: Path, old: str, new: str, fault: str) -> None:
    found = faults(tmp_path, (old, new))
    assert any(line.startswith(f"small.toml:{fault}") for line in found), "\n".join(found)


def test_a_node_from_which_no_call_ends_is_told(tmp_path: Path) -> None:
    trap = '[nodes.trap]\nkind = "menu"\nprompt = "ask"\nkeys = { 1 = { exit = "trap" } }\n'
    trap += (
        'no_input_prompt = "sorry"\nwrong_key_prompt = "sorry"\nno_input = "trap"\nwrong_key = "trap"\n\n[nodes.bye]'
    )
    found = faults(tmp_path, ('holiday = "bye"', 'holiday = "trap"'), ("[nodes.bye]", trap))
    assert found == [
        "small.toml:43: [trap] There is no way out: from here no call comes to an end.",
        "small.toml:43: [trap] This loops without the caller pressing a key: trap -> trap.",
    ]


def test_of_nodes_that_are_not_reached_only_the_first_is_told(tmp_path: Path) -> None:
    lost = "".join(
        f'[nodes.{name}]\nkind = "say"\nprompt = "sorry"\nnext = "{target}"\n\n'
        for name, target in (("first", "second"), ("second", "bye"), ("round", "about"), ("about", "round"))
    )
    found = faults(tmp_path, ("[nodes.bye]", lost + "[nodes.bye]"))
    assert [line for line in found if "No way leads" in line] == [
        "small.toml:43: [first] No way leads to this node.",
        "small.toml:53: [round] No way leads to this node.",
    ]


@pytest.mark.parametrize(
    ("french", "fault"),
    [
        (PROMPTS.replace("{ $position }", "one"), 'fr.ftl:3: "place" does not use $position in fr, but it does in nl.'),
        (PROMPTS.replace("sorry = Sorry.\n", ""), 'nl.ftl:4: "sorry" is missing in fr.'),
        (PROMPTS + "sorry = Again.\n", 'fr.ftl:7: "sorry" stands here a second time.'),
        (PROMPTS.replace("Sorry.", "{ nowhere }"), 'fr.ftl:4: "sorry" uses "nowhere", which is not there.'),
        (PROMPTS.replace("Sorry.", "{ -nowhere }"), 'fr.ftl:4: "sorry" uses "-nowhere", which is not there.'),
        (PROMPTS.replace("Sorry.", "{ SUM(1) }"), 'fr.ftl:4: "sorry" uses the function SUM, which is not there.'),
        (PROMPTS.replace("Sorry.", "{ $"), "fr.ftl:4: This is not Fluent:"),
    ],
)
def test_a_fault_of_a_catalogue_is_told_with_its_line(tmp_path: Path, french: str, fault: str) -> None:
    found = faults(tmp_path, prompts={"fr": french})
    assert any(line.startswith(f"prompts/{fault}") for line in found), "\n".join(found)


def test_all_faults_are_told_at_once_and_in_order(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        ('prompt = "ask"', 'prompt = "aks"'),
        ('exit = "wait"', 'exit = "wiat"'),
        ('queue = "internet"', 'queue = "printers"'),
        prompts={"fr": PROMPTS.replace("{ $position }", "one")},
    )
    where = [line.split(" ")[0] for line in found]
    assert where == ["prompts/fr.ftl:3:", "small.toml:24:", "small.toml:31:", "small.toml:34:", "small.toml:36:"]


def test_what_a_broken_node_leads_to_is_not_called_unreachable(tmp_path: Path) -> None:
    assert faults(tmp_path, ('kind = "menu"', 'kind = "menu"\nsparkle = 1')) == [
        "small.toml:24: [menu] sparkle: is not known here."
    ]


def test_a_flow_with_faults_is_not_loaded(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(FLOW.replace('exit = "wait"', 'exit = "wiat"').replace('outcome = "closed"', ""))
    with pytest.raises(FlowError) as refusal:
        load_flow(broken)
    assert [fault.line for fault in refusal.value.faults] == [43, 31]
    assert str(refusal.value).startswith(f"{broken}:43: [bye] outcome")
    with pytest.raises(FlowError, match="cannot be read"):
        load_flow(tmp_path / "nothing.toml")


def test_the_version_follows_the_text() -> None:
    first, second = read_flow(FLOW, "a.toml").flow, read_flow(FLOW + "# changed\n", "a.toml").flow
    assert first is not None
    assert second is not None
    assert first.version != second.version
    assert first.version == getattr(read_flow(FLOW, "b.toml").flow, "version", None)


def test_an_empty_folder_of_prompts_is_told(tmp_path: Path) -> None:
    assert [fault.sentence for fault in Catalogue.read(tmp_path).faults] == [
        "There is no catalogue here; expected files such as nl.ftl."
    ]
    assert check_catalogue(Catalogue.read(tmp_path)) == []
