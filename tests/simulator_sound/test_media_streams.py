"""Media Streams over real sockets, in real time."""

from __future__ import annotations

import base64
import threading
import time

import numpy as np

from simulator.ports import StreamRequest
from simulator.sound import mulaw
from simulator.sound.plane import RealTimeSound
from tests.simulator_sound.recorder import Recorder, eventually


class Reports:
    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def __call__(self, event: str, error: str) -> None:
        self.seen.append((event, error))


def request(recorder: Recorder, leg: str = "CA1", track: str = "inbound_track", stream: str = "MZ1") -> StreamRequest:
    return StreamRequest(
        stream=stream, leg=leg, account="AC1", url=recorder.url, name="caller",
        track=track, parameters={"token": "t1"}, signature="c2lnbmVk",  # type: ignore[arg-type]
    )  # fmt: skip


def speech(seconds: float) -> bytes:
    noise = np.random.default_rng(7).integers(-9000, 9000, round(seconds * 8000))
    return mulaw.encode(noise.astype(np.int16))


def test_messages_have_the_shapes_and_types_that_twilio_sends(plane: RealTimeSound, recorder: Recorder) -> None:
    reports = Reports()
    plane.open_leg("CA1")
    plane.start_stream(request(recorder, track="both_tracks"), reports)
    eventually(lambda: len(recorder.events("media")) >= 6, "six media messages")
    plane.stop_stream("MZ1")
    eventually(lambda: reports.seen[-1:] == [("stream-stopped", "")], "the stop is reported")

    assert recorder.headers[0]["X-Twilio-Signature"] == "c2lnbmVk"
    connected, start, *rest = recorder.messages
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start == {
        "event": "start",
        "sequenceNumber": "1",
        "start": {
            "accountSid": "AC1",
            "streamSid": "MZ1",
            "callSid": "CA1",
            "tracks": ["inbound", "outbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": "t1"},
        },
        "streamSid": "MZ1",
    }
    assert [message["sequenceNumber"] for message in rest] == [str(number) for number in range(2, len(rest) + 2)]
    for track in ("inbound", "outbound"):
        media = [message["media"] for message in recorder.events("media") if message["media"]["track"] == track]
        assert [each["chunk"] for each in media] == [str(number) for number in range(1, len(media) + 1)]
        assert media[0]["timestamp"] == "102"
        steps = np.diff([int(each["timestamp"]) for each in media])
        assert np.all(np.abs(steps - 20) <= 2)
        assert {len(each["payload"]) for each in media} == {216}
        assert {base64.b64decode(each["payload"]) for each in media} == {mulaw.SILENCE}
    assert rest[-1]["event"] == "stop"
    assert rest[-1]["stop"] == {"accountSid": "AC1", "callSid": "CA1"}
    assert [event for event, _ in reports.seen] == ["stream-started", "stream-stopped"]


def test_speech_arrives_whole_and_at_the_pace_of_speech(plane: RealTimeSound, recorder: Recorder) -> None:
    said = speech(2.0)
    plane.open_leg("CA1")
    plane.start_stream(request(recorder), Reports())
    eventually(lambda: recorder.events("media"), "the stream runs")
    began = time.monotonic()
    plane.speak("CA1", said)
    eventually(lambda: said in recorder.sound(), "all that was said")
    assert 1.9 <= time.monotonic() - began <= 3.5


def test_the_two_people_in_a_room_are_two_clean_tracks(plane: RealTimeSound, recorder: Recorder) -> None:
    caller, operator = speech(0.4), speech(0.5)[::-1]
    for leg in ("CA1", "CA2"):
        plane.open_leg(leg)
        plane.join("c-1", leg, muted=False, held=False, coaches=None)
        plane.start_stream(request(recorder, leg, "both_tracks", f"MZ-{leg}"), Reports())
        eventually(lambda leg=leg: recorder.sound(call=leg), "the stream runs")  # type: ignore[misc]
    plane.speak("CA1", caller)
    plane.speak("CA2", operator)
    eventually(lambda: operator in recorder.sound("outbound", "CA1"), "the caller hears the operator")
    eventually(lambda: caller in recorder.sound("outbound", "CA2"), "the operator hears the caller")
    assert caller in recorder.sound("inbound", "CA1")
    assert operator in recorder.sound("inbound", "CA2")


def test_a_played_sound_is_heard_instead_of_the_room_until_hushed(plane: RealTimeSound, recorder: Recorder) -> None:
    music = speech(0.1)
    plane.open_leg("CA1")
    plane.start_stream(request(recorder, track="outbound_track"), Reports())
    eventually(lambda: recorder.events("media"), "the stream runs")
    plane.play("CA1", music, 0)
    eventually(lambda: music * 3 in recorder.sound("outbound"), "the music loops")
    plane.hush("CA1")
    eventually(lambda: recorder.sound("outbound").endswith(mulaw.SILENCE * 3), "silence")


def test_lost_frames_show_as_a_jump_in_the_timestamps(plane: RealTimeSound, recorder: Recorder) -> None:
    plane.open_leg("CA1")
    plane.start_stream(request(recorder), Reports())
    eventually(lambda: len(recorder.events("media")) > 3, "the stream runs")
    stream = plane.stream("MZ1")
    assert stream is not None
    plane.loop.call_soon_threadsafe(stream.drop_frames, 10)
    before = len(recorder.events("media"))
    eventually(lambda: len(recorder.events("media")) > before + 3, "the stream goes on")
    steps = np.diff([int(message["media"]["timestamp"]) for message in recorder.events("media")])
    assert 198 <= steps.max() <= 222


def test_a_connection_that_breaks_is_an_error_and_is_not_made_again(plane: RealTimeSound, recorder: Recorder) -> None:
    reports = Reports()
    plane.open_leg("CA1")
    plane.start_stream(request(recorder), reports)
    stream = eventually(lambda: recorder.events("media") and plane.stream("MZ1"), "the stream runs")
    plane.loop.call_soon_threadsafe(stream.cut)
    eventually(lambda: len(reports.seen) == 2, "the break is reported")
    assert reports.seen[1] == ("stream-error", "31921 the connection broke")
    assert recorder.events("stop") == []
    assert len(recorder.headers) == 1


def test_a_server_that_closes_ends_the_stream(plane: RealTimeSound, recorder: Recorder) -> None:
    reports = Reports()
    recorder.close_after = 5
    plane.open_leg("CA1")
    plane.start_stream(request(recorder), reports)
    eventually(lambda: len(reports.seen) == 2, "the end is reported")
    assert [event for event, _ in reports.seen] == ["stream-started", "stream-stopped"]


def test_a_refused_handshake_and_an_absent_server_are_errors(plane: RealTimeSound, recorder: Recorder) -> None:
    reports = Reports()
    recorder.refuse = True
    plane.open_leg("CA1")
    plane.start_stream(request(recorder), reports)
    eventually(lambda: reports.seen, "the refusal is reported")
    assert reports.seen == [("stream-error", "31920 the server answered 403")]
    again = request(recorder)
    recorder.close()
    plane.start_stream(again, reports)
    eventually(lambda: len(reports.seen) == 2, "the absence is reported")
    assert reports.seen[1][1].startswith("31902")


def test_a_leg_that_ends_stops_its_streams(plane: RealTimeSound, recorder: Recorder) -> None:
    reports = Reports()
    plane.open_leg("CA1")
    plane.start_stream(request(recorder), reports)
    eventually(lambda: recorder.events("media"), "the stream runs")
    plane.close_leg("CA1")
    eventually(lambda: recorder.events("stop"), "stop")
    eventually(lambda: reports.seen[-1:] == [("stream-stopped", "")], "the stop is reported")


def test_a_microphone_is_asked_for_once_the_sound_goes_somewhere(plane: RealTimeSound, recorder: Recorder) -> None:
    asked, heard = threading.Event(), []
    plane.attach("CA1", heard.append, asked.set)
    plane.open_leg("CA1")
    plane.play("CA1", speech(0.1), 1)
    eventually(lambda: len(heard) == 5, "the phone hears what is played")
    assert not asked.is_set()
    plane.join("c-1", "CA1", muted=False, held=False, coaches=None)
    assert asked.wait(5)


def test_ticks_keep_to_the_wall_clock(plane: RealTimeSound, recorder: Recorder) -> None:
    plane.open_leg("CA1")
    plane.start_stream(request(recorder), Reports())
    eventually(lambda: len(recorder.events("media")) >= 150, "three seconds")
    elapsed_s = recorder.arrived_s[-1] - recorder.arrived_s[2]
    spoken_s = (len(recorder.messages) - 3) * 0.02
    assert abs(elapsed_s - spoken_s) < 0.5
