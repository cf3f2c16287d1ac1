"""A recorded message hides what a call hides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from foundation.clock import ManualClock
from foundation.database import Database
from foundation.settings import ROOT
from transcription.audio import Samples
from transcription.models import Models
from transcription.recogniser import Recogniser, Word
from transcription.recorded import RecordedSpeech
from transcription.store import Transcripts

CALL = "6ba7b810-9dad-51d1-80b4-00c04fd430c8"
SOUND = ROOT / "tests" / "speech" / "nl" / "seen_00.wav"
SAID = "mijn pincode is vier acht een twee en schrijf naar els apenstaartje voorbeeld punt be"


class _Says(Recogniser):
    def __init__(self) -> None:
        self.heard_s = 0.0

    def accept(self, samples: Samples) -> tuple[Word, ...] | None:
        self.heard_s += len(samples) / 8000
        return None

    def finish(self) -> tuple[Word, ...]:
        words = SAID.split() if self.heard_s else []
        a_word = self.heard_s / max(1, len(words))
        self.heard_s = 0.0
        return tuple(Word(word, n * a_word, (n + 0.9) * a_word, 0.9) for n, word in enumerate(words))


class _Models(Models):
    def recogniser(self, language: str, grammar: Sequence[str] | None = None) -> Recogniser:
        return _Says()


@pytest.mark.parametrize(
    ("redact_emails", "written"),
    [
        (False, "mijn pincode is [geheim] en schrijf naar els apenstaartje voorbeeld punt be"),
        (True, "mijn pincode is [geheim] en schrijf naar [e-mailadres]"),
    ],
)
def test_addresses_are_hidden_in_messages_where_they_are_in_calls(
    database: Database, clock: ManualClock, redact_emails: bool, written: str
) -> None:
    transcripts = Transcripts(database)
    speech = RecordedSpeech(_Models(ROOT / "models"), transcripts, redact_emails=redact_emails)
    began_at = clock.now()
    found = speech.write_down(CALL, "nl", SOUND, began_at=began_at, call_started_at=began_at - timedelta(seconds=30))
    assert found == "written"
    (segment,) = transcripts.of_call(CALL)
    assert segment.text == written and segment.start_s >= 30
