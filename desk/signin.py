"""Signing in and out, and choosing a language."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from desk.accounts import LANGUAGES, Account
from desk.failures import wants_json
from desk.people import services, somebody
from desk.security import safe_next
from foundation.errors import Conflict, InvalidInput

Answer = Response | str | tuple[str, int]
_LONGEST_FIELD = 200  # argon2 hashes whatever it is given; nobody's password is longer


def home_of(person: Account) -> str:
    """The page that a role starts on."""
    return url_for("desk.operator_page") if person.role == "operator" else url_for("desk.wallboard_page")


def start() -> Response:
    person = somebody()
    return redirect(home_of(person) if person else url_for("desk.sign_in_page"), 303)


def sign_in_page() -> Answer:
    person = somebody()
    if person is not None:
        return redirect(home_of(person), 303)
    return render_template("signin.html", username="", wrong=False, next=request.args.get("next", ""))


def sign_in() -> Answer:
    """Check the password; a wrong one gives the form again, too many of them a page that says for how long to wait."""
    desk = services()
    username = request.form.get("username", "")[:_LONGEST_FIELD].strip().lower()
    password = request.form.get("password", "")[:_LONGEST_FIELD]
    target = request.form.get("next", "")
    address = request.remote_addr or "unknown"
    desk.brake.check(username, address)
    person = desk.accounts.check(username, password)
    if person is None:
        desk.brake.failed(address)
        if wants_json():
            raise InvalidInput("The user name or the password is wrong.")
        return render_template("signin.html", username=username, wrong=True, next=target), 401
    desk.brake.succeeded(username)
    session.clear()  # nothing from before the sign-in survives it
    login_user(person)
    return redirect(safe_next(target, home_of(person)), 303)


def sign_out() -> Answer:
    """Leave. An operator goes away first; in the middle of a call that is refused, the caller would be cut off."""
    person = somebody()
    if person is not None and person.operator_id is not None:
        queues = services().queues
        if queues.presence(person.operator_id).state in ("connecting", "talking"):
            raise Conflict("You are in a call. End it before you sign out.")
        queues.set_presence(person.operator_id, "away", None)
    logout_user()
    session.clear()
    return redirect(url_for("desk.sign_in_page"), 303)


def choose_language() -> Answer:
    """Keep the language in the account, or on this browser before sign-in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise InvalidInput("Choose Dutch, French or English.")
    person = somebody()
    if person is not None:
        services().accounts.set_locale(person.id, chosen)
        return redirect(safe_next(request.form.get("next"), home_of(person)), 303)
    session["language"] = chosen
    return redirect(url_for("desk.sign_in_page"), 303)
