"""A Media Streams server that writes down what it is sent; waiting for something with a deadline."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jwt
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

SPEECH = Path(__file__).parent.parent / "speech"
API_KEY_SECRET = "a secret of thirty-two characters"


def access_token(identity: str, *, secret: str = API_KEY_SECRET) -> str:
    """What the desk gives a browser (twilio.md 5.3)."""
    now = int(time.time())
    claims = {
        "jti": f"SK1-{now}", "iss": "SK1", "sub": "AC1", "iat": now, "nbf": now, "exp": now + 3600,
        "grants": {
            "identity": identity,
            "voice": {"incoming": {"allow": True}, "outgoing": {"application_sid": "AP1"}},
        },
    }  # fmt: skip
    return jwt.encode(claims, secret, "HS256", headers={"cty": "twilio-fpa;v=1"})


def eventually(condition: Callable[[], Any], what: str, within_s: float = 10.0) -> Any:
    """What `condition` gives as soon as it is true; fails with `what` after the deadline."""
    deadline = time.monotonic() + within_s
    pause = threading.Event()
    while not (result := condition()):
        assert time.monotonic() < deadline, f"in {within_s} s never: {what}"
        pause.wait(0.01)
    return result


class Recorder:
    """Takes Media Streams sockets. `messages` are all that came, `cut_off` how many sockets ended without `stop`."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.headers: list[Headers] = []
        self.arrived_s: list[float] = []
        self.ended = 0
        self.refuse = False
        self.close_after: int | None = None
        self._server: Server = serve(self._take, "127.0.0.1", 0, process_request=self._request, compression=None)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/media"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(5)

    def events(self, event: str) -> list[dict[str, Any]]:
        return [message for message in list(self.messages) if message["event"] == event]

    def sound(self, track: str = "inbound", call: str | None = None) -> bytes:
        """The sound of a track, put on its time axis by its timestamps."""
        streams = {m["streamSid"] for m in self.events("start") if call in (None, m["start"]["callSid"])}
        result = b""
        for message in self.events("media"):
            if message["media"]["track"] == track and message["streamSid"] in streams:
                result += base64.b64decode(message["media"]["payload"])
        return result

    def _request(self, _connection: ServerConnection, request: Request) -> Response | None:
        self.headers.append(request.headers)
        return Response(HTTPStatus.FORBIDDEN, "Forbidden", Headers()) if self.refuse else None

    def _take(self, socket: ServerConnection) -> None:
        try:
            for text in socket:
                self.messages.append(json.loads(text))
                self.arrived_s.append(time.monotonic())
                if self.close_after is not None and len(self.messages) >= self.close_after:
                    return
        except ConnectionClosed:
            pass
        finally:
            self.ended += 1
