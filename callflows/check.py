"""Every fault of a flow and its prompts at once, each with file, line and node, before anything goes live."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from callflows.check_speech import faults_of_speech
from callflows.faults import Fault, FlowError
from callflows.flow import Flow, Reading
from callflows.folder import Folder
from callflows.graph import faults_of_ways
from callflows.hours import Calendar, hours_args, opening_args
from callflows.nodes import (
    AskNode,
    HangupNode,
    IncidentNode,
    LanguageNode,
    MenuNode,
    Node,
    NoticeNode,
    QueueNode,
    RatingNode,
    RecordNode,
    SayNode,
)
from callflows.promise_nodes import CallbackNode, SlotsNode, VoicemailNode
from callflows.prompts import Catalogue
from callflows.set_node import SetNode

_EXAMPLE = Calendar.model_validate({"monday": ["09:00-17:00"]})
OPENING_ARGS = frozenset(opening_args(_EXAMPLE, datetime(2026, 1, 1, tzinfo=UTC)))
HOURS_ARGS = frozenset(hours_args(_EXAMPLE)[0])
SLOT_ARGS = frozenset({"key", "slot_day", "hour", "until_hour"})  # slots.slot_args, and the key
NO_ARGS: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PromptUse:
    """A prompt that a node speaks: the key of the node that names it, its languages, the placeholders it is given."""

    key: str
    prompt: str
    languages: tuple[str, ...]
    args: frozenset[str]


def check(flows: Path, prompts: Path, *, queues: Collection[str]) -> list[Fault]:
    """Every fault in the folder of flows and in the catalogue. `queues` are the names of the queues there are."""
    catalogue = Catalogue.read(prompts)
    try:
        folder = Folder.at(flows)
    except FlowError as error:
        return [*error.faults]
    return check_folder(folder, catalogue, queues=queues)


def check_folder(folder: Folder, catalogue: Catalogue, *, queues: Collection[str]) -> list[Fault]:
    """Every fault of the flows and the catalogue together."""
    faults = [*catalogue.faults, *check_catalogue(catalogue), *folder.calendar_faults, *folder.call_faults()]
    for name, reading in folder.readings.items():
        faults += reading.faults
        if reading.flow is not None:
            languages = languages_of(folder, name)
            faults += _keys(reading, reading.flow)
            faults += _queues(reading, reading.flow, queues)
            faults += _prompts(reading, reading.flow, languages, catalogue)
            faults += faults_of_speech(reading, reading.flow, languages)
        joined = folder.joined(name)
        if joined is not None and not folder.callers(name):
            faults += faults_of_ways(joined)
    return sorted(set(faults))


def languages_of(folder: Folder, name: str) -> tuple[str, ...]:
    """The languages that a caller may get to hear in one flow: its own, and those of the flows that call it."""
    names = [name, *sorted(folder.callers(name))]
    flows = [folder.readings[each].flow for each in names]
    return tuple(dict.fromkeys(language for flow in flows if flow for language in spoken_languages(flow)))


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
        if isinstance(node, QueueNode | CallbackNode | VoicemailNode) and node.queue not in queues:
            sentence = f'Queue "{node.queue}" has no wait-time target: it is not one of the queues ({known}).'
            yield reading.fault(sentence, "nodes", name, "queue")
        if isinstance(node, SetNode) and node.product and node.product not in queues:
            yield reading.fault(
                f'Product "{node.product}" is not one of the queues ({known}).', "nodes", name, "product"
            )


# -- prompts


def prompt_uses(node: Node, languages: tuple[str, ...]) -> Iterator[PromptUse]:
    """What the engine speaks at `node`; a test holds it to what the engine really does."""
    args = frozenset(getattr(node, "args", {}))
    match node:
        case LanguageNode():
            yield PromptUse("prompt", node.prompt, tuple(dict.fromkeys(node.keys.values())), frozenset({"key"}))
        case MenuNode():
            yield PromptUse("prompt", node.prompt, languages, args)
            yield PromptUse("no_input_prompt", node.no_input_prompt, languages, NO_ARGS)
            yield PromptUse("wrong_key_prompt", node.wrong_key_prompt, languages, NO_ARGS)
        case AskNode():
            yield PromptUse("prompt", node.prompt, languages, args)
            yield PromptUse("no_input_prompt", node.no_input_prompt, languages, NO_ARGS)
            yield PromptUse("wrong_prompt", node.wrong_prompt, languages, NO_ARGS)
        case IncidentNode() | RatingNode():
            yield PromptUse("prompt", node.prompt, languages, NO_ARGS)
        case SlotsNode():
            yield PromptUse("prompt", node.prompt, languages, NO_ARGS)
            yield PromptUse("slot_prompt", node.slot_prompt, languages, SLOT_ARGS)
            yield PromptUse("no_input_prompt", node.no_input_prompt, languages, NO_ARGS)
            yield PromptUse("wrong_key_prompt", node.wrong_key_prompt, languages, NO_ARGS)
        case RecordNode():
            yield PromptUse("prompt", node.prompt, languages, args)
        case NoticeNode():
            yield PromptUse("prompt", node.prompt, languages, frozenset({"retention_days"}))
        case SayNode() | HangupNode():
            if node.prompt:
                opening = OPENING_ARGS if node.calendar else NO_ARGS
                yield PromptUse("prompt", node.prompt, languages, opening | args)
            if node.hours_prompt:
                yield PromptUse("hours_prompt", node.hours_prompt, languages, HOURS_ARGS)
        case QueueNode():
            if node.prompt:
                yield PromptUse("prompt", node.prompt, languages, NO_ARGS)
            yield PromptUse("announce_prompt", node.announce_prompt, languages, frozenset({"position"}))
            yield PromptUse(
                "estimate_prompt", node.estimate_prompt, languages, frozenset({"position", "minutes", "bound"})
            )
            for key in ("callback_prompt", "keys_prompt"):
                if getattr(node, key):
                    yield PromptUse(key, getattr(node, key), languages, NO_ARGS)
            yield PromptUse("overflow_prompt", node.overflow_prompt, languages, NO_ARGS)
            yield PromptUse("incident_prompt", node.incident_prompt, languages, NO_ARGS)
        case _:
            pass
    if getattr(node, "speech", False):
        yield PromptUse("speech_prompt", getattr(node, "speech_prompt", ""), languages, NO_ARGS)
    for key, choice in node.choices().items():
        if choice.label:
            yield PromptUse(f"keys.{key}.label", choice.label, languages, NO_ARGS)


def spoken_languages(flow: Flow) -> tuple[str, ...]:
    """The languages that a caller of this flow may get to hear."""
    chosen = [lang for node in flow.nodes.values() if isinstance(node, LanguageNode) for lang in node.keys.values()]
    return tuple(dict.fromkeys([flow.language, *chosen]))


def _prompts(reading: Reading, flow: Flow, languages: tuple[str, ...], catalogue: Catalogue) -> Iterator[Fault]:
    for language in languages:
        if language not in catalogue.languages:
            yield reading.fault(f'There is no catalogue of prompts in "{language}".', "language")
    uses: list[tuple[tuple[str, ...], PromptUse]] = [
        (("apology",), PromptUse("apology", flow.apology, languages, NO_ARGS))
    ]
    for name, node in flow.nodes.items():
        if isinstance(node, QueueNode) and node.closed and not node.calendar:
            yield reading.fault("closed needs a calendar.", "nodes", name, "closed")
        if getattr(node, "hours_prompt", "") and not getattr(node, "calendar", ""):
            yield reading.fault("hours_prompt needs a calendar.", "nodes", name, "hours_prompt")
        uses += [(("nodes", name, *use.key.split(".")), use) for use in prompt_uses(node, languages)]
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
