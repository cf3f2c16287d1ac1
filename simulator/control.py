"""HTTP control of the bots, for demonstrations and tests. This machine only.

    POST   /_control/calls                        {"from": "+32...", "to": "+32...", "script": [...]}   -> 201 call
    POST   /_control/clients/<identity>/connect   {"token": "...", "params": {...}, "script": [...]}    -> 201 call
    GET    /_control/calls/<CallSid>              -> 200 call
    DELETE /_control/calls/<CallSid>              hang up -> 200 call

A call is {"call", "status", "doing", "queue", "room", "end_reason", "bot"}; `bot` is {"step", "steps", "done", "over",
"problem", "heard"}, or null for a person's call. Scripts: `simulator.bots`.
Errors are {"code", "message"} with the HTTP status.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator.bots import Bot, Bots, Step, script_of
from simulator.errors import Forbidden, InvalidInput, NotFound, SimulatorError
from simulator.exchange import Exchange
from simulator.phone.line import Line

_STATUS = {InvalidInput: HTTPStatus.BAD_REQUEST, Forbidden: HTTPStatus.FORBIDDEN, NotFound: HTTPStatus.NOT_FOUND}


def create_blueprint(exchange: Exchange, bots: Bots, speech_dir: Path) -> Blueprint:
    """Recordings in scripts are looked for in `speech_dir`."""
    blueprint = Blueprint("control", __name__, url_prefix="/_control")
    line = Line(exchange)

    @blueprint.before_request
    def this_machine_only() -> None:
        if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - stands for "unknown"
            raise Forbidden("The control of the bots is for this machine only.")

    @blueprint.errorhandler(SimulatorError)
    def refuse(error: SimulatorError) -> tuple[Response, int]:
        status = _STATUS.get(type(error), HTTPStatus.CONFLICT)
        return jsonify(code=error.code, message=str(error)), status

    @blueprint.post("/calls")
    def call() -> tuple[Response, int]:
        body = _body()
        bot = bots.call(str(body.get("from", "")), str(body.get("to", "")), _script(body))
        return jsonify(_view(exchange, bot.leg, bot)), HTTPStatus.CREATED

    @blueprint.post("/clients/<identity>/connect")
    def connect(identity: str) -> tuple[Response, int]:
        body = _body()
        token = str(body.get("token", ""))
        if line.identity_of(token) != identity:
            raise Forbidden(f"The access token is not {identity}'s.")
        params = {str(name): str(value) for name, value in dict(body.get("params") or {}).items()}
        bot = bots.connect(token, params, _script(body))
        return jsonify(_view(exchange, bot.leg, bot)), HTTPStatus.CREATED

    @blueprint.get("/calls/<sid>")
    def show(sid: str) -> Response:
        return jsonify(_view(exchange, sid, bots.of(sid)))

    @blueprint.delete("/calls/<sid>")
    def hang_up(sid: str) -> Response:
        _view(exchange, sid, None)
        exchange.hang_up(sid)
        return jsonify(_view(exchange, sid, bots.of(sid)))

    def _script(body: Mapping[str, Any]) -> tuple[Step, ...]:
        return script_of(body.get("script") or [], speech_dir)

    return blueprint


def _body() -> Mapping[str, Any]:
    body = request.get_json(silent=True)  # a content type other than JSON is no body: no form of a web page gets here
    if not isinstance(body, dict):
        raise InvalidInput("Send a JSON object with the content type application/json.")
    return body


def _view(exchange: Exchange, sid: str, bot: Bot | None) -> dict[str, Any]:
    try:
        leg = exchange.leg(sid)
    except KeyError:
        raise NotFound(f"There is no call {sid}.") from None
    script = bot and {
        "step": bot.at, "steps": len(bot.script), "done": bot.done, "over": bot.over.is_set(),
        "problem": bot.problem, "heard": bot.heard,
    }  # fmt: skip
    return {
        "call": sid, "status": leg.status, "doing": leg.doing, "queue": leg.queue, "room": leg.room,
        "end_reason": leg.end_reason,
        "bot": script,
    }  # fmt: skip
