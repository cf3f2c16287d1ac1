"""What is owed to callers who did not wait: callbacks they asked for, and messages they left."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flask import redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from desk.accounts import Account
from desk.people import account, operator_id, services
from desk.services import DeskServices
from foundation.errors import NotFound
from queueing.callback_model import Attempt, Callback
from queueing.model import Queue
from queueing.voicemails import Voicemail


class CallbackBook(Protocol):
    """Who is to be rung back: queueing.callbacks."""

    def open(self, queues: frozenset[str] | None = None) -> Sequence[Callback]: ...

    def of_call(self, call_id: str) -> Callback | None: ...

    def asked_in(self, call_id: str) -> Callback | None: ...

    def attempts(self, callback_id: int) -> Sequence[Attempt]: ...

    def cancel(self, callback_id: int, actor: str) -> None: ...


class VoicemailBook(Protocol):
    """Messages that were left: queueing.voicemails."""

    def open(self, queues: Collection[str] | None = None, operator_id: int | None = None) -> Sequence[Voicemail]: ...

    def one(self, voicemail_id: int) -> Voicemail: ...

    def assign(self, voicemail_id: int, operator_id: int) -> None: ...

    def close(self, voicemail_id: int, actor: str) -> None: ...


@dataclass(frozen=True)
class OwedModel:
    """`texts`: voicemail -> what was said; `names`: number -> the customer it may be; `operators`: who took a message.
    `me` is None for a supervisor, who sees everything."""

    callbacks: Sequence[Callback]
    voicemails: Sequence[Voicemail]
    texts: Mapping[int, str]
    names: Mapping[str, str]
    operators: Mapping[int, str]
    queues: Mapping[str, Queue]
    me: int | None


def owed_model(desk: DeskServices, person: Account) -> OwedModel:
    """For an operator that of their own queues, for a supervisor that of all."""
    operators = desk.queues.operators()
    mine = next((one.queues for one in operators if one.id == person.operator_id), None)
    callbacks = desk.callbacks.open(mine)
    voicemails = desk.voicemails.open(mine, person.operator_id)
    return OwedModel(
        callbacks,
        voicemails,
        {one.id: " ".join(line.text for line in desk.transcripts.of_call(one.call_id)) for one in voicemails},
        desk.helpdesk.names_of({one.number for one in callbacks} | {one.number for one in voicemails}),
        {one.id: one.name for one in operators},
        {queue.name: queue for queue in desk.queues.queues()},
        person.operator_id,
    )


def owed_page() -> str:
    return render_template("supervisor/owed.html", owed=owed_model(services(), account()))


def cancel_callback(callback_id: int) -> Response:
    """Strike a callback off: the caller does not need it any more. Raises NotFound."""
    services().callbacks.cancel(callback_id, account().username)
    return _done()


def voicemail_sound(voicemail_id: int) -> Response:
    """The message, to listen to. Raises NotFound as long as it was not fetched."""
    message = services().voicemails.one(voicemail_id)
    if message.path is None or not Path(message.path).is_file():
        raise NotFound("The sound of this message is not here.")
    return send_file(message.path, mimetype="audio/wav", max_age=0)


def take_voicemail(voicemail_id: int) -> Response:
    """The operator takes the message on. Raises Conflict when a colleague has it."""
    services().voicemails.assign(voicemail_id, operator_id())
    return _done()


def close_voicemail(voicemail_id: int) -> Response:
    """It has been dealt with."""
    services().voicemails.close(voicemail_id, account().username)
    return _done()


def delete_voicemail(voicemail_id: int) -> Response:
    """Delete the message and its sound, here and at the provider."""
    services().delete_voicemail(voicemail_id, account().username)
    return _done()


def _done() -> Response:
    return redirect(url_for("desk.owed_page"), 303)
