"""<Enqueue>: waiting rooms. Source: twilio.md 1.4."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from simulator.records import Entry, Frame, Leg, Queue, QueueView
from simulator.twiml import Verb

if TYPE_CHECKING:
    from simulator.exchange import Exchange

MAX_SIZE = 5000
QueueResult = Literal[
    "bridged", "bridging-in-process", "error", "hangup", "leave", "redirected", "redirected-from-bridged",
    "queue-full", "system-error",
]  # fmt: skip


class Queues:
    """All queues of the account, by SID and by name."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.by_sid: dict[str, Queue] = {}
        self._by_name: dict[str, Queue] = {}

    def named(self, name: str) -> Queue | None:
        return self._by_name.get(name)

    def create(self, name: str, max_size: int = 1000) -> Queue:
        queue = Queue(self._exchange.new_sid("QU"), name, self._exchange.timeline.now(), max_size)
        self.by_sid[queue.sid] = self._by_name[name] = queue
        return queue

    def rename(self, queue: Queue, name: str) -> None:
        del self._by_name[queue.name]
        queue.name = name
        self._by_name[name] = queue

    def delete(self, queue: Queue) -> None:
        del self.by_sid[queue.sid]
        del self._by_name[queue.name]

    def view(self, queue: Queue) -> QueueView:
        members = tuple(entry.leg.sid for entry in queue.members.values())
        return QueueView(queue.sid, queue.name, queue.max_size, members, self._mean_age_s(queue))

    def front(self, queue: Queue) -> Entry | None:
        return next(iter(queue.members.values()), None)

    def place(self, entry: Entry) -> int:
        """Position in the queue, from 1."""
        return bisect_left(entry.queue.tickets, entry.ticket) + 1

    def waited_s(self, entry: Entry) -> int:
        return int((self._exchange.timeline.now() - entry.entered_at).total_seconds())

    def _mean_age_s(self, queue: Queue) -> float:
        if not queue.members:
            return 0.0
        return _epoch_s(self._exchange.timeline.now()) - queue.entered_sum_s / len(queue.members)

    # Coming and going

    def enter(self, leg: Leg, frame: Frame, verb: Verb) -> bool:
        """<Enqueue>: wait here until somebody or something takes the call out."""
        queue = self._by_name.get(verb.text) or self.create(verb.text)
        if len(queue.members) >= min(queue.max_size, verb.whole("maxQueueSize", MAX_SIZE)):
            return self._go_on(leg, frame, verb, [("QueueResult", "queue-full")])
        entry = Entry(leg, queue, queue.next_ticket, self._exchange.timeline.now(), verb, frame.url)
        queue.next_ticket += 1
        queue.members[entry.ticket] = entry
        queue.tickets.append(entry.ticket)
        queue.entered_sum_s += _epoch_s(entry.entered_at)
        leg.entry = entry
        leg.doing = "queued"
        self._exchange.notice(leg, "queued", queue=queue.name)
        url = verb.get("waitUrl")
        if url:
            wait = Frame("wait", frame.url, extra=lambda: self._wait_params(entry))
            wait.when_out = lambda: self._again(leg, entry, wait)
            wait.when_faulty = lambda: self.leave(leg, "error")
            self._exchange.documents.push(leg, wait, url, verb.get("waitUrlMethod", "POST"))
        return False

    def _again(self, leg: Leg, entry: Entry, wait: Frame) -> None:
        """The wait document ran out of verbs: request it again, for ever."""

        def request() -> None:
            wait.url = entry.base
            verb = entry.verb
            self._exchange.documents.fetch(leg, wait, verb.get("waitUrl"), verb.get("waitUrlMethod", "POST"))

        leg.doing = "queued"
        wait_s = self._exchange.documents.breather_s(leg)
        if wait_s:
            self._exchange.documents.later(leg, wait_s, request)
        else:
            request()

    def _wait_params(self, entry: Entry) -> list[tuple[str, str]]:
        queue = entry.queue
        return [
            ("QueueSid", queue.sid),
            ("QueuePosition", str(self.place(entry))),
            ("QueueTime", str(self.waited_s(entry))),
            ("AvgQueueTime", str(int(self._mean_age_s(queue)))),
            ("CurrentQueueSize", str(len(queue.members))),
            ("MaxQueueSize", str(queue.max_size)),
        ]

    def take_out(self, leg: Leg) -> Entry | None:
        """Remove a leg from its queue and stop its wait document; nothing else happens to it."""
        entry, leg.entry = leg.entry, None
        if entry is None:
            return None
        queue = entry.queue
        del queue.members[entry.ticket]
        del queue.tickets[bisect_left(queue.tickets, entry.ticket)]
        queue.entered_sum_s -= _epoch_s(entry.entered_at)
        self._exchange.documents.interrupt(leg)
        leg.frames = leg.frames[:1]
        return entry

    def leave(self, leg: Leg, result: QueueResult) -> None:
        """End the waiting; the leg goes on with the Enqueue's action, or with the next verb."""
        entry = self.take_out(leg)
        if entry is not None and leg.frames:
            if not self._go_on(leg, leg.frames[-1], entry.verb, self.result(entry, result)):
                return
            self._exchange.documents.proceed(leg)

    def tell(self, entry: Entry, result: QueueResult) -> None:
        """Request the action of a leg that has something else to do: the answer has no effect."""
        url = entry.verb.get("action")
        if url:
            method = entry.verb.get("method", "POST")
            self._exchange.documents.tell(entry.leg, entry.base, url, method, self.result(entry, result))

    def result(self, entry: Entry, result: QueueResult) -> list[tuple[str, str]]:
        return [
            ("QueueResult", result),
            ("QueueSid", entry.queue.sid),
            ("QueueTime", str(self.waited_s(entry))),
        ]

    def _go_on(self, leg: Leg, frame: Frame, verb: Verb, extra: list[tuple[str, str]]) -> bool:
        if not verb.get("action"):
            return True
        self._exchange.documents.fetch(leg, frame, verb.get("action"), verb.get("method", "POST"), extra)
        return False


def _epoch_s(moment: datetime) -> float:
    return moment.timestamp()
