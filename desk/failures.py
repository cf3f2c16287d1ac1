"""What went wrong, as a page that says what to do, or as problem+json (RFC 9457) for whoever asked for JSON."""

from __future__ import annotations

import logging

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.sansio.app import App
from flask_wtf.csrf import CSRFError
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from foundation.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    NotSignedIn,
    OnthaalError,
    ProviderError,
    TooManyAttempts,
    Unavailable,
)

log = logging.getLogger(__name__)

STATUS: dict[type[OnthaalError], int] = {
    InvalidInput: 400,
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooManyAttempts: 429,
    ProviderError: 502,
    Unavailable: 503,
}
# Statuses that have a page of their own; the rest share the words of 500.
_PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 502, 503})


def status_of(error: OnthaalError) -> int:
    """The HTTP status of an error of ours: that of its nearest ancestor in the table."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def wants_json() -> bool:
    """Whether the asker prefers JSON to a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "application/json"


def _answer(status: int, code: str, detail: str, retry_after_s: int | None = None) -> Response:
    if wants_json():
        response = jsonify(type="about:blank", title=code, status=status, detail=detail, code=code)
        response.mimetype = "application/problem+json"
    else:
        page = status if status in _PAGES else 500
        response = make_response(
            render_template("error.html", page=page, code=code, detail=detail, retry_after_s=retry_after_s)
        )
    response.status_code = status
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def _ours(error: OnthaalError) -> AnyResponse:
    if isinstance(error, NotSignedIn) and not wants_json():
        return redirect(url_for("desk.sign_in_page", next=request.full_path if request.method == "GET" else None), 303)
    retry_after_s = error.retry_after_s if isinstance(error, TooManyAttempts) else None
    return _answer(status_of(error), error.code, str(error), retry_after_s)


def _stores_down(error: Exception) -> AnyResponse:
    log.warning("a store does not answer", extra={"reason": type(error).__name__, "path": request.path})
    return _answer(503, Unavailable.code, "A part of Onthaal does not answer. Calls go on; try again in a moment.", 5)


def _csrf(error: CSRFError) -> AnyResponse:
    return _answer(400, "form-expired", str(error.description))


def _http(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    return _answer(error.code, error.name.lower().replace(" ", "-"), error.description or error.name)


def _unexpected(error: Exception) -> AnyResponse:
    log.error("a page failed", exc_info=error, extra={"path": request.path, "reason": type(error).__name__})
    return _answer(500, "error", "Something went wrong on our side. It has been written down; try again.")


def is_desk(path: str) -> bool:
    """Whether this is one of the desk's own addresses; others (webhooks) answer errors in their own way."""
    return path.startswith(("/desk", "/live")) or path == "/"


def install(app: App) -> None:
    """Answer errors under /desk and /live. Elsewhere only unknown addresses get a page, and nothing is hidden:
    the other edges handle their own errors on their own blueprints, which Flask asks first."""
    app.register_error_handler(OnthaalError, _ours)
    app.register_error_handler(RedisError, _stores_down)
    app.register_error_handler(OperationalError, _stores_down)
    app.register_error_handler(InterfaceError, _stores_down)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
