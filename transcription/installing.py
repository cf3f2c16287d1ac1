"""Installing speech models: fetched with resume, held against the publisher's checksum, put in place whole or not.

The publisher's list (`model-list.json`: name, lang, md5, size, url, obsolete as "true" or "false"; vosk's own package
reads it at the same address) says what there is, how large, and with which checksum: none of these is known here. It
has MD5 only; what was unpacked is therefore written down file by file as SHA-256 in `CHECKSUMS`, which `check` holds
the files against.
"""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
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
    obsolete: bool = False  # the publisher has a better one by now


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
        md5, size_bytes = str(found["md5"]).lower(), int(found["size"])
        if not re.fullmatch(r"[0-9a-f]{32}", md5) or size_bytes <= 0:
            raise ValueError
        return Offered(name, f"{source}/{name}.zip", md5, size_bytes, str(found.get("obsolete")).lower() == "true")
    except requests.RequestException as error:
        raise _away(source, error) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unavailable(f"{source}/{LIST} is not the list of models that was expected.") from None


def install(
    model: Offered,
    folder: Path,
    progress: Progress,
    *,
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
) -> ModelFolder:
    """Fetch, verify and unpack a model into `folder`. A fetch that was broken off goes on where it stopped.

    Raises Unavailable when it cannot be fetched or the disk is full, InvalidInput when what came is not what was
    promised. The model that was there before stays until the new one is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f".{model.name}.zip.part"
    for left in folder.glob(f".unpack-{model.name}-*"):  # of an installation that was killed
        shutil.rmtree(left)
    have = archive.stat().st_size if archive.exists() else 0
    _need(model.size_bytes - have, free_bytes(folder), model.name)
    try:
        _fetch(model, archive, progress)
        if _digest(archive, "md5") != model.md5:
            archive.unlink()
            raise InvalidInput(f"{model.name} came damaged (its checksum differs) and was thrown away; try again.")
        with TemporaryDirectory(dir=folder, prefix=f".unpack-{model.name}-") as place:
            _need(_unpacked_bytes(archive, model.name), free_bytes(folder), model.name)
            unpacked = _unpack(archive, Path(place), model.name)
            _write_checksums(unpacked)
            found = _put(unpacked, folder / model.name, Path(place))
    except InvalidInput:
        archive.unlink(missing_ok=True)  # another try would find the same
        raise
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise _full(model.name) from None
    archive.unlink()
    return found


def _need(wanted_bytes: int, free_bytes: int, name: str) -> None:
    if wanted_bytes > free_bytes:
        raise _full(name)


def _full(name: str) -> Unavailable:
    return Unavailable(
        f"There is no room on the disk for {name}. What was fetched so far is kept; make room, try again."
    )


def _put(unpacked: Path, target: Path, place: Path) -> ModelFolder:
    """Put a whole model where it is found."""
    found = probe(language_of(target.name) or "", unpacked)
    if found is None:
        raise InvalidInput(f"{target.name} holds no whole Vosk model and was not installed.")
    if target.exists():
        target.rename(place / "before")
    unpacked.rename(target)
    return replace(found, path=target)


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
                    have += len(piece)
                    if have > model.size_bytes:
                        raise InvalidInput(f"{model.url} sends more than the {model.size_bytes} bytes it promised.")
                    file.write(piece)
                    progress(have, model.size_bytes)
    except requests.RequestException as error:
        raise _away(model.url, error) from None
    if have < model.size_bytes:
        raise Unavailable(f"The connection ended after {have} of {model.size_bytes} bytes; the next try goes on there.")


def _away(url: str, error: requests.RequestException) -> Unavailable:
    said = f"it answered {error.response.status_code}" if error.response is not None else type(error).__name__
    return Unavailable(f"{url} cannot be reached ({said}). Is there a network? What was fetched so far is kept.")


def _unpacked_bytes(archive: Path, name: str) -> int:
    try:
        with zipfile.ZipFile(archive) as packed:
            return sum(member.file_size for member in packed.infolist())
    except zipfile.BadZipFile:
        raise InvalidInput(f"{name} is not a zip file.") from None


def _unpack(archive: Path, place: Path, name: str) -> Path:
    try:
        with zipfile.ZipFile(archive) as packed:
            for member in packed.namelist():
                parts = PurePosixPath(member).parts
                if not parts or parts[0] != name or ".." in parts or "\\" in member:
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
