"""Recordings: <Record>, <Dial record>, <Conference record> and by REST. Source: twilio.md 1.7.

What is said into a <Record> is kept and can be fetched, a while after its end; of the others only the length is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.records import Callback, Conference, Frame, Leg, Recording
from simulator.twiml import Verb

if TYPE_CHECKING:
    from simulator.exchange import Exchange

MAX_LENGTH_S = 3600
FINISH_KEYS = "1234567890*#"
HZ = 8000


@dataclass(eq=False)
class Taking:
    """A <Record> that is running on a leg."""

    frame: Frame
    verb: Verb
    recording: Recording


class Recorder:
    """All recordings of the account."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.by_sid: dict[str, Recording] = {}
        self.ready_after_s = 2.0  # until then the sound of a recording that is over is not found (twilio.md 1.7)

    def callback(self, frame: Frame, verb: Verb) -> Callback | None:
        """The recording callback that a <Record>, <Dial> or <Conference> asks for."""
        url = verb.get("recordingStatusCallback")
        if not url:
            return None
        events = frozenset(verb.get("recordingStatusCallbackEvent", "completed").split())
        method = verb.get("recordingStatusCallbackMethod", "POST")
        return Callback(self._exchange.documents.resolve(frame.url, url), method, events)

    def url(self, recording: Recording) -> str:
        account = self._exchange.account_sid
        return f"https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{recording.sid}"

    def begin(
        self, leg: Leg | None, conference: Conference | None, source: str, callback: Callback | None, *, channels: int
    ) -> Recording:
        now = self._exchange.timeline.now()
        recording = Recording(self._exchange.new_sid("RE"), leg, conference, now, source, callback, channels)
        self.by_sid[recording.sid] = recording
        if leg is not None:
            leg.recordings.append(recording)
            self._exchange.notice(leg, "recording")
        self._tell(recording, "in-progress")
        return recording

    def complete(self, recording: Recording) -> None:
        if recording.status in ("completed", "absent"):
            return
        seconds = (self._exchange.timeline.now() - recording.started_at).total_seconds()
        recording.duration_s = int(seconds)
        recording.status = "completed" if seconds > 0 else "absent"
        recording.completed_at = self._exchange.timeline.now()
        if recording.source == "RecordVerb":
            longest = round(seconds * HZ)

            def keep(sound: bytes) -> None:
                recording.sound = sound[:longest]

            self._exchange.sound.stop_recording(recording.sid, keep)
        self._tell(recording, recording.status)

    def sound(self, recording: Recording) -> bytes | None:
        """The recording's mu-law once it can be fetched."""
        if recording.completed_at is None or recording.status != "completed":
            return None
        waited = (self._exchange.timeline.now() - recording.completed_at).total_seconds()
        return recording.sound if waited >= self.ready_after_s else None

    def forget(self, recording: Recording) -> None:
        """Deleted by REST."""
        del self.by_sid[recording.sid]

    def _tell(self, recording: Recording, status: str) -> None:
        callback = recording.callback
        if callback is None or status not in callback.events:
            return
        params = [("AccountSid", self._exchange.account_sid)]
        if recording.conference is not None:
            params.append(("ConferenceSid", recording.conference.sid))
        elif recording.leg is not None:
            params.append(("CallSid", (recording.leg.parent or recording.leg).sid))
        params += [
            ("RecordingSid", recording.sid),
            ("RecordingUrl", self.url(recording)),
            ("RecordingStatus", status),
            ("RecordingDuration", str(recording.duration_s)),
            ("RecordingChannels", str(recording.channels)),
            ("RecordingStartTime", self._exchange.rfc2822(recording.started_at)),
            ("RecordingSource", recording.source),
        ]
        self._exchange.tell("recording-status", recording.leg.sid if recording.leg else "", callback, params)

    # <Record>

    def record(self, leg: Leg, frame: Frame, verb: Verb) -> bool:
        """Record this leg until a key, its maximum length, a silence (`Exchange.silence`) or the end of the call."""
        recording = self.begin(leg, None, "RecordVerb", self.callback(frame, verb), channels=1)
        leg.taking = Taking(frame, verb, recording)
        self._exchange.sound.start_recording(recording.sid, leg.sid)
        leg.doing = "recording"
        seconds = verb.whole("maxLength", MAX_LENGTH_S)
        self._exchange.documents.later(leg, seconds, lambda: self.end(leg, ""))
        return False

    def key(self, leg: Leg, digit: str) -> None:
        taking: Taking | None = leg.taking
        if taking is not None and digit in taking.verb.get("finishOnKey", FINISH_KEYS):
            self.end(leg, digit)

    def drop(self, leg: Leg) -> None:
        """The leg was taken elsewhere by REST: what was recorded stays, nobody is asked for more."""
        taking: Taking | None = leg.taking
        leg.taking = None
        if taking is not None:
            self.complete(taking.recording)

    def end(self, leg: Leg, digits: str) -> None:
        """The <Record> is over; `digits` is the key that ended it, or `hangup`."""
        taking: Taking | None = leg.taking
        leg.taking = None
        if taking is None:
            return
        if leg.timer is not None:
            leg.timer.cancel()
        self.complete(taking.recording)
        extra = [
            ("RecordingUrl", self.url(taking.recording)),
            ("RecordingSid", taking.recording.sid),
            ("RecordingDuration", str(taking.recording.duration_s)),
            *([("Digits", digits)] if digits else []),
        ]
        empty = taking.recording.status == "absent"
        documents, verb = self._exchange.documents, taking.verb
        if leg.over:
            if not empty and verb.get("action"):
                documents.tell(leg, taking.frame.url, verb.get("action"), verb.get("method", "POST"), extra)
        elif empty:
            documents.proceed(leg)
        else:
            action = verb.get("action") or taking.frame.url
            documents.fetch(leg, taking.frame, action, verb.get("method", "POST"), extra)
