"""The desk as one blueprint: a table of routes with who may use them, and what every request passes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from flask.sansio.app import App
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy.exc import InterfaceError, OperationalError

from desk import (
    board,
    calls,
    failures,
    figures,
    follow_ups,
    incidents,
    listening,
    operator,
    owed,
    rules,
    screen,
    signin,
    skills,
    softphone,
    staffing,
    targets,
    tickets,
    transcripts,
)
from desk.accounts import LANGUAGES, Account, Role
from desk.people import EXTENSION, language_of, somebody, wording_in
from desk.regions import region_html
from desk.security import content_security_policy, set_headers
from desk.services import DeskServices
from desk.wording import LANGUAGE_NAMES
from foundation.errors import Forbidden, NotSignedIn

ANYONE: frozenset[Role] | None = None
OPERATOR: frozenset[Role] = frozenset({"operator"})
SUPERVISOR: frozenset[Role] = frozenset({"supervisor"})
STAFF = OPERATOR | SUPERVISOR


@dataclass(frozen=True)
class Route:
    """One address, and the roles that may use it (None: also without signing in)."""

    method: str
    path: str
    view: Callable[..., Any]
    roles: frozenset[Role] | None


ROUTES = (
    Route("GET", "/", signin.start, ANYONE),
    Route("GET", "/desk/", signin.start, ANYONE),
    Route("GET", "/desk/sign-in", signin.sign_in_page, ANYONE),
    Route("POST", "/desk/sign-in", signin.sign_in, ANYONE),
    Route("POST", "/desk/sign-out", signin.sign_out, STAFF),
    Route("POST", "/desk/language", signin.choose_language, ANYONE),
    Route("GET", "/desk/operator", operator.operator_page, OPERATOR),
    Route("GET", "/desk/operator/state", screen.state, OPERATOR),
    Route("POST", "/desk/presence", operator.set_presence, OPERATOR),
    Route("POST", "/desk/offers/<offer_id>/accept", operator.accept, OPERATOR),
    Route("POST", "/desk/offers/<offer_id>/decline", operator.decline, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/hold", operator.hold, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/end", operator.end, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/suggestions/<kind>/<subject>", listening.decide, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/opt-out", listening.opt_out, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/transcript/delete", listening.delete_transcript, OPERATOR),
    Route("POST", "/desk/wrap-up", operator.finish_wrap_up, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/customer", tickets.confirm_customer, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/draft", tickets.keep_draft, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/ticket", tickets.save_ticket, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/ticket/link", tickets.link_ticket, OPERATOR),
    Route("POST", "/desk/calls/<call_id>/ticket/close", tickets.close_ticket, OPERATOR),
    Route("GET", "/desk/softphone-token", softphone.token, OPERATOR),
    Route("GET", "/desk/wallboard", board.wallboard_page, STAFF),
    Route("GET", "/desk/figures", figures.figures_page, SUPERVISOR),
    Route("GET", "/desk/figures.csv", figures.figures_csv, SUPERVISOR),
    Route("GET", "/desk/targets", targets.targets_page, SUPERVISOR),
    Route("POST", "/desk/targets/<queue>", targets.change_target, SUPERVISOR),
    Route("POST", "/desk/targets/<queue>/periods", targets.change_period, SUPERVISOR),
    Route("GET", "/desk/rules", rules.rules_page, SUPERVISOR),
    Route("POST", "/desk/rules/<queue>", rules.change_rules, SUPERVISOR),
    Route("GET", "/desk/skills", skills.skills_page, SUPERVISOR),
    Route("POST", "/desk/skills/<int:operator_id>", skills.change_skills, SUPERVISOR),
    Route("GET", "/desk/incidents", incidents.incidents_page, SUPERVISOR),
    Route("POST", "/desk/incidents", incidents.set_incident, SUPERVISOR),
    Route("POST", "/desk/incidents/<int:incident_id>/end", incidents.end_incident, SUPERVISOR),
    Route("GET", "/desk/owed", owed.owed_page, STAFF),
    Route("POST", "/desk/callbacks/<int:callback_id>/cancel", owed.cancel_callback, STAFF),
    Route("GET", "/desk/voicemails/<int:voicemail_id>/sound", owed.voicemail_sound, STAFF),
    Route("POST", "/desk/voicemails/<int:voicemail_id>/take", owed.take_voicemail, OPERATOR),
    Route("POST", "/desk/voicemails/<int:voicemail_id>/close", owed.close_voicemail, STAFF),
    Route("POST", "/desk/voicemails/<int:voicemail_id>/delete", owed.delete_voicemail, STAFF),
    Route("GET", "/desk/follow-ups", follow_ups.follow_ups_page, STAFF),
    Route("POST", "/desk/follow-ups/<int:follow_up_id>/close", follow_ups.close_follow_up, STAFF),
    Route("GET", "/desk/calls", calls.call_list, SUPERVISOR),
    Route("GET", "/desk/calls/<call_id>", calls.call_page, STAFF),
    Route("GET", "/desk/calls/<call_id>/transcript.txt", transcripts.transcript_text, STAFF),
    Route("GET", "/desk/calls/<call_id>/transcript.vtt", transcripts.transcript_vtt, STAFF),
    Route("GET", "/desk/staffing", staffing.staffing_page, SUPERVISOR),
    Route("GET", "/desk/search", transcripts.search_page, SUPERVISOR),
    Route("POST", "/desk/calls/<call_id>/sync", calls.retry_sync, SUPERVISOR),
)
_ROLES = {f"desk.{route.view.__name__}": route.roles for route in ROUTES}


def create_blueprint(desk: DeskServices) -> Blueprint:
    """The desk's pages, forms and static files. Registering it also gives the application its sign-in, its CSRF
    protection (for the desk's own addresses only), its error pages and its security headers."""
    blueprint = Blueprint(
        "desk", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
    )
    csrf = CSRFProtect()
    policy = content_security_policy(desk.settings)

    def set_up(state: BlueprintSetupState) -> None:
        _install(state.app, desk, csrf, policy)

    def guard() -> None:
        if request.endpoint == "desk.static":
            return
        require(_ROLES[str(request.endpoint)])
        if request.method == "POST":
            csrf.protect()

    blueprint.record_once(set_up)
    blueprint.before_request(guard)
    for route in ROUTES:
        blueprint.add_url_rule(route.path, view_func=route.view, methods=[route.method])
    return blueprint


def require(roles: frozenset[Role] | None) -> None:
    """Raises NotSignedIn or Forbidden unless the person who asks has one of `roles`."""
    if roles is None:
        return
    person = somebody()
    if person is None:
        raise NotSignedIn("Sign in first.")
    if person.role not in roles:
        raise Forbidden("Your role does not give access to this page.")


def _person_if_known() -> Account | None:
    """Who asks, or None; also None while the database is away, because an error page must come without it."""
    try:
        return somebody()
    except (OperationalError, InterfaceError):
        return None


def _install(app: App, desk: DeskServices, csrf: CSRFProtect, policy: str) -> None:
    app.extensions[EXTENSION] = desk
    app.secret_key = desk.settings.secret_key.get_secret_value()
    app.config.update(
        SESSION_COOKIE_NAME="onthaal",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=desk.settings.public_base_url.startswith("https:"),
        WTF_CSRF_CHECK_DEFAULT=False,  # webhooks carry a signature instead; the desk's guard checks its own forms
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as the session: a shift is longer than an hour
    )
    csrf.init_app(app)
    login = LoginManager(app)
    login.user_loader(desk.accounts.by_id)
    failures.install(app)

    def headers(response: Response) -> Response:
        return set_headers(response, policy) if failures.is_desk(request.path) else response

    def names() -> dict[str, Any]:
        person = _person_if_known()
        language = language_of(person)
        return {
            "w": wording_in(language),
            "language": language,
            "languages": LANGUAGES,
            "language_names": LANGUAGE_NAMES,
            "person": person,
            "now": desk.clock.now(),
            "csrf_token": generate_csrf,
            "region_html": region_html,
            "live_url": f"{desk.settings.live_base_url}/live/events",
            "sdk_url": desk.settings.softphone_sdk_url,
        }

    app.after_request(headers)
    app.context_processor(names)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
