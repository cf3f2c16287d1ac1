"""How a webhook travels: over HTTP in the demo, straight into a WSGI application in tests on virtual time."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

import urllib3

from simulator.wire import ConnectFailed, ReadTimedOut, Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class HttpTransport:
    """Over the network, keeping connections open. Certificates are checked unless `verify` is False."""

    def __init__(self, *, connections: int = 32, verify: bool = True) -> None:
        self._pool = urllib3.PoolManager(
            num_pools=10, maxsize=connections, cert_reqs="CERT_REQUIRED" if verify else "CERT_NONE"
        )

    def close(self) -> None:
        self._pool.clear()

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect_s: float, read_s: float
    ) -> Reply:
        try:
            answer = self._pool.request(
                method, url, headers=dict(headers), body=body or None, redirect=False, retries=False,
                timeout=urllib3.Timeout(connect=connect_s, read=read_s),
            )  # fmt: skip
        except (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError) as error:
            raise ConnectFailed(f"no connection to {urlsplit(url).netloc}") from error
        except urllib3.exceptions.SSLError as error:
            raise ConnectFailed(f"no TLS with {urlsplit(url).netloc}") from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise ReadTimedOut(f"no answer from {urlsplit(url).netloc}") from error
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.data


class WsgiTransport:
    """Calls the application registered for the URL's origin (`https://host[:port]`) in this thread."""

    def __init__(self, apps: Mapping[str, WSGIApplication]) -> None:
        self._apps = {origin.rstrip("/").lower(): app for origin, app in apps.items()}

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect_s: float, read_s: float
    ) -> Reply:
        parts = urlsplit(url)
        app = self._apps.get(f"{parts.scheme}://{parts.netloc}".lower())
        if app is None:
            raise ConnectFailed(f"nothing listens at {parts.scheme}://{parts.netloc}")
        given: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, out: list[tuple[str, str]], _error: Any = None) -> Any:
            given[:] = [(status, out)]
            return lambda _data: None

        chunks: Iterable[bytes] = app(_environ(method, url, headers, body), start_response)
        try:
            data = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        status, out = given[0]
        return int(status[:3]), {name.lower(): value for name, value in out}, data


def _environ(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    parts = urlsplit(url)
    path = parts.path or "/"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": path + (f"?{parts.query}" if parts.query else ""),
        "RAW_URI": path + (f"?{parts.query}" if parts.query else ""),
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ
