"""Catalogues of texts, one Fluent file a language: what callers hear and what the screens show.

A folder holds `<language>.ftl`, or `<language>/*.ftl` where one file would grow too long. Prompts may use two
functions for clock times: `HOUR12($hour)` gives 1-12 and `HALF($hour)` gives "am" or "pm", `noon` or `midnight` not
included; hours run from 0 to 24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number
from fluent.syntax import FluentParser, ast

from callflows.flow import Fault

LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}  # decides on number format and plurals


class PromptError(ValueError):
    """A text cannot be spoken or shown: it is missing, not Fluent, or lacks a placeholder."""


def _hour12(hour: Any) -> Any:
    return fluent_number((int(hour) - 1) % 12 + 1)


def _half(hour: Any) -> str:
    return "am" if int(hour) % 24 < 12 else "pm"


FUNCTIONS = {"HOUR12": _hour12, "HALF": _half}


@dataclass(frozen=True)
class Entry:
    """Where a text stands, and the placeholders it uses, directly or through other texts."""

    file: str
    line: int
    variables: frozenset[str]


@dataclass
class _Language:
    bundle: Any
    entries: dict[str, Entry] = field(default_factory=dict)


class Catalogue:
    """Texts by language and id. Ids may name an attribute: `sign-in.title`."""

    def __init__(self, languages: Mapping[str, _Language], faults: tuple[Fault, ...]) -> None:
        self._languages = dict(languages)
        self.faults = faults

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """The catalogue in `folder`. Raises PromptError that lists everything in it that is not Fluent."""
        catalogue = cls.read(folder)
        if catalogue.faults:
            raise PromptError("\n".join(str(fault) for fault in catalogue.faults))
        return catalogue

    @classmethod
    def read(cls, folder: Path) -> Catalogue:
        """As `load`, but what is wrong is noted in `faults` and left out."""
        languages: dict[str, _Language] = {}
        faults: list[Fault] = []
        for path in sorted({*folder.glob("*.ftl"), *folder.glob("*/*.ftl")}):
            name = path.stem if path.parent == folder else path.parent.name
            locale = LOCALES.get(name, name)
            if name not in languages:
                languages[name] = _Language(FluentBundle([locale], functions=FUNCTIONS, use_isolating=False))
            faults += _read_file(languages[name], path)
        if not languages:
            faults.append(Fault(str(folder), 1, "", "There is no catalogue here; expected files such as nl.ftl."))
        return cls(languages, tuple(faults))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(self._languages))

    def entries(self, language: str) -> Mapping[str, Entry]:
        """Every text of one language by id."""
        return self._language(language).entries

    def text(self, language: str, prompt_id: str, args: Mapping[str, object] | None = None) -> str:
        """The text in `language`, filled in. Raises PromptError when it, or a placeholder, is missing."""
        found = self._language(language)
        if prompt_id not in found.entries:
            raise PromptError(f'There is no text "{prompt_id}" in {language}.')
        name, _, attribute = prompt_id.partition(".")
        message = found.bundle.get_message(name)
        pattern = message.attributes[attribute] if attribute else message.value
        text, errors = found.bundle.format_pattern(pattern, dict(args or {}))
        if errors:
            reasons = "; ".join(str(error) for error in errors)
            raise PromptError(f'The text "{prompt_id}" in {language} cannot be filled in: {reasons}.')
        return str(text)

    def _language(self, language: str) -> _Language:
        if language not in self._languages:
            raise PromptError(
                f'There are no texts in "{language}"; there are in {", ".join(self.languages) or "none"}.'
            )
        return self._languages[language]


def _read_file(language: _Language, path: Path) -> list[Fault]:
    text = path.read_text(encoding="utf-8")
    faults = []
    bodies: dict[str, ast.BaseNode] = {}
    lines: dict[str, int] = {}
    for item in FluentParser().parse(text).body:
        line = text.count("\n", 0, item.span.start) + 1 if item.span else 1
        if isinstance(item, ast.Junk):
            for note in item.annotations:
                at = text.count("\n", 0, note.span.start) + 1 if note.span else line
                faults.append(Fault(str(path), at, "", f"This is not Fluent: {note.message}."))
        elif isinstance(item, ast.Message | ast.Term):
            prefix = "-" if isinstance(item, ast.Term) else ""
            for name, body in _parts(item):
                if name in bodies or prefix + name in language.entries:
                    faults.append(Fault(str(path), line, "", f'"{prefix}{name}" stands here a second time.'))
                bodies[prefix + name] = body
                lines[prefix + name] = line
    language.bundle.add_resource(FluentResource(text))
    known = {name: entry.variables for name, entry in language.entries.items()}
    for name, body in bodies.items():
        if not name.startswith("-"):
            variables = frozenset(_variables(body, bodies, known, frozenset({name})))
            language.entries[name] = Entry(str(path), lines[name], variables)
    return faults


def _parts(item: Any) -> Iterator[tuple[str, Any]]:
    if item.value is not None:
        yield item.id.name, item.value
    for attribute in item.attributes:
        yield f"{item.id.name}.{attribute.id.name}", attribute.value


def _variables(
    node: object, bodies: Mapping[str, Any], known: Mapping[str, frozenset[str]], seen: frozenset[str]
) -> Iterator[str]:
    """The placeholders below `node`. A term only sees what is passed to it by name, so it adds none."""
    if isinstance(node, ast.VariableReference):
        yield node.id.name
    elif isinstance(node, ast.MessageReference):
        name = f"{node.id.name}.{node.attribute.name}" if node.attribute else node.id.name
        if name in bodies and name not in seen:
            yield from _variables(bodies[name], bodies, known, seen | {name})
        else:
            yield from known.get(name, ())
    elif isinstance(node, ast.BaseNode):
        for child in vars(node).values():
            yield from _variables(child, bodies, known, seen)
    elif isinstance(node, list):
        for child in node:
            yield from _variables(child, bodies, known, seen)
