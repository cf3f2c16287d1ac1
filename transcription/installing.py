"""Installing speech models: fetched with resume, held against the publisher's checksum, put in place whole or not.

The publisher's list (`model-list.json`: name, lang, md5, size, obsolete) says what there is. It knows MD5 only; what
was unpacked is therefore written down file by file as SHA-256 in `CHECKSUMS`, which `check` holds the files against.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import requests

from foundation.errors import InvalidInput, NotFound, Unavailable
from transcription.models import ModelFolder, language_of, probe

SOURCE = "https://alphacephei.com/vosk/models"
LIST = "model-list.json"
CHECKSUMS = "SHA256SUMS"
# The small models that are meant for servers and telephones alike, by language. Others: by their full name.
OFFICIAL = {
    "nl": "vosk-model-small-nl-0.22",
    "fr": "vosk-model-small-fr-0.22",
    "en": "vosk-model-small-en-us-0.15",
    "de": "vosk-model-small-de-0.15",
}
_TIMEOUT_S = (5.0, 30.0)  # to connect, between two pieces
_PIECE_BYTES = 256 * 1024

Progress = Callable[[int, int], None]  # (bytes so far, bytes in all)


@dataclass(frozen=True, slots=True)
class Offered:
    """A model that the publisher has."""

    name: str
    url: str
    md5: str
    size_bytes: int


def offered(wanted: str, source: str) -> Offered:
    """The publisher's model for a language, or of a full name. Raises NotFound, Unavailable without a network."""
    name = OFFICIAL.get(wanted, wanted)
    if language_of(name) is None:
        raise NotFound(f"No model is known for '{wanted}'; give one of {', '.join(OFFICIAL)}, or a model's full name.")
    try:
        answer = requests.get(f"{source}/{LIST}", timeout=_TIMEOUT_S)
        answer.raise_for_status()
        listed: list[Mapping[str, Any]] = answer.json()
        found = next((each for each in listed if each["name"] == name), None)
        if found is None:
            raise NotFound(f"{source} has no model '{name}'.")
        return Offered(name, f"{source}/{name}.zip", str(found["md5"]).lower(), int(found["size"]))
    except requests.RequestException as error:
        raise _away(source, error) from None
    except (ValueError, KeyError, TypeError):
        raise Unavailable(f"{source}/{LIST} is not the list of models that was expected.") from None


def install(model: Offered, folder: Path, progress: Progress) -> ModelFolder:
    """Fetch, verify and unpack a model into `folder`. A fetch that was broken off goes on where it stopped.

    Raises Unavailable when it cannot be fetched, InvalidInput when what came is not what was promised.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f".{model.name}.zip.part"
    _fetch(model, archive, progress)
    if _digest(archive, "md5") != model.md5:
        archive.unlink()
        raise InvalidInput(f"{model.name} came damaged (its checksum differs) and was thrown away; try again.")
    with TemporaryDirectory(dir=folder, prefix=".unpack-") as place:
        unpacked = _unpack(archive, Path(place), model.name)
        _write_checksums(unpacked)
        target = folder / model.name
        if target.exists():
            shutil.rmtree(target)
        unpacked.rename(target)
    archive.unlink()
    found = probe(language_of(model.name) or "", target)
    if found is None:
        shutil.rmtree(target)
        raise InvalidInput(f"{model.name} holds no whole Vosk model.")
    return found


def remove(name: str, folder: Path) -> None:
    """Delete an installed model by its folder's name. Raises NotFound."""
    target = folder / name
    if language_of(name) is None or not target.is_dir() or target.is_symlink():
        raise NotFound(f"There is no model {name} in {folder}.")
    shutil.rmtree(target)


def faults(model: ModelFolder) -> list[str]:
    """What of a model's files is not as it was installed; empty when all is well, or when nothing was written down."""
    listed = model.path / CHECKSUMS
    if not listed.is_file():
        return []
    found = []
    for line in listed.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = model.path / name
        if not path.is_file():
            found.append(f"{name} is gone")
        elif _digest(path, "sha256") != digest:
            found.append(f"{name} has changed")
    return found


def _fetch(model: Offered, archive: Path, progress: Progress) -> None:
    have = archive.stat().st_size if archive.exists() else 0
    if have == model.size_bytes:
        return
    if have > model.size_bytes:
        archive.unlink()
        have = 0
    try:
        headers = {"Range": f"bytes={have}-"} if have else {}
        with requests.get(model.url, headers=headers, stream=True, timeout=_TIMEOUT_S) as answer:
            answer.raise_for_status()
            if have and answer.status_code != 206:  # the server begins again
                have = 0
            with archive.open("ab" if have else "wb") as file:
                for piece in answer.iter_content(_PIECE_BYTES):
                    file.write(piece)
                    have += len(piece)
                    progress(have, model.size_bytes)
    except requests.RequestException as error:
        raise _away(model.url, error) from None
    if have < model.size_bytes:
        raise Unavailable(f"The connection ended after {have} of {model.size_bytes} bytes; the next try goes on there.")


def _away(url: str, error: requests.RequestException) -> Unavailable:
    said = f"it answered {error.response.status_code}" if error.response is not None else type(error).__name__
    return Unavailable(f"{url} cannot be reached ({said}). Is there a network? What was fetched so far is kept.")


def _unpack(archive: Path, place: Path, name: str) -> Path:
    try:
        with zipfile.ZipFile(archive) as packed:
            for member in packed.namelist():
                parts = PurePosixPath(member).parts
                if not parts or parts[0] != name or ".." in parts:
                    raise InvalidInput(f"{name} holds a file outside its own folder and was not installed.")
            packed.extractall(place)
    except zipfile.BadZipFile:
        raise InvalidInput(f"{name} is not a zip file.") from None
    return place / name


def _write_checksums(model: Path) -> None:
    lines = [f"{_digest(path, 'sha256')}  {path.relative_to(model).as_posix()}\n" for path in _files(model)]
    (model / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def _digest(path: Path, kind: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()
