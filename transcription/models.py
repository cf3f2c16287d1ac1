"""Which languages can be transcribed: one Vosk model a language, found by the folder's name, loaded when first used."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from callflows.speech import UNKNOWN
from foundation.errors import NotFound
from transcription import voice
from transcription.audio import TELEPHONE_HZ, Samples
from transcription.recogniser import LoadedModel, Recogniser, load

_PREFIX = "vosk-model-"
ENOUGH_MEMORY_BYTES = 500_000_000  # free before another model is loaded; a small official one takes about 200 MB
_KALDI_DEFAULT_HZ = 16000  # kaldi feat/feature-window.h: --sample-frequency


class LanguageUnavailable(NotFound):
    """No model for this language; the sentence lists the languages that have one."""

    code = "language-unavailable"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model on disk. `trained_hz` is its own sample rate, `feed_hz` what the recogniser is given: 8000 where the
    model accepts a telephone's rate, else 16000 (the sound is doubled before)."""

    language: str
    path: Path
    trained_hz: int
    feed_hz: int


def language_of(name: str) -> str | None:
    """The language in a model's name: `vosk-model-small-en-us-0.15` and `vosk-model-helpdesk-en` are both `en`."""
    if not name.startswith(_PREFIX):
        return None
    parts = name.removeprefix(_PREFIX).split("-")
    return next((part for part in parts if re.fullmatch(r"[a-z]{2}", part)), None)


def find(folder: Path) -> dict[str, ModelFolder]:
    """The models in `folder` by language. Of two for one language a general model goes before one trained for
    tests, and a large one before a small one: whoever installed it wanted it."""
    found: dict[str, ModelFolder] = {}
    if not folder.is_dir():
        return found
    for path in sorted(
        folder.iterdir(), key=lambda path: ("-helpdesk-" in path.name, "-small-" in path.name, path.name)
    ):
        language = language_of(path.name)
        if language is None or language in found:
            continue
        model = probe(language, path)
        if model is not None:
            found[language] = model
    return found


def probe(language: str, path: Path) -> ModelFolder | None:
    """What the model says of itself, or None when the folder is not a whole model.

    Vosk allows down-sampling by itself, up-sampling only where the model's `mfcc.conf` says so; otherwise Kaldi
    refuses with "Sampling frequency mismatch" (vosk-api model.cc, kaldi feat/online-feature.cc).
    """
    acoustic = path / "am" / "final.mdl"
    conf = path / "conf" / "mfcc.conf"
    if not (acoustic.is_file() and conf.is_file()):
        acoustic, conf = path / "final.mdl", path / "mfcc.conf"  # the older layout
        if not (acoustic.is_file() and conf.is_file()):
            return None
    options = _options(conf.read_text(encoding="utf-8", errors="replace"))
    try:
        trained_hz = round(float(options.get("sample-frequency", _KALDI_DEFAULT_HZ)))
    except ValueError:
        return None
    accepts = trained_hz <= TELEPHONE_HZ or options.get("allow-upsample") == "true"
    return ModelFolder(language, path, trained_hz, TELEPHONE_HZ if accepts else 2 * TELEPHONE_HZ)


def _options(conf: str) -> dict[str, str]:
    """Kaldi's `--name=value` lines; a bare `--name` means true, `#` starts a comment."""
    options: dict[str, str] = {}
    for line in conf.splitlines():
        text = line.split("#", 1)[0].strip()
        if text.startswith("--"):
            name, _, value = text.removeprefix("--").partition("=")
            options[name.strip()] = value.strip() or "true"
    return options


def free_memory() -> int:
    """Bytes that may be had without swapping, as Linux counts them; a great many where it cannot be known."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 1 << 62
    found = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), None)
    return int(found) * 1024 if found is not None else 1 << 62


class Models:
    """The models of one folder; each is loaded once a process and shared by all recognisers of its language.

    When memory is short the others are let go before one more is loaded: a model stays in memory for as long as a
    recogniser uses it, and is loaded again when its language is next spoken.
    """

    def __init__(self, folder: Path, *, free_bytes: Callable[[], int] = free_memory) -> None:
        self._folder = folder
        self._free_bytes = free_bytes
        self._loaded: dict[str, LoadedModel] = {}
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()

    def available(self) -> Mapping[str, ModelFolder]:
        """What is on disk now, by language."""
        return find(self._folder)

    def check(self, language: str) -> None:
        """Raises LanguageUnavailable when there is no model on disk; loads none."""
        if language not in self._loaded:
            self._folder_of(language)

    def recogniser(self, language: str, grammar: Sequence[str] | None = None) -> Recogniser:
        """A new recogniser for one track. Blocks while the model loads; call it in a thread.

        `grammar` limits it to these words and phrases. Raises LanguageUnavailable, and Unavailable when the model's
        files are damaged.
        """
        return Recogniser(self._model(language), grammar)

    def warm_one(self, language: str, samples: Samples) -> None:
        """One engine more for the sentences to come, which has heard these samples. Blocks for as long as decoding them
        takes, and longer than it will take later; raises as `recogniser` does, and RecognitionFailed."""
        model = self._model(language)
        recogniser = Recogniser(model)
        recogniser.begin(model.new_engine())
        recogniser.accept(samples)
        recogniser.finish()

    def answer_recogniser(self, language: str, phrases: Sequence[str]) -> Recogniser:
        """A recogniser for an answer in one of these words and phrases; other speech is the word `UNKNOWN`, or, with a
        model that cannot be limited, the words that it was. Blocks and raises as `recogniser` does."""
        model = self._model(language)
        known = [phrase for phrase in phrases if model.knows(phrase)]
        return Recogniser(model, [*known, UNKNOWN] if model.limits else None, keep_unknown=True)

    def unheard(self, language: str, phrases: Sequence[str]) -> tuple[str, ...]:
        """Those of the phrases that the language's model cannot write down. Blocks and raises as `recogniser` does."""
        model = self._model(language)
        return tuple(phrase for phrase in phrases if not model.knows(phrase))

    def _model(self, language: str) -> LoadedModel:
        with self._lock:
            lock = self._locks.setdefault(language, Lock())
        with lock:
            model = self._loaded.get(language)
            if model is None:
                folder = self._folder_of(language)
                if self._free_bytes() < ENOUGH_MEMORY_BYTES:
                    self._loaded.clear()
                voice.load()
                model = load(folder.path, folder.feed_hz, has_room=lambda: self._free_bytes() >= ENOUGH_MEMORY_BYTES)
                self._loaded[language] = model
            return model

    def _folder_of(self, language: str) -> ModelFolder:
        available = self.available()
        if language not in available:
            have = ", ".join(sorted(available)) or "none"
            raise LanguageUnavailable(
                f"There is no speech model for '{language}' in {self._folder}; languages with a model: {have}."
            )
        return available[language]
