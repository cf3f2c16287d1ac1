"""What is recognised of the spoken test set, through the way of a call."""

from __future__ import annotations

import json
import shutil
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.commands_transcription import transcribe
from foundation.settings import ROOT
from tests.support.word_errors import SPEECH, spoken, word_error_rate, word_errors
from transcription import wav
from transcription.audio import RateDoubler, mulaw_decode
from transcription.from_file import transcribe as transcribe_recording
from transcription.models import LanguageUnavailable, Models, find, language_of

# The models' own READMEs report 3.5 to 6 % over these files; the bound leaves room for other machines, not for faults.
BOUND = 0.08


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(ROOT / "models")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(transcribe, list(arguments))


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("", "", 0),
        ("a b c", "a b c", 0),
        ("a b c", "a c", 1),
        ("a b", "b a", 2),
        ("", "a", 1),
        ("a b c d", "x a b e d", 2),
    ],
)
def test_word_errors_are_counted_by_the_shortest_way(said: str, heard: str, errors: int) -> None:
    assert word_errors(said.split(), heard.split()) == errors


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_language_is_understood(models: Models, language: str) -> None:
    pairs = []
    for recording in spoken(language):
        if recording.kind == "ivr-grammar":
            continue
        result = transcribe_recording(wav.read(recording.path), models, language)
        pairs.append((recording.text, result.text))
    assert word_error_rate(pairs) <= BOUND


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_menu_answer_is_understood_with_a_grammar(models: Models, language: str) -> None:
    answers = [recording for recording in spoken(language) if recording.kind == "ivr-grammar"]
    heard = [
        transcribe_recording(wav.read(answer.path), models, language, grammar=answer.grammar).text for answer in answers
    ]
    assert heard == [answer.text for answer in answers]


def test_the_same_recording_gives_the_same_words_each_time(models: Models) -> None:
    recording = wav.read(SPEECH / "en" / "call_01.wav")
    first, second = (transcribe_recording(recording, models, "en") for _ in range(2))
    assert first.sentences and [s.words for s in first.sentences] == [s.words for s in second.sentences]


def test_the_command_prints_one_object_with_exactly_the_promised_fields() -> None:
    result = run(str(SPEECH / "en" / "call_01.wav"), "--language", "en", "--json")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert list(printed) == ["text", "segments", "audio_s", "decode_cpu_s"]
    assert all(list(segment) == ["start_s", "end_s", "text"] for segment in printed["segments"])
    assert printed["text"] == " ".join(segment["text"] for segment in printed["segments"])
    assert printed["audio_s"] == pytest.approx(30.611, abs=0.001)
    assert 0 < printed["decode_cpu_s"] < printed["audio_s"]
    times = [(segment["start_s"], segment["end_s"]) for segment in printed["segments"]]
    assert len(times) > 5
    assert all(start < end for start, end in times) and times == sorted(times) and times[-1][1] <= printed["audio_s"]


def test_the_command_prints_lines_for_people() -> None:
    result = run(str(SPEECH / "nl" / "seen_02.wav"), "--language", "nl")
    assert result.exit_code == 0 and "het probleem is opgelost" in result.stdout


def test_every_kind_of_file_gives_the_same_words(tmp_path: Path) -> None:
    samples = mulaw_decode(wav.read(SPEECH / "en" / "heldout_04.wav").mulaw)
    for name, rate_hz, sound in (("8.wav", 8000, samples), ("16.wav", 16000, RateDoubler().double(samples))):
        with wave.open(str(tmp_path / name), "wb") as file:
            file.setparams((1, 2, rate_hz, 0, "NONE", ""))
            file.writeframes(sound.tobytes())
        printed = json.loads(run(str(tmp_path / name), "--language", "en", "--json").stdout)
        assert printed["text"] == "i know what you mean"
        assert printed["audio_s"] == pytest.approx(2.159, abs=0.001)


def test_silence_and_an_empty_recording_give_no_words(tmp_path: Path, models: Models) -> None:
    assert transcribe_recording(wav.Recording(b"\xff" * 16000, 2.0), models, "en").text == ""
    assert transcribe_recording(wav.Recording(b"", 0.0), models, "en").sentences == ()


def test_what_cannot_be_transcribed_is_refused_in_a_sentence(tmp_path: Path) -> None:
    speech = str(SPEECH / "en" / "seen_00.wav")
    text = tmp_path / "notes.wav"
    text.write_text("not sound at all")
    for arguments, said in (
        ([str(tmp_path / "none.wav"), "--language", "en"], "There is no file"),
        ([str(tmp_path), "--language", "en"], "cannot be read"),
        ([str(text), "--language", "en"], "is not a WAV file"),
        ([speech, "--language", "de"], "languages with a model: en, fr, nl"),
        ([speech, "--language", "en", "--models", str(tmp_path)], "languages with a model: none"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2 and said in result.stderr and result.stdout == ""


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("vosk-model-small-en-us-0.15", "en"), ("vosk-model-nl-spraakherkenning-0.6", "nl"),
        ("vosk-model-small-nl-0.22", "nl"), ("vosk-model-fr-0.6-linto-2.2.0", "fr"), ("vosk-model-helpdesk-fr", "fr"),
        ("vosk-model-small-ko-0.22", "ko"), ("vosk-model-spk-0.4", None), ("notes", None),
    ],
)  # fmt: skip
def test_a_models_name_tells_its_language(name: str, language: str | None) -> None:
    assert language_of(name) == language


def _copy(source: str, target: Path, conf: str) -> None:
    shutil.copytree(ROOT / "models" / source, target)
    (target / "conf" / "mfcc.conf").write_text(conf)


def test_a_model_says_whether_it_takes_a_telephones_rate(tmp_path: Path) -> None:
    for name, conf in {
        "vosk-model-small-aa-1": "--sample-frequency=16000\n",
        "vosk-model-small-bb-1": "--sample-frequency=16000 # Hz\n--allow-upsample=true\n",
        "vosk-model-small-cc-1": "--sample-frequency=8000\n",
        "vosk-model-small-dd-1": "--num-ceps=40\n",
    }.items():
        _copy("vosk-model-helpdesk-en", tmp_path / name, conf)
    (tmp_path / "vosk-model-small-ee-1").mkdir()  # half an installation
    found = find(tmp_path)
    assert {language: model.feed_hz for language, model in found.items()} == {
        "aa": 16000,
        "bb": 8000,
        "cc": 8000,
        "dd": 16000,
    }


def test_an_installed_model_goes_before_the_one_for_tests(tmp_path: Path) -> None:
    for name in ("vosk-model-helpdesk-en", "vosk-model-small-en-us-0.15", "vosk-model-en-us-0.22"):
        _copy("vosk-model-helpdesk-en", tmp_path / name, "--sample-frequency=8000\n")
    assert find(tmp_path)["en"].path.name == "vosk-model-en-us-0.22"


def test_a_model_that_wants_sixteen_kilohertz_is_given_it(tmp_path: Path) -> None:
    """The shipped model's filters at 16 kHz: it hears what it heard, in twice as many samples, and refuses fewer."""
    conf = (ROOT / "models" / "vosk-model-helpdesk-en" / "conf" / "mfcc.conf").read_text()
    for old, new in (("=8000", "=16000"), ("--high-freq=-200", "--high-freq=3800"), ("--allow-upsample=true", "")):
        assert old in conf
        conf = conf.replace(old, new)
    _copy("vosk-model-helpdesk-en", tmp_path / "vosk-model-helpdesk-en", conf)
    recording = wav.read(SPEECH / "en" / "heldout_00.wav")
    assert find(tmp_path)["en"].feed_hz == 16000
    plain = transcribe_recording(recording, Models(ROOT / "models"), "en")
    doubled = transcribe_recording(recording, Models(tmp_path), "en")
    assert doubled.text == plain.text == "when i want to call someone the system crashes"
    assert doubled.sentences[0].start_s == pytest.approx(plain.sentences[0].start_s, abs=0.05)


def test_a_language_without_a_model_names_those_that_have_one(models: Models) -> None:
    with pytest.raises(LanguageUnavailable, match=r"'de'.*en, fr, nl"):
        models.recogniser("de")


def test_models_are_let_go_when_memory_is_short() -> None:
    free = [1 << 40]
    models = Models(ROOT / "models", free_bytes=lambda: free[0])
    dutch = models._model("nl")
    in_use = models.recogniser("nl")
    models.recogniser("en")
    assert models._model("nl") is dutch, "shared while there is room"
    free[0] = 1000
    models.recogniser("fr")
    assert models._model("nl") is not dutch, "let go, and loaded again"
    sound = mulaw_decode(wav.read(SPEECH / "nl" / "seen_02.wav").mulaw)
    assert in_use.accept(sound) is None, "who still used it is not disturbed"
    assert " ".join(word.word for word in in_use.finish()) == "het probleem is opgelost"
