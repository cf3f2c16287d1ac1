"""The simulator as a program: exchange, REST API, softphone page and bots' control on one port, sound on another."""

from __future__ import annotations

import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator import control
from simulator.bots import Bots
from simulator.errors import Unavailable
from simulator.exchange import Exchange
from simulator.phone import page
from simulator.phone.devices import Devices
from simulator.phone.line import Line
from simulator.phone.page import Caller
from simulator.rest import create_rest_app
from simulator.sound.plane import RealTimeSound
from simulator.timeline import RealTimeline
from simulator.transports import HttpTransport

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

_CALLERS = (
    Caller("Els Peeters", "+32460000101"),
    Caller("Julien Lambert", "+32460000102"),
    Caller("Sofie Maes", "+32460000103"),
    Caller("Thomas Baker", "+32460000104"),
)
_LOOPBACK = {"wss://127.0.0.1": "ws://127.0.0.1", "wss://localhost": "ws://localhost"}


@dataclass(frozen=True)
class SimulatorConfig:
    """All the simulator needs to know. Port 0 takes a free one (tests)."""

    account_sid: str
    auth_token: str
    api_key_sid: str
    api_key_secret: str
    app_sid: str
    helpdesk_number: str  # E.164
    voice_url: str  # of the number
    operator_voice_url: str  # of the TwiML App
    fallback_url: str = ""
    status_callback: str = ""
    host: str = "127.0.0.1"
    port: int = 8003
    audio_port: int = 8004
    callers: tuple[Caller, ...] = _CALLERS
    speech_dir: Path = field(default_factory=Path)  # where bots' recordings are
    stream_routes: Mapping[str, str] = field(default_factory=lambda: dict(_LOOPBACK))  # see RealTimeSound


class Simulator:
    """A running simulator. `start` gives it back once both ports answer; `stop` leaves no thread behind."""

    def __init__(self, config: SimulatorConfig) -> None:
        self._config = config
        self.timeline = RealTimeline()
        self.sound = RealTimeSound(config.stream_routes)
        self.exchange = Exchange(
            self.timeline, HttpTransport(), account_sid=config.account_sid, auth_token=config.auth_token,
            sound=self.sound, api_keys={config.api_key_sid: config.api_key_secret},
        )  # fmt: skip
        self.exchange.register_number(
            config.helpdesk_number, config.voice_url, config.fallback_url, config.status_callback
        )
        self.exchange.register_application(config.app_sid, config.operator_voice_url)
        self.bots = Bots(self.exchange, self.sound)
        self._devices = Devices(Line(self.exchange), self.sound, host=config.host, port=config.audio_port)
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the page and the REST API are, without a slash at the end."""
        port = self._server.socket.getsockname()[1] if self._server else self._config.port
        return f"http://{self._config.host}:{port}"

    @property
    def audio_port(self) -> int:
        return self._devices.port

    def start(self) -> Self:
        """Listen on both ports. Raises Unavailable with a sentence when one is taken; nothing is left running then."""
        listener = _listen(self._config.host, self._config.port)
        self.sound.start()
        try:
            self._devices.start()
            self.timeline.start()
            self._server = make_server(
                self._config.host, listener.getsockname()[1], self.app(), threaded=True,
                request_handler=_Quiet, fd=listener.fileno(),
            )  # fmt: skip
        except BaseException:
            self.stop()
            raise
        finally:
            listener.close()  # the server has its own copy of it
        self._thread = threading.Thread(target=self._server.serve_forever, name="simulator-http", daemon=True)
        self._thread.start()
        log.info("the simulator listens", extra={"port": self._config.port})
        return self

    def stop(self) -> None:
        """Hang up the telephones, close the streams, stop listening."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(10)
        self._devices.stop()
        self.timeline.close()
        self.sound.stop()

    def app(self) -> WSGIApplication:
        """The web application: REST API under its version, softphone page and control of the bots elsewhere."""
        rest = create_rest_app(self.exchange)
        people = Flask("simulator", static_folder=None)
        people.register_blueprint(
            page.create_blueprint(self._config.helpdesk_number, self._config.callers, lambda: self.audio_port)
        )
        people.register_blueprint(control.create_blueprint(self.exchange, self.bots, self._config.speech_dir))

        def choose(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            app = rest if environ["PATH_INFO"].startswith("/2010-04-01/") else people
            return app(environ, start_response)

        return choose


class _Quiet(WSGIRequestHandler):
    """Keeps connections open, and logs no request: paths hold identifiers of calls."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        pass


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        raise Unavailable(
            f"Port {port} (simulator) cannot be used: {error.strerror or error}. "
            "Stop the program that has it, or set SIMULATOR_PORT to another port."
        ) from None


def run_simulator(config: SimulatorConfig) -> None:
    """Run until SIGTERM or SIGINT. A port that is taken ends the program with a sentence and status 1."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    simulator = Simulator(config)
    try:
        simulator.start()
    except Unavailable as error:
        sys.exit(str(error))
    ended.wait()
    simulator.stop()
