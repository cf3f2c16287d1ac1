"""What TwiML allows: elements, attributes, nesting and values. Sources: twilio.md 1.3-1.9, 3.4 and 6 (attribute
lists as in the vendor's own builder libraries); error codes are the vendor's published ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_DOCUMENT_BYTES = 64 * 1024  # 11750
MAX_SAY_BASIC, MAX_SAY_PREMIUM = 4096, 3000  # characters, 13521
_LABEL = re.compile(r"(?!CA[0-9a-f]{32}$)[^/]{0,128}")  # participant label: 16023 in TwiML, 16024 by REST
MAX_PARAMETER = 500  # stream parameter, name and value together

BOOLEAN = ("true", "false")
METHOD = ("GET", "POST")
TRACKS = ("inbound_track", "outbound_track", "both_tracks")
CALL_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
CONFERENCE_EVENTS = frozenset({"start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"})
RECORDING_EVENTS = frozenset({"in-progress", "completed", "absent"})


def label_allowed(label: str) -> bool:
    """At most 128 characters, no slash, and not a CallSid."""
    return _LABEL.fullmatch(label) is not None


@dataclass(frozen=True)
class Value:
    """What an attribute may hold: one of `words`, words of `several`, or a whole number between `low` and `high`."""

    words: tuple[str, ...] = ()
    several: frozenset[str] = frozenset()
    low: int | None = None
    high: int | None = None
    code: int = 12200

    def allows(self, text: str) -> bool:
        if self.several:
            return bool(text.split()) and set(text.split()) <= self.several
        if self.low is not None:
            return text.isdigit() and self.low <= int(text) <= (self.high if self.high is not None else int(text))
        return not self.words or text in self.words


def _number(low: int, high: int | None, code: int = 12200) -> Value:
    return Value(low=low, high=high, code=code)


ANY = Value()
_BOOL = Value(BOOLEAN)
_METHOD = Value(METHOD)
_RECORDING: Mapping[str, Value] = {
    "recordingStatusCallback": ANY,
    "recordingStatusCallbackMethod": _METHOD,
    "recordingStatusCallbackEvent": Value(several=RECORDING_EVENTS, code=13621),
    "recordingConfigurationId": ANY,
    "trim": Value(("trim-silence", "do-not-trim")),
}
_CALL_STATUS: Mapping[str, Value] = {
    "statusCallback": ANY,
    "statusCallbackMethod": _METHOD,
    "statusCallbackEvent": Value(several=CALL_EVENTS),
}
_SSML = ("break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w")


@dataclass(frozen=True)
class Rule:
    """One element: its attributes, the elements inside it, whether it holds text, and the code for a wrong child."""

    attributes: Mapping[str, Value]
    children: frozenset[str] = frozenset()
    text: bool = False
    child_code: int = 12200


VERBS = frozenset(
    {"Say", "Play", "Pause", "Gather", "Enqueue", "Leave", "Redirect", "Dial", "Record", "Hangup", "Reject", "Start",
     "Stop", "Connect"}
)  # fmt: skip

RULES: Mapping[str, Rule] = {
    "Response": Rule({}, VERBS),
    "Say": Rule({"voice": ANY, "language": ANY, "loop": _number(0, 1000, 13510)}, frozenset(_SSML), text=True),
    "Play": Rule({"loop": _number(0, 1000, 13410), "digits": ANY}, text=True),
    "Pause": Rule({"length": _number(0, 14_400, 13910)}),
    "Gather": Rule(
        {
            "input": Value(several=frozenset({"dtmf", "speech"}), code=13326),
            "action": ANY,
            "method": Value(METHOD, code=13312),
            "timeout": _number(1, 3600, 13313),
            "speechTimeout": ANY,
            "maxSpeechTime": _number(1, 600, 13328),
            "profanityFilter": Value(BOOLEAN, code=13333),
            "finishOnKey": Value(("", *"0123456789*#"), code=13310),
            "numDigits": _number(1, None, 13314),
            "partialResultCallback": ANY,
            "partialResultCallbackMethod": Value(METHOD, code=13329),
            "language": ANY,
            "hints": ANY,
            "bargeIn": Value(BOOLEAN, code=13332),
            "debug": _BOOL,
            "actionOnEmptyResult": Value(BOOLEAN, code=13338),
            "speechModel": ANY,
            "enhanced": _BOOL,
        },
        frozenset({"Say", "Play", "Pause"}),
        child_code=13320,
    ),
    "Enqueue": Rule(
        {"action": ANY, "maxQueueSize": _number(1, 5000), "method": _METHOD, "waitUrl": ANY, "waitUrlMethod": _METHOD,
         "workflowSid": ANY},
        frozenset({"Task"}),
        text=True,
    ),
    "Task": Rule({"priority": ANY, "timeout": ANY}, text=True),
    "Leave": Rule({}),
    "Redirect": Rule({"method": Value(METHOD, code=13710)}, text=True),
    "Dial": Rule(
        {
            "action": ANY,
            "method": Value(METHOD, code=13210),
            "timeout": _number(1, 600, 13212),
            "hangupOnStar": Value(BOOLEAN, code=13213),
            "timeLimit": _number(1, 86_400, 13216),
            "callerId": ANY,
            "record": Value(
                ("do-not-record", "record-from-answer", "record-from-ringing", "record-from-answer-dual",
                 "record-from-ringing-dual", "true", "false"),
                code=13217,
            ),
            "answerOnBridge": Value(BOOLEAN, code=13219),
            "ringTone": ANY,
            "recordingTrack": Value(("inbound", "outbound", "both")),
            "sequential": Value(BOOLEAN, code=13218),
            "referUrl": ANY,
            "referMethod": _METHOD,
            "events": ANY,
            "passports": ANY,
            **_RECORDING,
        },
        frozenset({"Conference", "Client", "Number", "Queue"}),
        text=True,
        child_code=13215,
    ),
    "Conference": Rule(
        {
            "muted": Value(BOOLEAN, code=13230),
            "beep": Value(("true", "false", "onEnter", "onExit"), code=13235),
            "startConferenceOnEnter": Value(BOOLEAN, code=13232),
            "endConferenceOnExit": Value(BOOLEAN, code=13231),
            "waitUrl": ANY,
            "waitMethod": Value(METHOD, code=13234),
            "maxParticipants": _number(2, 250),
            "record": Value(("do-not-record", "record-from-start")),
            "region": ANY,
            "coach": ANY,
            "statusCallback": ANY,
            "statusCallbackMethod": _METHOD,
            "statusCallbackEvent": Value(several=CONFERENCE_EVENTS),
            "eventCallbackUrl": ANY,
            "jitterBufferSize": Value(("small", "medium", "large", "off")),
            "participantLabel": ANY,
            **_RECORDING,
        },
        text=True,
    ),
    "Client": Rule(
        {"url": ANY, "method": _METHOD, **_CALL_STATUS}, frozenset({"Identity", "Parameter"}), text=True
    ),
    "Identity": Rule({}, text=True),
    "Number": Rule(
        {"sendDigits": ANY, "url": ANY, "method": Value(METHOD, code=13221), "byoc": ANY, "machineDetection": ANY,
         "amdStatusCallback": ANY, "amdStatusCallbackMethod": _METHOD, "machineDetectionTimeout": ANY,
         "machineDetectionSpeechThreshold": ANY, "machineDetectionSpeechEndThreshold": ANY,
         "machineDetectionSilenceTimeout": ANY, **_CALL_STATUS},
        text=True,
    ),
    "Queue": Rule({"url": ANY, "method": _METHOD, "reservationSid": ANY, "postWorkActivitySid": ANY}, text=True),
    "Record": Rule(
        {
            "action": ANY,
            "method": Value(METHOD, code=13610),
            "timeout": _number(0, 3600, 13611),
            "finishOnKey": ANY,
            "maxLength": _number(1, 14_400, 13612),
            "playBeep": Value(BOOLEAN, code=13616),
            "transcribe": Value(BOOLEAN, code=13614),
            "transcribeCallback": ANY,
            **_RECORDING,
        }
    ),
    "Hangup": Rule({}),
    "Reject": Rule({"reason": Value(("rejected", "busy"), code=13810)}),
    "Start": Rule({"action": ANY, "method": _METHOD}, frozenset({"Stream"})),
    "Stop": Rule({}, frozenset({"Stream"})),
    "Connect": Rule({"action": ANY, "method": _METHOD}, frozenset({"Stream"})),
    "Stream": Rule(
        {"name": ANY, "connectorName": ANY, "url": ANY, "track": Value(TRACKS, code=31941), "statusCallback": ANY,
         "statusCallbackMethod": _METHOD},
        frozenset({"Parameter"}),
    ),
    "Parameter": Rule({"name": ANY, "value": ANY}),
}  # fmt: skip

# Verbs by place; a document for a place may hold only these.
WAIT_VERBS = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})  # Enqueue waitUrl
ROOM_VERBS = frozenset({"Play", "Say", "Pause", "Redirect"})  # conference waitUrl, holdUrl, announceUrl: 13238
WHISPER_VERBS = frozenset({"Play", "Say", "Pause", "Redirect"})  # Dial Queue url
SCREEN_VERBS = VERBS - {"Dial", "Enqueue", "Leave", "Reject"}  # Number and Client url: no Dial (13201)
MAIN_VERBS = VERBS - {"Leave"}
