"""Callers and operators' legs that follow a script: a `Phone` without a person.

A script is a list of steps, each with exactly one action:

    {"wait": "gathering", "within_s": 60}   until something can be noticed (see `Moment`)
    {"press": "2"}                          press keys
    {"pause_s": 1.5}                        do nothing
    {"speak": "en/call_00.wav"}             say a recording; with "side": "a" or "b" one side of a two-voice recording
                                            ("turns": "abba" says who speaks which turn, when they do not alternate)
    {"answer": true}                        pick up the telephone that is being rung
    {"hang_up": true}

After its last step a bot stays on the line until the other end hangs up. A bot lives on the exchange's timeline: on
virtual time speech takes its time too, but nobody carries the sound.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from simulator.errors import InvalidInput
from simulator.exchange import Exchange
from simulator.phone.line import Line
from simulator.sound import mulaw, wav
from simulator.sound.turns import split_turns
from simulator.timeline import Timer

log = logging.getLogger(__name__)

Moment = Literal["ringing", "gathering", "queued", "recording", "room", "talking", "alone", "ended"]
"""`room`: in a room; `talking`: with somebody in it who can be heard; `alone`: not any more; `ended`: the call is over.
They are states, not events: waiting for what is so already goes on at once."""

REMEMBERED = 500  # bots whose calls are over and can still be asked about
_PATIENCE_S = 300.0


class Step(BaseModel):
    """One step of a script."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wait: Moment | None = None
    within_s: float = _PATIENCE_S
    press: str | None = None
    pause_s: float | None = None
    speak: Path | None = None
    side: Literal["a", "b"] | None = None
    turns: str = Field(default="", pattern="^[ab]*$")
    answer: bool = False
    hang_up: bool = False

    @model_validator(mode="after")
    def _one_action(self) -> Self:
        given = [self.wait, self.press, self.pause_s, self.speak, self.answer or None, self.hang_up or None]
        if sum(each is not None for each in given) != 1:
            raise ValueError("a step has exactly one of wait, press, pause_s, speak, answer, hang_up")
        return self


_SCRIPT = TypeAdapter(tuple[Step, ...])


def script_of(steps: Sequence[Mapping[str, Any]], speech_dir: Path = Path()) -> tuple[Step, ...]:
    """A script from JSON; recordings are in `speech_dir`. Raises InvalidInput, also for a missing recording."""
    try:
        script = _SCRIPT.validate_python(steps)
    except ValidationError as error:
        fault = error.errors()[0]
        raise InvalidInput(f"Script, step {fault['loc'][0] if fault['loc'] else '?'}: {fault['msg']}.") from None
    script = tuple(
        step if step.speak is None else step.model_copy(update={"speak": speech_dir / step.speak}) for step in script
    )
    for step in script:
        if step.speak is not None:
            recording(step.speak, step.side, step.turns)
    return script


@lru_cache(maxsize=64)
def recording(path: Path, side: Literal["a", "b"] | None, turns: str = "") -> bytes:
    """The mu-law of a recording, or of one side of it."""
    return wav.load(path) if side is None else split_turns(path, turns)["ab".index(side)]


class Voice(Protocol):
    """Carries recorded speech; the real-time sound plane does, silence on virtual time does not."""

    def speak(self, leg: str, sound: bytes) -> None: ...


class Bot:
    """One telephone with a script. `problem` is a sentence when the script could not be followed."""

    def __init__(self, exchange: Exchange, script: Sequence[Step], voice: Voice | None = None) -> None:
        self._exchange = exchange
        self.script = tuple(script)
        self._voice = voice
        self._now: set[Moment] = set()
        self._occupied = False
        self._patience: Timer | None = None
        self.leg = ""
        self.at = 0  # the step it is at
        self.heard: list[str] = []  # what was said to it
        self.problem = ""
        self.end_reason = ""
        self.over = threading.Event()

    @property
    def done(self) -> bool:
        """Every step has been taken, and the last one is over."""
        return self.at >= len(self.script) and not self._occupied

    def notice(self, leg: str, kind: str, data: Mapping[str, Any]) -> None:
        self.leg = self.leg or leg
        if leg != self.leg:
            return
        match kind:
            case "saying":
                self.heard.append(str(data["text"]))
            case "gather-ended":
                self._now.discard("gathering")
            case "ringing" | "gathering" | "recording":
                self._now.add(kind)
            case "queued":
                self._now = {"queued"}
            case "answered":
                self._now.discard("ringing")
            case "room":
                self._enter(data)
            case "ended":
                self._now = {"ended"}
                self.end_reason = str(data.get("reason", ""))
        self._exchange.timeline.after(0.0, self._go)

    def _enter(self, data: Mapping[str, Any]) -> None:
        talked = bool(self._now & {"talking", "alone"})
        self._now = {"room"}
        if data["others"] and not data["held"]:
            self._now.add("talking")
        elif talked and not data["held"]:
            self._now.add("alone")

    def _go(self) -> None:
        """Take every step that can be taken now. Runs on the timeline, never inside the exchange's lock."""
        while not self._occupied and not self.over.is_set() and not self.done:
            step = self.script[self.at]
            if step.wait is not None and step.wait not in self._now:
                if "ended" in self._now:
                    self._fail(f"the call ended while waiting for {step.wait!r}")
                elif self._patience is None:
                    self._patience = self._exchange.timeline.after(step.within_s, self._lose_patience)
                break
            self.at += 1
            if self._patience is not None:
                self._patience.cancel()
                self._patience = None
            if "ended" not in self._now:
                self._take(step)
        if "ended" in self._now:
            self.over.set()

    def _take(self, step: Step) -> None:
        if step.press is not None:
            self._now.discard("gathering")
            self._exchange.press(self.leg, step.press)
        elif step.pause_s is not None:
            self._be_busy(step.pause_s)
        elif step.speak is not None:
            sound = recording(step.speak, step.side, step.turns)
            if self._voice is not None:
                self._voice.speak(self.leg, sound)
            self._be_busy(mulaw.duration_s(sound), then=self._fall_silent)
        elif step.answer:
            self._exchange.answer(self.leg)
        elif step.hang_up:
            self._exchange.hang_up(self.leg)

    def _fall_silent(self) -> None:
        if "recording" in self._now:
            self._exchange.silence(self.leg)  # ends a <Record>, and nothing else

    def _be_busy(self, for_s: float, then: Callable[[], None] = lambda: None) -> None:
        def free() -> None:
            self._occupied = False
            then()
            self._go()

        self._occupied = True
        self._exchange.timeline.after(for_s, free)

    def _lose_patience(self) -> None:
        step = self.script[self.at]
        self._fail(f"no {step.wait!r} within {step.within_s:g} s")
        self._exchange.hang_up(self.leg)

    def _fail(self, problem: str) -> None:
        self.problem = f"step {self.at + 1}: {problem}"
        log.warning("a bot could not follow its script", extra={"leg": self.leg, "reason": self.problem})
        self.at = len(self.script)


class Bots:
    """Starts bots and remembers them by CallSid."""

    def __init__(self, exchange: Exchange, voice: Voice | None = None) -> None:
        self._exchange = exchange
        self._line = Line(exchange)
        self._voice = voice
        self._bots: OrderedDict[str, Bot] = OrderedDict()
        self._guard = threading.Lock()

    def call(self, from_: str, to: str, script: Sequence[Step]) -> Bot:
        """A bot rings one of our numbers."""
        return self._begin(script, lambda bot: self._line.dial(from_, to, bot))

    def connect(self, token: str, params: Mapping[str, str], script: Sequence[Step]) -> Bot:
        """A bot operator's browser calls in with an access token, as `device.connect({params})`."""
        return self._begin(script, lambda bot: self._line.connect(token, params, bot))

    def of(self, call_sid: str) -> Bot | None:
        return self._bots.get(call_sid)

    def _begin(self, script: Sequence[Step], place: Callable[[Bot], str]) -> Bot:
        bot = Bot(self._exchange, script, self._voice)
        bot.leg = place(bot)
        with self._guard:
            self._bots[bot.leg] = bot
            for sid in [sid for sid, old in self._bots.items() if old.over.is_set()][:-REMEMBERED]:
                del self._bots[sid]
        self._exchange.timeline.after(0.0, bot._go)
        return bot
