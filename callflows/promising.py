"""Nodes by which a caller leaves something to be done: a callback, at once in turn or at a chosen time, or a message.

Every function gives the node to go to, or None when it has closed the document.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import phonenumbers
from phonenumbers import PhoneNumberType

from callflows.effects import Gather
from callflows.events import AnswerSpoken, DigitsPressed, Event
from callflows.facts import CallbackRequested, VoicemailLeft
from callflows.node_parts import CALLER_NUMBER
from callflows.nodes import QueueNode
from callflows.promise_nodes import CallbackNode, NumberNode, SlotsNode, VoicemailNode
from callflows.session import Session
from callflows.slots import Slot, due_at, slot_args, slots
from callflows.turn import Turn

_OFFERED = "slots-offered"  # variable: what was read out, so that a key means what was said
_DEAR = frozenset(
    {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN, PhoneNumberType.PAGER}
)
_NO_CALENDAR_DUE = timedelta(days=1)


# --- a time


def ask_slot(turn: Turn, node: SlotsNode, preface: str = "") -> str | None:
    """Read out the times there are, each with its key, or go on by `none`."""
    calendar = turn.flow.calendars[node.calendar]
    offered = slots(calendar, turn.now)
    if not offered:
        return node.none
    turn.store(_OFFERED, "|".join(_written(slot) for slot in offered))
    if preface:
        turn.say(preface)
    turn.say(node.prompt)
    for key, slot in enumerate(offered, start=1):
        turn.say(node.slot_prompt, key=key, **slot_args(calendar, slot, turn.now))
    speech = turn.listens(node)
    turn.effects = (Gather(spoken=tuple(turn.spoken), digits=1, timeout_s=node.timeout_s, speech=speech),)
    return None


def slot_chosen(turn: Turn, node: SlotsNode, event: Event) -> str | None:
    """A key, or none; after `retries` more questions in vain by `no_input`."""
    pressed = event.digits if isinstance(event, DigitsPressed | AnswerSpoken) else ""
    offered = turn.session.variables.get(_OFFERED, "").split("|")
    if pressed.isascii() and pressed.isdigit() and 1 <= int(pressed) <= len(offered):
        turn.change(unattended=0)
        turn.store(node.store, offered[int(pressed) - 1])
        return node.next
    turn.change(unattended=0 if pressed else turn.session.unattended + 1, attempts=turn.session.attempts + 1)
    if turn.session.attempts > node.retries:
        return node.no_input
    unknown = pressed or isinstance(event, AnswerSpoken)
    return ask_slot(turn, node, node.wrong_key_prompt if unknown else node.no_input_prompt)


def _written(slot: Slot) -> str:
    return f"{slot.begins_at.isoformat()}/{slot.ends_at.isoformat()}"


def _read(text: str) -> Slot | None:
    begins, _, ends = text.partition("/")
    return Slot(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) if ends else None


# --- what is left


def request_callback(turn: Turn, node: CallbackNode) -> str:
    """Note that the caller wants to be rung back; `refused` for a number that is not rung, and without a queue."""
    given = turn.filled({"chosen": node.number, "own": CALLER_NUMBER})
    number = given["chosen"] or given["own"]
    place = _place(turn, node.queue)
    if not may_be_rung(number, node.countries) or place is None:
        return node.refused
    queue_node, queue = place
    slot = _read(turn.session.variables.get(node.slot, ""))
    turn.note(
        CallbackRequested(
            at=turn.now,
            key="callback-requested",
            queue=queue,
            number=number,
            slot_begins_at=slot.begins_at if slot else None,
            slot_ends_at=slot.ends_at if slot else None,
            session=_talk(turn.session, queue_node, queue).model_dump(mode="json"),
            calendar=turn.flow.calendars[node.calendar].model_dump(mode="json"),
        )
    )
    return node.next


def look_at_number(turn: Turn, node: NumberNode) -> str:
    """Whether the number in the node's variable is one that we ring back."""
    return node.good if may_be_rung(turn.filled({"it": node.variable})["it"], node.countries) else node.bad


def leave_voicemail(turn: Turn, node: VoicemailNode) -> str:
    """Note that somebody must listen to what the caller has recorded; without a recording there is nothing to note."""
    recording = turn.filled({"recording": node.recording})["recording"]
    place = _place(turn, node.queue)
    if recording and place is not None:
        due = due_at(turn.flow.calendars[node.calendar], turn.now) or turn.now + _NO_CALENDAR_DUE
        key = f"voicemail-left:{recording}"
        turn.note(VoicemailLeft(at=turn.now, key=key, queue=place[1], recording=recording, due_at=due))
    return node.next


def may_be_rung(number: str, countries: tuple[str, ...]) -> bool:
    """Whether we ring this number back: not one that is withheld, dear, or in a country that nobody expects. A caller
    may type any number, and somebody else pays."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    codes = {phonenumbers.country_code_for_region(country) for country in countries}
    possible = phonenumbers.is_possible_number(parsed) and parsed.country_code in codes
    return possible and phonenumbers.number_type(parsed) not in _DEAR


def _place(turn: Turn, otherwise: str) -> tuple[str, str] | None:
    """The queue node and the queue that the caller came from; else those of the queue `otherwise`."""
    if turn.session.waited_at in turn.flow.nodes and turn.session.waited_in:
        return turn.session.waited_at, turn.session.waited_in
    for name, node in turn.flow.nodes.items():
        if isinstance(node, QueueNode) and node.queue == otherwise:
            return name, otherwise
    return None


def _talk(session: Session, node: str, queue: str) -> Session:
    """The session with which the talk goes on when we have rung the caller back: as if they had waited."""
    return session.model_copy(
        update={
            "node": node,
            "phase": "waiting",
            "queue": queue,
            "queues_entered": 1,
            "step": 0,
            "loop": 0,
            "attempts": 0,
            "unattended": 0,
            "unannounced": 0,
            "pending_exit": None,
            "pending_queue": None,
            "leg": "",  # ours to them, which nobody has rung yet
            "listened": None,
            "variables": {},
            "effects": (),
        }
    )
