"""A caller says "billing" to the real thing: a Media Stream of the simulator, the media server, and Vosk."""

from __future__ import annotations

import asyncio
import threading

import pytest

from foundation.settings import ROOT
from simulator.sound import wav
from simulator.sound.plane import RealTimeSound
from tests.support.scenario import Scenario
from tests.support.stages import eventually
from tests.support.world import World
from transcription.server import MediaServer

SPEECH = ROOT / "tests" / "speech" / "en"


class Media:
    """The media process of an installation, in a thread."""

    def __init__(self, server: MediaServer) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> int:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result(10)
        return self._server.port

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def changed_settings() -> dict[str, str]:
    return {"MEDIA_PORT": "0"}


def test_a_caller_says_billing_and_waits_for_the_invoices(world: World) -> None:
    Scenario(world).play(
        """
        at    | who  | does      | then
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:29  | Els  |           | last hears "You can also say your choice"
        """
    )
    (request,) = world.exchange.sound.requests  # type: ignore[attr-defined]
    reports: list[str] = []
    with Media(world.services.media_server()) as port:
        sound = RealTimeSound({"wss://helpdesk.example": f"ws://127.0.0.1:{port}"}).start()
        try:
            sound.open_leg(request.leg)
            sound.start_stream(request, lambda event, _error: reports.append(event))
            eventually(lambda: reports, what="the stream runs")
            sound.speak(request.leg, wav.load(SPEECH / "ivr_04.wav"))
            eventually(lambda: world.settle() or world.record("Els").status == "waiting", what="the answer")
        finally:
            sound.stop()
    assert world.record("Els").queue == "invoices"
    assert reports[0] == "stream-started", "the one-time token and the signature were good"
    assert "stream-error" not in reports
    assert world.services.transcripts.of_call(world.call_id("Els")) == [], "nothing that was said is kept"
