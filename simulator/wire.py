"""Requests to the customer's web server: signed, retried and cut off as Twilio does. Source: twilio.md 1.1 and 2.1."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, Protocol
from urllib.parse import parse_qsl, quote_plus, urljoin, urlsplit, urlunsplit

WebhookKind = Literal["document", "audio", "call-status", "conference-status", "recording-status", "stream-status"]
Params = Sequence[tuple[str, str]]
MAX_REDIRECTS = 10


def signature(token: str, url: str, params: Params = ()) -> str:
    """X-Twilio-Signature: base64(HMAC-SHA1(token, url + sorted name+value)). Equal pairs count once."""
    text = url + "".join(name + value for name, value in sorted(set(params)))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def json_url(url: str, body: bytes) -> str:
    """The URL of a JSON webhook: its body is covered by `bodySHA256` in the query."""
    return f"{url}{'&' if urlsplit(url).query else '?'}bodySHA256={hashlib.sha256(body).hexdigest()}"


def signed_url(url: str) -> str:
    """The form of a voice URL that is signed: without fragment and user; over https also without port."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2]
    if parts.scheme in ("https", "wss"):
        host = parts.hostname or ""
        netloc = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))


@dataclass(frozen=True)
class Overrides:
    """Connection overrides of a URL's fragment, for example `#rc=2&rp=ct,rt,5xx`. Times in seconds."""

    connect_s: float = 5.0
    read_s: float = 15.0
    total_s: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, url: str) -> Overrides:
        """Read the fragment; a value out of range is not taken (the default stays)."""
        defaults = cls()
        if "#" not in url:
            return defaults
        given = dict(parse_qsl(urlsplit(url).fragment))

        def number(key: str, low: int, high: int, default: float) -> float:
            text = given.get(key, "")
            return float(text) if text.isdigit() and low <= int(text) <= high else default

        policies = frozenset(given["rp"].split(",")) if "rp" in given else defaults.retry_on
        return cls(
            connect_s=number("ct", 100, 10_000, 5_000) / 1000,
            read_s=number("rt", 100, 15_000, 15_000) / 1000,
            total_s=number("tt", 100, 15_000, 15_000) / 1000,
            retries=int(number("rc", 0, 5, defaults.retries)),
            retry_on=policies if policies <= {"4xx", "5xx", "ct", "rt", "all"} else defaults.retry_on,
        )


class ConnectFailed(Exception):
    """No connection could be made (the `ct` retry class)."""


class ReadTimedOut(Exception):
    """Connected, but no answer in time or a cut connection (the `rt` retry class)."""


Reply = tuple[int, Mapping[str, str], bytes]  # status, headers with lower-case names, body


class Transport(Protocol):
    """Carries one HTTP request. Raises ConnectFailed or ReadTimedOut; every status is an answer."""

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect_s: float, read_s: float
    ) -> Reply: ...


@dataclass(frozen=True)
class Webhook:
    """One thing that Twilio tells or asks. `params` in the order in which they are sent."""

    kind: WebhookKind
    leg: str  # CallSid, empty for conference events about nobody
    method: str
    url: str  # with its fragment, as it was given to Twilio
    params: Params
    token: str  # I-Twilio-Idempotency-Token: the same in every attempt
    standard: Params = field(default=(), repr=False)  # what survives an HTTP redirect

    def value(self, name: str) -> str:
        """The parameter `name`, or an empty string."""
        return dict(self.params).get(name, "")


@dataclass(frozen=True)
class Answer:
    """What came back. `code` is 0 or Twilio's error code, with a sentence in `message`."""

    url: str  # after redirects, without fragment: relative URLs in the document are relative to this
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    code: int = 0
    message: str = ""
    attempts: int = 1


class Wire:
    """Sends webhooks for one account."""

    def __init__(self, transport: Transport, auth_token: str) -> None:
        self._transport = transport
        self._token = auth_token

    def stream_signature(self, url: str) -> str:
        """Signature of a Media Streams handshake: the wss URL alone (twilio.md 2.1)."""
        return signature(self._token, signed_url(url))

    def deliver(self, webhook: Webhook) -> Answer:
        """Send a webhook, again where its URL's fragment says so, and give the last answer."""
        overrides = Overrides.of(webhook.url)
        answer = Answer(webhook.url)
        ends = time.monotonic() + overrides.total_s
        for attempt in range(1, overrides.retries + 2):
            answer, failure = self._attempt(webhook, overrides, attempt, ends)
            if not failure or not overrides.retry_on & {failure, "all"} or time.monotonic() >= ends:
                break
        return answer

    def _attempt(self, webhook: Webhook, overrides: Overrides, attempt: int, ends: float) -> tuple[Answer, str]:
        method, url, params = webhook.method, webhook.url, webhook.params
        for _ in range(MAX_REDIRECTS + 1):
            url = target = _without_fragment(url)
            host = urlsplit(url).hostname
            if not url.startswith(("http://", "https://")) or not host:
                return Answer(url, code=11100, message=f"{url or 'an empty URL'} is not a valid URL"), ""
            if "_" in host:
                return Answer(url, code=11210, message="a host name with an underscore"), ""
            headers = {"user-agent": "TwilioProxy/1.1", "accept": "*/*", "i-twilio-idempotency-token": webhook.token}
            body = b""
            if method == "GET":
                target = _with_query(url, params)
                headers["x-twilio-signature"] = signature(self._token, signed_url(target))
            else:
                body = _encoded(params).encode()
                headers["content-type"] = "application/x-www-form-urlencoded; charset=UTF-8"
                headers["x-twilio-signature"] = signature(self._token, signed_url(url), params)
            left_s = max(ends - time.monotonic(), 0.01)
            try:
                status, reply_headers, reply_body = self._transport.send(
                    method, target, headers, body,
                    connect_s=min(overrides.connect_s, left_s), read_s=min(overrides.read_s, left_s),
                )  # fmt: skip
            except ConnectFailed as error:
                return Answer(url, code=11205, message=str(error), attempts=attempt), "ct"
            except ReadTimedOut as error:
                return Answer(url, code=11200, message=str(error), attempts=attempt), "rt"
            if 300 <= status < 400 and status != 304 and "location" in reply_headers:
                # followed with GET and without what was answered or typed (twilio.md 1.1)
                url, method, params = urljoin(url, reply_headers["location"]), "GET", webhook.standard
                continue
            code, message = (0, "") if 200 <= status < 300 else (11200, f"HTTP status {status}")
            answer = Answer(url, status, reply_headers, reply_body, code, message, attempt)
            return answer, "" if not code else f"{status // 100}xx"
        return Answer(url, code=11215, message="more than 10 redirects", attempts=attempt), ""


_quoted = lru_cache(8192)(quote_plus)  # most names and values come again and again


def _encoded(params: Params) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in params)


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _with_query(url: str, params: Params) -> str:
    if not params:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{_encoded(params)}"
