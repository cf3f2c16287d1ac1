"""The two Flask applications: `web` for short requests, `live` for screens that stay open."""

from __future__ import annotations

from threading import Event

from flask import Flask, Response
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

import desk.blueprint
import desk.live
import webhooks
from app import metrics
from app.container import Container

# A form of ours is small, and so is a webhook; what is larger is refused before it is read.
MAX_REQUEST_BYTES = 256 * 1024


def create_web_app(services: Container) -> Flask:
    """Webhooks and screens."""
    app = _app(services)
    app.register_blueprint(
        webhooks.create_blueprint(
            guard=services.signature_guard,
            ivr=services.ivr,
            conversations=services.conversations,
            outbound=services.outbound,
            resuming=services.resuming,
            call_log=services.call_log,
            urls=services.urls,
            clock=services.clock,
            apology=services.apology,
        )
    )
    app.register_blueprint(desk.blueprint.create_blueprint(services.desk))
    metrics.install(app, services)
    return app


def create_live_app(services: Container, stop: Event | None = None) -> Flask:
    """Server-sent events; `stop` ends every stream."""
    app = _app(services)
    app.register_blueprint(desk.live.create_blueprint(services.desk, stop))
    return app


def _app(services: Container) -> Flask:
    app = Flask("onthaal", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    if services.settings.trusted_proxies:
        # The caller's address decides who is slowed down at sign-in; only a proxy of ours may say what it is.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=services.settings.trusted_proxies)  # type: ignore[method-assign]

    @app.get("/healthz")
    def healthz() -> Response:
        """The process is alive."""
        return Response("ok\n", content_type="text/plain")

    @app.get("/readyz")
    def readyz() -> Response:
        """The stores answer, so that traffic may come; names the one that does not."""
        for name, ping in (("database", services.database.ping), ("redis", services.redis.ping)):
            try:
                ping()
            except (SQLAlchemyError, RedisError):
                return Response(f"{name} does not answer\n", status=503, content_type="text/plain")
        return Response("ready\n", content_type="text/plain")

    return app
