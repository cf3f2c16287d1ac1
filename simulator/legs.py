"""The life of a leg: made, rung, answered, taken elsewhere, ended; and who is told. Source: twilio.md 1.2 and 1.6."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from simulator.records import Callback, Direction, Frame, Leg, LegStatus, LegView
from simulator.wire import Params

if TYPE_CHECKING:
    from simulator.exchange import Exchange

CallEvent = Literal["initiated", "ringing", "answered", "completed"]
EXTRA_RING_S = 5  # Twilio rings about five seconds longer than asked
_PLACES = ("City", "State", "Zip")
_COUNTRIES = {"+32": "BE", "+31": "NL", "+33": "FR", "+44": "GB"}


class Legs:
    """Every leg of the account, also those that are over."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.by_sid: dict[str, Leg] = {}
        self.active: dict[str, Leg] = {}

    def new(self, from_: str, to: str, direction: Direction, parent: Leg | None = None) -> Leg:
        """A leg that has not done anything yet."""
        leg = Leg(self._exchange.new_sid("CA"), from_, to, direction, self._exchange.timeline.now(), parent=parent)
        self.by_sid[leg.sid] = self.active[leg.sid] = leg
        return leg

    # Outbound

    def ring(self, leg: Leg, timeout_s: float | None = None) -> None:
        """Ring whoever has this number or identity. Nobody there: the leg fails in a moment."""
        leg.status = "ringing"
        leg.doing = "ringing"
        self.report(leg, "initiated", "initiated")
        client = leg.to.startswith("client:")
        phones = self._exchange.clients if client else self._exchange.phones
        leg.phone = phones.get(leg.to.removeprefix("client:").partition("?")[0])
        if leg.phone is None:
            status: LegStatus = "no-answer" if client else "failed"
            leg.ring_timer = self._exchange.later(0.0, lambda: self.finish(leg, status, "nobody has this address"))
            return
        self.report(leg, "ringing", "ringing")
        data: dict[str, object] = {"from": leg.from_, "to": leg.to}
        if leg.offered:
            data["parameters"] = dict(leg.offered)
        self._exchange.notice(leg, "ringing", **data)
        if timeout_s is not None:
            leg.ring_timer = self._exchange.later(
                timeout_s + EXTRA_RING_S, lambda: self.finish(leg, "no-answer", "nobody answered")
            )

    def answered(self, leg: Leg) -> None:
        """The phone that was rung is picked up."""
        if leg.status != "ringing" or leg.direction == "inbound" or leg.phone is None:
            return
        self._up(leg)
        if leg.direction == "outbound-dial":
            self._exchange.dialler.answered(leg)
        elif leg.joins is not None:
            leg.joins()
        else:
            self._exchange.documents.begin(leg)

    def take_up(self, leg: Leg) -> None:
        """Twilio answers an inbound call; does nothing when it is up already."""
        if leg.status == "ringing" and leg.direction == "inbound":
            self._up(leg)

    def _up(self, leg: Leg) -> None:
        leg.status = "in-progress"
        leg.doing = ""
        leg.answered_at = self._exchange.timeline.now()
        if leg.ring_timer is not None:
            leg.ring_timer.cancel()
        self.limit(leg, leg.limit_s)
        self._exchange.sound.open_leg(leg.sid)
        self._exchange.notice(leg, "answered")
        self.report(leg, "answered", "in-progress")

    def limit(self, leg: Leg, seconds: int) -> None:
        """End the call when it has been up this long from now."""
        if leg.limit_timer is not None:
            leg.limit_timer.cancel()
        leg.limit_timer = self._exchange.later(seconds, lambda: self.finish(leg, "completed", "its time limit"))

    # Changes of course

    def redirect(self, leg: Leg, *, url: str = "", method: str = "POST", twiml: str = "") -> None:
        """REST: leave everything and run another document."""
        leg.voice, leg.twiml = (url, method), twiml
        self._leave_everything(leg, ended=False)
        if not leg.over:
            self._exchange.documents.begin(leg)

    def finish(self, leg: Leg, status: LegStatus, reason: str) -> None:
        """The leg is over; everybody who has to do with it hears of it."""
        if leg.over:
            return
        was_up = leg.status == "in-progress"
        leg.status = status
        leg.ended_at = self._exchange.timeline.now()
        leg.end_reason = reason
        for timer in (leg.ring_timer, leg.limit_timer):
            if timer is not None:
                timer.cancel()
        self._leave_everything(leg, ended=True)
        leg.frames = []
        for stream in leg.streams.values():
            self._exchange.streamer.stop(stream)
        for recording in leg.recordings:
            self._exchange.recorder.complete(recording)
        if was_up:
            self._exchange.sound.close_leg(leg.sid)
        self.active.pop(leg.sid, None)
        self._exchange.notice(leg, "ended", reason=reason)
        self.report(leg, "completed", status)

    def _leave_everything(self, leg: Leg, *, ended: bool) -> None:
        exchange = self._exchange
        entry = exchange.queues.take_out(leg)
        exchange.documents.interrupt(leg)
        if entry is not None:
            exchange.queues.tell(entry, "hangup" if ended else "redirected")
        if leg.taking is not None:
            exchange.recorder.end(leg, "hangup") if ended else exchange.recorder.drop(leg)
        if leg.seat is not None:
            exchange.conferences.leave(leg, "participant_hung_up" if ended else "participant_updated_via_api")
        exchange.dialler.part(leg)
        exchange.dialler.abandon(leg, ended=ended)
        if leg.taken_by is not None:
            exchange.dialler.queued_left(leg.taken_by, leg)
        if leg.parent is not None:
            exchange.dialler.child_left(leg)
        leg.frames = [Frame("main", "")]
        leg.doing = ""

    # What is said about a leg

    def standard(self, leg: Leg, status: str = "") -> list[tuple[str, str]]:
        """The parameters of every request about this leg."""
        params = [
            ("CallSid", leg.sid),
            ("AccountSid", self._exchange.account_sid),
            ("From", leg.from_),
            ("To", leg.to),
            ("Caller", leg.from_),
            ("Called", leg.to),
            ("CallStatus", status or leg.status),
            ("ApiVersion", "2010-04-01"),
            ("Direction", leg.direction),
        ]
        if leg.parent is not None:
            params.append(("ParentCallSid", leg.parent.sid))
        if leg.from_.startswith("+") and leg.to.startswith("+"):  # blanks are sent too, and signed
            for side, number in (("From", leg.from_), ("To", leg.to), ("Caller", leg.from_), ("Called", leg.to)):
                params += [(side + name, "") for name in _PLACES]
                params.append((side + "Country", _COUNTRIES.get(number[:3], "")))
        return params + list(leg.extra.items())

    def report(self, leg: Leg, event: CallEvent, status: str) -> None:
        """A call progress callback, when somebody asked for this event."""
        callback = leg.callback
        if callback is None or event not in callback.events:
            return
        params = [
            *self.standard(leg, status),
            ("CallbackSource", "call-progress-events"),
            ("SequenceNumber", str(leg.sequence)),
            ("Timestamp", self._exchange.rfc2822_now()),
        ]
        leg.sequence += 1
        if event == "completed":
            seconds = self.duration_s(leg)
            params += [("CallDuration", str(seconds)), ("Duration", str(math.ceil(seconds / 60)))]
        self._exchange.tell("call-status", leg.sid, callback, params)

    @staticmethod
    def duration_s(leg: Leg) -> int:
        """Seconds from answer to end, 0 when it was never answered."""
        if leg.answered_at is None or leg.ended_at is None:
            return 0
        return round((leg.ended_at - leg.answered_at).total_seconds())

    @staticmethod
    def view(leg: Leg) -> LegView:
        seat = leg.seat
        return LegView(
            leg.sid, leg.from_, leg.to, leg.direction, leg.status, leg.parent.sid if leg.parent else "",
            leg.doing, leg.entry.queue.name if leg.entry else "", seat.conference.name if seat else "",
            seat.label if seat else "", bool(seat and seat.held), bool(seat and seat.muted),
            tuple(stream.name for stream in leg.streams.values() if stream.status == "in-progress"),
            leg.created_at, leg.answered_at, leg.ended_at, leg.end_reason, dict(leg.extra),
        )  # fmt: skip


def callback_of(url: str, method: str = "POST", events: Params | tuple[str, ...] = ()) -> Callback | None:
    """A call's status callback; without events only its end is reported."""
    names = frozenset(str(event) for event in events) or frozenset({"completed"})
    return Callback(url, method, names) if url else None
