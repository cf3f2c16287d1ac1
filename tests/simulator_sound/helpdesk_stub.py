"""A customer's web server for the simulator to ring: a menu, then a room where both legs are streamed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from xml.sax.saxutils import escape

from flask import Flask, Response, request
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: object = "-", size: object = "-") -> None:
        pass


class HelpdeskStub:
    """`/desk` is a page of another origin that loads `sdk_url`.

    `asked` are the paths that were requested with their digits, in order."""

    def __init__(self, stream_url: Callable[[], str]) -> None:
        self.asked: list[tuple[str, str]] = []
        self._stream_url = stream_url
        app = Flask("helpdesk-stub", static_folder=None)
        self.sdk_url = ""
        app.add_url_rule("/desk", "desk", self._desk)
        app.add_url_rule("/<step>", "step", self._step, methods=["POST"])
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _desk(self) -> Response:
        """Under the policy of the desk: everything from itself, but the SDK and its sockets."""
        origin = self.sdk_url.removesuffix("/sdk.js")
        answer = Response(
            f'<!doctype html><title>Desk</title><script src="{self.sdk_url}"></script>', mimetype="text/html"
        )
        answer.headers["Content-Security-Policy"] = (
            f"default-src 'self'; script-src 'self' {origin}; connect-src 'self' {origin} ws://127.0.0.1:*"
        )
        return answer

    def _step(self, step: str) -> Response:
        self.asked.append((step, request.form.get("Digits", "")))
        return Response(f"<Response>{self._document(step)}</Response>", mimetype="text/xml")

    def _document(self, step: str) -> str:
        if step == "incoming":
            return (
                '<Gather input="dtmf" numDigits="1" timeout="30" action="/menu">'
                '<Say language="nl-BE">Welkom bij de helpdesk. Voor internet, druk 1. Voor uw computer, druk 2.</Say>'
                '<Say language="fr-BE">Bienvenue au helpdesk. Pour internet, appuyez sur 1.</Say></Gather><Hangup/>'
            )
        stream = (
            f'<Start><Stream url="{escape(self._stream_url())}" track="inbound_track">'
            f'<Parameter name="leg" value="{step}"/></Stream></Start>'
        )
        return f'{stream}<Dial><Conference beep="false" endConferenceOnExit="true">c-1</Conference></Dial>'
