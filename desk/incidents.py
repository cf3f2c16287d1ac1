"""Messages about incidents: what callers hear, said in each language before it is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk.accounts import LANGUAGES
from desk.people import account, services
from desk.services import DeskServices
from foundation.errors import Conflict, InvalidInput
from queueing.model import Queue

STANDARD = "incident-standard"  # the prompt that callers hear in a language without a text


class IncidentMessage(Protocol):
    """A message that callers hear; `queue` "" is every queue."""

    @property
    def id(self) -> int: ...

    @property
    def queue(self) -> str: ...

    @property
    def texts(self) -> Mapping[str, str]: ...

    @property
    def began_at(self) -> datetime: ...

    @property
    def ended_at(self) -> datetime | None: ...


class IncidentBook(Protocol):
    """Messages about incidents: ivr.incidents."""

    def going_on(self) -> Sequence[IncidentMessage]: ...

    def over(self, limit: int = 10) -> Sequence[IncidentMessage]: ...

    def checked(self, texts: Mapping[str, str]) -> dict[str, str]: ...

    def set(self, texts: Mapping[str, str], *, queue: str = "", actor: str) -> IncidentMessage: ...

    def change(self, incident_id: int, texts: Mapping[str, str], *, actor: str) -> IncidentMessage: ...

    def end(self, incident_id: int, *, actor: str) -> IncidentMessage: ...


@dataclass(frozen=True)
class Heard:
    """What callers who speak `language` hear; `standard` when there is no text of its own."""

    language: str
    sentence: str
    standard: bool


@dataclass
class IncidentsModel:
    """`typed` is what stands in the form, `preview` what callers would hear of it; `changing` is the id of the message
    that the form changes."""

    queues: Sequence[Queue]
    going_on: Sequence[tuple[IncidentMessage, Sequence[Heard]]]
    over: Sequence[IncidentMessage]
    typed: Mapping[str, str] = field(default_factory=dict)
    queue: str = ""
    preview: Sequence[Heard] = ()
    changing: int | None = None
    error: str = ""


def heard(desk: DeskServices, texts: Mapping[str, str]) -> list[Heard]:
    """Language by language, exactly what is read out."""
    return [
        Heard(language, texts.get(language) or desk.prompts.text(language, STANDARD), not texts.get(language))
        for language in LANGUAGES
    ]


def incidents_model(desk: DeskServices) -> IncidentsModel:
    going_on = [(message, heard(desk, message.texts)) for message in desk.incidents.going_on()]
    return IncidentsModel(desk.queues.queues(), going_on, desk.incidents.over())


def incidents_page() -> str:
    """With `?change=ID` the form holds that message."""
    model = incidents_model(services())
    wanted = request.args.get("change", "")
    for message, _ in model.going_on:
        if str(message.id) == wanted:
            model.typed, model.queue, model.changing = message.texts, message.queue, message.id
    return render_template("supervisor/incidents.html", incidents=model)


def set_incident() -> Response | tuple[str, int] | str:
    """`text_nl`, `text_fr`, `text_en`, `queue` ("" for all), `change` (an id, or empty) and `do`: preview or set."""
    desk = services()
    typed = {language: request.form.get(f"text_{language}", "").strip() for language in LANGUAGES}
    queue, change = request.form.get("queue", ""), request.form.get("change", "")
    changing = int(change) if change.isascii() and change.isdigit() else None
    if queue:
        desk.queues.queue(queue)  # an unknown queue is NotFound
    try:
        texts = desk.incidents.checked(typed)
        if request.form.get("do") == "set":
            if changing is None:
                desk.incidents.set(texts, queue=queue, actor=account().username)
            else:
                desk.incidents.change(changing, texts, actor=account().username)
            return redirect(url_for("desk.incidents_page"), 303)
    except (InvalidInput, Conflict) as error:
        model = _again(desk, typed, queue, changing)
        model.error = "error-incident-over" if isinstance(error, Conflict) else _sentence(typed)
        return render_template("supervisor/incidents.html", incidents=model), 422
    model = _again(desk, typed, queue, changing)
    model.preview = heard(desk, texts)
    return render_template("supervisor/incidents.html", incidents=model)


def end_incident(incident_id: int) -> Response:
    """The incident is over. Raises NotFound, Conflict."""
    services().incidents.end(incident_id, actor=account().username)
    return redirect(url_for("desk.incidents_page"), 303)


def _again(desk: DeskServices, typed: Mapping[str, str], queue: str, changing: int | None) -> IncidentsModel:
    model = incidents_model(desk)
    model.typed, model.queue, model.changing = typed, queue, changing
    return model


def _sentence(typed: Mapping[str, str]) -> str:
    return "error-incident-long" if any(typed.values()) else "error-incident-empty"
