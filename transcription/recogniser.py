"""Vosk, behind a small typed surface. The only module that imports it, and only when a model is loaded.

A model with a look-ahead graph (`HCLr.fst`, `Gr.fst`: the small official ones, and ours) has no decoding graph on disk.
Each of Vosk's recognisers composes its own while it decodes, and keeps what it has composed for as long as it lives
(vosk-api recognizer.cc, LookaheadComposeFst): a new one costs up to twice as much as one that has heard some sentences
(docs/performance.md). So Vosk's recognisers, here `Engine`, are lent for a sentence at a time, whoever says it. After
its `FinalResult` an engine has dropped features and decoder; the graph and the last result's text are all that is left,
until the next sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foundation.errors import Unavailable
from transcription import allocator
from transcription.audio import TELEPHONE_HZ, RateDoubler, Samples

_ENGINE_S = 360_000.0  # of sound; Vosk counts its times in floats of 32 bits, which by then tell 1/32 s apart


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


@dataclass(slots=True)
class Engine:
    """One of Vosk's recognisers. `fed_s`: seconds of sound that it was ever given, from which its times count."""

    vosk: Any
    fed_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory, shared by recognisers in any thread. `limits`: it can be limited to a grammar at run time; one
    whose graph is fixed cannot, and Vosk then decodes everything and says so only in its log. `has_room` is asked
    before an engine is kept for the next sentence."""

    handle: Any
    feed_hz: int
    limits: bool = True
    has_room: Callable[[], bool] = lambda: True
    _idle: list[Engine] = field(default_factory=list)  # the last one used is the next: few of them, and those warm

    def knows(self, phrase: str) -> bool:
        """Whether it can write every word of `phrase`."""
        return all(self.handle.vosk_model_find_word(word) >= 0 for word in phrase.split())

    def engine(self, grammar: Sequence[str] | None = None) -> Engine:
        """One for a sentence. With a grammar a new one, which is not to be given back. Raises RecognitionFailed."""
        if grammar is None:
            try:
                return self._idle.pop()
            except IndexError:
                pass
        return self.new_engine(grammar)

    def new_engine(self, grammar: Sequence[str] | None = None) -> Engine:
        """One that has heard nothing. Raises RecognitionFailed."""
        import vosk

        limits = () if grammar is None else (json.dumps(list(grammar), ensure_ascii=False),)
        try:
            made = vosk.KaldiRecognizer(self.handle, float(self.feed_hz), *limits)
        except Exception as error:  # Vosk raises bare Exception
            raise RecognitionFailed("Vosk could not begin a sentence.") from error
        made.SetWords(True)
        return Engine(made)

    def give_back(self, engine: Engine) -> None:
        """The sentence is over: its final result was asked for."""
        if engine.fed_s < _ENGINE_S and self.has_room():
            self._idle.append(engine)


def load(path: Path, feed_hz: int, has_room: Callable[[], bool] = lambda: True) -> LoadedModel:
    """Load the model in `path`, which must exist: Vosk would go and look for it on the network.

    Raises Unavailable when the folder is missing or its files cannot be read.
    """
    if not path.is_dir():
        raise Unavailable(f"The speech model {path} does not exist.")
    import vosk

    vosk.SetLogLevel(-1)  # Kaldi writes to standard error; ours is JSON
    allocator.settle()
    try:
        return LoadedModel(vosk.Model(str(path)), feed_hz, _has_lookahead_graph(path), has_room)
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
        self._model = model
        self._grammar = grammar
        self._keep_unknown = keep_unknown
        self._doubler = RateDoubler() if model.feed_hz != TELEPHONE_HZ else None
        self._engine: Engine | None = None  # while a sentence goes on
        self._fed_s = 0.0
        self._before_s = 0.0  # from the engine's times to ours

    def begin(self, engine: Engine) -> Engine:
        """Hear the next sentence with this one."""
        self._engine = engine
        self._before_s = self._fed_s - engine.fed_s
        return engine

    def accept(self, samples: Samples) -> tuple[Word, ...] | None:
        """Hear 8 kHz samples. The words of the sentence that ended in them (may be none), or None while it goes on.
        Raises RecognitionFailed."""
        if not len(samples):
            return None
        if self._doubler is not None:
            samples = self._doubler.double(samples)
        engine = self._engine or self.begin(self._model.engine(self._grammar))
        try:
            ended = engine.vosk.AcceptWaveform(samples.tobytes())
        except Exception as error:  # Vosk raises bare Exception
            self._engine = None
            raise RecognitionFailed("Vosk could not process the sound.") from error
        length_s = len(samples) / self._model.feed_hz
        self._fed_s += length_s
        engine.fed_s += length_s
        return self._words(engine.vosk.Result()) if ended else None

    def partial(self) -> str:
        """The words so far of the sentence that goes on; may still change."""
        if self._engine is None:
            return ""
        return " ".join(self._plain(json.loads(self._engine.vosk.PartialResult()).get("partial", "").split()))

    def finish(self) -> tuple[Word, ...]:
        """No more sound, or a pause: the words of the last sentence."""
        engine, self._engine = self._engine, None
        if engine is None:
            return ()
        words = self._words(engine.vosk.FinalResult())
        if self._grammar is None:
            self._model.give_back(engine)
        return words

    def _words(self, result: str) -> tuple[Word, ...]:
        return tuple(
            Word(entry["word"], self._at(entry["start"]), self._at(entry["end"]), float(entry["conf"]))
            for entry in json.loads(result).get("result", ())
            if self._plain([entry["word"]])
        )

    def _at(self, engine_s: float) -> float:
        return round(self._before_s + engine_s, 3)  # to the millisecond: Vosk's own are a float's

    def _plain(self, words: list[str]) -> list[str]:
        """Without what stands for sounds: <eps>, and [unk] unless it is wanted."""
        kept = ("<",) if self._keep_unknown else ("<", "[")
        return [word for word in words if word[:1] not in kept]
