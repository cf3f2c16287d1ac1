"""Key phrases that raise a flag: a TOML file a language, in `phrases/`.

[complaint]
any = ["not acceptable", "fed up with"]     # a phrase; * at the end of a word stands for any ending
[promise]
speaker = "operator"                        # left out: anybody
any = ["we will call you back"]
with = ["tomorrow", "monday"]               # one of these must be in the same sentence
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from foundation.errors import SettingsError

FOLDER = Path(__file__).with_suffix("")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    speaker: str | None = Field(default=None, pattern="^(caller|operator)$")
    any: list[str] = Field(min_length=1)
    with_: list[str] = Field(default_factory=list, alias="with")


_FILE: TypeAdapter[dict[str, _Entry]] = TypeAdapter(dict[str, _Entry])


@dataclass(frozen=True)
class _Flag:
    name: str
    speaker: str | None
    any: re.Pattern[str]
    with_: re.Pattern[str] | None


class Phrases:
    """The flags of each language."""

    def __init__(self, flags: Mapping[str, Sequence[_Flag]]) -> None:
        self._flags = flags

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Phrases:
        """Read every language's file. Raises SettingsError that names the file and what is wrong in it, or the folder
        that has none."""
        files = sorted(folder.glob("*.toml"))
        if not files:
            raise SettingsError(f"There are no key phrases in {folder}.")
        return cls({path.stem: _read(path) for path in files})

    def names(self, language: str) -> list[str]:
        return [flag.name for flag in self._flags.get(language, ())]

    def flags(self, language: str, speaker: str, sentence: str) -> list[str]:
        """The flags that a sentence raises, in the file's order."""
        return [
            flag.name
            for flag in self._flags.get(language, ())
            if flag.speaker in (None, speaker)
            and flag.any.search(sentence)
            and (flag.with_ is None or flag.with_.search(sentence))
        ]


def _read(path: Path) -> list[_Flag]:
    try:
        entries = _FILE.validate_python(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsError(f"{path.name} cannot be used: {error}") from error
    return [
        _Flag(name, entry.speaker, _pattern(entry.any), _pattern(entry.with_) if entry.with_ else None)
        for name, entry in entries.items()
    ]


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    words = (re.escape(phrase).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
