"""A recorded message's words: the pipeline of a call, then the discretion of a call, then stored with the call."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from foundation.errors import InvalidInput
from transcription import wav
from transcription.discretion import Discretion, Verdict
from transcription.from_file import transcribe
from transcription.models import LanguageUnavailable, Models
from transcription.recogniser import RecognitionFailed
from transcription.store import Segment, Transcripts

log = logging.getLogger(__name__)

Result = Literal["written", "no-model", "failed"]


class RecordedSpeech:
    """Writes down what was said in a recording of one caller."""

    def __init__(self, models: Models, transcripts: Transcripts, *, redact_emails: bool) -> None:
        self._models = models
        self._transcripts = transcripts
        self._redact_emails = redact_emails

    def write_down(
        self, call_id: str, language: str, path: Path, *, began_at: datetime, call_started_at: datetime
    ) -> Result:
        """Store the sentences of the WAV file at `path` as the caller's, once however often it is asked for. What is
        secret is hidden before anything is stored. `failed`: the file cannot be read or decoded."""
        try:
            heard = transcribe(wav.read(path), self._models, language)
        except LanguageUnavailable:
            return "no-model"
        except (InvalidInput, RecognitionFailed, OSError) as error:
            log.warning("message not transcribed", extra={"call": call_id, "reason": str(error)})
            return "failed"
        offset_s = (began_at - call_started_at).total_seconds()
        told: dict[int, Verdict] = {}
        discretion = Discretion(language, emails=self._redact_emails)
        for ordinal, sentence in enumerate(heard.sentences, start=1):
            told |= {verdict.ordinal: verdict for verdict in discretion.final(ordinal, sentence.words)}
        told |= {verdict.ordinal: verdict for verdict in discretion.waited()}
        for ordinal, verdict in sorted(told.items()):
            words = tuple(
                replace(word, start_s=word.start_s + offset_s, end_s=word.end_s + offset_s) for word in verdict.words
            )
            if words:
                self._transcripts.add(
                    Segment(
                        call_id=call_id,
                        speaker="caller",
                        operator_id=None,
                        started_at=call_started_at + timedelta(seconds=words[0].start_s),
                        start_s=words[0].start_s,
                        end_s=words[-1].end_s,
                        text=verdict.text,
                        words=words,
                        language=language,
                        stream=f"recording:{path.stem}:{call_id}",
                        ordinal=ordinal,
                    )
                )
        return "written"
