"""A recording as the messages that Twilio would send for it, for files, tests and figures: what is transcribed from a
file has gone through the same reader, time axis and blocks as a call."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping

from transcription.audio import BYTES_PER_MS

FRAME_BYTES = 160  # 20 ms, as Twilio sends
FIRST_TIMESTAMP_MS = 0  # Twilio's first is about 100; a file's time starts where the file starts


def opening(stream_sid: str, call_sid: str, parameters: Mapping[str, str]) -> Iterator[str]:
    """`connected` and `start`."""
    yield json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})
    start = {
        "accountSid": "AC" + "0" * 32,
        "streamSid": stream_sid,
        "callSid": call_sid,
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": dict(parameters),
    }
    yield json.dumps({"event": "start", "sequenceNumber": "1", "start": start, "streamSid": stream_sid})


def frames(stream_sid: str, mulaw: bytes, *, first_ms: int = FIRST_TIMESTAMP_MS) -> Iterator[str]:
    """The sound, as `media` messages of `FRAME_BYTES` (the last may be shorter)."""
    for index, at in enumerate(range(0, len(mulaw), FRAME_BYTES), start=1):
        media = {
            "track": "inbound",
            "chunk": str(index),
            "timestamp": str(first_ms + at // BYTES_PER_MS),
            "payload": base64.b64encode(mulaw[at : at + FRAME_BYTES]).decode("ascii"),
        }
        yield json.dumps({"event": "media", "sequenceNumber": str(index + 1), "media": media, "streamSid": stream_sid})


def closing(stream_sid: str, call_sid: str) -> str:
    """`stop`."""
    stop = {"accountSid": "AC" + "0" * 32, "callSid": call_sid}
    return json.dumps({"event": "stop", "sequenceNumber": "0", "stop": stop, "streamSid": stream_sid})
