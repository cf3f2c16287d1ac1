"""The operator ends the transcription of a call while it goes on, because the caller asks for it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Protocol

from callflows.facts import TranscriptionRefused
from callflows.record import CallRecord
from foundation.clock import Clock
from foundation.errors import Conflict, ProviderError
from ivr import twiml
from ivr.call_log import CallLog

log = logging.getLogger(__name__)


class Streams(Protocol):
    """The provider's Media Streams. Raises ProviderError; `permanent` when there is none to stop."""

    def stop_stream(self, leg: str, name: str) -> None: ...


class Transcripts(Protocol):
    """What was written down."""

    def opt_out(self, call_id: str, *, by: str, at: datetime) -> None:
        """From now on nothing of this call is stored."""
        ...

    def erase(self, call_id: str) -> int: ...


class OptingOut:
    """Stops the transcription of calls."""

    def __init__(self, call_log: CallLog, streams: Streams, transcripts: Transcripts, clock: Clock) -> None:
        self._call_log = call_log
        self._streams = streams
        self._transcripts = transcripts
        self._clock = clock

    def opt_out(self, call_id: str, by: str) -> None:
        """Nothing more of this call is written down, from this moment on; what was written stays until `erase`.

        The store is closed first, then the screens hear of it, then the streams are stopped: words that are still on
        their way go nowhere, also when the provider does not answer. Raises Conflict when the call is over,
        ProviderError when a stream may still run.
        """
        record = self._call_log.record_of(call_id)
        if record.ended_at is not None:
            raise Conflict("The call is over; its transcript can still be deleted.")
        now = self._clock.now()
        self._transcripts.opt_out(call_id, by=by, at=now)
        self._call_log.record(
            call_id, TranscriptionRefused(at=now, key="transcription-refused:operator", by="operator")
        )
        self._stop(record)

    def erase(self, call_id: str) -> int:
        """Delete what was written down of a call that was opted out; gives the number of sentences."""
        if self._call_log.record_of(call_id).transcription:
            raise Conflict("Stop the transcription first; else the words that follow would stay.")
        return self._transcripts.erase(call_id)

    def _stop(self, record: CallRecord) -> None:
        legs = [(record.caller_leg, twiml.CALLER_LABEL)]
        if record.operator is not None:
            legs.append((record.operator_leg, twiml.operator_label(record.operator)))
        failed: ProviderError | None = None
        for leg, name in legs:
            if leg is None:
                continue
            try:
                self._streams.stop_stream(leg, name)
            except ProviderError as error:
                log.warning("a stream was not stopped", extra={"call": record.call_id, "permanent": error.permanent})
                failed = failed if error.permanent else error
        if failed is not None:
            raise failed
