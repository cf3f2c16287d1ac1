"""Server-sent events to the screens, in the `live` process: every region whole at first, then whatever changes.

    event: region    {"region", "html", "at"}       draw this region again
    event: segment   {"html", "speaker", "lag_ms"}  a sentence was written down
    event: partial   {"speaker", "text"}            what is being said; an empty text clears it
    event: notice    {"text"}                       a sentence about something that is gone
    event: trouble   {}                             a store does not answer; come back in a moment

Ids count up within one connection. A lost message costs a redraw at the next one; a new connection starts whole again.
An offer goes before everything: it is drawn at once, also in the middle of other redraws. What the operator did comes
after a tenth of a second, and what changed in the room at this stream's turn (`desk/looks.py`), a second apart.
"""

from __future__ import annotations

import json
import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator
from threading import Event
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.blueprints import BlueprintSetupState
from redis.client import PubSub
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError

from desk.accounts import Account
from desk.blueprint import create_blueprint as create_desk
from desk.looks import FRESH_S, Looks
from desk.people import EXTENSION, somebody, wording_in
from desk.regions import REGIONS, console_of, region
from desk.security import origin
from desk.services import DeskServices
from foundation.errors import InvalidInput, NotFound, NotSignedIn, OnthaalError
from foundation.live import BOARD, call_topic, channel, operator_topic

log = logging.getLogger(__name__)

COALESCE_S = 0.08  # changes come in bursts; a person does not see a tenth of a second
HEARTBEAT_S = 15.0
TIMED_S = 5.0  # how often a wait is held against its target while nothing else happens
POLL_S = 0.5  # how soon a stream notices that the process drains
LONGEST_S = 900.0  # a stream ends itself after a quarter of an hour: signing in is checked again with the next
_MOST_REGIONS = 12


def create_blueprint(desk: DeskServices, stop: Event | None = None) -> Blueprint:
    """The event stream. `stop` ends every stream, so that the process can drain. Sign-in, texts and addresses come with
    the desk's own blueprint; an application that has only this one gets it as well."""
    blueprint = Blueprint("live", __name__)
    allowed = origin(desk.settings.public_base_url)
    stop = stop or Event()
    looks = Looks(desk)

    def events() -> Response:
        person = somebody()
        if person is None:
            raise NotSignedIn("Sign in first.")
        names = [name for name in request.args.get("regions", "").split(",") if name]
        if not names or len(names) > _MOST_REGIONS:
            raise InvalidInput("Name the regions to follow.")
        for name in names:
            region(name, person)
        stream = Stream(desk, looks, person, names, request.args.get("call", ""), stop)
        return Response(
            stream_with_context(stream.run()),
            mimetype="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    def cors(response: Response) -> Response:
        """The screens come from `web`, which may be on another port of the same host."""
        if allowed and request.headers.get("Origin") == allowed:
            response.headers["Access-Control-Allow-Origin"] = allowed
            response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Vary"] = "Origin"
        return response

    def set_up(state: BlueprintSetupState) -> None:
        if EXTENSION not in state.app.extensions:
            state.app.register_blueprint(create_desk(desk))

    blueprint.record_once(set_up)
    blueprint.add_url_rule("/live/events", view_func=events)
    blueprint.after_request(cors)
    return blueprint


class Stream:
    """One screen's events."""

    def __init__(
        self, desk: DeskServices, looks: Looks, person: Account, names: list[str], subject: str, stop: Event
    ) -> None:
        self._desk = desk
        self._looks = looks
        self._person = person
        self._names = names
        self._subject = subject  # the call of a call page
        self._stop = stop
        self._sequence = 0
        self._sent: dict[str, str] = {}
        self._timed = any(REGIONS[name].timed for name in names)
        self._of_room = {name for name in names if REGIONS[name].timed or REGIONS[name].of_room}
        self._dirty: set[str] = set()
        self._due = 0.0  # when the dirty regions are drawn
        self._room_due: float | None = None  # when those that show the room become dirty
        self._room_missed = False  # it changed again, which the look that will be drawn may not show
        self._room_drawn = 0.0
        self._heard: deque[dict[str, Any]] = deque()  # messages that came in between two regions
        self._followed: str | None = None  # call whose words are passed on
        self._offer: str | None = None
        self._rings = False  # an offer has come in: that is not held back for other changes

    def run(self) -> Iterator[str]:
        """The events until the client goes, the process drains, or the time is up."""
        yield "retry: 2000\n\n"
        subscription: PubSub | None = None
        try:
            subscription = self._desk.redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
            subscription.subscribe(*self._channels())
            self._touch(self._names, at_once=True)
            if self._looks.again_at > time.monotonic():
                self._room_changed()  # what others looked at is older than this subscription
            yield from self._follow(subscription)
        except (RedisError, OperationalError, InterfaceError) as error:
            log.warning("a live stream ends", extra={"reason": type(error).__name__})
            yield self._event("trouble", {})
        finally:
            if subscription is not None:
                subscription.close()

    def _channels(self) -> list[str]:
        topics = []
        if self._person.operator_id is not None:
            topics.append(operator_topic(self._person.operator_id))
        if self._of_room:
            topics.append(BOARD)
        if self._subject:
            topics.append(call_topic(self._subject))
        return [channel(topic) for topic in topics] or [channel(BOARD)]

    def _follow(self, subscription: PubSub) -> Iterator[str]:
        started = beat = timed = time.monotonic()
        while not self._stop.is_set() and time.monotonic() - started < LONGEST_S:
            while self._heard:
                yield from self._take(self._heard.popleft())
            now = time.monotonic()
            if self._timed and now - timed >= TIMED_S:
                timed = now
                self._room_changed()
            if self._room_due is not None and now >= self._room_due:
                self._room_due, self._room_drawn = None, now
                self._touch(self._of_room, at_once=True)
                if self._room_missed:
                    self._room_missed = False
                    self._room_changed()
            if self._dirty and now >= self._due:
                yield from self._draw(subscription)
                beat = now
                continue
            if now - beat >= HEARTBEAT_S:
                beat = now
                yield ": still here\n\n"
            message: Any = subscription.get_message(timeout=self._wait_s(now))
            if message is not None:
                yield from self._take(message)

    def _wait_s(self, now: float) -> float:
        """Until something is due."""
        moments = [now + POLL_S]
        if self._dirty:
            moments.append(self._due)
        if self._room_due is not None:
            moments.append(self._room_due)
        return max(0.0, min(moments) - now)

    def _touch(self, names: Iterable[str], *, at_once: bool = False) -> None:
        """These regions are to be drawn again, with what else changes within a moment."""
        if not self._dirty or at_once:
            self._due = time.monotonic() + (0.0 if at_once else COALESCE_S)
        self._dirty.update(names)

    def _room_changed(self) -> None:
        if self._room_due is not None:
            self._room_missed = self._room_missed or self._room_due < self._looks.again_at
        elif self._of_room:
            earliest = max(time.monotonic() + COALESCE_S, self._room_drawn + FRESH_S)
            self._room_due = self._looks.turn(earliest)

    def _take(self, message: dict[str, Any]) -> Iterator[str]:
        """Pass on what was said; note which regions anything else touches."""
        data = _data_of(message)
        if data is None:
            return
        kind = data.get("kind")
        if kind == "partial":
            yield self._event("partial", {"speaker": data.get("speaker"), "text": data.get("text", "")})
        elif kind in ("segment", "transcription-gap"):
            yield from self._said(kind, data)
            self._touch_if("suggestions")
        elif kind == "suggestions-changed":
            self._touch_if("suggestions")
        elif kind == "transcription-state":
            self._touch_if("talk", "call")
        elif message.get("channel") == channel(BOARD):
            self._room_changed()
        else:
            self._rings = self._rings or data.get("state") == "offered"
            self._touch([name for name in self._names if name != "wallboard"], at_once=self._rings)

    def _touch_if(self, *names: str) -> None:
        if shown := [name for name in self._names if name in names]:
            self._touch(shown)

    def _said(self, kind: str, data: dict[str, Any]) -> Iterator[str]:
        call_id = self._followed or self._subject
        if not call_id:
            return
        record = self._desk.calls.record_of(call_id)
        html = render_template(
            "operator/said.html", kind=kind, line=data, started_at=record.started_at, w=wording_in(self._person.locale)
        )
        yield self._event("segment", {"html": html, "speaker": data.get("speaker"), "lag_ms": data.get("lag_ms")})

    def _draw(self, subscription: PubSub) -> Iterator[str]:
        """Every dirty region as it is now; one that looks as it did is not sent again. An offer that comes in between
        is drawn before the rest."""
        names = [name for name in self._names if name in self._dirty]
        if self._rings:
            names.sort(key=lambda name: name != "now")
        self._dirty.clear()
        self._rings = False
        model: dict[str, Any] = {"now": self._desk.clock.now(), "w": wording_in(self._person.locale)}
        if any(REGIONS[name].template.startswith("operator/") for name in names):
            console = console_of(self._person, self._looks)
            yield from self._offer_gone(console.offer.id if console.offer else None, console.presence.state)
            if self._listen_to(subscription, console.presence.call_id):
                # read again: something may have happened before we listened
                console = console_of(self._person, self._looks)
            model["c"] = console
        for drawn, name in enumerate(names):
            if drawn and self._hears_offer(subscription):
                self._touch(names[drawn:], at_once=True)
                return
            yield from self._draw_one(name, model)

    def _hears_offer(self, subscription: PubSub) -> bool:
        """Whether an offer has come in meanwhile. What has come is kept until the drawing is over or broken off."""
        while (message := subscription.get_message(timeout=0)) is not None:
            self._heard.append(message)
            if (_data_of(message) or {}).get("state") == "offered":
                return True
        return False

    def _draw_one(self, name: str, model: dict[str, Any]) -> Iterator[str]:
        shown = REGIONS[name]
        try:
            if not shown.template.startswith("operator/"):
                model = {**model, **shown.model(self._looks, self._person, self._subject)}
            html = render_template(shown.template, **model)
        except (RedisError, OperationalError, InterfaceError):
            raise
        except OnthaalError as error:
            log.warning("a region could not be drawn", extra={"kind": name, "code": error.code})
            return
        if self._sent.get(name) != html:
            self._sent[name] = html
            yield self._event("region", {"region": name, "html": html, "at": model["now"].isoformat()})

    def _listen_to(self, subscription: PubSub, call_id: str | None) -> bool:
        """Follow the words of the operator's present call; gives whether that is another one than before."""
        if call_id == self._followed or not any(REGIONS[name].own_call for name in self._names):
            return False
        if self._followed:
            subscription.unsubscribe(channel(call_topic(self._followed)))  # type: ignore[no-untyped-call]
        if call_id:
            subscription.subscribe(channel(call_topic(call_id)))
        self._followed = call_id
        return True

    def _offer_gone(self, offer_id: str | None, state: str) -> Iterator[str]:
        """Say why the offer that rang a moment ago does not ring any more, unless this operator took it."""
        before, self._offer = self._offer, offer_id
        if before is None or before == offer_id or state in ("connecting", "talking"):
            return
        try:
            status = self._desk.queues.offer(before).status
        except NotFound:
            status = "withdrawn"
        if status in ("lapsed", "withdrawn"):
            yield self._event("notice", {"text": wording_in(self._person.locale)(f"notice-offer-{status}")})

    def _event(self, name: str, data: dict[str, Any]) -> str:
        self._sequence += 1
        return f"id: {self._sequence}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _data_of(message: dict[str, Any]) -> dict[str, Any] | None:
    """What a live message says; None for one that cannot be read."""
    try:
        data = json.loads(message["data"])
    except (TypeError, ValueError):
        return None
    return data if isinstance(data, dict) else None
