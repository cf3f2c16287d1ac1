"""The five processes. Each builds its own services after it has started, and stops on SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from app import jobs, ticker
from app.container import Container, build
from app.web import create_live_app, create_web_app
from foundation.logs import configure
from foundation.settings import Settings, load_settings
from transcription import allocator

PROCESSES = ("web", "live", "media", "worker", "ticker")
_DECODING = ("media", "worker")  # live, and what was spooled


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured here rather than by command line. The application is made in the worker."""

    def __init__(self, factory: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._factory = factory
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._factory()


def serve(process: str) -> None:
    """Run one process until it is told to stop."""
    if process in _DECODING:
        allocator.prefer_jemalloc()
    settings = load_settings(os.environ)
    configure(process, settings.log_level)
    {"web": _web, "live": _live, "media": _media, "worker": _worker, "ticker": _ticker}[process](settings)


def _web(settings: Settings) -> None:
    _serve_http(
        settings.listen_host,
        settings.web_port,
        lambda: create_web_app(build(settings)),
        workers=settings.web_workers,
        threads=settings.web_threads,
    )


def _live(settings: Settings) -> None:
    stop = threading.Event()

    def end_streams_on_sigterm(_worker: Any) -> None:
        """A stream would hold the worker back until it is killed: end them all before gunicorn begins to wait."""
        before = signal.getsignal(signal.SIGTERM)

        def ended(number: int, frame: Any) -> None:
            stop.set()
            if callable(before):
                before(number, frame)

        signal.signal(signal.SIGTERM, ended)

    # A server-sent-event client holds a thread for as long as its screen is open.
    _serve_http(
        settings.listen_host,
        settings.live_port,
        lambda: create_live_app(build(settings), stop),
        workers=1,
        threads=400,
        post_worker_init=end_streams_on_sigterm,
    )


def _serve_http(
    host: str, port: int, factory: Callable[[], Flask], *, workers: int, threads: int, **hooks: Callable[..., None]
) -> None:
    _Gunicorn(
        factory,
        {
            "bind": f"{host}:{port}",
            "worker_class": "gthread",
            "workers": workers,
            "threads": threads,
            "graceful_timeout": 5,
            "keepalive": 75,
            "loglevel": "warning",
            "logger_class": _OwnLogs,
            "control_socket_disable": True,
            **hooks,
        },
    ).run()


class _OwnLogs:
    """gunicorn's logger interface on our own logs: no access log, since an access log is personal data."""

    def __init__(self, _config: Any) -> None:
        self._log = logging.getLogger("gunicorn")
        self.access_log = logging.getLogger("gunicorn.access")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def access(self, *_: Any) -> None: ...

    def reopen_files(self) -> None: ...

    def close_on_exec(self) -> None: ...


def _media(settings: Settings) -> None:
    services = build(settings)
    asyncio.run(services.media_server().serve())


def _worker(settings: Settings) -> None:
    jobs.serve(build(settings))


def _ticker(settings: Settings) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    services: Container = build(settings)
    ticker.serve(services, stop)
