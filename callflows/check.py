"""Every fault of a flow and its prompts at once, each with file, line and node, before anything goes live."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from callflows.faults import Fault
from callflows.flow import (
    Flow,
    HangupNode,
    HoursNode,
    LanguageNode,
    MenuNode,
    Node,
    NoticeNode,
    QueueNode,
    Reading,
    SayNode,
    read_flow,
)
from callflows.hours import Calendar, hours_args, opening_args
from callflows.prompts import Catalogue

_EXAMPLE = Calendar.model_validate({"monday": ["09:00-17:00"]})
OPENING_ARGS = frozenset(opening_args(_EXAMPLE, datetime(2026, 1, 1, tzinfo=UTC)))
HOURS_ARGS = frozenset(hours_args(_EXAMPLE)[0])
NO_ARGS: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PromptUse:
    """A prompt that a node speaks: the key of the node that names it, its languages, the placeholders it is given."""

    key: str
    prompt: str
    languages: tuple[str, ...]
    args: frozenset[str]


def check(flows: Iterable[Path], prompts: Path, *, queues: Collection[str]) -> list[Fault]:
    """Every fault in the flow files and the catalogue. `queues` are the names of the queues there are."""
    catalogue = Catalogue.read(prompts)
    faults = [*catalogue.faults, *check_catalogue(catalogue)]
    for path in flows:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            faults.append(Fault(str(path), 1, "", f"The file cannot be read: {error.strerror}."))
        else:
            faults += check_flow(read_flow(text, str(path)), catalogue, queues=queues)
    return sorted(set(faults))


def check_flow(reading: Reading, catalogue: Catalogue, *, queues: Collection[str]) -> list[Fault]:
    """Every fault of one flow: its form, its graph, its keys, its queues, its prompts."""
    faults = list(reading.faults)
    if reading.flow is not None:
        faults += _graph(reading, reading.flow)
        faults += _keys(reading, reading.flow)
        faults += _queues(reading, reading.flow, queues)
        faults += _prompts(reading, reading.flow, catalogue)
    return faults


def check_catalogue(catalogue: Catalogue) -> list[Fault]:
    """Texts that are missing in a language, and texts that do not use the same placeholders in all."""
    faults = []
    entries = {language: catalogue.entries(language) for language in catalogue.languages}
    names = dict.fromkeys(name for texts in entries.values() for name in texts)
    for name in names:
        there = {language: texts[name] for language, texts in entries.items() if name in texts}
        sample = next(iter(there.values()))
        for language in entries.keys() - there.keys():
            faults.append(Fault(sample.file, sample.line, "", f'"{name}" is missing in {language}.'))
        wanted = frozenset[str]().union(*(entry.variables for entry in there.values()))
        for language, entry in there.items():
            for variable in sorted(wanted - entry.variables):
                others = ", ".join(other for other in there if variable in there[other].variables)
                sentence = f'"{name}" does not use ${variable} in {language}, but it does in {others}.'
                faults.append(Fault(entry.file, entry.line, "", sentence))
    return faults


# -- the graph


def _graph(reading: Reading, flow: Flow) -> Iterator[Fault]:
    """Unreachable nodes, nodes from which no call can end, and loops that a silent caller would never leave."""
    ways = {name: set(node.exits().values()) for name, node in flow.nodes.items()}
    if not reading.broken:  # what a broken node leads to is not known
        for name in flow.nodes.keys() - _reached(ways, [flow.start]):
            yield reading.fault("No way leads to this node.", "nodes", name)
    back: dict[str, set[str]] = {}
    for name, targets in ways.items():
        for target in targets:
            back.setdefault(target, set()).add(name)
    unknown = {target for targets in ways.values() for target in targets} - flow.nodes.keys()
    ends = [name for name, node in flow.nodes.items() if isinstance(node, HangupNode)]
    for name in flow.nodes.keys() - _reached(back, [*ends, *unknown, *reading.broken]):
        yield reading.fault("There is no way out: from here no call comes to an end.", "nodes", name)
    alone = {
        name: {target for exit_name, target in node.exits().items() if exit_name in node.unattended}
        for name, node in flow.nodes.items()
    }
    for circle in _circles(alone, list(flow.nodes)):
        way = " -> ".join((*circle, circle[0]))
        yield reading.fault(f"This loops without the caller pressing a key: {way}.", "nodes", circle[0])


def _reached(ways: Mapping[str, Collection[str]], starts: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    todo = list(starts)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += ways.get(name, ())
    return seen


def _circles(ways: Mapping[str, Collection[str]], names: list[str]) -> Iterator[tuple[str, ...]]:
    """One circle for each group of nodes that lead to each other, beginning with the first in the file."""
    told: set[str] = set()
    for name in names:
        if name in told:
            continue
        circle = _way_back(ways, name)
        if circle:
            yield circle
            group = {other for other in _reached(ways, [name]) if name in _reached(ways, ways.get(other, ()))}
            told |= group


def _way_back(ways: Mapping[str, Collection[str]], name: str) -> tuple[str, ...]:
    """The shortest circle through `name`, or nothing."""
    paths: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        for target in sorted(ways.get(path[-1], ())):
            if target == name:
                return path
            if target not in seen:
                seen.add(target)
                paths.append((*path, target))
    return ()


# -- keys and queues


def _keys(reading: Reading, flow: Flow) -> Iterator[Fault]:
    """Keys that can never be told apart, or never be pressed in full."""
    for name, node in flow.nodes.items():
        if not isinstance(node, LanguageNode | MenuNode | NoticeNode | QueueNode):
            continue
        keys = list(node.keys)
        for key in keys:
            where = ("nodes", name, "keys", key)
            if len(key) > node.digits:
                yield reading.fault(f"Key {key} has more digits than are asked for ({node.digits}).", *where)
            for other in keys:
                if other != key and other.startswith(key):
                    yield reading.fault(f"Keys collide: {key} is the beginning of {other}.", *where)


def _queues(reading: Reading, flow: Flow, queues: Collection[str]) -> Iterator[Fault]:
    known = ", ".join(sorted(queues))
    for name, node in flow.nodes.items():
        if isinstance(node, QueueNode) and node.queue not in queues:
            sentence = f'Queue "{node.queue}" has no wait-time target: it is not one of the queues ({known}).'
            yield reading.fault(sentence, "nodes", name, "queue")


# -- prompts


def prompt_uses(flow: Flow, node: Node) -> Iterator[PromptUse]:
    """What the engine speaks at `node`; a test holds it to what the engine really does."""
    languages = spoken_languages(flow)
    match node:
        case LanguageNode():
            yield PromptUse("prompt", node.prompt, tuple(dict.fromkeys(node.keys.values())), frozenset({"key"}))
        case MenuNode():
            yield PromptUse("prompt", node.prompt, languages, NO_ARGS)
            yield PromptUse("no_input_prompt", node.no_input_prompt, languages, NO_ARGS)
            yield PromptUse("wrong_key_prompt", node.wrong_key_prompt, languages, NO_ARGS)
        case NoticeNode():
            yield PromptUse("prompt", node.prompt, languages, frozenset({"retention_days"}))
        case SayNode() | HangupNode():
            if node.prompt:
                yield PromptUse("prompt", node.prompt, languages, OPENING_ARGS if node.calendar else NO_ARGS)
            if node.hours_prompt:
                yield PromptUse("hours_prompt", node.hours_prompt, languages, HOURS_ARGS)
        case QueueNode():
            if node.prompt:
                yield PromptUse("prompt", node.prompt, languages, NO_ARGS)
            yield PromptUse("announce_prompt", node.announce_prompt, languages, frozenset({"position"}))
            yield PromptUse(
                "estimate_prompt", node.estimate_prompt, languages, frozenset({"position", "minutes", "bound"})
            )
        case HoursNode():
            pass
    for key, choice in node.choices().items():
        if choice.label:
            yield PromptUse(f"keys.{key}.label", choice.label, languages, NO_ARGS)


def spoken_languages(flow: Flow) -> tuple[str, ...]:
    """The languages that a caller of this flow may get to hear."""
    chosen = [lang for node in flow.nodes.values() if isinstance(node, LanguageNode) for lang in node.keys.values()]
    return tuple(dict.fromkeys([flow.language, *chosen]))


def _prompts(reading: Reading, flow: Flow, catalogue: Catalogue) -> Iterator[Fault]:
    for language in spoken_languages(flow):
        if language not in catalogue.languages:
            yield reading.fault(f'There is no catalogue of prompts in "{language}".', "language")
    uses: list[tuple[tuple[str, ...], PromptUse]] = [
        (("apology",), PromptUse("apology", flow.apology, spoken_languages(flow), NO_ARGS))
    ]
    for name, node in flow.nodes.items():
        if getattr(node, "hours_prompt", "") and not getattr(node, "calendar", ""):
            yield reading.fault("hours_prompt needs a calendar.", "nodes", name, "hours_prompt")
        uses += [(("nodes", name, *use.key.split(".")), use) for use in prompt_uses(flow, node)]
    for where, use in uses:
        spoken = [language for language in use.languages if language in catalogue.languages]
        missing = [language for language in spoken if use.prompt not in catalogue.entries(language)]
        if missing:
            yield reading.fault(f'{use.key}: prompt "{use.prompt}" is missing in {", ".join(missing)}.', *where)
        for language in spoken:
            entry = catalogue.entries(language).get(use.prompt)
            for variable in sorted(entry.variables - use.args) if entry else ():
                given = ", ".join(f"${name}" for name in sorted(use.args)) or "nothing"
                sentence = f'{use.key}: prompt "{use.prompt}" in {language} needs ${variable}; it is given {given}.'
                yield reading.fault(sentence, *where)
