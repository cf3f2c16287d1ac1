"""Sound of a track on disk, encrypted, until it is transcribed.

A file is a header and chunks. The header holds the file's own random key, wrapped (AES-256-GCM) with a key that is
derived (HKDF-SHA256) from the installation's secret. Each chunk is a length and a box: AES-256-GCM under the file's
key, its number as nonce, so that chunks cannot be changed, swapped or taken from another file. The first chunk says
what the sound is, the last one that it is all. A file is there with its whole first chunk or not at all; when its
writer is killed, what was written is readable and only a chunk that was cut off is lost.

Frames are kept as they came, with Twilio's timestamps: what is transcribed later has the same time axis and gaps.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import shutil
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from foundation.errors import Unavailable
from transcription.audio import TELEPHONE_HZ
from transcription.protocol import Media
from transcription.store import Speaker

log = logging.getLogger(__name__)

_MAGIC = b"onthaal spool 1\n"
_NONCE = 12
_WRAPPED = _NONCE + 32 + 16
_LENGTH = struct.Struct(">I")
_FRAME = struct.Struct(">QQI")  # chunk, timestamp in ms, bytes of sound
_ABOUT, _FRAMES, _END = b"a", b"f", b"e"
_CHUNK_BYTES = TELEPHONE_HZ  # a second of sound: what a kill costs at most
_LONGEST = 1 << 20  # no chunk of ours comes near
_SUFFIX = ".spool"
KEEP_FREE_BYTES = 200_000_000  # for everything else that is on the disk


class SpoolFull(Unavailable):
    """No room for more sound: the limit is reached, or the disk is nearly full."""

    code = "spool-full"


class SpoolUnreadable(Unavailable):
    """The file is not a spool of this installation, or was changed."""

    code = "spool-unreadable"


@dataclass(frozen=True, slots=True)
class About:
    """What the sound of a spool is. `stream` is the Media Stream it came from, and second 0 of its frames is
    `stream_started_at`."""

    id: str
    call_id: str
    speaker: Speaker
    operator_id: int | None
    language: str
    call_started_at: datetime
    stream: str
    stream_started_at: datetime

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), default=datetime.isoformat).encode()

    @classmethod
    def from_json(cls, text: bytes) -> About:
        values: dict[str, Any] = json.loads(text)
        for name in ("call_started_at", "stream_started_at"):
            values[name] = datetime.fromisoformat(values[name])
        return cls(**values)


class Spooling:
    """Writes one spool; used by one thread at a time. Raises SpoolFull when there is no room, for good."""

    def __init__(self, file: BinaryIO, key: bytes, room: Callable[[], None]) -> None:
        self._file = file
        self._size = file.tell()
        self._box = AESGCM(key)
        self._room = room
        self._number = 0
        self._waiting = bytearray()
        self._waiting_bytes = 0
        self.sound_s = 0.0

    def about(self, about: About) -> None:
        self._chunk(_ABOUT + about.to_json())

    def add(self, frames: Sequence[Media]) -> None:
        """Keep these frames; on disk once there is a second of sound."""
        for frame in frames:
            self._waiting += _FRAME.pack(frame.chunk, frame.timestamp_ms, len(frame.payload)) + frame.payload
            self._waiting_bytes += len(frame.payload)
            self.sound_s += len(frame.payload) / TELEPHONE_HZ
            if self._waiting_bytes >= _CHUNK_BYTES:
                self._write()

    def _write(self) -> None:
        if not self._waiting:
            return
        self._room()
        self._chunk(_FRAMES + self._waiting)
        self._waiting.clear()
        self._waiting_bytes = 0

    def _chunk(self, text: bytes | bytearray) -> None:
        box = self._box.encrypt(self._number.to_bytes(_NONCE, "big"), bytes(text), None)
        whole = _LENGTH.pack(len(box)) + box
        try:
            written = self._file.write(whole)  # unbuffered: the system has it, whatever becomes of us
            if written < len(whole):
                raise OSError(errno.ENOSPC, "the disk is full")
        except OSError as error:
            self._file.truncate(self._size)  # a part of a chunk in the middle would make what follows unreadable
            self._file.seek(self._size)
            raise SpoolFull(f"The sound could not be written: {error.strerror}.") from error
        self._size += len(whole)
        self._number += 1

    @property
    def deleted(self) -> bool:
        """Somebody deleted the file meanwhile: the caller opted out."""
        return os.fstat(self._file.fileno()).st_nlink == 0

    def abandon(self) -> None:
        """Nobody will read this: let go of the file as it is."""
        self._file.close()

    def close(self) -> None:
        """No more frames. Raises SpoolFull when the last second did not fit; the file is closed all the same."""
        try:
            self._write()
            self._chunk(_END)
            os.fsync(self._file.fileno())
        finally:
            self._file.close()


class Spool:
    """Reads one spool, while it is written too. Iterating gives the frames, up to where the file is whole."""

    def __init__(self, file: BinaryIO, wrap: AESGCM) -> None:
        """Raises SpoolUnreadable."""
        self._file = file
        header = file.read(len(_MAGIC) + _WRAPPED)
        wrapped = header[len(_MAGIC) :]
        if not header.startswith(_MAGIC) or len(wrapped) != _WRAPPED:
            raise SpoolUnreadable("The file is not a spool.")
        try:
            self._box = AESGCM(wrap.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _MAGIC))
        except InvalidTag:
            raise SpoolUnreadable("The spool was written under another SECRET_KEY.") from None
        self._number = 0
        self.ended = False  # the writer said that it is all
        about = self._chunk()
        if about is None or about[:1] != _ABOUT:
            raise SpoolUnreadable("The spool does not say what it is.")
        self.about = About.from_json(about[1:])

    def __iter__(self) -> Iterator[Media]:
        while not self.ended and (chunk := self._chunk()) is not None:
            kind, text = chunk[:1], memoryview(chunk)[1:]
            if kind == _END:
                self.ended = True
            at = 0
            while kind == _FRAMES and at < len(text):
                number, timestamp_ms, length = _FRAME.unpack_from(text, at)
                at += _FRAME.size
                yield Media(self.about.stream, "inbound", number, timestamp_ms, bytes(text[at : at + length]))
                at += length

    def _chunk(self) -> bytes | None:
        """The next chunk, or None where the file ends or was cut off. Raises SpoolUnreadable when it was changed."""
        length = self._file.read(_LENGTH.size)
        size = _LENGTH.unpack(length)[0] if len(length) == _LENGTH.size else 0
        if size > _LONGEST:
            raise SpoolUnreadable("A part of the spool was changed.")
        box = self._file.read(size)
        if not size or len(box) < size:
            return None
        try:
            text = self._box.decrypt(self._number.to_bytes(_NONCE, "big"), box, None)
        except InvalidTag:
            raise SpoolUnreadable("A part of the spool was changed.") from None
        self._number += 1
        return text

    def sound_s(self) -> float:
        """Seconds of sound from here to the end; reads all of it."""
        return sum(len(frame.payload) for frame in self) / TELEPHONE_HZ

    def claim(self) -> bool:
        """Be the only one that transcribes this, until it is closed or the process ends. False: somebody else is. On a
        file system without such locks (NFS wants a file that is open for writing) everybody may."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            log.warning("a spool is read without a lock", extra={"reason": error.strerror})
        return True

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def new_id(call_id: str) -> str:
    """For a spool of this call, whose files are found by it."""
    return _prefix(call_id) + os.urandom(8).hex()


def _prefix(call_id: str) -> str:
    return "".join(filter(str.isalnum, call_id)) + "x"


class SpoolFolder:
    """The spools of an installation. `media` writes them, `worker` reads them: both must see this folder."""

    def __init__(
        self,
        folder: Path,
        secret: str,
        *,
        limit_bytes: int,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._wrap = AESGCM(HKDF(SHA256(), 32, salt=None, info=b"onthaal spool").derive(secret.encode()))
        self._limit_bytes = limit_bytes
        self._free_bytes = free_bytes
        self._monotonic = monotonic
        self._looked_at = float("-inf")

    def create(self, about: About) -> Spooling:
        """A new spool. Raises SpoolFull, also when the folder cannot be written."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._room()
            key, nonce, path = AESGCM.generate_key(256), os.urandom(_NONCE), self._path(about.id)
            part = path.with_suffix(".part")
            file = os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)
            file.write(_MAGIC + nonce + self._wrap.encrypt(nonce, key, _MAGIC))
            writer = Spooling(file, key, self._room)
            writer.about(about)
            part.rename(path)
        except OSError as error:
            raise SpoolFull(f"{self._folder} cannot be written: {error.strerror}.") from error
        return writer

    def open(self, spool_id: str) -> Spool:
        """Read a spool. Raises SpoolUnreadable; FileNotFoundError when it is not there."""
        file = self._path(spool_id).open("rb")
        try:
            return Spool(file, self._wrap)
        except BaseException:
            file.close()
            raise

    def remove(self, spool_id: str) -> bool:
        """Delete a spool; gives whether it was there. A writer that still has it open notices (`deleted`)."""
        path = self._path(spool_id)
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def remove_call(self, call_id: str) -> int:
        """Delete every spool of a call, whether the index knows it or not; gives their number."""
        return sum(self.remove(path.stem) for path in self._folder.glob(f"{_prefix(call_id)}*{_SUFFIX}"))

    def remove_older(self, age: timedelta) -> int:
        """Delete every spool to which nothing was written for so long; gives their number."""
        before = time.time() - age.total_seconds()
        return sum(self.remove(path.stem) for path in self._folder.glob(f"*{_SUFFIX}") if path.stat().st_mtime < before)

    def ids(self) -> list[str]:
        """Every spool that is there."""
        return sorted(path.stem for path in self._folder.glob(f"*{_SUFFIX}"))

    def remove_parts(self, older_than_s: float) -> None:
        """Delete what a killed process had begun and not named yet."""
        for path in self._folder.glob("*.part"):
            if time.time() - path.stat().st_mtime > older_than_s:
                path.unlink(missing_ok=True)

    def quiet_s(self, spool_id: str) -> float | None:
        """Seconds since something was written to a spool, None when it is not there."""
        try:
            return max(0.0, time.time() - self._path(spool_id).stat().st_mtime)
        except FileNotFoundError:
            return None

    def used_bytes(self) -> int:
        """What all spools take on disk."""
        sizes = 0
        for path in self._folder.glob(f"*{_SUFFIX}"):
            try:
                sizes += path.stat().st_size
            except FileNotFoundError:
                continue  # deleted just now
        return sizes

    def _room(self) -> None:
        """Raise SpoolFull when there is no room; looks at most once a second."""
        now = self._monotonic()
        if now - self._looked_at < 1.0:
            return
        if self.used_bytes() >= self._limit_bytes:
            raise SpoolFull("The spools have reached SPOOL_LIMIT_MB.")
        if self._free_bytes(self._folder) < KEEP_FREE_BYTES:
            raise SpoolFull(f"The disk of {self._folder} is nearly full.")
        self._looked_at = now

    def _path(self, spool_id: str) -> Path:
        if not spool_id.isalnum():
            raise ValueError("a spool's id is letters and digits")
        return self._folder / f"{spool_id}{_SUFFIX}"
