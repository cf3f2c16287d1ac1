"""Who is asking: the signed-in account of this request, and its language."""

from __future__ import annotations

from typing import cast

from flask import current_app, request, session
from flask_login import current_user

from desk.accounts import LANGUAGES, Account
from desk.services import DeskServices
from desk.wording import Wording
from foundation.errors import Forbidden

EXTENSION = "onthaal-desk"


def services() -> DeskServices:
    """The services of the application that answers this request."""
    return cast(DeskServices, current_app.extensions[EXTENSION])


def somebody() -> Account | None:
    """The signed-in account, or None."""
    return cast(Account, current_user._get_current_object()) if current_user.is_authenticated else None


def account() -> Account:
    """The signed-in account; the route table has already refused everybody else."""
    person = somebody()
    if person is None:
        raise Forbidden("Sign in first.")
    return person


def operator_id() -> int:
    """Who the signed-in operator is in the queues. Raises Forbidden for an account that is nobody there."""
    identity = account().operator_id
    if identity is None:
        raise Forbidden("This account is not bound to an operator.")
    return identity


def language_of(person: Account | None) -> str:
    """The account's language; before sign-in the one chosen on this browser, else the browser's first that we have."""
    if person is not None:
        return person.locale if person.locale in LANGUAGES else "en"
    chosen = session.get("language")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "nl")


def wording() -> Wording:
    """Texts and formats for the person who is asking."""
    return wording_in(language_of(somebody()))


def wording_in(language: str) -> Wording:
    desk = services()
    return Wording(desk.texts, desk.prompts, language, desk.settings.timezone)
