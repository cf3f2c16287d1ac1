"""What comes to the media server's port that is no Twilio: much of it, slowly, or without ever reading. Memory stays
bounded, the connection is closed with a reason, and a call beside it goes on."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import psutil
import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.media_house import CALL, LEG, SAID, House, closed, play
from transcription import media_stream
from transcription.protocol import MAX_MESSAGE_BYTES

MB = 1_000_000
ROOM_MB = 30  # far less than what is sent, more than one test's own noise
UPGRADE = (
    "GET /media HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Twilio-Signature: right\r\n\r\n"
)


def memory_mb() -> float:
    return psutil.Process().memory_info().rss / MB


def beside_a_call(house: House, abuse: Callable[[], Awaitable[None]]) -> None:
    """Let `abuse` happen while a call is written down: its words are there, and memory has not grown."""

    async def scene() -> None:
        async with house.stream(house.token()) as good:
            await house.until(lambda: house.published("transcription-state"))
            before_mb = memory_mb()
            await abuse()
            assert memory_mb() - before_mb < ROOM_MB
            await house.say(good, "seen_00.wav")
            await good.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    assert [s.text for s in house.transcripts.of_call(CALL)] == [SAID["seen_00.wav"]]


async def pour(writer: asyncio.StreamWriter, block: bytes, whole: int) -> int:
    """Send a block again and again, as fast as it is taken; gives how many bytes were sent before it was cut."""
    sent = 0
    with suppress(ConnectionError):
        while sent < whole:
            writer.write(block)
            await asyncio.wait_for(writer.drain(), 10)
            sent += len(block)
    return sent


@asynccontextmanager
async def raw(house: House, opening: str = UPGRADE) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection without a library's manners."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.server.port)
    writer.write(opening.encode())
    if opening == UPGRADE:
        assert b" 101 " in await reader.readline()
        while (await reader.readline()).strip():
            pass
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def answer(reader: asyncio.StreamReader) -> bytes:
    """All that is said until the connection is closed."""
    said = b""
    with suppress(ConnectionError):
        async with asyncio.timeout(10):
            while block := await reader.read(1000):
                said += block
    return said


def frame(text: bytes, *, opcode: int = 1, announced: int | None = None) -> bytes:
    """A masked WebSocket frame (RFC 6455, 5.2), with a mask of zeros."""
    size = len(text) if announced is None else announced
    length = bytes([0x80 | size]) if size < 126 else b"\xff" + size.to_bytes(8, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + text


def test_a_hundred_megabytes_that_are_no_http(house: House) -> None:
    async def abuse() -> None:
        async with raw(house, "") as (reader, writer):
            await pour(writer, os.urandom(64_000), 100 * MB)
            await answer(reader)

    beside_a_call(house, abuse)


def test_a_message_of_a_hundred_megabytes(house: House) -> None:
    async def abuse() -> None:
        async with raw(house) as (reader, writer):
            writer.write(frame(b"", announced=100 * MB))
            await pour(writer, os.urandom(64_000), 100 * MB)
            assert (1009).to_bytes(2, "big") in await answer(reader)

    beside_a_call(house, abuse)


def test_a_hundred_megabytes_of_messages_that_mean_nothing(house: House) -> None:
    async def abuse() -> None:
        async with raw(house) as (_, writer):
            for text in media_stream.opening("MZ2", LEG, {"token": house.token(speaker="operator", operator_id=7)}):
                writer.write(frame(text.encode()))
            mark = json.dumps({"event": "mark", "mark": "x" * (MAX_MESSAGE_BYTES - 100)}).encode()
            assert await pour(writer, frame(mark), 100 * MB) >= 100 * MB, "unknown events are ignored"
        await house.ended("operator")

    beside_a_call(house, abuse)


def test_a_hundred_megabytes_after_garbage_was_refused(house: House) -> None:
    async def abuse() -> None:
        async with raw(house) as (reader, writer):
            await pour(writer, frame(b"\x00" * 60_000), 100 * MB)
            assert (1007).to_bytes(2, "big") + b"The message is not JSON." in await answer(reader)

    beside_a_call(house, abuse)


def test_sound_faster_than_it_can_be_spoken_fills_the_buffer_and_no_more(house: House) -> None:
    async def abuse() -> None:
        async with raw(house) as (_, writer):
            token = house.token(speaker="operator", operator_id=7)
            for text in media_stream.opening("MZ2", LEG, {"token": token}):
                writer.write(frame(text.encode()))
            sound = {"track": "inbound", "chunk": "1", "timestamp": "0", "payload": "A" * 40_000}
            one = json.dumps({"event": "media", "media": sound, "streamSid": "MZ2"}).encode()
            await pour(writer, frame(one), 60 * MB)
        await house.ended("operator")

    beside_a_call(house, abuse)


def test_a_client_that_never_reads_is_cut_off(house: House) -> None:
    async def abuse() -> None:
        async with raw(house) as (_, writer):
            ping = frame(b"x" * 125, opcode=9) * 500  # each is answered
            assert await pour(writer, ping, 100 * MB) < 40 * MB

    beside_a_call(house, abuse)


@pytest.mark.parametrize("said", ["GET /media HTTP/1.1\r\n", UPGRADE])
def test_who_says_the_first_words_and_then_nothing_is_closed(house: House, said: str) -> None:
    async def abuse() -> None:
        began = time.monotonic()
        async with raw(house, said) as (reader, _):
            await answer(reader)
        assert time.monotonic() - began < 5

    beside_a_call(house, abuse)


def test_a_stream_that_trickles_is_heard_all_the_same(house: House) -> None:
    async def scene() -> None:
        async with raw(house) as (_, writer):
            opening = media_stream.opening("MZ1", LEG, {"token": house.token()})
            whole = b"".join(frame(text.encode()) for text in opening)
            for at in range(0, len(whole), 10):  # a byte here, a byte there, and never a whole frame at once
                writer.write(whole[at : at + 10])
                await writer.drain()
            await house.until(lambda: house.published("transcription-state"))
            writer.write(frame(media_stream.closing("MZ1", LEG).encode()))
            await house.ended()

    play(house, scene)


def test_frames_that_claim_to_lie_in_the_far_future_fill_no_memory(house: House) -> None:
    async def abuse() -> None:
        async with house.stream(house.token(speaker="operator", operator_id=7), "MZ2") as socket:
            for number, at_ms in enumerate((0, 10**9, 10**11), start=1):
                sound = {"track": "inbound", "chunk": str(number), "timestamp": str(at_ms), "payload": "AAAA" * 50}
                with suppress(ConnectionClosed):
                    await socket.send(json.dumps({"event": "media", "media": sound, "streamSid": "MZ2"}))
            await socket.send(media_stream.closing("MZ2", LEG))
            await house.ended("operator")

    beside_a_call(house, abuse)
    assert [message["start_s"] for message in house.published("transcription-gap", "operator")] != []


def test_the_reason_is_told(house: House) -> None:
    async def scene() -> None:
        async with house.connect() as socket:
            await socket.send("garbage")
            assert await closed(socket) == 1007
            assert socket.close_reason == "The message is not JSON."

    play(house, scene)
