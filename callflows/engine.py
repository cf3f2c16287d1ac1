"""The engine: one event in, one document out. Pure: the same session, event and time give the same step.

Every step ends in exactly one closing effect, whatever the event: a call is never left without a next instruction.
"""

from __future__ import annotations

from datetime import datetime

from callflows import asking, promising, waiting
from callflows.effects import Effect, Enqueue, Gather, Hangup, LeaveQueue, Record
from callflows.events import (
    AnswerSpoken,
    CallArrived,
    Continued,
    DigitsPressed,
    Event,
    InputTimedOut,
    QueueLeft,
    Recorded,
    TalkEnded,
    WaitKeyPressed,
    WaitLooped,
)
from callflows.facts import CallStarted
from callflows.flow import Flow
from callflows.hours import is_open
from callflows.nodes import (
    AskNode,
    HangupNode,
    HoursNode,
    IncidentNode,
    LanguageNode,
    MenuNode,
    NoticeNode,
    PassageNode,
    QueueNode,
    RatingNode,
    RecordNode,
    ReturnNode,
    SayNode,
)
from callflows.promise_nodes import CallbackNode, NumberNode, OfferedNode, SlotsNode, VoicemailNode
from callflows.session import Session
from callflows.set_node import SetNode
from callflows.turn import Context, Incident, Step, Turn, Visit

__all__ = ["Context", "Incident", "Step", "Visit", "closed", "start", "step"]

UNATTENDED_LIMIT = 30  # documents in a row without a key from the caller: nobody is listening any more
MOVED = frozenset({"bridged", "bridging-in-process", "redirected", "redirected-from-bridged"})  # twilio.md 1.4


def start(
    flow: Flow, *, call_id: str, leg: str, event: CallArrived, now: datetime, context: Context | None = None
) -> Step:
    """The first step of a call. `leg` is the caller's CallSid."""
    session = Session(
        call_id=call_id,
        flow=flow.name,
        flow_version=flow.version,
        language=flow.language,
        node=flow.start,
        phase="menu",
        leg=leg,
        from_number=event.from_number,
        to_number=event.to_number,
        started_at=now,
    )
    turn = Turn(flow, session, now, context or Context())
    turn.facts.append(
        CallStarted(
            at=now,
            key="call-started",
            leg=leg,
            from_number=event.from_number,
            to_number=event.to_number,
            flow=flow.name,
            flow_version=flow.version,
        )
    )
    _go(turn, flow.start)
    return turn.finish(event)


def step(flow: Flow, session: Session, event: Event, now: datetime, *, context: Context | None = None) -> Step:
    """The next step. An event that does not fit the session changes nothing: the caller is told the same again, or
    is taken out of, or back into, the queue that the event says they are in."""
    in_wait_loop = isinstance(event, WaitLooped | WaitKeyPressed)
    if not _fits(session, event):
        effects: tuple[Effect, ...]
        if session.phase == "ended":
            effects = (Hangup(),)
        elif session.phase == "menu":
            effects = (LeaveQueue(),) if in_wait_loop else session.effects
        else:
            effects = (Enqueue(queue=session.queue or ""),)
        return Step(session.model_copy(update={"effects": effects}), effects, ())
    number = {"loop": session.loop + 1} if in_wait_loop else {"step": session.step + 1}
    asked = session.effects[-1] if session.effects else None
    listened = session.step if isinstance(asked, Gather) and asked.speech == "on" else None
    turn = Turn(flow, session.model_copy(update={**number, "listened": listened}), now, context or Context())
    target = _take(turn, event)
    if not turn.effects:
        _go(turn, target or "")
    return turn.finish(event)


def closed(flow: Flow, session: Session, now: datetime, *, context: Context | None = None) -> bool:
    """Whether the helpdesk has closed for a caller who waits in a queue of the flow."""
    node = flow.nodes.get(session.node)
    return isinstance(node, QueueNode) and waiting.closed(Turn(flow, session, now, context or Context()), node)


def _take(turn: Turn, event: Event) -> str | None:
    """What the event does at the node where the session stands. Gives the node to go to next."""
    node = turn.flow.nodes.get(turn.session.node)
    match node, event:
        case QueueNode(), WaitLooped():
            waiting.round_of_waiting(turn, node, event)
        case QueueNode(), WaitKeyPressed():
            waiting.key_pressed(turn, node, event.digits)
        case QueueNode(), QueueLeft():
            return waiting.left(turn, node, event)
        case QueueNode(), TalkEnded():
            return node.done
        case LanguageNode() | MenuNode() | NoticeNode() | AskNode() | RecordNode() | RatingNode(), _:
            return asking.answered(turn, node, event)
        case SlotsNode(), DigitsPressed() | AnswerSpoken() | InputTimedOut():
            return promising.slot_chosen(turn, node, event)
        case _:  # the flow is not the one that this session was made by
            turn.give_up()
    return None


def _go(turn: Turn, target: str) -> None:
    """Walk from node to node until one of them closes the document."""
    if turn.session.phase == "waiting":
        unattended = turn.session.unattended + 1
        turn.change(phase="menu", queue=None, loop=0, pending_exit=None, pending_queue=None, unattended=unattended)
    if turn.session.unattended > UNATTENDED_LIMIT:
        return turn.give_up()
    for _ in range(len(turn.flow.nodes)):  # more would be a circle; `check` finds those before they go live
        node = turn.flow.nodes.get(target)
        if node is None:
            break
        turn.change(node=target, attempts=0)
        turn.path.append(Visit(target, len(turn.spoken)))
        match node:
            case SayNode():
                turn.speak(node)
                target = node.next
            case HoursNode():
                calendar = turn.flow.calendars[node.calendar]
                target = node.exits()[is_open(calendar, turn.now, always_open=turn.context.always_open)]
            case IncidentNode():
                turn.tell_incidents(node.prompt)
                target = node.next
            case PassageNode():
                target = node.next
            case SetNode():
                turn.change(**node.given)
                target = node.next
            case OfferedNode():
                target = node.yes if turn.session.callback_offered else node.no
            case SlotsNode():
                way_on = promising.ask_slot(turn, node)
                if way_on is None:
                    return None
                target = way_on
            case NumberNode():
                target = promising.look_at_number(turn, node)
            case CallbackNode():
                target = promising.request_callback(turn, node)
            case VoicemailNode():
                target = promising.leave_voicemail(turn, node)
            case QueueNode():
                return waiting.enter(turn, node)
            case HangupNode():
                turn.speak(node)
                return turn.hang_up(node.outcome)
            case ReturnNode():  # a flow that nobody called is over
                return turn.hang_up("left-menu")
            case LanguageNode() | MenuNode() | NoticeNode() | AskNode() | RecordNode() | RatingNode():
                return asking.ask(turn, node)
            case _:
                break
    return turn.give_up()


def _fits(session: Session, event: Event) -> bool:
    match session.phase, event:
        case "menu", DigitsPressed() | InputTimedOut():
            return True
        case "menu", AnswerSpoken():
            return bool(session.effects) and isinstance(session.effects[-1], Gather)
        case "menu", Recorded() | Continued():
            return bool(session.effects) and isinstance(session.effects[-1], Record)
        case "waiting", QueueLeft():
            return event.result not in MOVED
        case "waiting", WaitLooped() | WaitKeyPressed() | TalkEnded():
            return True
        case _:
            return False
