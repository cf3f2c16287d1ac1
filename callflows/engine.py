"""The engine: one event in, one document out. Pure: the same session, event and time give the same step.

Every step ends in exactly one closing effect, whatever the event: a call is never left without a next instruction.
"""

from __future__ import annotations

from datetime import datetime

from callflows.effects import Effect, Enqueue, Hangup, LeaveQueue
from callflows.events import (
    CallArrived,
    DigitsPressed,
    Event,
    InputTimedOut,
    QueueLeft,
    TalkEnded,
    WaitKeyPressed,
    WaitLooped,
)
from callflows.facts import CallStarted
from callflows.flow import Flow
from callflows.session import Session
from callflows.turn import Context, Step, Turn, Visit

__all__ = ["Context", "Step", "Visit", "start", "step"]

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
    turn.go(flow.start)
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
    turn = Turn(flow, session.model_copy(update=number), now, context or Context())
    turn.take(event)
    return turn.finish(event)


def _fits(session: Session, event: Event) -> bool:
    match session.phase, event:
        case "menu", DigitsPressed() | InputTimedOut():
            return True
        case "waiting", QueueLeft():
            return event.result not in MOVED
        case "waiting", WaitLooped() | WaitKeyPressed() | TalkEnded():
            return True
        case _:
            return False
