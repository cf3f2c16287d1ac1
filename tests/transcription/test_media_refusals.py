"""What the media server refuses, and that nobody else notices."""

from __future__ import annotations

from datetime import timedelta

import pytest
from websockets.exceptions import InvalidStatus

from tests.support.media_house import CALL, LEG, SAID, House, closed, play
from transcription import media_stream


@pytest.mark.parametrize("garbage", ["hello", "{}", b"\x00\x01", "[" * 60_000, '{"event":"media"}'])
def test_garbage_ends_its_own_stream_only(house: House, garbage: str | bytes) -> None:
    async def scene() -> None:
        operator_leg = "CA" + "2" * 32
        async with house.stream(house.token()) as good:
            token = house.token(speaker="operator", operator_id=7, leg=operator_leg)
            async with house.stream(token, "MZ2", operator_leg) as bad:
                await bad.send(garbage)
                assert await closed(bad) == 1007
            await house.say(good, "seen_00.wav")
            await good.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    assert [s.text for s in house.transcripts.of_call(CALL)] == [SAID["seen_00.wav"]]


def test_a_message_that_is_too_large_ends_its_stream(house: House) -> None:
    async def scene() -> None:
        async with house.stream(house.token()) as socket:
            await socket.send("x" * 100_000)
            assert await closed(socket) == 1009

    play(house, scene)


def test_sound_before_start_ends_the_stream(house: House) -> None:
    async def scene() -> None:
        async with house.connect() as socket:
            await house.say(socket, "seen_00.wav")
            assert await closed(socket) == 1007

    play(house, scene)


def test_other_sound_than_a_telephones_is_refused(house: House) -> None:
    async def scene() -> None:
        async with house.connect() as socket:
            for text in media_stream.opening("MZ1", LEG, {"token": house.token()}):
                await socket.send(text.replace("8000", "16000"))
            assert await closed(socket) == 1003

    play(house, scene)


@pytest.mark.parametrize("token", ["", "forged", "wrong-leg", "used", "late"])
def test_a_stream_without_a_good_token_is_closed_and_not_heard(house: House, token: str) -> None:
    async def scene() -> None:
        given = house.token(leg="CA" + "9" * 32) if token == "wrong-leg" else house.token()
        if token == "used":
            house.tokens.redeem(given, LEG)
        if token == "late":
            house.clock.advance(timedelta(minutes=3))
        async with house.stream(given if token in ("wrong-leg", "used", "late") else token) as socket:
            assert await closed(socket) == 1008

    play(house, scene)
    assert house.transcripts.of_call(CALL) == [] and house.published("transcription-state") == []


def test_a_socket_that_says_nothing_is_closed(house: House) -> None:
    async def scene() -> None:
        async with house.connect() as socket:
            assert await closed(socket) == 1008

    play(house, scene)


def test_an_unsigned_handshake_is_refused_before_the_upgrade(house: House) -> None:
    async def scene() -> None:
        for signature, path, status in (("wrong", "/media", 403), ("right", "/other", 404)):
            with pytest.raises(InvalidStatus) as refused:
                async with house.connect(signature, path):
                    pass
            assert refused.value.response.status_code == status

    play(house, scene)
