"""`transcribe`: the words of a recording, as a call would have given them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import click

from foundation.errors import OnthaalError
from foundation.settings import ROOT
from transcription import wav
from transcription.from_file import Transcription
from transcription.from_file import transcribe as transcribe_recording
from transcription.models import Models


class _CannotTranscribe(click.ClickException):
    exit_code = 2


@click.command("transcribe")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", required=True, help="Language that is spoken: nl, fr, en, or any with a model.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")
@click.option(
    "--models",
    "models_dir",
    type=click.Path(path_type=Path),
    default=ROOT / "models",
    help="Folder with a Vosk model a language [default: models/ of the checkout].",
)
def transcribe(file: Path, language: str, as_json: bool, models_dir: Path) -> None:
    """Transcribe the WAV FILE (mono, 8 or 16 kHz, PCM or mu-law) the way a call is transcribed."""
    try:
        result = transcribe_recording(wav.read(file), Models(models_dir), language)
    except FileNotFoundError:
        _refuse(f"There is no file {file}.")
    except OSError as error:
        _refuse(f"{file} cannot be read: {error.strerror}.")
    except OnthaalError as error:
        _refuse(str(error))
    click.echo(_json(result) if as_json else _lines(result))


def _refuse(sentence: str) -> NoReturn:
    raise _CannotTranscribe(sentence)


def _json(result: Transcription) -> str:
    return json.dumps(
        {
            "text": result.text,
            "segments": [
                {"start_s": round(part.start_s, 3), "end_s": round(part.end_s, 3), "text": part.text}
                for part in result.sentences
            ],
            "audio_s": round(result.audio_s, 3),
            "decode_cpu_s": round(result.decode_cpu_s, 4),
        },
        ensure_ascii=False,
    )


def _lines(result: Transcription) -> str:
    lines = [f"{part.start_s:8.2f} {part.end_s:8.2f}  {part.text}" for part in result.sentences]
    cost = result.decode_cpu_s / result.audio_s if result.audio_s else 0.0
    lines.append(
        f"{result.audio_s:.1f} s of sound, {result.decode_cpu_s:.2f} s of processor time ({cost:.3f} a second)"
    )
    return "\n".join(lines)
