"""One caller in the shipped flow, as the engine sees them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from callflows import engine
from callflows.effects import Continue, Effect, Enqueue, Gather, Hangup, LeaveQueue, Record, Say, WaitOn
from callflows.engine import Context, Step
from callflows.events import (
    CallArrived,
    DigitsPressed,
    Event,
    InputTimedOut,
)
from callflows.facts import Fact
from callflows.flow import Flow
from callflows.folder import load_flow
from callflows.prompts import Catalogue

ROOT = Path(__file__).resolve().parents[2] / "callflows"
FLOW = load_flow(ROOT / "flows" / "helpdesk.toml")
CATALOGUE = Catalogue.load(ROOT / "prompts")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
F = TypeVar("F", bound=BaseModel)
CLOSING = (Gather, Record, Continue, Enqueue, WaitOn, LeaveQueue, Hangup)


def key(digits: str) -> Event:
    return DigitsPressed(digits=digits)


class Call:
    """One caller; every step is checked for its closing effect."""

    def __init__(self, flow: Flow = FLOW, now: datetime = MONDAY, context: Context | None = None) -> None:
        self.flow, self.now, self.context = flow, now, context
        self.facts: list[Fact] = []
        arrived = CallArrived(from_number="+3246000001", to_number="+3225550100")
        self.step = self._took(engine.start(flow, call_id="c1", leg="CA1", event=arrived, now=now, context=context))

    def hears(self, *events: Event) -> Step:
        for event in events:
            self.now += timedelta(seconds=3)
            self.step = self._took(engine.step(self.flow, self.step.session, event, self.now, context=self.context))
        return self.step

    def _took(self, step: Step) -> Step:
        assert_one_closing(step.effects)
        assert step.session.effects == step.effects
        self.facts += step.facts
        return step

    @property
    def said(self) -> list[str]:
        return [say.prompt for say in sayings(self.step.effects)]

    def of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.facts if isinstance(fact, kind)]


def assert_one_closing(effects: tuple[Effect, ...]) -> None:
    assert sum(isinstance(effect, CLOSING) for effect in effects) == 1
    assert isinstance(effects[-1], CLOSING)


def sayings(effects: tuple[Effect, ...]) -> list[Say]:
    parts = [
        part for effect in effects for part in (effect.spoken if isinstance(effect, Gather | Record) else (effect,))
    ]
    return [part for part in parts if isinstance(part, Say)]


def in_queue(press: str = "1") -> Call:
    call = Call()
    call.hears(key("3"), InputTimedOut(), key(press))
    return call
