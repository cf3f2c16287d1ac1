"""The routes as the application has them."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask

import webhooks


@pytest.fixture(scope="session")
def voice_rules() -> list[str]:
    """Every /voice address, with its placeholders as the documentation writes them."""
    nothing = cast(Any, SimpleNamespace())
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(
        webhooks.create_blueprint(
            guard=nothing,
            ivr=nothing,
            conversations=nothing,
            outbound=nothing,
            resuming=nothing,
            call_log=nothing,
            urls=nothing,
            clock=nothing,
            apology="",
        )
    )
    return sorted(re.sub(r"<\w+:", "<", rule.rule) for rule in app.url_map.iter_rules())
