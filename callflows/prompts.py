"""Catalogues of texts, one Fluent file a language: what callers hear and what the screens show.

A folder holds `<language>.ftl`, or `<language>/*.ftl` where one file would grow too long. Prompts may use
functions for clock times: `HOUR12($hour)` gives 1-12 and `HALF($hour)` gives "am" or "pm", `noon` or `midnight` not
included; hours run from 0 to 24. `DIGITS($number)` has digits spoken one by one: "+32 46" as "+ 3 2 4 6";
`PHONE($number)` reads a telephone number out like that, in the groups that people are used to.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import phonenumbers
from fluent.runtime import FluentBundle
from fluent.runtime.types import fluent_number
from fluent.syntax import FluentParser, ast

from callflows.faults import Fault

LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}  # decides on number format and plurals


class PromptError(ValueError):
    """A text cannot be spoken or shown: it is missing, not Fluent, or lacks a placeholder."""


def _hour12(hour: Any) -> Any:
    return fluent_number((int(hour) - 1) % 12 + 1)


def _half(hour: Any) -> str:
    return "am" if int(hour) % 24 < 12 else "pm"


def _digits(number: Any) -> str:
    return " ".join(character for character in str(number) if not character.isspace())


def _phone(number: Any) -> str:
    """Digit by digit, in the groups in which people say a number; Belgian ones without the country code."""
    try:
        parsed = phonenumbers.parse(str(number))
    except phonenumbers.NumberParseException:
        return _digits(number)
    national = parsed.country_code == 32
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return ", ".join(_digits(group) for group in phonenumbers.format_number(parsed, form).split())


FUNCTIONS = {"HOUR12": _hour12, "HALF": _half, "DIGITS": _digits, "PHONE": _phone}


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
    bodies: dict[str, Any] = field(default_factory=dict)  # terms with their "-"


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
        for language in languages.values():
            faults += _complete(language)
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
        try:
            text, errors = found.bundle.format_pattern(pattern, dict(args or {}))
        except TypeError as error:  # a placeholder of a kind that Fluent does not know
            text, errors = "", [error]
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
    lines: dict[str, int] = {}
    ends = [at for at, character in enumerate(text) if character == "\n"]
    resource = FluentParser().parse(text)
    for item in resource.body:
        line = bisect_left(ends, item.span.start) + 1 if item.span else 1
        if isinstance(item, ast.Junk):
            for note in item.annotations:
                at = bisect_left(ends, note.span.start) + 1 if note.span else line
                faults.append(Fault(str(path), at, "", f"This is not Fluent: {note.message}."))
        elif isinstance(item, ast.Message | ast.Term):
            for name, body in _parts(item):
                if name in language.bodies:
                    faults.append(Fault(str(path), line, "", f'"{name}" stands here a second time.'))
                language.bodies[name] = body
                lines[name] = line
    language.bundle.add_resource(resource)
    for name, line in lines.items():
        language.entries[name] = Entry(str(path), line, frozenset())
    return faults


def _parts(item: Any) -> Iterator[tuple[str, Any]]:
    name = f"-{item.id.name}" if isinstance(item, ast.Term) else str(item.id.name)
    if item.value is not None:
        yield name, item.value
    for attribute in item.attributes:
        yield f"{name}.{attribute.id.name}", attribute.value


def _complete(language: _Language) -> list[Fault]:
    """Find the placeholders of every text, and the names it uses that are not there."""
    faults = []
    for name, entry in language.entries.items():
        for missing in sorted(set(_unknown(language.bodies[name], language.bodies))):
            faults.append(Fault(entry.file, entry.line, "", f'"{name}" uses {missing}, which is not there.'))
        variables = frozenset(_variables(language.bodies[name], language.bodies, frozenset({name})))
        language.entries[name] = replace(entry, variables=variables)
    language.entries = {name: entry for name, entry in language.entries.items() if not name.startswith("-")}
    return faults


def _referred(node: Any) -> str:
    prefix = "-" if isinstance(node, ast.TermReference) else ""
    return f"{prefix}{node.id.name}.{node.attribute.name}" if node.attribute else f"{prefix}{node.id.name}"


def _children(node: object) -> Iterator[object]:
    if isinstance(node, ast.BaseNode):
        yield from vars(node).values()
    elif isinstance(node, list):
        yield from node


def _unknown(node: object, bodies: Mapping[str, Any]) -> Iterator[str]:
    """Texts, terms and functions below `node` that do not exist."""
    if isinstance(node, ast.MessageReference | ast.TermReference) and _referred(node) not in bodies:
        yield f'"{_referred(node)}"'
    elif isinstance(node, ast.FunctionReference) and node.id.name not in {"NUMBER", "DATETIME", *FUNCTIONS}:
        yield f"the function {node.id.name}"
    for child in _children(node):
        yield from _unknown(child, bodies)


def _variables(node: object, bodies: Mapping[str, Any], seen: frozenset[str]) -> Iterator[str]:
    """The placeholders below `node`. A term only sees what is passed to it by name, so it adds none."""
    if isinstance(node, ast.VariableReference):
        yield node.id.name
    elif isinstance(node, ast.MessageReference):
        name = _referred(node)
        if name in bodies and name not in seen:
            yield from _variables(bodies[name], bodies, seen | {name})
    else:
        for child in _children(node):
            yield from _variables(child, bodies, seen)
