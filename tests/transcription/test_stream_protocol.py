"""Media Streams messages, audio, the time axis and WAV files."""

from __future__ import annotations

import base64
import contextlib
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription import media_stream, wav
from transcription.audio import Gap, RateDoubler, TimeAxis, halve_rate, mulaw_decode, mulaw_encode
from transcription.protocol import (
    MAX_MESSAGE_BYTES,
    TELEPHONE,
    Connected,
    InvalidMessage,
    Media,
    Started,
    Stopped,
    parse,
)

START = """{"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1",
"tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},
"customParameters":{"token":"abc"}},"streamSid":"MZ1"}"""
MEDIA = """{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"155",
"payload":"%s"},"streamSid":"MZ1"}"""


def test_messages_as_really_sent_are_understood() -> None:
    assert parse('{"event":"connected","protocol":"Call","version":"1.0.0"}') == Connected()
    assert parse(START) == Started("MZ1", "CA1", ("inbound",), TELEPHONE, {"token": "abc"})
    sound = bytes(range(160))
    assert parse(MEDIA % base64.b64encode(sound).decode()) == Media("MZ1", "inbound", 1, 155, sound)
    assert parse('{"event":"stop","streamSid":"MZ1","stop":{"accountSid":"AC1","callSid":"CA1"}}') == Stopped("MZ1")
    assert parse('{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"1"}}') is None
    assert parse('{"event":"something-new"}') is None


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01", "", "hello", "[]", "{}", '{"event":3}', '{"event":"media"}', "[" * 60_000, "9" * 60_000,
        '{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"-5","payload":""},"streamSid":"MZ1"}',
        '{"event":"media","media":{"track":"inbound","chunk":true,"timestamp":"5","payload":""},"streamSid":"MZ1"}',
        '{"event":"media","media":{"track":"inbound","chunk":"٣","timestamp":"5","payload":""},"streamSid":"MZ1"}',
        MEDIA % "no base64!", MEDIA % "A", START.replace('["inbound"]', "[]"), START.replace('"abc"', "7"),
        START.replace("8000", '"eight"'), MEDIA % ("A" * MAX_MESSAGE_BYTES),
    ],
)  # fmt: skip
def test_garbage_is_refused_with_one_kind_of_error(raw: str | bytes) -> None:
    with pytest.raises(InvalidMessage):
        parse(raw)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.text() | st.binary())
def test_no_text_breaks_the_reader(raw: str | bytes) -> None:
    with contextlib.suppress(InvalidMessage):
        parse(raw)


@given(st.sampled_from(["start", "media", "stop"]), st.dictionaries(st.text(max_size=8), _json), st.data())
def test_no_object_breaks_the_reader(event: str, extra: dict[str, Any], data: st.DataObject) -> None:
    """Real messages with one field replaced by anything, and fields nobody knows."""
    message = json.loads(START if event == "start" else MEDIA % "")
    message["event"] = event
    part = message.get(event)
    if isinstance(part, dict):
        part[data.draw(st.sampled_from(sorted(part)))] = data.draw(_json)
    with contextlib.suppress(InvalidMessage):
        parse(json.dumps(extra | message))


def test_mu_law_is_that_of_g711() -> None:
    """Anchors from ITU-T G.711 table 2a: the extremes, the smallest steps and both zeros."""
    assert mulaw_decode(b"\x00\x80\xff\x7f\xfe\x7e").tolist() == [-32124, 32124, 0, 0, 8, -8]


@given(st.binary())
def test_mu_law_goes_there_and_back(data: bytes) -> None:
    assert mulaw_encode(mulaw_decode(data)) == data.replace(b"\x7f", b"\xff")


@given(st.lists(st.integers(-32768, 32767)))
def test_mu_law_keeps_every_sample_within_a_step(samples: list[int]) -> None:
    original = np.array(samples, np.int16)
    again = mulaw_decode(mulaw_encode(original)).astype(int)
    assert np.all(np.abs(again - original) <= np.maximum(8, np.abs(original.astype(int)) // 16))


def _tone(hz: float, rate_hz: int, seconds: float = 0.5) -> Any:
    return (10_000 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(np.int16)


def _loudness(samples: Any) -> float:
    middle = samples[len(samples) // 4 : -len(samples) // 4].astype(float)
    return float(np.sqrt(np.mean(middle**2)))


def test_halving_the_rate_keeps_speech_and_leaves_no_alias() -> None:
    assert _loudness(halve_rate(_tone(1000, 16000))) == pytest.approx(_loudness(_tone(1000, 8000)), rel=0.02)
    assert _loudness(halve_rate(_tone(6000, 16000))) < 20  # would come back as 2 kHz


@given(st.lists(st.integers(1, 700), min_size=1, max_size=8))
def test_doubling_the_rate_has_no_seams(sizes: list[int]) -> None:
    sound = _tone(700, 8000)[: sum(sizes)]
    whole, blocks = RateDoubler(), RateDoubler()
    cuts = np.cumsum(sizes)[:-1]
    parts = [blocks.double(part) for part in np.split(sound, cuts)]
    assert np.array_equal(np.concatenate(parts), whole.double(sound))
    assert len(np.concatenate(parts)) == 2 * len(sound)


def test_time_follows_the_timestamps_and_not_the_number_of_frames() -> None:
    axis = TimeAxis()
    frame = b"\x55" * 160
    assert axis.place(1, 155, frame) == (frame, None)  # the first is not at 0
    assert axis.place(2, 173, frame) == (frame, None)  # 2 ms early
    assert axis.stream_s(0.0) == pytest.approx(0.155)
    assert axis.place(2, 173, frame) == (b"", None)  # sent twice
    assert axis.place(3, 100, frame) == (b"", None)  # long past
    assert axis.place(4, 235, frame) == (frame, None)  # exactly 40 ms late is still wandering
    assert axis.end_s == pytest.approx(0.215)


def test_lost_sound_becomes_silence_and_is_said() -> None:
    axis = TimeAxis()
    frame = b"\x55" * 160
    axis.place(1, 0, frame)
    data, gap = axis.place(5, 520, frame)
    assert gap == Gap(0.020, 0.520) and data == b"\xff" * 4000 + frame
    assert axis.stream_s(0.525) == pytest.approx(0.525)


def test_an_hour_of_lost_sound_costs_one_second_of_silence() -> None:
    axis = TimeAxis()
    frame = b"\x55" * 160
    axis.place(1, 0, frame)
    data, gap = axis.place(2, 3_600_000, frame)
    assert gap == Gap(0.020, 3600.0) and len(data) == 8000 + 160
    assert axis.stream_s(0.010) == pytest.approx(0.010)
    assert axis.stream_s(1.030) == pytest.approx(3600.010)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20_000), st.integers(0, 400)), max_size=30))
def test_time_never_runs_back_whatever_arrives(frames: list[tuple[int, int, int]]) -> None:
    axis = TimeAxis()
    heard = 0
    for chunk, timestamp_ms, size in frames:
        before = axis.end_s
        data, gap = axis.place(chunk, timestamp_ms, b"\x55" * size)
        heard += len(data)
        assert axis.end_s >= before and (gap is None or gap.end_s > gap.start_s)
    if heard:
        moments = [axis.stream_s(at / 8000) for at in range(0, heard, 80)]
        assert moments == sorted(moments) and axis.stream_s(heard / 8000) == pytest.approx(axis.end_s)


def _wav(data: bytes, *, encoding: int = 1, channels: int = 1, rate_hz: int = 8000, bits: int = 16) -> bytes:
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", encoding, channels, rate_hz, rate_hz * width, width, bits)
    parts = b"LIST\x03\x00\x00\x00abc\x00" + b"fmt " + struct.pack("<I", len(form)) + form
    parts += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


def test_wav_files_of_four_kinds_are_read() -> None:
    tone = _tone(1000, 8000)
    high = _tone(1000, 16000)
    mulaw = mulaw_encode(tone)
    assert wav.parse(_wav(mulaw, encoding=7, bits=8), "a.wav") == wav.Recording(mulaw, 0.5)
    assert wav.parse(_wav(tone.tobytes()), "a.wav") == wav.Recording(mulaw, 0.5)
    for content in (_wav(high.tobytes(), rate_hz=16000), _wav(mulaw_encode(high), encoding=7, bits=8, rate_hz=16000)):
        read = wav.parse(content, "a.wav")
        assert read.audio_s == 0.5 and len(read.mulaw) == 4000
        assert _loudness(mulaw_decode(read.mulaw)) == pytest.approx(_loudness(tone), rel=0.03)


def test_a_recording_that_was_cut_short_is_read_as_far_as_it_goes() -> None:
    whole = _wav(_tone(1000, 8000).tobytes())
    assert wav.parse(whole[:-1001], "a.wav").audio_s == pytest.approx(0.4374, abs=0.0002)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a WAV"), (b"RIFF\0\0\0\0WAVE", "without a format"), (_wav(b"\0" * 8, channels=2), "2 channels"),
        (_wav(b"\0" * 8, rate_hz=44100), "44100"), (_wav(b"\0" * 8, bits=24), "24 bits"),
        (_wav(b"\0" * 8, encoding=6, bits=8), "A-law"), (_wav(b"\0" * 8, encoding=3, bits=32), "floating-point"),
    ],
)  # fmt: skip
def test_other_sound_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(wav.UnsupportedSound, match=said):
        wav.parse(content, "a.wav")


@given(st.binary(max_size=200))
def test_no_bytes_break_the_wav_reader(content: bytes) -> None:
    for raw in (content, b"RIFF\0\0\0\0WAVE" + content, b"RIFF\0\0\0\0WAVEfmt " + content):
        with contextlib.suppress(wav.UnsupportedSound):
            wav.parse(raw, "a.wav")


def test_a_recording_becomes_the_messages_of_a_call(tmp_path: Path) -> None:
    sent = [parse(text) for text in media_stream.opening("MZ1", "CA1", {"token": "t"})]
    assert sent[0] == Connected() and isinstance(sent[1], Started) and sent[1].parameters == {"token": "t"}
    frames = [parse(text) for text in media_stream.frames("MZ1", b"\x55" * 400, first_ms=100)]
    assert [(f.chunk, f.timestamp_ms, len(f.payload)) for f in frames if isinstance(f, Media)] == [
        (1, 100, 160), (2, 120, 160), (3, 140, 80),
    ]  # fmt: skip
    assert parse(media_stream.closing("MZ1", "CA1")) == Stopped("MZ1")
