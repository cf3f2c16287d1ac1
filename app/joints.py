"""Where two rooms meet in more than one line: small adapters that know both, so that the rooms need not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from callflows.record import CallRecord
from foundation.clock import Clock
from foundation.live import Live, call_topic
from helpdesk.service import Helpdesk
from ivr.call_log import CallLog
from ivr.twiml import StreamTicket
from transcription.recorded import RecordedSpeech
from transcription.store import MissingSound, Speaker, Transcripts
from transcription.tokens import StreamClaim, StreamTokens


class StreamTickets:
    """A leg's stream, from the call's record: ivr knows the call, transcription knows the token."""

    def __init__(self, media_stream_url: str, tokens: StreamTokens, clock: Clock) -> None:
        self._clock = clock
        self._url = media_stream_url
        self._tokens = tokens

    def ticket(self, record: CallRecord, *, leg: str, operator_id: int | None) -> StreamTicket:
        speaker = "caller" if operator_id is None else f"operator-{operator_id}"
        token = self._tokens.issue(
            StreamClaim(
                call_id=record.call_id,
                speaker="caller" if operator_id is None else "operator",
                operator_id=operator_id,
                language=record.language or "nl",
                call_started_at=record.started_at or self._clock.now(),
                leg=leg,
            )
        )
        return StreamTicket(url=self._url, name=speaker, token=token)


class MissingSounds:
    """Keeps that sound is missing, and tells the screens: ivr knows when, transcription keeps it."""

    def __init__(self, transcripts: Transcripts, live: Live) -> None:
        self._transcripts = transcripts
        self._live = live

    def mark(self, call_id: str, *, speaker: str, stream: str, start_s: float, end_s: float) -> None:
        who: Speaker = "caller" if speaker == "caller" else "operator"
        self._transcripts.add_gap(MissingSound(call_id, who, stream, start_s=start_s, end_s=end_s))
        self._live.publish(
            call_topic(call_id), "transcription-gap", {"speaker": who, "start_s": start_s, "end_s": end_s}
        )


class SameTicket:
    """Puts an attempt at a callback on the ticket of the call in which it was asked for, so that the operator finds it
    there; an attempt that has a ticket already keeps it."""

    def __init__(self, helpdesk: Helpdesk) -> None:
        self._helpdesk = helpdesk

    def __call__(self, call_id: str, origin_call_id: str) -> None:
        ticket = self._helpdesk.ticket_of_call(origin_call_id)
        if ticket is not None and self._helpdesk.ticket_of_call(call_id) is None:
            self._helpdesk.link_ticket(call_id, ticket.number, "system")


class MessageTranscriber:
    """A message's words, from the call it was left in: ivr knows the call, transcription knows words."""

    def __init__(self, speech: RecordedSpeech, log: CallLog) -> None:
        self._speech = speech
        self._log = log

    def __call__(
        self, call_id: str, language: str, path: Path, began_at: datetime
    ) -> Literal["written", "no-model", "failed"]:
        started_at = self._log.record_of(call_id).started_at or began_at
        return self._speech.write_down(call_id, language, path, began_at=began_at, call_started_at=started_at)
