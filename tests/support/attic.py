"""A media server whose calls go to disk, and what makes text of them afterwards."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from foundation.live import Live
from foundation.outbox import OutboxRow
from foundation.settings import ROOT
from tests.support.media_house import CALL, LEG, House, play
from tests.support.word_errors import SPEECH
from transcription import media_stream, wav
from transcription.admission import Limits
from transcription.audio import Samples
from transcription.catching_up import CatchingUp
from transcription.models import Models
from transcription.recogniser import LoadedModel, Recogniser, Word
from transcription.spool import SpoolFolder
from transcription.spools import Spools

SECRET = "a secret of more than thirty-two characters"
NEVER_LIVE = Limits(share=0.0)
SPOKEN_CARD = "four five three nine one four eight eight zero three four three six four six seven"


@dataclass
class Attic:
    """A house whose calls go to disk, and what makes text of them."""

    house: House
    path: Path
    over: set[str] = field(default_factory=set)
    completed: list[str] = field(default_factory=list)
    breaths: int = 0

    def __post_init__(self) -> None:
        self.folder = SpoolFolder(self.path, SECRET, limit_bytes=50_000_000)
        self.spools = Spools(
            self.house.transcripts.database, self.folder, self.house.clock, lambda *_: None, lambda _: self.over
        )
        self.catching_up = CatchingUp(
            self.spools, self.folder, Models(ROOT / "models"), self.house.transcripts, Live(self.house.redis),
            complete=lambda call_id, _: self.completed.append(call_id), meanwhile=self._breathe,
        )  # fmt: skip
        self.serve(NEVER_LIVE)

    def _breathe(self) -> None:
        self.breaths += 1

    def serve(self, limits: Limits, index: Spools | None = None) -> None:
        models = Models(ROOT / "models")
        self.house.server = self.house.serve(models, limits, spools=self.folder, index=index or self.spools)

    def files(self) -> list[Path]:
        return [self.path / f"{spool_id}.spool" for spool_id in self.folder.ids()]

    def quiet(self) -> None:
        """As if nothing had been written for long."""
        for path in self.files():
            os.utime(path, (1, 1))

    def jobs(self) -> list[dict[str, Any]]:
        with self.house.transcripts.database.transaction() as session:
            return [row.payload for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))]

    def after_the_call(self) -> None:
        self.over.add(CALL)
        self.spools.enqueue()
        for payload in self.jobs():
            self.catching_up.transcribe(payload)

    def texts(self) -> list[str]:
        return [segment.text for segment in self.house.transcripts.of_call(CALL)]

    def states(self, speaker: str = "caller") -> list[str]:
        return [message["state"] for message in self.house.published("transcription-state", speaker)]

    def how(self, *, over: bool = False) -> str:
        return self.spools.of_conversation(CALL, over=over).how


def talk(attic: Attic, *files: str) -> None:
    """One stream in which these recordings are said, one after the other."""
    house = attic.house

    async def scene() -> None:
        async with house.stream(house.token()) as socket:
            for n, file in enumerate(files):
                for text in media_stream.frames("MZ1", wav.read(SPEECH / "en" / file).mulaw, first_ms=10_000 * n):
                    message = json.loads(text)
                    message["media"]["chunk"] = str(int(message["media"]["chunk"]) + 10_000 * n)
                    await socket.send(json.dumps(message))
            await socket.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)


AFTERWARDS = "that is the one"


class SaysACard(Recogniser):
    """Hears a card number in four sentences, and then something else, whatever is said."""

    def __init__(self, model: LoadedModel) -> None:
        super().__init__(model)
        card = SPOKEN_CARD.split()
        self.parts = [*(card[at : at + 4] for at in range(0, 16, 4)), AFTERWARDS.split()]
        self.heard_s = 0.0

    def accept(self, samples: Samples) -> tuple[Word, ...] | None:
        self.heard_s += len(samples) / 8000
        if not self.parts or self.heard_s < 1.0:
            return None
        words, self.heard_s = self.parts.pop(0), 0.0
        return tuple(Word(word, n / 20, n / 20 + 0.04, 0.9) for n, word in enumerate(words))

    def finish(self) -> tuple[Word, ...]:
        return ()


class ModelsOfCards(Models):
    def recogniser(self, language: str, grammar: Sequence[str] | None = None) -> Recogniser:
        return SaysACard(self._model(language))
