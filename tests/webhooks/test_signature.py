"""Only what Twilio signed comes in. Vectors: twilio-python's own test-suite (twilio.md 2.2), token 12345."""

from __future__ import annotations

import pytest
from flask import Flask, request
from twilio.request_validator import RequestValidator

from webhooks.signature import HandshakeGuard, SignatureGuard

TOKEN = "12345"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
BASE = "https://mycompany.com"
PATH = "/myapp.php?foo=1&bar=2"


def allowed(
    signature: str | None,
    *,
    base: str = BASE,
    path: str = PATH,
    form: object = FORM,
    body: str | None = None,
    method: str = "POST",
) -> bool:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    content: dict[str, object] = {"data": form}
    if body is not None:
        content = {"data": body, "content_type": "application/json"}
    with Flask(__name__).test_request_context(path, method=method, headers=headers, **content):  # type: ignore[arg-type]
        return SignatureGuard(base, TOKEN).allows(request)


@pytest.mark.parametrize(
    ("base", "signature"),
    [
        ("https://mycompany.com", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com", "kvajT1Ptam85bY51eRf/AJRuM3w="),  # signed with :443 in the URL
        ("http://mycompany.com:1234", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ("http://mycompany.com", "0ZXoZLH/DfblKGATFgpif+LLRf4="),  # signed with :80
    ],
)
def test_the_published_vectors_hold(base: str, signature: str) -> None:
    assert allowed(signature, base=base)


def test_repeated_fields_are_signed_once_each_and_sorted() -> None:
    form = {"Sid": "CA123", "SidAccount": "AC123", "Digits": ["5678", "1234", "1234"]}
    assert allowed("IK+Dwps556ElfBT0I3Rgjkr1wJU=", form=form)


def test_a_json_body_is_signed_through_its_hash() -> None:
    path = PATH + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    body = '{"property": "value", "boolean": true}'
    assert allowed("a9nBmqA0ju/hNViExpshrM61xv4=", path=path, body=body)
    assert not allowed("a9nBmqA0ju/hNViExpshrM61xv4=", path=path, body=body.replace("true", "null"))
    assert not allowed("a9nBmqA0ju/hNViExpshrM61xv4=", body=body), "a body without its hash proves nothing"


def test_blank_fields_and_get_requests_are_signed_as_they_are() -> None:
    form = {**FORM, "CallerCity": ""}
    signature = RequestValidator(TOKEN).compute_signature(BASE + PATH, form)
    assert allowed(signature, form=form)
    assert allowed(RequestValidator(TOKEN).compute_signature(BASE + PATH, {}), method="GET", form=None)


@pytest.mark.parametrize("signature", [None, "", "é", "RSOYDt4T1cUTdK1PDd93/VVr8B9="])
def test_an_unsigned_or_forged_request_is_refused(signature: str | None) -> None:
    assert not allowed(signature)


@pytest.mark.parametrize(
    "change",
    [{"form": {**FORM, "Digits": "9"}}, {"path": PATH + "&x=1"}, {"base": "https://elsewhere.example"}],
)
def test_a_changed_request_is_refused(change: dict[str, object]) -> None:
    assert not allowed("RSOYDt4T1cUTdK1PDd93/VVr8B8=", **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("signed", ["wss://helpdesk.example/media", "wss://helpdesk.example/media/"])
def test_a_handshake_is_signed_over_its_url_with_or_without_a_slash(signed: str) -> None:
    guard = HandshakeGuard("wss://helpdesk.example/media", TOKEN)
    signature = RequestValidator(TOKEN).compute_signature(signed, {})
    assert guard.allows("/media", signature)
    assert not guard.allows("/other", signature)


@pytest.mark.parametrize("signature", [None, "", "forged", "é"])
def test_an_unsigned_handshake_is_refused(signature: str | None) -> None:
    assert not HandshakeGuard("wss://helpdesk.example/media", TOKEN).allows("/media", signature)
