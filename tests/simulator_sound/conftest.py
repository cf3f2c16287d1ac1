"""The sound plane and a server for its streams."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.server import Simulator, SimulatorConfig
from simulator.sound.plane import RealTimeSound
from tests.simulator_sound.helpdesk_stub import HelpdeskStub
from tests.simulator_sound.recorder import API_KEY_SECRET, SPEECH, Recorder


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


@pytest.fixture
def helpdesk(recorder: Recorder) -> Iterator[HelpdeskStub]:
    stub = HelpdeskStub(lambda: recorder.url.replace("ws://", "wss://"))
    yield stub
    stub.close()


@pytest.fixture
def simulator(helpdesk: HelpdeskStub) -> Iterator[Simulator]:
    """A whole simulator on free ports."""
    running = Simulator(
        SimulatorConfig(
            account_sid="AC1",
            auth_token="12345",
            api_key_sid="SK1",
            api_key_secret=API_KEY_SECRET,
            app_sid="AP1",
            helpdesk_number="+3225550100",
            voice_url=f"{helpdesk.url}/incoming",
            operator_voice_url=f"{helpdesk.url}/operator",
            port=0,
            audio_port=0,
            speech_dir=SPEECH,
        )
    ).start()
    yield running
    running.stop()
