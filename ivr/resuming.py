"""A Media Stream that broke off in the middle of a talk is started again; what was lost is marked.

Twilio does not reconnect (twilio.md 3.5): when the `media` process goes, the stream is over and the call goes on. The
report of that becomes a fact and a job; the job starts a new stream with a fresh token, at once the first time and
then, while the streams keep failing, ever later.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from callflows.facts import Fact, Requeued, StreamChanged
from callflows.record import CallRecord
from foundation.clock import Clock
from foundation.errors import NotFound, ProviderError, Unavailable
from ivr.call_log import CallLog
from ivr.twiml import StreamTicket
from ivr.urls import VoiceUrls

log = logging.getLogger(__name__)

RESUME = "stream.resume"
AT_ONCE = 2  # so many losses on a leg are answered at once; a leg that moves from room to room has none
LONGEST_WAIT = timedelta(seconds=30)
MAX_LOSSES = 60  # half an hour of trying
_TALK = ("connecting", "talking", "held")


class Streams(Protocol):
    """The provider's Media Streams. Raises ProviderError."""

    def start_stream(self, leg: str, *, url: str, name: str, token: str, callback: str) -> None: ...


class Tickets(Protocol):
    """Gives a leg's Media Stream its address and one-time token."""

    def ticket(self, record: CallRecord, *, leg: str, operator_id: int | None) -> StreamTicket: ...


class MissingSound(Protocol):
    """Marks in the transcript, and on the screens, that sound is missing; seconds from the call's start."""

    def mark(self, call_id: str, *, speaker: str, stream: str, start_s: float, end_s: float) -> None: ...


class Resuming:
    """Keeps the streams of talks going."""

    def __init__(
        self,
        call_log: CallLog,
        streams: Streams,
        tickets: Tickets,
        missing: MissingSound,
        urls: VoiceUrls,
        clock: Clock,
    ) -> None:
        self._call_log = call_log
        self._streams = streams
        self._tickets = tickets
        self._missing = missing
        self._urls = urls
        self._clock = clock

    def changed(self, call_id: str, fact: StreamChanged, *, resumed: bool = False) -> None:
        """What the provider reports of a stream; a lost one is started again by a job, and reported as `resumed`."""
        if fact.change == "stream-started":
            self._call_log.record(call_id, fact)
            if resumed:
                self._mark(call_id, fact)
            return
        work = {"call_id": call_id, "leg": fact.leg, "stream": fact.stream}
        self._call_log.record(call_id, fact, then=[(RESUME, work)], only_in=_TALK)

    def resume(self, payload: Mapping[str, Any]) -> None:
        """Start a new stream on a leg that is still in its talk. Raises Unavailable when it is too soon to try again,
        ProviderError when the provider does not answer: the outbox comes back to it."""
        leg = payload["leg"]
        try:
            record = self._call_log.record_of(payload["call_id"])
        except NotFound:
            return
        if (
            not record.transcription
            or record.status not in _TALK
            or leg not in (record.caller_leg, record.operator_leg)
        ):
            return
        facts = self._call_log.facts_of(record.call_id)
        lost = [each for each in _of_leg(facts, leg) if each.change != "stream-started"]
        if not lost or lost[-1].stream != payload["stream"] or len(lost) > MAX_LOSSES:
            return
        wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(len(lost) - AT_ONCE, 5)))
        if len(lost) > AT_ONCE and self._clock.now() < lost[-1].at + wait:
            raise Unavailable("The stream was lost again and again; the next try is later.")
        ticket = self._tickets.ticket(
            record, leg=leg, operator_id=None if leg == record.caller_leg else record.operator
        )
        try:
            self._streams.start_stream(
                leg,
                url=ticket.url,
                name=ticket.name,
                token=ticket.token,
                callback=self._urls.stream(record.call_id, resumed=True),
            )
        except ProviderError as error:
            if not error.permanent:
                raise
            log.info("no stream to resume", extra={"call": record.call_id, "code": error.provider_code})

    def _mark(self, call_id: str, started: StreamChanged) -> None:
        """The sound between the loss of the leg's stream before and the start of this one is missing."""
        facts = self._call_log.facts_of(call_id)
        streams = _of_leg(facts, started.leg)
        before = {each.stream for each in streams if each.change == "stream-started" and each.stream != started.stream}
        ends = [each.at for each in streams if each.change != "stream-started" and each.stream in before]
        if not ends or ends[-1] >= started.at:
            return
        record = self._call_log.record_of(call_id)
        if record.started_at is None:
            return
        if any(isinstance(fact, Requeued) and ends[-1] <= fact.at <= started.at for fact in facts):
            return  # the caller waited, and nobody was to hear them
        self._missing.mark(
            call_id,
            speaker="caller" if started.leg == record.caller_leg else "operator",
            stream=started.stream,
            start_s=max(0.0, (ends[-1] - record.started_at).total_seconds()),
            end_s=(started.at - record.started_at).total_seconds(),
        )


def _of_leg(facts: Sequence[Fact], leg: str) -> list[StreamChanged]:
    """What was reported of a leg's streams, in the order in which it happened."""
    return sorted((fact for fact in facts if isinstance(fact, StreamChanged) and fact.leg == leg), key=lambda f: f.at)
