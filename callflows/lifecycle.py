"""Life cycles as tables: (status, event) -> status. What the provider and people report late, twice or in another
order is listed too, with the reason; a pair that is not listed is impossible, and `advance` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Table = dict[tuple[str, str], str]


class Impossible(ValueError):
    """The table has no row for this event in this status."""

    def __init__(self, cycle: str, status: str, event: str) -> None:
        super().__init__(f'"{event}" cannot happen to {cycle} that is "{status}"')
        self.status = status
        self.event = event


@dataclass(frozen=True)
class LifeCycle:
    """`name` completes "cannot happen to ..."; nothing leads out of a `final` status."""

    name: str
    start: str
    final: frozenset[str]
    table: Mapping[tuple[str, str], str]

    @property
    def statuses(self) -> frozenset[str]:
        return frozenset({self.start, *self.final, *self.table.values()})

    @property
    def events(self) -> frozenset[str]:
        return frozenset(event for _, event in self.table)


def advance(cycle: LifeCycle, status: str, event: str) -> str:
    """The status after `event`: the same one when it is late or repeated. Raises Impossible."""
    try:
        return cycle.table[status, event]
    except KeyError:
        raise Impossible(cycle.name, status, event) from None


def _stays(statuses: Iterable[str], events: Iterable[str]) -> Table:
    """Rows that change nothing: every one of `events` in every one of `statuses`."""
    told = tuple(events)
    return {(status, event): status for status in statuses for event in told}


# A leg at the provider; the events are the words of its status callbacks (twilio.md 1.2, 1.6).
_LEG_FINAL = ("completed", "busy", "failed", "no-answer", "canceled")
LEG = LifeCycle(
    "a leg",
    "queued",
    frozenset(_LEG_FINAL),
    {("queued", word): word for word in ("initiated", "ringing", "in-progress", *_LEG_FINAL)}
    # steps may be missing: only what was asked for is reported, and any report may be lost
    | {("initiated", word): word for word in ("ringing", "in-progress", *_LEG_FINAL)}
    | {("ringing", word): word for word in ("in-progress", *_LEG_FINAL)}
    # busy, no-answer and canceled after in-progress: a machine or a second leg decided so after the answer
    | {("in-progress", word): word for word in _LEG_FINAL}
    # callbacks are separate requests and overtake each other; repeated ones come from the provider's retries
    | _stays(["queued"], ["queued"])
    | _stays(["initiated"], ["queued", "initiated"])
    | _stays(["ringing"], ["queued", "initiated", "ringing"])
    | _stays(["in-progress"], ["queued", "initiated", "ringing", "in-progress"])
    # a leg that is over stays over, and as it first was: a second final word comes from the REST call that ended it
    | _stays(_LEG_FINAL, ["queued", "initiated", "ringing", "in-progress", *_LEG_FINAL]),
)

# An offer of one waiting call to one operator.
OFFER = LifeCycle(
    "an offer",
    "made",
    frozenset({"declined", "lapsed", "withdrawn"}),
    {
        ("made", "accepted"): "accepted",
        ("made", "declined"): "declined",
        ("made", "lapsed"): "lapsed",
        ("made", "withdrawn"): "withdrawn",
        # the caller hung up, or the connection was given up, between the click and the first word
        ("accepted", "withdrawn"): "withdrawn",
    }
    # a double click, or two tabs of one operator: the first click counts
    | _stays(["accepted"], ["accepted", "declined"])
    # the deadline was read before the click was written
    | _stays(["accepted"], ["lapsed"])
    # over is over; whoever comes late is told. `accepted` is not listed: that operator must hear that it is too late
    | _stays(["declined", "lapsed", "withdrawn"], ["declined", "lapsed", "withdrawn"]),
)

_FREE = ("away", "pause", "ready")
_OPERATOR_LATE = ("offer-declined", "offer-lapsed", "offer-withdrawn", "connection-lost", "talk-ended", "wrap-up-ended")
OPERATOR = LifeCycle(
    "an operator",
    "away",
    frozenset(),
    {(status, f"{chosen}-chosen"): chosen for status in _FREE for chosen in _FREE}
    | {
        ("ready", "offer-made"): "offered",
        ("offered", "offer-accepted"): "connecting",
        ("offered", "offer-declined"): "ready",
        # nobody answered there: a pause, so that an empty chair does not eat the next offers
        ("offered", "offer-lapsed"): "pause",
        ("offered", "offer-withdrawn"): "ready",
        # choosing another state while it rings is a decline
        ("offered", "pause-chosen"): "pause",
        ("offered", "away-chosen"): "away",
        ("connecting", "connected"): "talking",
        ("connecting", "offer-withdrawn"): "ready",
        ("connecting", "connection-lost"): "pause",
        ("talking", "talk-ended"): "wrap-up",
        # the operator's leg is gone but the caller's is not: that operator is not asked again until they say so
        ("talking", "connection-lost"): "pause",
        ("wrap-up", "wrap-up-ended"): "ready",
    }
    # it rings: the operator is ready already
    | _stays(["offered"], ["ready-chosen"])
    # the offer's deadline, or a second tab's click, after the first click
    | _stays(["connecting", "talking", "wrap-up"], ["offer-accepted", "offer-declined", "offer-lapsed"])
    # busy: the choice is kept and takes effect after the wrap-up
    | _stays(["connecting", "talking", "wrap-up"], [f"{chosen}-chosen" for chosen in _FREE])
    # both legs' joins report the connection
    | _stays(["talking"], ["connected"])
    # the caller left at the moment of the connection: the talk's own end decides
    | _stays(["talking"], ["offer-withdrawn"])
    # the room reports late what is known already: who joined, who left, that it ended
    | _stays(["wrap-up"], ["connected", "talk-ended", "connection-lost", "offer-withdrawn"])
    # a deadline and a click, or a callback and its repetition, told after the operator moved on
    | _stays(_FREE, ["connected", "offer-accepted", *_OPERATOR_LATE])
    # what belongs to an earlier call, told while the next one rings or connects
    | _stays(["offered", "connecting"], ["talk-ended", "wrap-up-ended"])
    | _stays(["offered"], ["connected", "connection-lost"])
    | _stays(["talking"], ["wrap-up-ended"]),
)

# The delivery of one call into the ticketing store.
TICKET_SYNC = LifeCycle(
    "a ticket sync",
    "pending",
    frozenset(),
    {
        ("pending", "delivered"): "delivered",
        ("pending", "attempt-failed"): "retrying",
        ("pending", "given-up"): "failed",
        ("retrying", "delivered"): "delivered",
        ("retrying", "attempt-failed"): "retrying",
        ("retrying", "given-up"): "failed",
        ("failed", "retry-asked"): "pending",
        ("retrying", "retry-asked"): "pending",
        # the store answered after we had stopped waiting: what counts is that it has the call
        ("failed", "delivered"): "delivered",
        # the wrap-up ends after the first delivery: the entry is updated
        ("delivered", "call-changed"): "pending",
        ("retrying", "call-changed"): "pending",
        ("failed", "call-changed"): "pending",
    }
    # the job runs at least once, so it may run again
    | _stays(["delivered"], ["delivered", "retry-asked"])
    # an attempt that was overtaken by a later one fails after it
    | _stays(["delivered"], ["attempt-failed", "given-up"])
    | _stays(["failed"], ["attempt-failed", "given-up"])
    | _stays(["pending"], ["call-changed", "retry-asked"]),
)

# A callback that a caller asked for. `waiting`: it stands in the queue; `dialling`: one attempt is live.
_CALLBACK_FINAL = ("reached", "unreached", "returned", "cancelled")
_CALLBACK_LATE = ("begun", "dialled", "reached", "attempt-failed", "attempts-used-up", "caller-returned", "cancelled")
CALLBACK = LifeCycle(
    "a callback",
    "scheduled",
    frozenset(_CALLBACK_FINAL),
    {
        ("scheduled", "begun"): "waiting",
        ("waiting", "dialled"): "dialling",
        ("dialling", "reached"): "reached",
        ("dialling", "attempt-failed"): "scheduled",
        ("dialling", "attempts-used-up"): "unreached",
        # the caller rings again before their turn, or says that it is not needed any more
        ("scheduled", "caller-returned"): "returned",
        ("waiting", "caller-returned"): "returned",
        ("scheduled", "cancelled"): "cancelled",
        ("waiting", "cancelled"): "cancelled",
        # the caller answers, and presses the key for "not needed any more"
        ("dialling", "cancelled"): "cancelled",
    }
    # two tickers begin it, and the report of an attempt comes twice
    | _stays(["waiting"], ["begun"])
    | _stays(["scheduled"], ["attempt-failed", "attempts-used-up"])
    # over is over: reports of its last attempt come late
    | _stays(_CALLBACK_FINAL, _CALLBACK_LATE),
)

LIFE_CYCLES = (LEG, OFFER, OPERATOR, TICKET_SYNC, CALLBACK)
