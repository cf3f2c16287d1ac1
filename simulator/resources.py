"""What the REST API shows: our records as Twilio's JSON resources (field names of twilio.md 5.1)."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from simulator.records import Conference, Entry, Leg, Participant, Queue, Recording, Stream

if TYPE_CHECKING:
    from simulator.exchange import Exchange

Resource = dict[str, Any]


def _date(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None


def root(exchange: Exchange) -> str:
    return f"/2010-04-01/Accounts/{exchange.account_sid}"


def call(exchange: Exchange, leg: Leg) -> Resource:
    uri = f"{root(exchange)}/Calls/{leg.sid}"
    return {
        "sid": leg.sid,
        "account_sid": exchange.account_sid,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "to": leg.to,
        "to_formatted": leg.to,
        "from": leg.from_,
        "from_formatted": leg.from_,
        "phone_number_sid": None,
        "status": leg.status,
        "direction": leg.direction,
        "date_created": _date(leg.created_at),
        "date_updated": _date(exchange.timeline.now()),
        "start_time": _date(leg.answered_at),
        "end_time": _date(leg.ended_at),
        "duration": str(exchange.legs.duration_s(leg)) if leg.over else None,
        "price": None,
        "price_unit": "USD",
        "answered_by": None,
        "api_version": "2010-04-01",
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(leg.queue_time_ms),
        "trunk_sid": None,
        "annotation": None,
        "uri": f"{uri}.json",
        "subresource_uris": {name.lower(): f"{uri}/{name}.json" for name in ("Recordings", "Streams")},
    }


def queue(exchange: Exchange, item: Queue) -> Resource:
    view = exchange.queues.view(item)
    uri = f"{root(exchange)}/Queues/{item.sid}"
    return {
        "sid": item.sid,
        "account_sid": exchange.account_sid,
        "friendly_name": item.name,
        "current_size": len(view.members),
        "average_wait_time": int(view.average_wait_s),
        "max_size": item.max_size,
        "date_created": _date(item.created_at),
        "date_updated": _date(exchange.timeline.now()),
        "uri": f"{uri}.json",
        "subresource_uris": {"members": f"{uri}/Members.json"},
    }


def member(exchange: Exchange, entry: Entry) -> Resource:
    return {
        "call_sid": entry.leg.sid,
        "queue_sid": entry.queue.sid,
        "date_enqueued": _date(entry.entered_at),
        "position": exchange.queues.place(entry),
        "wait_time": exchange.queues.waited_s(entry),
        "uri": f"{root(exchange)}/Queues/{entry.queue.sid}/Members/{entry.leg.sid}.json",
    }


def conference(exchange: Exchange, item: Conference) -> Resource:
    uri = f"{root(exchange)}/Conferences/{item.sid}"
    return {
        "sid": item.sid,
        "account_sid": exchange.account_sid,
        "friendly_name": item.name,
        "status": item.status,
        "region": "ie1",
        "reason_conference_ended": item.end_reason or None,
        "call_sid_ending_conference": item.end_leg or None,
        "api_version": "2010-04-01",
        "date_created": _date(item.created_at),
        "date_updated": _date(item.ended_at or item.created_at),
        "uri": f"{uri}.json",
        "subresource_uris": {"participants": f"{uri}/Participants.json"},
    }


def participant(exchange: Exchange, leg: Leg, seat: Participant | None, room: str, label: str) -> Resource:
    """A participant; without a seat it is still being rung."""
    return {
        "call_sid": leg.sid,
        "account_sid": exchange.account_sid,
        "conference_sid": seat.conference.sid if seat else room,
        "label": label or None,
        "muted": bool(seat and seat.muted),
        "hold": bool(seat and seat.held),
        "coaching": bool(seat and seat.coaching),
        "call_sid_to_coach": seat.coaching or None if seat else None,
        "end_conference_on_exit": bool(seat and seat.end_on_exit),
        "start_conference_on_enter": bool(seat and seat.start_on_enter),
        "status": "connected" if seat else leg.status,
        "queue_time": str(leg.queue_time_ms),
        "date_created": _date(leg.created_at),
        "date_updated": _date(exchange.timeline.now()),
        "uri": f"{root(exchange)}/Conferences/{room}/Participants/{leg.sid}.json",
    }


def stream(exchange: Exchange, item: Stream) -> Resource:
    return {
        "sid": item.sid,
        "account_sid": exchange.account_sid,
        "call_sid": item.leg.sid,
        "name": item.name,
        "status": item.status,
        "date_updated": _date(exchange.timeline.now()),
        "uri": f"{root(exchange)}/Calls/{item.leg.sid}/Streams/{item.sid}.json",
    }


def recording(exchange: Exchange, item: Recording) -> Resource:
    return {
        "sid": item.sid,
        "account_sid": exchange.account_sid,
        "call_sid": item.leg.sid if item.leg else None,
        "conference_sid": item.conference.sid if item.conference else None,
        "status": item.status,
        "channels": item.channels,
        "source": item.source,
        "duration": str(item.duration_s) if item.status == "completed" else None,
        "start_time": _date(item.started_at),
        "date_created": _date(item.started_at),
        "date_updated": _date(exchange.timeline.now()),
        "api_version": "2010-04-01",
        "error_code": None,
        "encryption_details": None,
        "price": None,
        "price_unit": "USD",
        "track": "both",
        "uri": f"{root(exchange)}/Recordings/{item.sid}.json",
    }
