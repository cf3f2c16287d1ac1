"""New people: an account at the desk and, for an operator, a place in the queues."""

from __future__ import annotations

from collections.abc import Sequence

from app.container import build
from desk.accounts import Accounts
from foundation.settings import Settings


def add_person(
    settings: Settings,
    username: str,
    password: str,
    *,
    role: str,
    name: str,
    locale: str,
    languages: Sequence[str],
    queues: Sequence[str],
) -> None:
    """Make an account. Raises InvalidInput (password too short) and NotFound (unknown queue)."""
    services = build(settings)
    try:
        operator = services.queue.add_operator(name, languages, queues) if role == "operator" else None
        Accounts(services.database).put(
            username,
            password=password,
            role="operator" if operator else "supervisor",
            display_name=name,
            operator_id=operator.id if operator else None,
            locale=locale,
        )
    finally:
        services.close()
