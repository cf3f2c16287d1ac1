"""mu-law, mixing, recordings."""

from __future__ import annotations

import itertools
import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from simulator.errors import InvalidInput
from simulator.sound import mulaw, wav
from simulator.sound.legs import LegSound, Playback
from simulator.sound.rooms import Part, Rooms
from simulator.sound.turns import split_turns, turns

SPEECH = Path(__file__).parent.parent / "speech"


def tone(hz: float, amplitude: float = 8000.0, seconds: float = 0.02) -> bytes:
    at = np.arange(round(seconds * 8000)) / 8000
    return mulaw.encode((amplitude * np.sin(2 * np.pi * hz * at)).astype(np.int16))


def test_every_code_survives_decoding_and_encoding() -> None:
    codes = bytes(code for code in range(256) if code != 0x7F)  # 0x7F is a second zero
    assert mulaw.encode(mulaw.decode(codes)) == codes


def test_published_points_of_the_curve() -> None:
    assert mulaw.decode(bytes([0x00, 0x80, 0xFF, 0x7F, 0x8F, 0xEF])).tolist() == [-32124, 32124, 0, 0, 16764, 132]
    assert mulaw.encode(np.zeros(4, np.int16)) == b"\xff\xff\xff\xff"


def test_encoding_errs_by_half_a_step_at_most() -> None:
    samples = np.arange(-32000, 32000, 7).astype(np.int16)
    back = mulaw.decode(mulaw.encode(samples)).astype(int)
    assert np.all(np.abs(back - samples) <= np.maximum(4, np.abs(samples.astype(int)) // 16))


def test_loud_voices_clip_and_do_not_wrap_around() -> None:
    loud = mulaw.encode(np.full(160, 30000, np.int16))
    assert mulaw.decode(mulaw.mix([loud, loud])).min() > 32000


def test_everyone_hears_all_the_others() -> None:
    rooms = Rooms()
    voices = {name: tone(hz) for name, hz in (("a", 300), ("b", 700), ("c", 1100))}
    for name in voices:
        rooms.join("talk", name, Part())
    heard = rooms.heard(voices)
    assert heard["a"] == mulaw.mix([voices["b"], voices["c"]])
    assert heard["c"] == mulaw.mix([voices["a"], voices["b"]])


def test_two_people_hear_each_other_byte_for_byte() -> None:
    rooms = Rooms()
    rooms.join("talk", "a", Part())
    rooms.join("talk", "b", Part())
    assert rooms.heard({"a": tone(300), "b": None}) == {"b": tone(300)}


def test_a_held_leg_neither_hears_nor_is_heard_and_a_muted_one_only_hears() -> None:
    rooms = Rooms()
    for name, part in (("a", Part()), ("held", Part(held=True)), ("muted", Part(muted=True))):
        rooms.join("talk", name, part)
    heard = rooms.heard({"a": tone(300), "held": tone(500), "muted": tone(700)})
    assert heard == {"muted": tone(300)}


def test_only_the_coached_leg_hears_its_coach() -> None:
    rooms = Rooms()
    for name, part in (("caller", Part()), ("operator", Part()), ("supervisor", Part(coaches="operator"))):
        rooms.join("talk", name, part)
    heard = rooms.heard({"caller": None, "operator": None, "supervisor": tone(500)})
    assert heard == {"operator": tone(500)}
    assert set(rooms.heard({"caller": tone(300)})) == {"operator", "supervisor"}


def test_a_leg_leaves_its_room_when_it_enters_another() -> None:
    rooms = Rooms()
    rooms.join("one", "a", Part())
    rooms.join("one", "b", Part())
    rooms.join("two", "a", Part())
    assert rooms.heard({"a": tone(300)}) == {}
    rooms.leave("one", "a")
    assert rooms.room_of("a") == "two"


def test_playback_loops_without_a_seam_and_ends_with_silence() -> None:
    playback = Playback(bytes(range(100)), loops=4)
    frames = list(iter(playback.next, None))
    assert b"".join(frames) == (bytes(range(100)) * 4).ljust(480, b"\xff")
    forever = Playback(b"\x01" * 30, loops=0)
    assert all(forever.next() == b"\x01" * 160 for _ in range(100))


def test_a_late_burst_of_frames_loses_no_word_and_its_delay_goes_in_the_pauses() -> None:
    leg = LegSound()
    word = [tone(400 + 10 * number) for number in range(30)]
    for frame in [*word, *[mulaw.SILENCE] * 30]:
        leg.hear_from_phone(frame)
    said = [leg.next_spoken() for _ in range(45)]
    assert said[:30] == word
    assert said[-1] is None


def test_speech_waits_for_a_head_start_and_for_a_longer_one_after_every_hole() -> None:
    leg = LegSound()
    frames = [tone(400 + 20 * number) for number in range(20)]

    def taken_after() -> int:
        """Frames that must be waiting before the first is said; all are said then."""
        for count, frame in enumerate(frames, 1):
            leg.hear_from_phone(frame)
            if (first := leg.next_spoken()) is not None:
                assert first == frames[0]
                assert [leg.next_spoken() for _ in range(count)] == [*frames[1:count], None]
                return count
        raise AssertionError("nothing is ever said")

    assert [taken_after() for _ in range(6)] == [4, 6, 8, 10, 12, 12]


@pytest.mark.parametrize("rate_hz", [8000, 16000, 48000])
def test_pcm_recordings_become_the_same_telephone_sound(tmp_path: Path, rate_hz: int) -> None:
    at = np.arange(rate_hz) / rate_hz
    with wave.open(str(tmp_path / "tone.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((8000 * np.sin(2 * np.pi * 440 * at)).astype("<i2").tobytes())
    sound = wav.load(tmp_path / "tone.wav")
    assert len(sound) == 8000
    spectrum = np.abs(np.fft.rfft(mulaw.decode(sound)[400:-400].astype(float)))
    assert round(spectrum.argmax() * 8000 / 7200) == 440


def test_what_a_telephone_cannot_carry_does_not_fold_back(tmp_path: Path) -> None:
    at = np.arange(16000) / 16000
    with wave.open(str(tmp_path / "high.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((8000 * np.sin(2 * np.pi * 5500 * at)).astype("<i2").tobytes())
    assert np.abs(mulaw.decode(wav.load(tmp_path / "high.wav"))[200:-200]).max() < 80


def test_a_file_that_is_no_recording_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_bytes(b"hello")
    with pytest.raises(InvalidInput, match=r"text\.wav is not a WAV file"):
        wav.load(tmp_path / "text.wav")
    odd = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 40, b"WAVE", b"fmt ", 16, 1, 1, 11025, 22050, 2, 16, b"data", 2)
    (tmp_path / "odd.wav").write_bytes(odd + b"\0\0")
    with pytest.raises(InvalidInput, match="11025"):
        wav.load(tmp_path / "odd.wav")


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("number", ["00", "01", "03"])
def test_a_recorded_conversation_becomes_two_sides_that_alternate(language: str, number: str) -> None:
    path = SPEECH / language / f"call_{number}.wav"
    sound, (one, other) = wav.load(path), split_turns(path)
    assert len(one) == len(other) == len(sound)
    cut = turns(sound)
    assert 6 <= len(cut) <= 14
    assert all(end - start > 0.5 * 8000 for start, end in cut)
    assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(cut))
    for turn, (start, end) in enumerate(cut):
        speaking, listening = (one, other) if turn % 2 == 0 else (other, one)
        assert speaking[start:end] == sound[start:end]
        assert listening[start:end] == b"\xff" * (end - start)
