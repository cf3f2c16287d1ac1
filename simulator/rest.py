"""Twilio's REST API over the exchange, for twilio-python with a rewriting HTTP client. Source: twilio.md 5.1, 5.2."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, jsonify, request

from simulator import resources
from simulator.legs import callback_of
from simulator.orders import Form, Orders, RestRefused
from simulator.records import Conference, Entry, Leg, Participant, Queue, Recording, Stream
from simulator.sound import wav

if TYPE_CHECKING:
    from simulator.exchange import Exchange

T = TypeVar("T")
MAX_PAGE = 1000
_ROOT = "/2010-04-01/Accounts/<account>"


class RestSwitches:
    """For tests: `busy` requests to come are answered 429/20429, before anything is done."""

    def __init__(self) -> None:
        self.busy = 0


def create_rest_app(
    exchange: Exchange, *, switches: RestSwitches | None = None, calls_per_second: float | None = None
) -> Flask:
    """The API of one account. Basic auth: account SID and auth token, or API key SID and secret.

    The app's `extensions` hold `orders` (with the calls-per-second switch) and `switches`.
    """
    app = Flask("simulator.rest", static_folder=None)
    api = _Api(exchange, Orders(exchange, calls_per_second))
    switches = switches or RestSwitches()
    app.extensions.update(orders=api.orders, switches=switches)

    @app.before_request
    def admit() -> None:
        if switches.busy > 0:
            switches.busy -= 1
            raise RestRefused(429, 20429, "Too Many Requests")
        auth = request.authorization
        user, password = (auth.username, auth.password) if auth else (None, None)
        known = {exchange.account_sid: exchange.auth_token, **exchange.api_keys}
        if user is None or known.get(user) != password:
            raise RestRefused(401, 20003, "Authenticate")
        if (request.view_args or {}).pop("account", exchange.account_sid) != exchange.account_sid:
            raise RestRefused(404, 20404, f"The requested resource {request.path} was not found")

    @app.errorhandler(RestRefused)
    def refuse(error: RestRefused) -> tuple[Response, int]:
        return _refusal(error.status, error.code, str(error))

    @app.errorhandler(404)
    def missing(_error: Exception) -> tuple[Response, int]:
        return _refusal(404, 20404, f"The requested resource {request.path} was not found")

    @app.errorhandler(405)
    def wrong_method(_error: Exception) -> tuple[Response, int]:
        return _refusal(405, 20004, "Method not allowed")

    def route(path: str, method: str, view: Callable[..., Any], status: int = 200) -> None:
        def answer(**arguments: str) -> tuple[Response, int] | tuple[str, int]:
            with exchange:
                shown = view(**arguments)
            return ("", 204) if shown is None else (jsonify(shown), status)

        app.add_url_rule(_ROOT + path, f"{method} {path}", answer, methods=[method])

    route("/Calls.json", "POST", api.create_call, 201)
    route("/Calls.json", "GET", api.list_calls)
    route("/Calls/<call>.json", "GET", api.read_call)
    route("/Calls/<call>.json", "POST", api.update_call)
    route("/Calls/<call>/Streams.json", "POST", api.create_stream, 201)
    route("/Calls/<call>/Streams/<stream>.json", "POST", api.stop_stream)
    route("/Calls/<call>/Recordings.json", "POST", api.create_recording, 201)
    route("/Calls/<call>/Recordings.json", "GET", api.list_recordings)
    route("/Calls/<call>/Recordings/<recording>.json", "POST", api.update_recording)
    route("/Recordings/<recording>.json", "GET", api.read_recording)
    route("/Recordings/<recording>.json", "DELETE", api.delete_recording)

    @app.get(f"{_ROOT}/Recordings/<recording>.wav")
    def recording_sound(recording: str) -> Response:
        with exchange:
            return Response(wav.pack(api.sound_of(recording)), content_type="audio/x-wav")

    route("/Queues.json", "POST", api.create_queue, 201)
    route("/Queues.json", "GET", api.list_queues)
    route("/Queues/<queue>.json", "GET", api.read_queue)
    route("/Queues/<queue>.json", "POST", api.update_queue)
    route("/Queues/<queue>.json", "DELETE", api.delete_queue)
    route("/Queues/<queue>/Members.json", "GET", api.list_members)
    route("/Queues/<queue>/Members/<call>.json", "GET", api.read_member)
    route("/Queues/<queue>/Members/<call>.json", "POST", api.update_member)
    route("/Conferences.json", "GET", api.list_conferences)
    route("/Conferences/<conference>.json", "GET", api.read_conference)
    route("/Conferences/<conference>.json", "POST", api.update_conference)
    route("/Conferences/<conference>/Participants.json", "POST", api.create_participant, 201)
    route("/Conferences/<conference>/Participants.json", "GET", api.list_participants)
    route("/Conferences/<conference>/Participants/<participant>.json", "GET", api.read_participant)
    route("/Conferences/<conference>/Participants/<participant>.json", "POST", api.update_participant)
    route("/Conferences/<conference>/Participants/<participant>.json", "DELETE", api.delete_participant)
    return app


def _refusal(status: int, code: int, message: str) -> tuple[Response, int]:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return jsonify({"code": code, "message": message, "more_info": more, "status": status}), status


def _form() -> Form:
    return Form({name: request.form.getlist(name) for name in request.form})


def _found(item: T | None) -> T:
    if item is None:
        raise RestRefused(404, 20404, f"The requested resource {request.path} was not found")
    return item


class _Api:
    """One method a resource and verb; each runs inside the exchange's lock and gives the JSON to show."""

    def __init__(self, exchange: Exchange, orders: Orders) -> None:
        self._exchange = exchange
        self.orders = orders

    def _page(self, name: str, items: Sequence[T], show: Callable[[T], resources.Resource]) -> resources.Resource:
        size = min(max(request.args.get("PageSize", 50, int), 1), MAX_PAGE)
        page = max(request.args.get("Page", 0, int), 0)
        start = page * size
        shown = items[start : start + size]

        def uri(number: int) -> str:
            kept = [f"{key}={value}" for key, value in request.args.items() if key not in ("Page", "PageSize")]
            return f"{request.path}?{'&'.join([*kept, f'PageSize={size}', f'Page={number}'])}"

        return {
            name: [show(item) for item in shown],
            "page": page,
            "page_size": size,
            "start": start,
            "end": start + max(len(shown) - 1, 0),
            "uri": uri(page),
            "first_page_uri": uri(0),
            "next_page_uri": uri(page + 1) if start + size < len(items) else None,
            "previous_page_uri": uri(page - 1) if page else None,
        }

    # Calls

    def _leg(self, call: str) -> Leg:
        return _found(self._exchange.legs.by_sid.get(call))

    def create_call(self) -> resources.Resource:
        return resources.call(self._exchange, self.orders.create_call(_form()))

    def list_calls(self) -> resources.Resource:
        wanted = {name: request.args[name] for name in ("Status", "From", "To") if name in request.args}
        active = wanted.get("Status") in ("queued", "ringing", "in-progress")
        legs = [
            leg
            for leg in reversed((self._exchange.legs.active if active else self._exchange.legs.by_sid).values())
            if wanted.get("Status", leg.status) == leg.status
            and wanted.get("From", leg.from_) == leg.from_
            and wanted.get("To", leg.to) == leg.to
        ]
        return self._page("calls", legs, lambda leg: resources.call(self._exchange, leg))

    def read_call(self, call: str) -> resources.Resource:
        return resources.call(self._exchange, self._leg(call))

    def update_call(self, call: str) -> resources.Resource:
        leg = self._leg(call)
        self.orders.update_call(leg, _form())
        return resources.call(self._exchange, leg)

    # Streams and recordings

    def create_stream(self, call: str) -> resources.Resource:
        return resources.stream(self._exchange, self.orders.start_stream(self._leg(call), _form()))

    def stop_stream(self, call: str, stream: str) -> resources.Resource:
        leg = self._leg(call)
        found: Stream = _found(self._exchange.streamer.find(leg, stream))
        if _form().get("Status") != "stopped":
            raise RestRefused(400, 20001, "Status must be stopped")
        self._exchange.streamer.stop(found)
        return resources.stream(self._exchange, found)

    def create_recording(self, call: str) -> resources.Resource:
        leg, form = self._leg(call), _form()
        if leg.status != "in-progress":
            raise RestRefused(400, 21220, f"The call is not in-progress: it is {leg.status}")
        events = form.several("RecordingStatusCallbackEvent")
        callback = callback_of(
            form.url("RecordingStatusCallback"), form.method("RecordingStatusCallbackMethod"), events
        )
        channels = 2 if form.get("RecordingChannels") == "dual" else 1
        recording = self._exchange.recorder.begin(leg, None, "StartCallRecordingAPI", callback, channels=channels)
        return resources.recording(self._exchange, recording)

    def list_recordings(self, call: str) -> resources.Resource:
        recordings = self._leg(call).recordings
        return self._page("recordings", recordings, lambda item: resources.recording(self._exchange, item))

    def read_recording(self, recording: str) -> resources.Resource:
        return resources.recording(self._exchange, _found(self._exchange.recorder.by_sid.get(recording)))

    def delete_recording(self, recording: str) -> None:
        self._exchange.recorder.forget(_found(self._exchange.recorder.by_sid.get(recording)))

    def sound_of(self, recording: str) -> bytes:
        """Not found, also, as long as the sound of a recording is not ready."""
        found = _found(self._exchange.recorder.by_sid.get(recording))
        return _found(self._exchange.recorder.sound(found))

    def update_recording(self, call: str, recording: str) -> resources.Resource:
        running = [item for item in self._leg(call).recordings if item.status in ("in-progress", "paused")]
        if recording == "Twilio.CURRENT" and len(running) > 1:
            raise RestRefused(400, 16108, "several recordings run on this call; use the recording's SID")
        wanted = [item for item in running if recording in ("Twilio.CURRENT", item.sid)]
        found: Recording = _found(wanted[0] if wanted else None)
        match _form().get("Status"):
            case "stopped":
                self._exchange.recorder.complete(found)
            case "paused":
                found.status = "paused"
            case "in-progress":
                found.status = "in-progress"
            case other:
                raise RestRefused(400, 20001, f"Status cannot be {other!r}")
        return resources.recording(self._exchange, found)

    # Queues

    def _queue(self, queue: str) -> Queue:
        return _found(self._exchange.queues.by_sid.get(queue))

    def _entry(self, queue: str, call: str) -> Entry:
        found = self._queue(queue)
        if call == "Front":
            return _found(self._exchange.queues.front(found))
        leg = self._exchange.legs.by_sid.get(call)
        entry = leg.entry if leg else None
        return _found(entry if entry is not None and entry.queue is found else None)

    def create_queue(self) -> resources.Resource:
        return resources.queue(self._exchange, self.orders.create_queue(_form()))

    def list_queues(self) -> resources.Resource:
        queues = list(self._exchange.queues.by_sid.values())
        return self._page("queues", queues, lambda item: resources.queue(self._exchange, item))

    def read_queue(self, queue: str) -> resources.Resource:
        return resources.queue(self._exchange, self._queue(queue))

    def update_queue(self, queue: str) -> resources.Resource:
        found = self._queue(queue)
        self.orders.update_queue(found, _form())
        return resources.queue(self._exchange, found)

    def delete_queue(self, queue: str) -> None:
        self.orders.delete_queue(self._queue(queue))

    def list_members(self, queue: str) -> resources.Resource:
        entries = list(self._queue(queue).members.values())
        return self._page("queue_members", entries, lambda entry: resources.member(self._exchange, entry))

    def read_member(self, queue: str, call: str) -> resources.Resource:
        return resources.member(self._exchange, self._entry(queue, call))

    def update_member(self, queue: str, call: str) -> resources.Resource:
        entry = self._entry(queue, call)
        shown = resources.member(self._exchange, entry)
        self.orders.dequeue(entry.leg, _form())
        return shown

    # Conferences

    def _conference(self, conference: str) -> Conference:
        return _found(self._exchange.conferences.find(conference))

    def _seat(self, conference: str, participant: str) -> Participant:
        return _found(self._exchange.conferences.seat(self._conference(conference), participant))

    def _show(self, seat: Participant) -> resources.Resource:
        return resources.participant(self._exchange, seat.leg, seat, seat.conference.sid, seat.label)

    def list_conferences(self) -> resources.Resource:
        conferences = self._exchange.conferences.search(request.args.get("FriendlyName"), request.args.get("Status"))
        return self._page("conferences", conferences, lambda item: resources.conference(self._exchange, item))

    def read_conference(self, conference: str) -> resources.Resource:
        return resources.conference(self._exchange, self._conference(conference))

    def update_conference(self, conference: str) -> resources.Resource:
        found = self._conference(conference)
        self.orders.update_conference(found, _form())
        return resources.conference(self._exchange, found)

    def create_participant(self, conference: str) -> resources.Resource:
        form = _form()
        leg = self.orders.add_participant(conference, form)
        return resources.participant(self._exchange, leg, None, conference, form.get("Label"))

    def list_participants(self, conference: str) -> resources.Resource:
        return self._page("participants", list(self._conference(conference).seats.values()), self._show)

    def read_participant(self, conference: str, participant: str) -> resources.Resource:
        return self._show(self._seat(conference, participant))

    def update_participant(self, conference: str, participant: str) -> resources.Resource:
        seat = self._seat(conference, participant)
        self.orders.update_participant(seat, _form())
        return self._show(seat)

    def delete_participant(self, conference: str, participant: str) -> None:
        self._exchange.conferences.kick(self._seat(conference, participant))
