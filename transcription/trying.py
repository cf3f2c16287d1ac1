"""Whether a model works: loaded, and given a short sentence of its language to hear."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from foundation.errors import OnthaalError
from transcription import calibration
from transcription.from_file import transcribe
from transcription.models import ModelFolder, Models

_NO_WORDS = ("<", "#", "[", "!")  # <eps>, <s>, #0, [unk], !SIL


@dataclass(frozen=True, slots=True)
class Tried:
    """`words` it knows, 0 when it has no list of them; what it `heard`, or its `fault` as a sentence."""

    words: int
    heard: str = ""
    fault: str | None = None


def tried(model: ModelFolder) -> Tried:
    """Load it and let it hear a sentence. Takes a second or a few; raises nothing."""
    try:
        words = _words(model.path)
        recording, own = calibration.sentence(model.language)
        heard = transcribe(recording, Models(model.path.parent), model.language).text
    except (OnthaalError, OSError) as error:
        return Tried(0, fault=str(error))
    return Tried(words, heard) if heard or not own else Tried(words, fault="hears nothing in a sentence")


def _words(folder: Path) -> int:
    """The size of the vocabulary: the lines of words.txt that are words."""
    listed = next((path for path in (folder / "graph" / "words.txt", folder / "words.txt") if path.is_file()), None)
    if listed is None:
        return 0
    lines = listed.read_text(encoding="utf-8", errors="replace").splitlines()
    return sum(1 for line in lines if line and not line.startswith(_NO_WORDS))
