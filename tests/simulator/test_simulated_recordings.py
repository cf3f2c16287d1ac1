"""The sound of a recording: what was said, found a while after its end, and gone when deleted."""

from __future__ import annotations

from threading import Event
from typing import Any

import numpy as np
from werkzeug.test import TestResponse

from simulator.sound import mulaw
from simulator.sound.plane import RealTimeSound
from simulator.sounds import to_mulaw

TONE = mulaw.encode((8000 * np.sin(np.arange(4000) / 5)).astype(np.int16))  # half a second


def fetched(world: Any, recording: str) -> TestResponse:
    path = f"/2010-04-01/Accounts/{world.exchange.account_sid}/Recordings/{recording}.wav"
    answer: TestResponse = world.rest.test_client().get(
        path, auth=(world.exchange.account_sid, world.exchange.auth_token)
    )
    return answer


def test_what_is_said_into_a_recording_can_be_fetched_a_while_after_its_end(world: Any) -> None:
    world.server.pages["/recorded"] = "<Hangup/>"
    leg, _ = world.call("<Record action='/recorded'/>")
    world.exchange.sound.spoken[leg] = TONE
    world.run(12)
    world.press(leg, "#")
    recording = world.server.at("/recorded")[0]["RecordingUrl"].rpartition("/")[2]
    assert fetched(world, recording).status_code == 404
    world.run(2)
    answer = fetched(world, recording)
    assert answer.content_type == "audio/x-wav"
    assert to_mulaw(answer.data) == TONE
    assert world.client.recordings(recording).delete()
    assert fetched(world, recording).status_code == 404


def test_no_more_is_kept_than_was_recorded(world: Any) -> None:
    world.server.pages["/recorded"] = "<Hangup/>"
    leg, _ = world.call("<Record action='/recorded' maxLength='3'/>")
    world.exchange.sound.spoken[leg] = TONE * 20
    world.run(6)
    recording = world.server.at("/recorded")[0]["RecordingUrl"].rpartition("/")[2]
    assert len(to_mulaw(fetched(world, recording).data)) == 3 * 8000


def test_a_leg_is_recorded_as_it_speaks_in_real_time() -> None:
    plane, told, heard = RealTimeSound().start(), Event(), Event()
    kept: list[bytes] = []
    frames: list[bytes] = []

    def done(sound: bytes) -> None:
        kept.append(sound)
        told.set()

    def listen(frame: bytes) -> None:
        frames.append(frame)
        if len(frames) * mulaw.FRAME_BYTES >= len(TONE):
            heard.set()

    try:
        for leg in ("CA1", "CA2"):
            plane.open_leg(leg)
            plane.join("c-1", leg, muted=False, held=False, coaches=None)
        plane.attach("CA2", listen)
        plane.start_recording("RE1", "CA1")
        plane.speak("CA1", TONE)
        assert heard.wait(5)
        plane.stop_recording("RE1", done)
        assert told.wait(5)
    finally:
        plane.stop()
    assert TONE[: mulaw.FRAME_BYTES * 10] in kept[0], "the words themselves"
