"""One step of the engine in the making: from node to node until the document is closed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from callflows.effects import (
    Effect,
    Enqueue,
    Gather,
    Hangup,
    LeaveQueue,
    PlayHoldMusic,
    Say,
    WaitOn,
)
from callflows.events import (
    DigitsPressed,
    Event,
    InputTimedOut,
    QueueLeft,
    TalkEnded,
    WaitKeyPressed,
    WaitLooped,
)
from callflows.facts import (
    CallEnded,
    Fact,
    FlowEnded,
    LanguageChosen,
    MenuChosen,
    QueueEntered,
    StepTaken,
    TranscriptionRefused,
    WaitAnnounced,
)
from callflows.flow import (
    Choice,
    Flow,
    HangupNode,
    HoursNode,
    LanguageNode,
    MenuNode,
    NoticeNode,
    QueueNode,
    SayNode,
)
from callflows.hours import hours_args, is_open, opening_args
from callflows.session import Session

UNATTENDED_LIMIT = 30  # documents in a row without a key from the caller: nobody is listening any more
WAIT_KEY_TIMEOUT_S = 1  # keys work during the music; this is only the pause after it


@dataclass(frozen=True)
class Context:
    """What the flow may know of the installation."""

    retention_days: int = 30
    always_open: bool = False


@dataclass(frozen=True)
class Visit:
    """A node that a step passed, and how many sentences the document had before it."""

    node: str
    said_before: int


@dataclass(frozen=True)
class Step:
    """The session after the event, the document to give (`session.effects` is the same), and what happened.

    Without `facts` the event changed nothing: answer with the document, and keep the session that is stored.
    """

    session: Session
    effects: tuple[Effect, ...]
    facts: tuple[Fact, ...]
    path: tuple[Visit, ...] = ()


@dataclass
class Turn:
    """One step in the making."""

    flow: Flow
    session: Session
    now: datetime
    context: Context
    spoken: list[Say | PlayHoldMusic] = field(default_factory=list)
    effects: tuple[Effect, ...] = ()
    facts: list[Fact] = field(default_factory=list)
    path: list[Visit] = field(default_factory=list)

    def finish(self, event: Event) -> Step:
        session = self.session.model_copy(update={"effects": self.effects})
        waiting = isinstance(event, WaitLooped | WaitKeyPressed)
        key = f"wait:{session.step}:{session.loop}" if waiting else f"step:{session.step}"
        self.facts.append(
            StepTaken(
                at=self.now, key=key, event=event.model_dump(mode="json"), session=session.model_dump(mode="json")
            )
        )
        return Step(session, self.effects, tuple(self.facts), tuple(self.path))

    def take(self, event: Event) -> None:
        node = self.flow.nodes.get(self.session.node)
        match node, event:
            case QueueNode(), WaitLooped():
                self._wait(node, event)
            case QueueNode(), WaitKeyPressed():
                self._wait_key(node, event.digits)
            case QueueNode(), QueueLeft():
                self._left(node, event.result)
            case QueueNode(), TalkEnded():
                self.go(node.done)
            case LanguageNode() | MenuNode() | NoticeNode(), DigitsPressed() if event.digits:
                self._change(unattended=0)
                self._answer(node, event.digits)
            case LanguageNode() | MenuNode() | NoticeNode(), DigitsPressed() | InputTimedOut():
                self._change(unattended=self.session.unattended + 1)
                self._no_answer(node)
            case _:  # the flow is not the one that this session was made by
                self._give_up()

    def go(self, target: str) -> None:
        """Walk from node to node until one of them closes the document."""
        if self.session.phase == "waiting":
            self._change(phase="menu", queue=None, loop=0, pending_exit=None, unattended=self.session.unattended + 1)
        if self.session.unattended > UNATTENDED_LIMIT:
            return self._give_up()
        for _ in range(len(self.flow.nodes)):  # more would be a circle; `check` finds those before they go live
            node = self.flow.nodes.get(target)
            if node is None:
                break
            self._change(node=target, attempts=0)
            self.path.append(Visit(target, len(self.spoken)))
            match node:
                case SayNode():
                    self._speak(node)
                    target = node.next
                case HoursNode():
                    state = is_open(self.flow.calendars[node.calendar], self.now, always_open=self.context.always_open)
                    target = node.exits()[state]
                case QueueNode():
                    return self._enqueue(node)
                case HangupNode():
                    self._speak(node)
                    return self._hang_up(node.outcome)
                case LanguageNode() | MenuNode() | NoticeNode():
                    return self._ask(node)
        return self._give_up()

    # -- questions

    def _ask(self, node: LanguageNode | MenuNode | NoticeNode, preface: str = "") -> None:
        if preface:
            self._say(preface)
        match node:
            case LanguageNode():
                for key, language in node.keys.items():
                    self.spoken.append(Say(prompt=node.prompt, language=language, args={"key": key}))
            case NoticeNode():
                self._say(node.prompt, retention_days=self.context.retention_days)
            case MenuNode():
                self._say(node.prompt)
        self.effects = (Gather(spoken=tuple(self.spoken), digits=node.digits, timeout_s=node.timeout_s),)

    def _answer(self, node: LanguageNode | MenuNode | NoticeNode, digits: str) -> None:
        match node:
            case LanguageNode() if digits in node.keys:
                self._speak_from_now_on(node.keys[digits])
                self.go(node.next)
            case MenuNode() | NoticeNode() if digits in node.keys:
                self._choose(node.keys[digits], digits)
                self.go(node.keys[digits].exit)
            case NoticeNode():
                self.go(node.next)  # an impatient caller: nothing was asked that this could be the answer to
            case LanguageNode():
                self._again(node, "", node.next)
            case MenuNode():
                self._again(node, node.wrong_key_prompt, node.wrong_key)

    def _no_answer(self, node: LanguageNode | MenuNode | NoticeNode) -> None:
        match node:
            case NoticeNode():
                self.go(node.next)
            case LanguageNode():
                self._again(node, "", node.next)
            case MenuNode():
                self._again(node, node.no_input_prompt, node.no_input)

    def _again(self, node: LanguageNode | MenuNode, preface: str, otherwise: str) -> None:
        self._change(attempts=self.session.attempts + 1)
        if self.session.attempts <= node.retries:
            return self._ask(node, preface)
        if isinstance(node, LanguageNode):
            self._speak_from_now_on(self.flow.language)
        return self.go(otherwise)

    def _speak_from_now_on(self, language: str) -> None:
        self._change(language=language)
        self._note(LanguageChosen(at=self.now, key=f"language:{self.session.step}", language=language))

    def _choose(self, choice: Choice, digits: str) -> None:
        if choice.action == "refuse-transcription" and self.session.transcription:
            self._change(transcription=False)
            self._note(TranscriptionRefused(at=self.now, key="transcription-refused", by="caller"))
        self._chosen(choice.label, digits, f"menu:{self.session.step}")

    def _chosen(self, label: str, digits: str, key: str) -> None:
        if label:
            self._note(MenuChosen(at=self.now, key=key, node=self.session.node, digits=digits, label=label))
            self._change(menu_path=(*self.session.menu_path, label))

    # -- the queue

    def _enqueue(self, node: QueueNode) -> None:
        ordinal = self.session.queues_entered + 1
        self._change(phase="waiting", queue=node.queue, loop=0, queues_entered=ordinal, unannounced=node.announce_every)
        self._note(QueueEntered(at=self.now, key=f"queue:{ordinal}", queue=node.queue, ordinal=ordinal))
        if node.prompt:
            self._say(node.prompt)
        self.effects = (*self.spoken, Enqueue(queue=node.queue))

    def _wait(self, node: QueueNode, event: WaitLooped) -> None:
        if self.session.pending_exit is not None:
            self.effects = (LeaveQueue(),)
            return
        if event.position is not None and self.session.unannounced >= node.announce_every:
            self._announce(node, event.position, event)
        self._change(unannounced=self.session.unannounced + 1)
        self.spoken.append(PlayHoldMusic(duration_s=node.music_s))
        if node.keys:
            self.effects = (Gather(spoken=tuple(self.spoken), digits=1, timeout_s=WAIT_KEY_TIMEOUT_S),)
        else:
            self.effects = (*self.spoken, WaitOn())

    def _announce(self, node: QueueNode, position: int, event: WaitLooped) -> None:
        self._change(unannounced=0)
        key = f"announced:{self.session.step}:{self.session.loop}"
        if event.estimate_s is None:
            self._say(node.announce_prompt, position=position)
            self._note(WaitAnnounced(at=self.now, key=key, position=position, estimate_s=None))
            return
        minutes, bound = event.estimate_minutes or max(1, math.ceil(event.estimate_s / 60)), event.estimate_bound
        self._say(node.estimate_prompt, position=position, minutes=minutes, bound=bound)
        self._note(
            WaitAnnounced(
                at=self.now, key=key, position=position, estimate_s=event.estimate_s, bound=bound, minutes=minutes
            )
        )

    def _wait_key(self, node: QueueNode, digits: str) -> None:
        self.effects = (WaitOn(),)
        choice = node.keys.get(digits)
        if self.session.pending_exit is not None:
            self.effects = (LeaveQueue(),)
        elif choice is not None:
            self._chosen(choice.label, digits, f"menu:{self.session.step}:{self.session.loop}")
            if choice.action == "say-position":
                self._change(unannounced=node.announce_every)
            if choice.exit:
                self._change(pending_exit=choice.exit)
                self.effects = (LeaveQueue(),)

    def _left(self, node: QueueNode, result: str) -> None:
        pending = self.session.pending_exit
        if result == "hangup":
            self._change(phase="ended", pending_exit=None)
            self._note(CallEnded(at=self.now, key="call-ended", reason="hung up in the queue"))
            self.effects = (Hangup(),)
        elif pending is not None:
            self.go(pending)
        elif result == "queue-full":
            self.go(node.full)
        elif result == "leave" and node.left:
            self.go(node.left)
        else:
            self.go(node.failed)

    # -- the end, and the words

    def _hang_up(self, outcome: str) -> None:
        self._change(phase="ended", queue=None, pending_exit=None)
        self._note(FlowEnded(at=self.now, key="flow-ended", outcome=outcome))
        self.effects = (*self.spoken, Hangup())

    def _give_up(self) -> None:
        self._say(self.flow.apology)
        self._hang_up("failed")

    def _speak(self, node: SayNode | HangupNode) -> None:
        calendar = self.flow.calendars.get(node.calendar)
        if node.prompt:
            self._say(node.prompt, **(opening_args(calendar, self.now) if calendar else {}))
        if calendar and node.hours_prompt:
            for args in hours_args(calendar):
                self._say(node.hours_prompt, **args)

    def _say(self, prompt: str, **args: str | int | float) -> None:
        self.spoken.append(Say(prompt=prompt, language=self.session.language, args=args))

    def _note(self, fact: Fact) -> None:
        self.facts.append(fact)

    def _change(self, **changes: object) -> None:
        self.session = self.session.model_copy(update=changes)
