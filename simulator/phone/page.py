"""The softphone's page and its scripts, as a blueprint of the simulator's web application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import phonenumbers
from flask import Blueprint, Response, render_template, request

_HERE = Path(__file__).parent
_KEYS = (
    ("1", ""), ("2", "ABC"), ("3", "DEF"), ("4", "GHI"), ("5", "JKL"), ("6", "MNO"),
    ("7", "PQRS"), ("8", "TUV"), ("9", "WXYZ"), ("*", ""), ("0", "+"), ("#", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """An invented person to call as."""

    name: str
    number: str  # E.164


def create_blueprint(helpdesk_number: str, callers: Sequence[Caller], audio_port: Callable[[], int]) -> Blueprint:
    """`/` is the page (`/?client=op_3`: an operator's telephone), `/sdk.js` the drop-in for Twilio's Voice SDK."""
    blueprint = Blueprint(
        "phone", __name__, template_folder="templates", static_folder="static", static_url_path="/phone"
    )

    blueprint.add_app_template_filter(spaced)

    @blueprint.get("/")
    def page() -> Response:
        html = render_template(
            "phone.html",
            helpdesk_number=helpdesk_number,
            callers=callers,
            keys=_KEYS,
            client=request.args.get("client", ""),
        )
        host = request.host.rpartition(":")[0] or request.host
        answer = Response(html)
        answer.headers["Content-Security-Policy"] = (
            f"default-src 'self'; connect-src 'self' ws://{host}:{audio_port()} wss://{host}:{audio_port()}; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
        answer.headers["Permissions-Policy"] = "microphone=(self)"
        return answer

    @blueprint.get("/sdk.js")
    def sdk() -> Response:
        parts = "\n".join(part.read_text() for part in sorted((_HERE / "static" / "sdk").glob("*.js")))
        parts = parts.replace("{{ audio_port }}", str(audio_port()))
        return _for_every_origin(f'"use strict";\n(() => {{\n{parts}}})();\n')

    @blueprint.get("/audio-worklet.js")
    def worklet() -> Response:
        return _for_every_origin((_HERE / "static" / "audio-worklet.js").read_text())

    return blueprint


def spaced(number: str) -> str:
    """An E.164 number as people write it: +32 2 555 01 00."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _for_every_origin(script: str) -> Response:
    """The desk, another origin, loads these: a worklet's module is fetched under CORS."""
    answer = Response(script, mimetype="text/javascript")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "no-cache"
    return answer
