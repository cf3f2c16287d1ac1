"""Vosk, behind a small typed surface. The only module that imports it, and only when a model is loaded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import Unavailable
from transcription.audio import TELEPHONE_HZ, RateDoubler, Samples


class RecognitionFailed(Unavailable):
    """The recogniser gave up on a track."""

    code = "recognition-failed"


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word; times in seconds, `conf` from 0 to 1."""

    word: str
    start_s: float
    end_s: float
    conf: float


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory, shared by recognisers in any thread. `limits`: it can be limited to a grammar at run time; one
    whose graph is fixed cannot, and Vosk then decodes everything and says so only in its log."""

    handle: Any
    feed_hz: int
    limits: bool = True

    def knows(self, phrase: str) -> bool:
        """Whether it can write every word of `phrase`."""
        return all(self.handle.vosk_model_find_word(word) >= 0 for word in phrase.split())


def load(path: Path, feed_hz: int) -> LoadedModel:
    """Load the model in `path`, which must exist: Vosk would go and look for it on the network.

    Raises Unavailable when the folder is missing or its files cannot be read.
    """
    if not path.is_dir():
        raise Unavailable(f"The speech model {path} does not exist.")
    import vosk

    vosk.SetLogLevel(-1)  # Kaldi writes to standard error; ours is JSON
    try:
        return LoadedModel(vosk.Model(str(path)), feed_hz, limits=_has_lookahead_graph(path))
    except Exception as error:  # Vosk raises bare Exception
        raise Unavailable(f"The speech model {path} cannot be loaded; install it again.") from error


def _has_lookahead_graph(path: Path) -> bool:
    """Grammars are composed with HCLr.fst; HCLG.fst has the language model in it (vosk-api model.cc, recognizer.cc)."""
    return any((folder / "HCLr.fst").is_file() for folder in (path / "graph", path))


class Recogniser:
    """One track's recogniser. Used by one thread at a time; Vosk lets other threads run meanwhile.

    Times count from the first sample that was accepted.
    """

    def __init__(self, model: LoadedModel, grammar: Sequence[str] | None = None, *, keep_unknown: bool = False) -> None:
        """`grammar` limits it to these words and phrases. `keep_unknown`: speech that is none of them is a word too."""
        import vosk

        limits = () if grammar is None else (json.dumps(list(grammar), ensure_ascii=False),)
        self._vosk = vosk.KaldiRecognizer(model.handle, float(model.feed_hz), *limits)
        self._vosk.SetWords(True)
        self._keep_unknown = keep_unknown
        self._doubler = RateDoubler() if model.feed_hz != TELEPHONE_HZ else None

    def accept(self, samples: Samples) -> tuple[Word, ...] | None:
        """Hear 8 kHz samples. The words of the sentence that ended in them (may be none), or None while it goes on."""
        if not len(samples):
            return None
        if self._doubler is not None:
            samples = self._doubler.double(samples)
        try:
            ended = self._vosk.AcceptWaveform(samples.tobytes())
        except Exception as error:  # Vosk raises bare Exception
            raise RecognitionFailed("Vosk could not process the sound.") from error
        return self._words(self._vosk.Result()) if ended else None

    def partial(self) -> str:
        """The words so far of the sentence that goes on; may still change."""
        return " ".join(self._plain(json.loads(self._vosk.PartialResult()).get("partial", "").split()))

    def finish(self) -> tuple[Word, ...]:
        """No more sound: the words of the last sentence."""
        return self._words(self._vosk.FinalResult())

    def _words(self, result: str) -> tuple[Word, ...]:
        return tuple(
            Word(entry["word"], float(entry["start"]), float(entry["end"]), float(entry["conf"]))
            for entry in json.loads(result).get("result", ())
            if self._plain([entry["word"]])
        )

    def _plain(self, words: list[str]) -> list[str]:
        """Without what stands for sounds: <eps>, and [unk] unless it is wanted."""
        kept = ("<",) if self._keep_unknown else ("<", "[")
        return [word for word in words if word[:1] not in kept]
