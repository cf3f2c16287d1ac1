"""<Dial>: conferences, other legs (Client, Number) and the front of a queue. Source: twilio.md 1.5."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.records import Callback, Entry, Frame, Leg, Recording
from simulator.timeline import Timer
from simulator.twiml import Verb

if TYPE_CHECKING:
    from simulator.exchange import Exchange

EXTRA_RING_S = 5  # Twilio rings about five seconds longer than asked
DIALLED_LIMIT_S = 14_400
_E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(eq=False)
class Dialling:
    """A <Dial> that is under way on a leg."""

    frame: Frame
    verb: Verb
    nouns: list[Verb] = field(default_factory=list)  # still to be rung, when sequential
    children: list[Leg] = field(default_factory=list)  # ringing or talking
    winner: Leg | None = None
    last: Leg | None = None
    outcome: str = "no-answer"
    timer: Timer | None = None
    limit: Timer | None = None
    recording: Recording | None = None
    entry: Entry | None = None  # the queued call that was taken


class Dialler:
    """Runs every <Dial>."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def dial(self, leg: Leg, frame: Frame, verb: Verb) -> bool:
        """The verb. Gives True when the leg can go on at once."""
        dialling = leg.dialling = Dialling(frame, verb)
        first = verb.children[0] if verb.children else Verb("Number", {}, verb.text)
        leg.doing = "dialling"
        if verb.whole("timeLimit", 0):
            dialling.limit = self._exchange.later(verb.whole("timeLimit", 0), lambda: self._time_is_up(leg))
        if first.name == "Conference":
            code, message = self._exchange.conferences.dial(leg, frame, first)
            if code:
                self._exchange.fault(code, leg.sid, frame.url, message)
                self.after(leg, [("DialCallStatus", "failed")])
            else:
                self._record(leg, dialling)
        elif first.name == "Queue":
            self._take(leg, dialling, first)
        else:
            dialling.nouns = list(verb.children) or [first]
            self._ring_more(leg, dialling)
        return False

    def after(self, leg: Leg, extra: list[tuple[str, str]]) -> None:
        """A <Dial> is over: on to its action, or to the next verb."""
        dialling = self._close(leg)
        if dialling is None or not leg.frames:
            return
        leg.frames = leg.frames[: leg.frames.index(dialling.frame) + 1] if dialling.frame in leg.frames else leg.frames
        extra = extra + self._recorded(dialling)
        action = dialling.verb.get("action")
        if action:
            self._exchange.documents.fetch(leg, dialling.frame, action, dialling.verb.get("method", "POST"), extra)
        else:
            self._exchange.documents.proceed(leg)

    def abandon(self, leg: Leg, *, ended: bool) -> None:
        """The leg leaves its <Dial> for something else; when it `ended`, the action is still told."""
        dialling = self._close(leg)
        if dialling is None:
            return
        for child in [*dialling.children, *([dialling.winner] if dialling.winner else [])]:
            self._exchange.legs.finish(child, "completed" if child.answered_at else "canceled", "the caller left")
        if dialling.entry is not None:
            self._release(dialling.entry, "bridged" if ended else "redirected-from-bridged")
        if ended and dialling.verb.get("action"):
            winner, conference = dialling.winner, _holds(dialling.verb, "Conference")
            status = "answered" if conference else ("completed" if winner or dialling.entry else "canceled")
            extra = [("DialCallStatus", status), *self._child_params(winner), *self._recorded(dialling)]
            base, method = dialling.frame.url, dialling.verb.get("method", "POST")
            self._exchange.documents.tell(leg, base, dialling.verb.get("action"), method, extra)

    def _close(self, leg: Leg) -> Dialling | None:
        dialling: Dialling | None = leg.dialling
        leg.dialling = None
        if dialling is not None:
            for timer in (dialling.timer, dialling.limit):
                if timer is not None:
                    timer.cancel()
            if dialling.recording is not None:
                self._exchange.recorder.complete(dialling.recording)
        return dialling

    def key(self, leg: Leg, digit: str) -> None:
        """`hangupOnStar`: the leg that dialled leaves by pressing *."""
        if digit == "*" and leg.dialling is not None and leg.dialling.verb.true("hangupOnStar", False):
            self._time_is_up(leg)

    def _time_is_up(self, leg: Leg) -> None:
        dialling = leg.dialling
        if dialling is None:
            return
        if leg.seat is not None:
            self._exchange.conferences.kick(leg.seat)
        elif dialling.winner is not None:
            self._exchange.legs.finish(dialling.winner, "completed", "the time limit of the dial")

    def _record(self, leg: Leg, dialling: Dialling) -> None:
        wanted = dialling.verb.get("record", "false")
        if leg.dialling is dialling and wanted not in ("false", "do-not-record"):
            callback = self._exchange.recorder.callback(dialling.frame, dialling.verb)
            channels = 2 if wanted.endswith("dual") else 1
            dialling.recording = self._exchange.recorder.begin(leg, None, "DialVerb", callback, channels=channels)

    def _recorded(self, dialling: Dialling) -> list[tuple[str, str]]:
        if dialling.recording is None:
            return []
        return [("RecordingUrl", self._exchange.recorder.url(dialling.recording))]

    # Ringing other people

    def _ring_more(self, leg: Leg, dialling: Dialling) -> None:
        sequential = dialling.verb.true("sequential", False)
        while dialling.nouns and leg.dialling is dialling and dialling.winner is None:
            noun = dialling.nouns.pop(0)
            if not self._ring(leg, dialling, noun):
                return
            if sequential and dialling.children:
                break
        if leg.dialling is not dialling or dialling.winner is not None:
            return
        if not dialling.children:
            if not dialling.nouns:
                self.after(leg, [("DialCallStatus", dialling.outcome), *self._child_params(dialling.last)])
            return
        if dialling.timer is not None:
            dialling.timer.cancel()
        ring_s = dialling.verb.whole("timeout", 30) + EXTRA_RING_S
        dialling.timer = self._exchange.later(ring_s, lambda: self._nobody(leg, dialling))

    def _ring(self, leg: Leg, dialling: Dialling, noun: Verb) -> bool:
        """Ring one. False when the whole <Dial> is refused."""
        exchange = self._exchange
        identity = noun.text or next((child.text for child in noun.children if child.name == "Identity"), "")
        to = f"client:{identity}" if noun.name == "Client" else identity
        from_ = dialling.verb.get("callerId") or leg.from_
        if noun.name == "Number":
            if not _E164.fullmatch(to):
                exchange.documents.fail(leg, dialling.frame, 13223, dialling.frame.url, f"{to!r} is not a number")
                leg.dialling = None
                return False
            if (from_ not in (leg.from_, leg.to) and from_ not in exchange.numbers) or from_.startswith("client:"):
                exchange.documents.fail(
                    leg, dialling.frame, 13214, dialling.frame.url, f"the caller id {from_!r} is not ours"
                )
                leg.dialling = None
                return False
        child = exchange.legs.new(from_, to, "outbound-dial", parent=leg)
        child.offered = {c.get("name"): c.get("value") for c in noun.children if c.name == "Parameter"}
        base, resolve = dialling.frame.url, exchange.documents.resolve
        if noun.get("statusCallback"):
            events = frozenset(noun.get("statusCallbackEvent", "completed").split())
            child.callback = Callback(
                resolve(base, noun.get("statusCallback")), noun.get("statusCallbackMethod", "POST"), events
            )
        if noun.get("url"):
            child.voice = (resolve(base, noun.get("url")), noun.get("method", "POST"))
        dialling.children.append(child)
        dialling.last = child
        exchange.legs.ring(child)
        return True

    def answered(self, child: Leg) -> None:
        """A dialled leg was picked up: the first wins; its own document, if any, runs before the bridge."""
        leg = child.parent
        dialling: Dialling | None = leg.dialling if leg else None
        if leg is None or dialling is None or child not in dialling.children:
            return
        for other in [other for other in dialling.children if other is not child]:
            dialling.children.remove(other)
            self._exchange.legs.finish(other, "canceled", "somebody else answered")
        dialling.nouns = []
        if dialling.timer is not None:
            dialling.timer.cancel()
        if child.voice[0]:
            self._exchange.documents.begin(child, "screen", when_out=lambda: self._bridge(leg, dialling, child))
        else:
            self._bridge(leg, dialling, child)

    def _bridge(self, leg: Leg, dialling: Dialling, child: Leg) -> None:
        if leg.over or leg.dialling is not dialling:
            return
        self._exchange.legs.take_up(leg)
        dialling.children.remove(child)
        dialling.winner = child
        child.frames = []
        self._talk(leg, child)
        self._record(leg, dialling)

    def _talk(self, one: Leg, two: Leg) -> None:
        room = f"bridge-{one.sid}"
        one.bridge, two.bridge = two, one
        for leg in (one, two):
            leg.doing = "talking"
            self._exchange.sound.join(room, leg.sid, muted=False, held=False, coaches=None)
            self._exchange.notice(leg, "room", room=room, others=1, held=False, muted=False)

    def part(self, leg: Leg) -> None:
        """A leg leaves its bridge; the other end goes on (or ends, when it was only dialled)."""
        other, leg.bridge = leg.bridge, None
        if other is None:
            return
        other.bridge = None
        for side in (leg, other):
            self._exchange.sound.leave(f"bridge-{leg.sid}", side.sid)
            self._exchange.sound.leave(f"bridge-{other.sid}", side.sid)

    def child_left(self, child: Leg) -> None:
        """A dialled leg ended, or was taken elsewhere by REST."""
        leg = child.parent
        dialling: Dialling | None = leg.dialling if leg else None
        if leg is None or dialling is None:
            return
        if dialling.winner is child:
            params = [("DialCallStatus", "completed"), *self._child_params(child), ("DialBridged", "true")]
            self.after(leg, params)
        elif child in dialling.children:
            dialling.children.remove(child)
            dialling.outcome = "no-answer" if child.status in ("completed", "canceled") else child.status
            if not dialling.children:
                self._ring_more(leg, dialling)

    def _nobody(self, leg: Leg, dialling: Dialling) -> None:
        for child in list(dialling.children):
            self._exchange.legs.finish(child, "no-answer", "nobody answered")

    def _child_params(self, child: Leg | None) -> list[tuple[str, str]]:
        if child is None:
            return []
        params = [("DialCallSid", child.sid)]
        if child.answered_at is not None and child.ended_at is not None:
            params.append(("DialCallDuration", str(int((child.ended_at - child.answered_at).total_seconds()))))
        return params

    # Taking from a queue

    def _take(self, leg: Leg, dialling: Dialling, noun: Verb) -> None:
        queue = self._exchange.queues.named(noun.text)
        entry = self._exchange.queues.front(queue) if queue else None
        if entry is None:
            self.after(leg, [("DialCallStatus", "no-answer"), ("QueueResult", "queue-empty")])
            return
        queued = entry.leg
        waited = self._exchange.queues.result(entry, "bridged")[1:]
        self._exchange.queues.take_out(queued)
        dialling.entry = entry
        queued.taken_by = leg
        if noun.get("url"):
            extra = [*waited, ("DequeingCallSid", leg.sid)]
            whisper = Frame("whisper", dialling.frame.url, extra=lambda: extra)
            whisper.when_out = whisper.when_faulty = lambda: self._join_queued(leg, dialling, queued)
            self._exchange.documents.push(queued, whisper, noun.get("url"), noun.get("method", "POST"))
        else:
            self._join_queued(leg, dialling, queued)

    def _join_queued(self, leg: Leg, dialling: Dialling, queued: Leg) -> None:
        if leg.dialling is not dialling:
            self._release(dialling.entry, "bridging-in-process")
            return
        queued.frames = queued.frames[:1]
        self._talk(leg, queued)
        self._record(leg, dialling)

    def queued_left(self, leg: Leg, queued: Leg) -> None:
        """The call that was taken from the queue ended or was taken elsewhere."""
        dialling: Dialling | None = leg.dialling
        if dialling is not None and dialling.entry is not None and dialling.entry.leg is queued:
            entry, dialling.entry = dialling.entry, None
            queued.taken_by = None
            result = self._exchange.queues.result(entry, "bridged")
            self._exchange.queues.tell(entry, "bridged" if queued.over else "redirected-from-bridged")
            self.after(leg, [("DialCallStatus", "answered"), ("DialBridged", "true"), *result])

    def _release(self, entry: Entry | None, result: str) -> None:
        """The bridge is over for the queued leg: on with its Enqueue's action."""
        if entry is None or entry.leg.over or entry.leg.entry is not None or not entry.leg.frames:
            return
        queued, exchange = entry.leg, self._exchange
        queued.taken_by = None
        extra = [("QueueResult", result), *exchange.queues.result(entry, "bridged")[1:]]
        exchange.documents.interrupt(queued)
        queued.frames = queued.frames[:1]
        if entry.verb.get("action"):
            method = entry.verb.get("method", "POST")
            exchange.documents.fetch(queued, queued.frames[0], entry.verb.get("action"), method, extra)
        else:
            exchange.documents.proceed(queued)


def _holds(verb: Verb, noun: str) -> bool:
    return any(child.name == noun for child in verb.children)
