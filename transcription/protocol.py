"""Twilio Media Streams messages, read without a socket: text in, typed messages out.

Shapes as really sent by Twilio: `sequenceNumber`, `chunk` and `timestamp` are strings, `sampleRate` and `channels`
integers, `connected` has no stream. Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foundation.errors import InvalidInput

MAX_MESSAGE_BYTES = 64 * 1024  # a real media message is about 400 bytes; this is over six seconds of sound
_MAX_NUMBER_DIGITS = 12  # milliseconds: 30 years; longer is garbage, and never reaches int()


class InvalidMessage(InvalidInput):
    """Not a Media Streams message. Ends this stream and no other."""

    code = "invalid-stream-message"


@dataclass(frozen=True, slots=True)
class MediaFormat:
    encoding: str
    sample_rate_hz: int
    channels: int


TELEPHONE = MediaFormat("audio/x-mulaw", 8000, 1)


@dataclass(frozen=True, slots=True)
class Connected:
    """The first message of a socket."""


@dataclass(frozen=True, slots=True)
class Started:
    """What the stream carries. `tracks` is not empty; `parameters` are the `<Parameter>`s of the TwiML."""

    stream_sid: str
    call_sid: str
    tracks: tuple[str, ...]
    media_format: MediaFormat
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Media:
    """One piece of sound. `timestamp_ms` counts from the stream's start, `chunk` from 1 on each track."""

    stream_sid: str
    track: str
    chunk: int
    timestamp_ms: int
    payload: bytes

    @property
    def end_s(self) -> float:
        """Where it ends, in seconds of the stream."""
        return (self.timestamp_ms + len(self.payload) / 8) / 1000


@dataclass(frozen=True, slots=True)
class Stopped:
    """The stream is over: the call ended, or the stream was stopped."""

    stream_sid: str


Message = Connected | Started | Media | Stopped


def parse(raw: str | bytes) -> Message | None:
    """One message, or None for an event that we have no use for (unknown ones must be ignored).

    Raises InvalidMessage for anything that is not a message: binary, too large, not JSON, fields missing or wrong.
    """
    if not isinstance(raw, str):
        raise InvalidMessage("Media Streams messages are text; this one is binary.")
    if len(raw) > MAX_MESSAGE_BYTES:
        raise InvalidMessage(f"The message is longer than {MAX_MESSAGE_BYTES} bytes.")
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        raise InvalidMessage("The message is not JSON.") from None
    if not isinstance(message, dict):
        raise InvalidMessage("The message is not a JSON object.")
    match _text(message, "event"):
        case "media":
            return _media(message)
        case "start":
            return _started(message)
        case "stop":
            return Stopped(_text(message, "streamSid"))
        case "connected":
            return Connected()
        case _:
            return None


def _media(message: Mapping[str, Any]) -> Media:
    media = _object(message, "media")
    try:
        payload = binascii.a2b_base64(_text(media, "payload"), strict_mode=True)
    except (binascii.Error, ValueError):
        raise InvalidMessage("The payload is not base64.") from None
    return Media(
        stream_sid=_text(message, "streamSid"),
        track=_text(media, "track"),
        chunk=_number(media, "chunk"),
        timestamp_ms=_number(media, "timestamp"),
        payload=payload,
    )


def _started(message: Mapping[str, Any]) -> Started:
    start = _object(message, "start")
    form = _object(start, "mediaFormat")
    tracks = start.get("tracks")
    if not isinstance(tracks, list) or not tracks or not all(isinstance(track, str) for track in tracks):
        raise InvalidMessage("'tracks' is not a list of names.")
    parameters = start.get("customParameters", {})
    if not isinstance(parameters, dict) or not all(isinstance(value, str) for value in parameters.values()):
        raise InvalidMessage("'customParameters' is not an object of strings.")
    return Started(
        stream_sid=_text(start, "streamSid"),
        call_sid=_text(start, "callSid"),
        tracks=tuple(tracks),
        media_format=MediaFormat(_text(form, "encoding"), _number(form, "sampleRate"), _number(form, "channels")),
        parameters=parameters,
    )


def _object(message: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = message.get(name)
    if not isinstance(value, dict):
        raise InvalidMessage(f"'{name}' is missing or not an object.")
    return value


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise InvalidMessage(f"'{name}' is missing or not text.")
    return value


def _number(message: Mapping[str, Any], name: str) -> int:
    """A whole number of 0 or more, which Twilio writes as a string in some places and as a number in others."""
    value = message.get(name)
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12 else value
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > _MAX_NUMBER_DIGITS:
        raise InvalidMessage(f"'{name}' is missing or not a whole number.")
    return int(text)
