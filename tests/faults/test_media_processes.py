"""Real `media` processes: two share the load, one drains, one is killed while it spools."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import ClientConnection, connect

from app.container import Container, build
from app.demo.stage import Stage
from tests.support.media_house import SAID, closed
from tests.support.stages import eventually, free_block
from tests.support.word_errors import SPEECH
from transcription import media_stream, wav
from transcription.store import Speaker
from transcription.tokens import StreamClaim

pytestmark = pytest.mark.slow

CALL, OTHER_CALL, SPOOLED_CALL = (f"6ba7b810-9dad-51d1-80b4-00c04fd4300{n}" for n in range(3))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with TemporaryDirectory(prefix="onthaal-", ignore_cleanup_errors=True) as folder:
        first = free_block()
        with Stage(Path(folder), first_port=first).start(only=("media",)) as stage:
            stage.launch("media", name="media-2", extra={"MEDIA_PORT": str(first)})
            stage.launch("media", name="media-3", extra={"MEDIA_PORT": str(first + 1), "TRANSCRIPTION_SHARE": "0"})
            stage.wait_for("media-2")
            stage.wait_for("media-3")
            yield stage


@pytest.fixture(scope="module")
def services(stage: Stage) -> Iterator[Container]:
    services = build(stage.settings)
    yield services
    services.close()


class Line:
    """Twilio's side of streams to any of the processes, which a balancer would choose."""

    def __init__(self, stage: Stage, services: Container) -> None:
        self._stage = stage
        self._services = services
        settings = stage.settings
        signed = RequestValidator(settings.twilio_auth_token.get_secret_value())
        self._signature = signed.compute_signature(settings.media_stream_url, {})

    def token(self, call_id: str, leg: str, speaker: Speaker = "caller") -> str:
        operator = 7 if speaker == "operator" else None
        began = self._services.clock.now() - timedelta(seconds=5)
        return self._services.stream_tokens.issue(StreamClaim(call_id, speaker, operator, "en", began, leg))

    @asynccontextmanager
    async def stream(self, process: str, sid: str, leg: str, token: str) -> AsyncIterator[ClientConnection]:
        url = f"ws://127.0.0.1:{self._stage.port(process)}/media"
        async with connect(url, additional_headers={"X-Twilio-Signature": self._signature}) as socket:
            for text in media_stream.opening(sid, leg, {"token": token}):
                await socket.send(text)
            yield socket

    def texts(self, call_id: str) -> dict[str, str]:
        return {said.speaker: said.text for said in self._services.transcripts.of_call(call_id)}


async def say(socket: ClientConnection, file: str, sid: str) -> None:
    for text in media_stream.frames(sid, wav.read(SPEECH / "en" / file).mulaw):
        await socket.send(text)


async def until(look: Callable[[], object], what: str) -> None:
    await asyncio.to_thread(eventually, lambda: look() or None, within_s=20, what=what)


def test_two_processes_share_a_call_and_one_drains(stage: Stage, services: Container) -> None:
    line = Line(stage, services)

    async def scene() -> None:
        caller, operator = line.token(CALL, "CA1"), line.token(CALL, "CA2", "operator")
        async with (
            line.stream("media", "MZ1", "CA1", caller) as one,
            line.stream("media-2", "MZ2", "CA2", operator) as two,
        ):
            await say(one, "seen_00.wav", "MZ1")
            await say(two, "heldout_00.wav", "MZ2")
            await two.send(media_stream.closing("MZ2", "CA2"))
            await until(lambda: "operator" in line.texts(CALL), "the words of the second process")
            async with line.stream("media-2", "MZ3", "CA1", caller) as again:
                assert await closed(again) == 1008, "a token counts once in all processes"

            stage.process("media").send_signal(signal.SIGTERM)
            assert await closed(one) == 1001
        assert await asyncio.to_thread(stage.process("media").wait, 20) == 0
        assert line.texts(CALL) == {"caller": SAID["seen_00.wav"], "operator": SAID["heldout_00.wav"]}

        # The call's stream is started again (ivr/resuming.py), and the other process takes it.
        async with line.stream("media-2", "MZ4", "CA1", line.token(OTHER_CALL, "CA1")) as resumed:
            await say(resumed, "seen_00.wav", "MZ4")
            await resumed.send(media_stream.closing("MZ4", "CA1"))
            await until(lambda: line.texts(OTHER_CALL), "the words of the stream that was started again")

    asyncio.run(scene())


def test_what_was_spooled_before_a_kill_becomes_text(stage: Stage, services: Container) -> None:
    line, folder = Line(stage, services), stage.settings.spool_dir

    async def scene() -> None:
        async with line.stream("media-3", "MZ5", "CA5", line.token(SPOOLED_CALL, "CA5")) as socket:
            await say(socket, "heldout_00.wav", "MZ5")
            await until(lambda: any(file.stat().st_size > 8000 * 3 for file in folder.glob("*.spool")), "a spool")
            stage.process("media-3").kill()
            stage.process("media-3").wait()

    asyncio.run(scene())
    assert services.spools.of_conversation(SPOOLED_CALL, over=False).how == "spooled"
    for file in folder.glob("*.spool"):
        os.utime(file, (1, 1))  # ten quiet seconds later
    assert services.spools.enqueue() == 1
    (spool,) = services.spools.waiting()
    services.catching_up.transcribe({"spool": spool.id})
    (said,) = services.transcripts.of_call(SPOOLED_CALL)
    assert SAID["heldout_00.wav"].split()[:5] == said.text.split()[:5]
    assert services.spools.of_conversation(SPOOLED_CALL, over=True).how == "complete"
    assert list(folder.glob("*.spool")) == []
