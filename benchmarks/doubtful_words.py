"""How many of the words that the screen marks as doubtful are wrong: `python -m benchmarks.doubtful_words`."""

from __future__ import annotations

from difflib import SequenceMatcher

from foundation.settings import ROOT
from tests.support.word_errors import spoken
from transcription import wav
from transcription.display import UNSURE_BELOW
from transcription.from_file import transcribe
from transcription.models import Models

LANGUAGES = ("nl", "fr", "en")


def judged(language: str) -> list[tuple[float, bool]]:
    """Confidence of each recognised word of the spoken test set, and whether it was said."""
    models, found = Models(ROOT / "models"), []
    for recording in spoken(language):
        words = [
            word for part in transcribe(wav.read(recording.path), models, language).sentences for word in part.words
        ]
        said = recording.text.split()
        right: set[int] = set()
        for block in SequenceMatcher(None, said, [word.word for word in words], autojunk=False).get_matching_blocks():
            right.update(range(block.b, block.b + block.size))
        found += [(word.conf, at in right) for at, word in enumerate(words)]
    return found


def main() -> None:
    print(f"| language | words | marked (below {UNSURE_BELOW}) | wrong of the marked | wrong of the others |")
    print("|---|---|---|---|---|")
    everything = []
    for language in (*LANGUAGES, "all"):
        words = everything if language == "all" else judged(language)
        everything = everything if language == "all" else [*everything, *words]
        marked = [right for conf, right in words if conf < UNSURE_BELOW]
        others = [right for conf, right in words if conf >= UNSURE_BELOW]
        print(f"| {language} | {len(words)} | {len(marked)} | {_wrong(marked)} | {_wrong(others)} |")


def _wrong(right: list[bool]) -> str:
    return f"{right.count(False) / len(right):.0%}" if right else "-"


if __name__ == "__main__":
    main()
