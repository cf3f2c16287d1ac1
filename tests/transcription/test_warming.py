"""Before the first caller speaks, engines have heard a sentence."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from foundation.settings import ROOT
from tests.support.media_house import House
from transcription.audio import Samples
from transcription.models import LanguageUnavailable, Models
from transcription.warming import MOST, Warming


def noise() -> Samples:
    return np.random.default_rng(1).normal(0, 500, 8000).astype(np.int16)


async def until(models: Models, language: str, count: int) -> None:
    async with asyncio.timeout(20):
        while len(models._model(language)._idle) < count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("room", "warm"), [(2, 2), (50, MOST)])
def test_as_many_engines_as_there_is_room_for_calls_have_heard_a_sentence(room: int, warm: int) -> None:
    models = Models(ROOT / "models")

    async def begin() -> None:
        warming = Warming(models)
        warming.begin("nl", room)
        await until(models, "nl", warm)
        await warming.stop()

    asyncio.run(begin())
    idle = models._model("nl")._idle
    assert len(idle) == warm and all(engine.fed_s > 1 for engine in idle)


def test_when_memory_is_short_none_is_kept() -> None:
    models = Models(ROOT / "models", free_bytes=lambda: 0)
    models.warm_one("nl", noise())
    assert models._model("nl")._idle == []


def test_who_stops_does_not_wait_for_those_that_are_left() -> None:
    models = Models(ROOT / "models")
    models._model("nl")

    async def begin_and_stop() -> None:
        warming = Warming(models)
        warming.begin("nl", MOST)
        warming.begin("fr", MOST)
        await until(models, "nl", 1)
        await warming.stop()

    asyncio.run(begin_and_stop())
    assert len(models._model("nl")._idle) < MOST


def test_a_language_that_cannot_be_had_stops_nothing() -> None:
    models = Models(ROOT / "models")
    with pytest.raises(LanguageUnavailable):
        models.warm_one("de", noise())

    async def begin() -> None:
        warming = Warming(models)
        warming.begin("de", 1)
        warming.begin("en", 1)
        await until(models, "en", 1)
        await warming.stop()

    asyncio.run(begin())


def test_the_server_warms_the_language_that_it_measured_and_stops_in_the_middle_of_it(house: House) -> None:
    models = Models(ROOT / "models")
    server = house.serve(models, warms=True)

    async def begin() -> None:
        await server.start()
        await server._tracks.measure_one()
        await until(models, "en", 1)  # the first of the languages that there are
        await server.stop()

    asyncio.run(begin())
    assert 1 <= len(models._model("en")._idle) < MOST
