"""One step of the engine in the making: what has been said, noted and changed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from callflows.effects import Effect, Hangup, ReadOut, Spoken
from callflows.effects import Say as SayEffect
from callflows.events import Event, WaitKeyPressed, WaitLooped
from callflows.facts import Fact, FlowEnded, IncidentHeard, MenuChosen, StepTaken
from callflows.flow import Flow
from callflows.hours import hours_args, opening_args
from callflows.node_parts import CALLER_NUMBER
from callflows.nodes import HangupNode, SayNode
from callflows.session import Session


@dataclass(frozen=True)
class Incident:
    """A message that a supervisor has set: `key` is its id and revision, `queue` the one it is for ("" for all),
    `texts` what is read out by language. A language may be missing: its callers then hear a standard sentence."""

    key: str
    queue: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Context:
    """What the flow may know of the installation."""

    retention_days: int = 30
    always_open: bool = False
    understood: frozenset[str] = frozenset()  # languages in which spoken answers can be recognised
    incidents: tuple[Incident, ...] = ()


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
    """One step in the making. The document is closed once `effects` is set."""

    flow: Flow
    session: Session
    now: datetime
    context: Context
    spoken: list[Spoken] = field(default_factory=list)
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

    def close(self, effect: Effect) -> None:
        """End the document with `effect`, after what was said."""
        self.effects = (*self.spoken, effect)

    def hang_up(self, outcome: str) -> None:
        self.change(phase="ended", queue=None, pending_exit=None, pending_queue=None)
        self.note(FlowEnded(at=self.now, key="flow-ended", outcome=outcome))
        self.close(Hangup())

    def give_up(self) -> None:
        self.say(self.flow.apology)
        self.hang_up("failed")

    # -- words

    def say(self, prompt: str, **args: str | int | float) -> None:
        self.spoken.append(SayEffect(prompt=prompt, language=self.session.language, args=args))

    def speak(self, node: SayNode | HangupNode) -> None:
        """The sentences of a node that only speaks."""
        calendar = self.flow.calendars.get(node.calendar)
        if node.prompt:
            known = self.filled(node.args)
            self.say(node.prompt, **known, **(opening_args(calendar, self.now) if calendar else {}))
        if calendar and node.hours_prompt:
            for args in hours_args(calendar):
                self.say(node.hours_prompt, **args)

    def tell_incidents(self, standard_prompt: str) -> None:
        """Read out the messages that this caller has not heard yet, always in the caller's own language."""
        for incident in self.context.incidents:
            if incident.key in self.session.incidents_heard or incident.queue not in ("", self.session.queue):
                continue
            text = incident.texts.get(self.session.language, "")
            if text:
                self.spoken.append(ReadOut(text=text, language=self.session.language))
            else:
                self.say(standard_prompt)
            self.change(incidents_heard=(*self.session.incidents_heard, incident.key))
            self.note(IncidentHeard(at=self.now, key=f"incident:{incident.key}", incident=incident.key))

    def filled(self, args: Mapping[str, str]) -> dict[str, str]:
        """The placeholders of a node's `args` with what is stored; a variable that no node has stored yet is empty."""
        given = {CALLER_NUMBER: self.session.from_number}
        return {name: self.session.variables.get(variable, given.get(variable, "")) for name, variable in args.items()}

    def listens(self, node: object) -> Literal["off", "on", "deaf"]:
        """Whether a spoken answer is listened for at `node`; if so, the caller is told. Who refused transcription is
        not listened to at all."""
        if not getattr(node, "speech", False) or not self.session.transcription or not self.session.leg:
            return "off"
        if self.session.language not in self.context.understood:
            return "deaf"
        self.say(getattr(node, "speech_prompt", ""))
        return "on"

    # -- what changes

    def note(self, fact: Fact) -> None:
        self.facts.append(fact)

    def change(self, **changes: object) -> None:
        self.session = self.session.model_copy(update=changes)

    def store(self, variable: str, value: str) -> None:
        self.change(variables={**self.session.variables, variable: value})

    def chosen(self, label: str, digits: str, key: str) -> None:
        """The caller made a choice that has a name."""
        if label:
            self.note(MenuChosen(at=self.now, key=key, node=self.session.node, digits=digits, label=label))
            self.change(menu_path=(*self.session.menu_path, label))
