"""Starts and stops everything on embedded defaults: stores, schema, processes, simulator.

Used by `make demo`, by the browser and fault tests, and by the benchmarks, each with a folder and ports of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from app.schema import migrate
from app.seeding import seed
from foundation.clock import SystemClock
from foundation.database import Database
from foundation.embedded import EmbeddedPostgres, EmbeddedRedis, writable
from foundation.errors import Unavailable
from foundation.settings import ROOT, Settings, load_settings

Say = Callable[[str], None]

HOST = "127.0.0.1"
PORTS = ("web", "live", "media", "simulator", "simulator_audio")
# In the order in which they are started; stopped the other way round.
PROCESSES = ("simulator", "web", "live", "media", "worker", "ticker")
_HEALTH = {"web": "/healthz", "live": "/healthz", "media": "/healthz", "simulator": "/"}  # what answers when it is up
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 8.0


class Stage:
    """One complete installation. `start` shows progress through `say`; `stop` leaves no process behind."""

    def __init__(self, folder: Path, *, first_port: int = 8000, say: Say = lambda _: None) -> None:
        self.folder = folder.resolve()
        self._say = say
        self._ports = {name: first_port + offset for offset, name in enumerate(PORTS)}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._environ: dict[str, str] = {}
        self.redis: EmbeddedRedis | None = None
        self.postgres: EmbeddedPostgres | None = None

    def start(self, only: tuple[str, ...] = PROCESSES, extra: Mapping[str, str] | None = None) -> Self:
        """Start everything, or only some of the processes. `extra` are settings over the defaults.

        Raises Unavailable with a sentence that says what to do; what was started is stopped then.
        """
        if not writable(self.folder):
            raise Unavailable(f"{self.folder} cannot be written; run this in a folder of your own, or choose another.")
        self._check_ports(only)
        try:
            self._start(only, extra or {})
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self, only: tuple[str, ...], extra: Mapping[str, str]) -> None:
        self._say("Starting PostgreSQL and Redis")
        self.postgres = EmbeddedPostgres(self.folder / "postgres").start()
        self.redis = EmbeddedRedis(self.folder / "redis").start()
        self._environ = {**os.environ, **self._defaults(), **extra}
        self._say("Preparing the database: tables, operators, customers, articles, tickets")
        database = Database(self._environ["DATABASE_URL"])
        try:
            migrate(database.engine)
            seed(database, SystemClock().now())
        finally:
            database.close()
        for name in only:
            self._say(f"Starting {name}")
            self.launch(name)
        for name in only:
            self._wait_for(name)

    def _defaults(self) -> dict[str, str]:
        if self.postgres is None or self.redis is None:
            raise Unavailable("The stores are not started.")
        port = self._ports
        return {
            "DATABASE_URL": self.postgres.url("onthaal"),
            "REDIS_URL": self.redis.url,
            "PUBLIC_BASE_URL": f"http://{HOST}:{port['web']}",
            "LIVE_BASE_URL": f"http://{HOST}:{port['live']}",
            "MEDIA_STREAM_URL": f"wss://{HOST}:{port['media']}/media",
            "TWILIO_API_BASE_URL": f"http://{HOST}:{port['simulator']}",
            "SOFTPHONE_SDK_URL": f"http://{HOST}:{port['simulator']}/sdk.js",
            "HELPDESK_NUMBER": "+3225550100",
            "FALLBACK_NUMBER": "+3225550199",
            "ALWAYS_OPEN": "true",
            "SPOOL_DIR": str(self.folder / "spool"),
            **{f"{name.upper()}_PORT": str(number) for name, number in port.items()},
            **self._secrets(),
        }

    def _secrets(self) -> dict[str, str]:
        """Secrets of this installation, made once, so that a sign-in outlives a restart."""
        kept = self.folder / "secrets.json"
        if not kept.exists():
            made = {
                "SECRET_KEY": secrets.token_hex(32),
                "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
                "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
                "TWILIO_API_KEY_SID": "SK" + secrets.token_hex(16),
                "TWILIO_API_KEY_SECRET": secrets.token_hex(16),
                "TWILIO_APP_SID": "AP" + secrets.token_hex(16),
            }
            kept.touch(mode=0o600)
            kept.write_text(json.dumps(made))
        found: dict[str, str] = json.loads(kept.read_text())
        return found

    @property
    def settings(self) -> Settings:
        """The settings that the processes were started with."""
        return load_settings(self._environ)

    def port(self, name: str) -> int:
        return self._ports[name]

    def url(self, name: str) -> str:
        return f"http://{HOST}:{self._ports[name]}"

    def log_file(self, process: str) -> Path:
        return self.folder / "logs" / f"{process}.log"

    def launch(self, process: str, *, name: str = "", extra: Mapping[str, str] | None = None) -> None:
        """Start one process; its log goes to a file of its own. A second one of a kind has a `name` that begins with
        the kind (`media-2`), and what it needs of its own in `extra`."""
        name, environ = name or process, {**self._environ, **(extra or {})}
        self._ports[name] = int(environ.get(f"{process.upper()}_PORT", 0))
        log = self.log_file(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve", process],
                cwd=ROOT,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for us; we stop the others in order
            )

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """A running process, for tests that end it without warning."""
        return self._processes[name]

    def wait_for(self, name: str) -> None:
        self._wait_for(name)

    def _wait_for(self, name: str) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self._processes[name].poll() is not None:
                break
            if name.partition("-")[0] not in _HEALTH or self._answers(name):
                return
            time.sleep(0.05)
        raise Unavailable(f"{name} did not start; its log says why: {self.log_file(name)}\n{self._last_words(name)}")

    def _answers(self, name: str) -> bool:
        try:
            with urllib.request.urlopen(self.url(name) + _HEALTH[name.partition("-")[0]], timeout=1) as response:  # noqa: S310
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _last_words(self, name: str) -> str:
        try:
            return "\n".join(self.log_file(name).read_text(errors="replace").splitlines()[-5:])
        except OSError:
            return ""

    def _check_ports(self, only: tuple[str, ...]) -> None:
        needed = [name for name in PORTS if name in only or (name == "simulator_audio" and "simulator" in only)]
        for name in needed:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, self._ports[name]))
                except OSError:
                    raise Unavailable(
                        f"Port {self._ports[name]} (for {name}) is taken by another program. Stop that program, "
                        f"or let Onthaal use other ports: make demo PORT=9000"
                    ) from None

    def revive(self) -> list[str]:
        """Start again what has ended by itself; gives the names."""
        ended = [name for name, process in self._processes.items() if process.poll() is not None]
        for name in ended:
            self.launch(name)
        return ended

    def stop(self) -> None:
        """Stop every process, then the stores."""
        running = [process for process in reversed(self._processes.values()) if process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT_S
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, 9)
                process.wait()
        self._processes.clear()
        if self.redis is not None:
            self.redis.stop()
        if self.postgres is not None:
            self.postgres.stop()
        self.redis = self.postgres = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
