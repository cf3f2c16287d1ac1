"""The rules of a queue that a supervisor sets: the way out of the wait, callbacks, relaxations and priority. Pure.

- `max_waiting`: who comes in behind so many is told that the queue is full.
- `when_closed`: when the helpdesk closes during the wait, `leave` sends everybody away; `serve` keeps those who wait as
  long as an operator is signed in for them.
- `nobody_after_s`: who waited so long while no operator is signed in for them is told so.
- `overflow_after_s`, `overflow_to`: who waited so long goes on in another queue; the time waited counts there.
- `callback_...`: after how much waiting a callback is offered, how often it is tried, how long after a failed attempt
  the next one is, and how many working days after the request it is due.
- `relax_..._s`: after how much waiting an operator may lack the language, the product or the level.
- `priority_cap_s`: the most virtual waited time that a call can be given.

A caller who is being offered or connected to an operator is left alone. What the caller hears, and what they can do
instead, is the flow's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from callflows.events import WayOut
from foundation.errors import InvalidInput

WhenClosed = Literal["serve", "leave"]
WHEN_CLOSED: tuple[WhenClosed, ...] = get_args(WhenClosed)


@dataclass(frozen=True)
class QueueRules:
    """The rules of one queue, seconds and numbers; None: that rule is not there."""

    max_waiting: int | None = None
    overflow_after_s: int | None = None
    overflow_to: str | None = None
    nobody_after_s: int | None = None
    when_closed: WhenClosed = "serve"
    callback_after_s: int | None = 120
    callback_attempts: int = 3
    callback_spacing_s: int = 900
    callback_due_days: int = 1
    relax_language_s: int | None = None
    relax_queue_s: int | None = None
    relax_level_s: int | None = None
    priority_cap_s: int = 120


DAY_S = 24 * 3600
# What a number may be, least and most, and whether it may be left out.
LIMITS: dict[str, tuple[int, int]] = {
    "max_waiting": (0, 1000),
    "overflow_after_s": (0, DAY_S),
    "nobody_after_s": (0, DAY_S),
    "callback_after_s": (0, DAY_S),
    "callback_attempts": (1, 10),
    "callback_spacing_s": (0, DAY_S),
    "callback_due_days": (1, 10),
    "relax_language_s": (0, DAY_S),
    "relax_queue_s": (0, DAY_S),
    "relax_level_s": (0, DAY_S),
    "priority_cap_s": (0, 3600),
}
NEEDED = frozenset({"callback_attempts", "callback_spacing_s", "callback_due_days", "priority_cap_s"})


@dataclass(frozen=True)
class RuleFault:
    """What is wrong with one rule; `least` and `most` belong to a number out of its range."""

    code: Literal["range", "closed", "overflow-half", "overflow-itself", "overflow-unknown", "overflow-circle"]
    least: int = 0
    most: int = 0

    def __str__(self) -> str:
        return _SENTENCES[self.code].format(least=self.least, most=self.most)


_SENTENCES = {
    "range": "a whole number from {least} to {most}",
    "closed": "when the helpdesk closes, those who wait are served (serve) or leave (leave)",
    "overflow-half": "an overflow needs a number of seconds and another queue",
    "overflow-itself": "a queue cannot overflow to itself",
    "overflow-unknown": "there is no such queue",
    "overflow-circle": "callers would come back to this queue: that queue overflows here",
}


class InvalidRules(InvalidInput):
    """These rules cannot be; `faults` says why, by rule."""

    def __init__(self, faults: Mapping[str, RuleFault]) -> None:
        self.faults = dict(faults)
        super().__init__("; ".join(f"{name}: {fault}" for name, fault in self.faults.items()) + ".")


def faults(queue: str, rules: QueueRules, overflows: Mapping[str, str | None]) -> dict[str, RuleFault]:
    """What is wrong, by rule. `overflows` are all queues there are, with the queue that each overflows to now."""
    found: dict[str, RuleFault] = {}
    for name, (least, most) in LIMITS.items():
        value = getattr(rules, name)
        if (value is None and name in NEEDED) or (value is not None and not least <= value <= most):
            found[name] = RuleFault("range", least, most)
    if rules.when_closed not in WHEN_CLOSED:
        found["when_closed"] = RuleFault("closed")
    if (rules.overflow_to is None) != (rules.overflow_after_s is None):
        found["overflow_to" if rules.overflow_to is None else "overflow_after_s"] = RuleFault("overflow-half")
    elif rules.overflow_to == queue:
        found["overflow_to"] = RuleFault("overflow-itself")
    elif rules.overflow_to is not None and rules.overflow_to not in overflows:
        found["overflow_to"] = RuleFault("overflow-unknown")
    elif rules.overflow_to is not None and queue in _way(rules.overflow_to, {**overflows, queue: None}):
        found["overflow_to"] = RuleFault("overflow-circle")
    return found


def _way(start: str, overflows: Mapping[str, str | None]) -> list[str]:
    """The queues that a caller would pass who begins in `start`, each once."""
    way: list[str] = []
    at: str | None = start
    while at is not None and at not in way:
        way.append(at)
        at = overflows.get(at)
    return way


@dataclass(frozen=True)
class Situation:
    """Where a waiting caller stands. `just_in`: this is the first round of the wait; `signed_in` is asked only when a
    rule needs it, and is whether an operator is there who can take this call, now or by a relaxation."""

    position: int
    waited_s: float
    closed: bool
    just_in: bool
    signed_in: Callable[[], bool]


def way_out(rules: QueueRules, caller: Situation) -> WayOut:
    """What the rules say now; "" is to wait on. Pure but for `signed_in`."""
    if caller.closed and (rules.when_closed == "leave" or not caller.signed_in()):
        return "closed"
    if rules.nobody_after_s is not None and caller.waited_s >= rules.nobody_after_s and not caller.signed_in():
        return "nobody"
    if caller.just_in and rules.max_waiting is not None and caller.position > rules.max_waiting:
        return "full"
    if rules.overflow_to and rules.overflow_after_s is not None and caller.waited_s >= rules.overflow_after_s:
        return "overflow"
    return ""
