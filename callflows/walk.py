"""A flow walked through at a desk: every node, every sentence, as one call would go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callflows import engine
from callflows.asking import SCORES
from callflows.effects import Effect, Enqueue, Gather, LeaveQueue, PlayHoldMusic, ReadOut, Record, Say
from callflows.events import (
    AnswerSpoken,
    CallArrived,
    DigitsPressed,
    Event,
    InputTimedOut,
    QueueLeft,
    Recorded,
    TalkEnded,
    WaitKeyPressed,
    WaitLooped,
)
from callflows.facts import FlowEnded
from callflows.flow import Flow
from callflows.nodes import LanguageNode, Node, NoticeNode, QueueNode, RatingNode, RecordNode
from callflows.prompts import Catalogue
from callflows.speech import Answer, Number, Question, question

ROUNDS = 3  # of the wait loop before an operator answers
MAX_STEPS = 200


def walk(
    flow: Flow,
    catalogue: Catalogue,
    *,
    language: str | None = None,
    at: datetime,
    presses: Sequence[str] = (),
    context: engine.Context | None = None,
) -> Iterator[str]:
    """The lines of one call at `at` (aware), ending with its outcome.

    `language` is chosen by itself at the question for it. `presses` answer the other questions in turn; a notice, and
    the queue, only take a press that they know, as most callers do. One with letters in it is said, at the next
    question where somebody listens. When they are used up the caller says nothing more. In the queue the caller waits
    for a few rounds, and then an operator answers.
    """
    caller = _Caller(flow, language, list(presses))
    event = CallArrived(from_number="+32460000000", to_number="+3225550100")
    step = engine.start(flow, call_id="walk", leg="CAwalk", event=event, now=at, context=context)
    yield f"{flow.name} ({flow.version}), {at:%A %d %B %Y, %H:%M %Z}"
    for _ in range(MAX_STEPS):
        yield from _document(step, catalogue)
        yield from _may_be_said(_listened_to(flow, step))
        ended = next((fact for fact in step.facts if isinstance(fact, FlowEnded)), None)
        if step.session.phase == "ended":
            yield ""
            yield f"Outcome: {ended.outcome if ended else 'abandoned'}"
            return
        doing, answer = caller.answer(step)
        if doing:
            yield f"    > {doing}"
        step = engine.step(flow, step.session, answer, at, context=context)
    yield "Outcome: none; the call does not come to an end."


@dataclass
class _Caller:
    flow: Flow
    language: str | None
    presses: list[str]
    rounds: int = field(default=0)

    def answer(self, step: engine.Step) -> tuple[str, Event]:
        """What the caller does next, in words and as an event."""
        node = self.flow.nodes[step.session.node]
        if isinstance(node, QueueNode):
            return self._wait(node, step.effects[-1])
        if isinstance(node, RecordNode):
            return "speaks for ten seconds", Recorded(recording="REwalk", duration_s=10)
        key: str | None = None
        if isinstance(node, LanguageNode) and self.language is not None:
            key = next((each for each, language in node.keys.items() if language == self.language), None)
        elif self.presses and _is_said(self.presses[0]):
            asked = _listened_to(self.flow, step)
            if asked is not None:
                said = self.presses.pop(0)
                meant = asked.answer([_Word(word) for word in said.split()]) or Answer("", 0.0)
                doing = f"understood as {meant.digits}" if meant.digits else "not understood"
                return f'says "{said}": {doing}', AnswerSpoken(digits=meant.digits, confidence=meant.confidence)
        elif self.presses and _takes(node, self.presses[0]):
            key = self.presses.pop(0)
        if key is None:
            return "says nothing", InputTimedOut()
        return f"presses {key}", DigitsPressed(digits=key)

    def _wait(self, node: QueueNode, closing: Effect) -> tuple[str, Event]:
        if isinstance(closing, LeaveQueue):
            return "", QueueLeft(result="leave")
        if isinstance(closing, Gather) and self.presses and self.presses[0] in node.keys:
            key = self.presses.pop(0)
            return f"presses {key}", WaitKeyPressed(digits=key)
        if isinstance(closing, Enqueue):
            self.rounds = 0
        if self.rounds == ROUNDS:
            return "talks with an operator, who ends the talk", TalkEnded()
        self.rounds += 1
        return "", WaitLooped(position=ROUNDS + 1 - self.rounds, callback=True)


@dataclass(frozen=True)
class _Word:
    word: str
    conf: float = 1.0


def _is_said(press: str) -> bool:
    return any(character.isalpha() for character in press)


def _listened_to(flow: Flow, step: engine.Step) -> Question | None:
    """The question that may be answered by word of mouth."""
    closing = step.effects[-1]
    if not isinstance(closing, Gather) or closing.speech != "on":
        return None
    return question(flow.nodes.get(step.session.node), step.session.language)


def _may_be_said(asked: Question | None) -> Iterator[str]:
    if isinstance(asked, Number):
        yield "    (the digits may be said)"
    elif asked is not None:
        words = [f"{phrase} = {key}" for phrase, key in asked.phrases.items() if phrase not in asked.digits]
        yield f"    (may be said: {', '.join([*words, 'the digits'])})"


def _takes(node: Node, press: str) -> bool:
    """Whether a caller would give this key here: a notice, and the last question, need no answer."""
    if isinstance(node, NoticeNode):
        return press in node.keys
    return not isinstance(node, RatingNode) or press in SCORES


def _document(step: engine.Step, catalogue: Catalogue) -> Iterator[str]:
    """The lines of one document: the nodes it passes, and what is said at each."""
    spoken: list[Effect] = []
    for effect in step.effects:
        spoken += effect.spoken if isinstance(effect, Gather | Record) else (effect,)
    visits = list(step.path)
    for said, part in enumerate(spoken):
        while visits and visits[0].said_before <= said:
            yield f"[{visits.pop(0).node}]"
        if isinstance(part, Say):
            yield f"    {part.language}: {catalogue.text(part.language, part.prompt, part.args)}"
        elif isinstance(part, ReadOut):
            yield f"    {part.language}: {part.text}"
        elif isinstance(part, PlayHoldMusic):
            yield f"    (music, {part.duration_s} s)"
        elif isinstance(part, Enqueue):
            yield f"    (into the queue {part.queue}{_treated(step)})"
    yield from (f"[{visit.node}]" for visit in visits)


def _treated(step: engine.Step) -> str:
    """How the queue is to treat the call, as far as the flow says so."""
    priority = f", as if waited {step.session.priority_s} s" if step.session.priority_s else ""
    return priority + (f", level {step.session.level}" if step.session.level > 1 else "")
