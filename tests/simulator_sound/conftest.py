"""The sound plane and a server for its streams."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.sound.plane import RealTimeSound
from tests.simulator_sound.recorder import Recorder


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    server = Recorder()
    yield server
    server.close()


@pytest.fixture
def plane() -> Iterator[RealTimeSound]:
    sound = RealTimeSound().start()
    yield sound
    sound.stop()
