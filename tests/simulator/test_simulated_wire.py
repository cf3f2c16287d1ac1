"""Signature, connection overrides, redirects and retries of webhooks: twilio.md 1.1 and 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from simulator.wire import (
    ConnectFailed,
    Overrides,
    ReadTimedOut,
    Reply,
    Webhook,
    Wire,
    json_url,
    signature,
    signed_url,
)

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace("mycompany.com", "mycompany.com:443"), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace("https://mycompany.com", "http://mycompany.com:1234"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (URL.replace("https://mycompany.com", "http://mycompany.com:80"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ],
)
def test_the_published_vectors_hold(url: str, expected: str) -> None:
    assert signature("12345", url, PARAMS) == expected


def test_a_parameter_given_twice_counts_once() -> None:
    params = [("Sid", "CA123"), ("SidAccount", "AC123"), *(("Digits", it) for it in ("5678", "1234", "1234"))]
    assert signature("12345", URL, params) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


def test_a_json_body_is_covered_by_its_hash_in_the_query() -> None:
    url = json_url(URL, b'{"property": "value", "boolean": true}')
    assert url.endswith("&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620")
    assert signature("12345", url) == "a9nBmqA0ju/hNViExpshrM61xv4="


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://user:pw@h.example:8443/x?a=1#rc=2", "https://h.example/x?a=1"),
        ("http://user:pw@h.example:8080/x", "http://h.example:8080/x"),
        ("wss://h.example:443/media", "wss://h.example/media"),
    ],
)
def test_over_tls_the_port_is_not_signed_and_the_fragment_and_user_never_are(url: str, signed: str) -> None:
    assert signed_url(url) == signed


def test_the_handshake_of_a_stream_is_signed_over_its_url_alone() -> None:
    url = "wss://voice.example.be/media"
    assert Wire(Line([]), "12345").stream_signature(url) == RequestValidator("12345").compute_signature(url, {})


def test_overrides_are_read_from_the_fragment_and_nonsense_is_not_taken() -> None:
    assert Overrides.of("https://h/x#ct=2000&rt=4000&tt=9000&rc=3&rp=ct,rt,5xx") == Overrides(
        2.0, 4.0, 9.0, 3, frozenset({"ct", "rt", "5xx"})
    )
    assert Overrides.of("https://h/x#rc=9&rt=99999&rp=nonsense") == Overrides()


class Line:
    """A transport that plays what is on its list, and remembers what was sent."""

    def __init__(self, replies: list[Reply | Exception]) -> None:
        self.replies = replies
        self.sent: list[tuple[str, str, Mapping[str, str], bytes]] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes, **limits: float) -> Reply:
        self.sent.append((method, url, headers, body))
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply


OK: Reply = (200, {"content-type": "text/xml"}, b"<Response/>")
BROKEN: Reply = (500, {}, b"")


def ask(url: str, *replies: Any, method: str = "POST", params: Any = (("Digits", "1"),)) -> tuple[Any, Line]:
    line = Line(list(replies))
    webhook = Webhook("document", "CA1", method, url, params, "token-1", (("CallSid", "CA1"),))
    return Wire(line, "12345").deliver(webhook), line


@pytest.mark.parametrize(
    ("fragment", "replies", "code", "attempts"),
    [
        ("", [BROKEN, OK], 11200, 1),  # by default a 5xx is not repeated
        ("", [ReadTimedOut("slow"), OK], 11200, 1),
        ("", [ConnectFailed("refused"), OK], 0, 2),  # only a failed connection is, once
        ("", [ConnectFailed("refused"), ConnectFailed("refused"), OK], 11205, 2),
        ("#rc=2&rp=5xx", [BROKEN, BROKEN, OK], 0, 3),
        ("#rc=2&rp=5xx", [BROKEN, BROKEN, BROKEN, OK], 11200, 3),
        ("#rc=1&rp=4xx", [BROKEN, OK], 11200, 1),
        ("#rc=1&rp=all", [ReadTimedOut("slow"), OK], 0, 2),
        ("#rc=0", [ConnectFailed("refused"), OK], 11205, 1),
    ],
)
def test_retries_follow_the_urls_fragment(fragment: str, replies: list[Any], code: int, attempts: int) -> None:
    answer, line = ask(f"https://h.example/x{fragment}", *replies)
    assert (answer.code, len(line.sent)) == (code, attempts)
    assert {headers["i-twilio-idempotency-token"] for _, _, headers, _ in line.sent} == {"token-1"}
    assert {url for _, url, _, _ in line.sent} == {"https://h.example/x"}


def test_a_get_carries_its_parameters_in_the_query_and_signs_them_there() -> None:
    _, line = ask("https://h.example/x?a=1", OK, method="GET")
    method, url, headers, body = line.sent[0]
    assert (method, url, body) == ("GET", "https://h.example/x?a=1&Digits=1", b"")
    assert headers["x-twilio-signature"] == RequestValidator("12345").compute_signature(url, {})


def test_a_redirect_is_followed_without_the_digits() -> None:
    answer, line = ask("https://h.example/x", (302, {"location": "/y"}, b""), OK)
    assert [(method, url) for method, url, _, _ in line.sent] == [
        ("POST", "https://h.example/x"),
        ("GET", "https://h.example/y?CallSid=CA1"),
    ]
    assert answer.url == "https://h.example/y"


def test_ten_redirects_are_enough() -> None:
    answer, line = ask("https://h.example/x", *[(302, {"location": "/x"}, b"")] * 12)
    assert (answer.code, len(line.sent)) == (11215, 11)


@pytest.mark.parametrize(("url", "code"), [("", 11100), ("/relative", 11100), ("https://my_host.example/x", 11210)])
def test_some_urls_are_never_requested(url: str, code: int) -> None:
    answer, line = ask(url, OK)
    assert (answer.code, line.sent) == (code, [])
