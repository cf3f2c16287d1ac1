"""A caller's way through the flow: one request in, one document out.

Facts first (SQL decides who took a step), then the session (Redis), then the answer.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from callflows import engine
from callflows.effects import Enqueue, Gather, Say
from callflows.events import (
    AnswerSpoken,
    CallArrived,
    Continued,
    DigitsPressed,
    Event,
    InputTimedOut,
    Recorded,
    TalkEnded,
    WaitKeyPressed,
)
from callflows.facts import StepTaken
from callflows.flow import Flow
from callflows.replay import classify
from callflows.session import Session
from callflows.speech import Answer, Question, question
from foundation.clock import Clock
from foundation.errors import NotFound, StaleSession
from ivr import twiml
from ivr.call_log import CallLog
from ivr.listening import Ears
from ivr.sessions import Sessions
from ivr.urls import VoiceUrls
from ivr.waiting import Waiting

log = logging.getLogger(__name__)

LISTEN_ON_S = 2  # more for a caller who is speaking, each time

_NAMESPACE = uuid.UUID("7d1b7a52-4f0c-5c1e-9c58-0d0e6f7a9b11")
# QueueResult words that mean "an operator is taking this caller" (twilio.md 1.4): the flow does not move for them.
_TAKEN = frozenset({"bridged", "bridging-in-process", "redirected", "redirected-from-bridged"})


class Flows(Protocol):
    """The flows of the installation; a call keeps the version it began with."""

    def answering(self, number: str) -> Flow: ...
    def version(self, name: str, version: str) -> Flow: ...


class IncidentMessages(Protocol):
    """What a supervisor has set for callers to hear."""

    def told(self) -> tuple[engine.Incident, ...]: ...


class TalkingRoom(Protocol):
    """The conversation, as the flow needs it."""

    def caller_document(self, call_id: str) -> str: ...


class Texts(Protocol):
    """The catalogue of prompts."""

    def text(self, language: str, prompt: str, args: Mapping[str, str | int | float]) -> str: ...


def call_id_of(leg: str) -> str:
    """The id of the call that a caller's leg begins: the same leg is always the same call, however often reported."""
    return str(uuid.uuid5(_NAMESPACE, leg))


class IvrService:
    """Runs the flow for callers."""

    def __init__(
        self,
        flows: Flows,
        sessions: Sessions,
        call_log: CallLog,
        waiting: Waiting,
        talking_room: TalkingRoom,
        incidents: IncidentMessages,
        ears: Ears,
        texts: Texts,
        urls: VoiceUrls,
        clock: Clock,
        *,
        context: engine.Context,
    ) -> None:
        self._flows = flows
        self._sessions = sessions
        self._call_log = call_log
        self._waiting = waiting
        self._talking_room = talking_room
        self._incidents = incidents
        self._ears = ears
        self._texts = texts
        self._urls = urls
        self._clock = clock
        self._context = context

    def arrive(self, leg: str, from_number: str, to_number: str) -> str:
        """A caller rings; ringing twice (a retried webhook) is one call."""
        call_id = call_id_of(leg)
        known = self._sessions.at_hand(call_id)
        if known is not None:
            return self._render(known)
        event = CallArrived(from_number=from_number, to_number=to_number)
        flow = self._flows.answering(to_number)
        step = engine.start(
            flow, call_id=call_id, leg=leg, event=event, now=self._clock.now(), context=self._context_now()
        )
        return self._take(step, over=None)

    def answer(self, call_id: str, asked_step: int, digits: str) -> str:
        """The keys pressed in answer to a question of the menu ("" for none), or the end of what was said."""
        session = self._session(call_id)
        if classify(session.step, asked_step) != "advance":
            return self._again(session)
        if digits:
            return self._step(session, DigitsPressed(digits=digits))
        # Silence and "nothing was asked" arrive alike (twilio.md 1.3); what we said last tells them apart.
        asked = _asked(session)
        if asked is None:
            return self._step(session, Continued())
        if asked.speech == "on" and self._ears.speaks(session):
            return twiml.listen_on(session, asked, self._urls, timeout_s=LISTEN_ON_S)
        return self._step(session, InputTimedOut())

    def question(self, call_id: str, step: int) -> Question | None:
        """What may be said in answer to the question of a step; None when nothing may, or when it is answered."""
        session = self._session(call_id)
        asked = _asked(session)
        if session.step != step or asked is None or asked.speech != "on":
            return None
        return question(self._flow(session).nodes.get(session.node), session.language)

    def spoken(self, call_id: str, asked_step: int, answer: Answer) -> bool:
        """The caller has answered by word of mouth. Gives whether they must be sent to the next document: when this
        answer took the step (now, or in an earlier try), and they have not gone further by themselves."""
        session = self._session(call_id)
        asked = _asked(session)
        if classify(session.step, asked_step) == "advance" and asked is not None and asked.speech == "on":
            self._step(session, AnswerSpoken(digits=answer.digits, confidence=answer.confidence))
            session = self._session(call_id)
        if (session.step, session.loop) != (asked_step + 1, 0):
            return False
        taken = [fact for fact in self._call_log.facts_of(call_id) if fact.key == f"step:{session.step}"]
        return any(isinstance(fact, StepTaken) and fact.event["kind"] == "answer-spoken" for fact in taken)

    def recorded(self, call_id: str, asked_step: int, recording: str, url: str, duration_s: int) -> str:
        """The caller's message is recorded, as far as they spoke before a key, a silence or hanging up."""
        session = self._session(call_id)
        if classify(session.step, asked_step) != "advance":
            return self._render(session)
        return self._step(session, Recorded(recording=recording, url=url, duration_s=duration_s))

    def wait(self, call_id: str, asked_step: int, asked_loop: int, digits: str = "") -> str:
        """The next round of the wait loop, or a key pressed in it."""
        session = self._session(call_id)
        if session.phase != "waiting" or asked_step != session.step:
            return self._render(session)
        if classify(session.loop, asked_loop) != "advance":
            return self._render(session)
        if digits:
            return self._step(session, WaitKeyPressed(digits=digits))
        closed = engine.closed(self._flow(session), session, self._clock.now(), context=self._context)
        return self._step(session, self._waiting.look(session, closed=closed))

    def left_queue(self, call_id: str, asked_step: int, result: str) -> str:
        """The caller is out of the provider's queue, for the reason `result` (twilio.md 1.4)."""
        session = self._session(call_id)
        if result in _TAKEN:
            # The document sent by REST should win, but that is not documented (twilio.md 9a): say the same again.
            return self._talking_room.caller_document(call_id)
        if classify(session.step, asked_step) == "advance":
            return self._step(session, self._waiting.left(session, result))
        return self._render(session)

    def after_talk(self, call_id: str, asked_step: int) -> str:
        """The conversation is over and the caller still on the line."""
        session = self._session(call_id)
        if classify(session.step, asked_step) == "advance":
            return self._step(session, TalkEnded())
        return self._render(session)

    def owns(self, call_id: str, leg: str) -> bool:
        """Whether `leg` is the caller's in this call: the leg began it, or was rung for it."""
        if call_id_of(leg) == call_id:
            return True
        try:
            return self._call_log.record_of(call_id).caller_leg == leg
        except NotFound:
            return False

    def session(self, call_id: str) -> Session:
        """The session of a call. Raises NotFound."""
        return self._session(call_id)

    def _session(self, call_id: str) -> Session:
        session = self._sessions.load(call_id)
        if session is None:
            raise NotFound(f"There is no call {call_id}.")
        return session

    def _step(self, session: Session, event: Event) -> str:
        flow, context = self._flow(session), self._context_now()
        return self._take(engine.step(flow, session, event, self._clock.now(), context=context), over=session)

    def _flow(self, session: Session) -> Flow:
        return self._flows.version(session.flow, session.flow_version)

    def _context_now(self) -> engine.Context:
        return replace(self._context, incidents=self._incidents.told(), understood=self._ears.understood())

    def _take(self, step: engine.Step, *, over: Session | None) -> str:
        """Make a step ours: facts, then session. Another request that was first wins, and its answer is given."""
        if not step.facts:  # the event did not fit; nothing has changed
            return self._render(step.session)
        *others, taken = step.facts  # the engine's last fact is StepTaken, whose key only one request can have
        try:
            if not self._call_log.claim(step.session.call_id, taken, *others):
                raise StaleSession("The step is in the call log already.")
            self._sessions.save(step.session, over=over)
        except StaleSession:
            log.info("step was taken by another request", extra={"call": step.session.call_id})
            return self._render(self._sessions.reload(step.session.call_id) or step.session)
        session = step.session
        if over is None or over.phase != "waiting" or over.queues_entered != session.queues_entered:
            self._waiting.enter(session)
        return self._render(session)

    def _render(self, session: Session) -> str:
        return twiml.render(session, self._text, self._urls, self._ears.ticket(session))

    def _again(self, session: Session) -> str:
        """The document of a session, to somebody who comes from outside the queue: who waits goes back into it."""
        if session.phase == "waiting" and session.queue and not isinstance(session.effects[-1], Enqueue):
            return twiml.back_to_queue(session, session.queue, self._urls)
        return self._render(session)

    def _text(self, say: Say) -> str:
        return self._texts.text(say.language, say.prompt, say.args)


def _asked(session: Session) -> Gather | None:
    """The question that a menu ended with."""
    closing = session.effects[-1] if session.effects else None
    return closing if isinstance(closing, Gather) and session.phase == "menu" else None
