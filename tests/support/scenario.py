"""A call as a table of text: when, who, does what, then what is to be seen. Read a scenario first, then this.

    at    | who  | does            | then
    0:00  | Dana | is ready        |
    0:10  | Els  | rings           | hears "Welkom"
    0:12  | Els  | presses 3       | hears "This call is recorded"
    0:30  | Els  |                 | waits as number 1

Times count from the start. Operators are named by their user name, everybody else is a caller. `then` may hold several
things, separated by `;`. An empty `does` only looks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from desk.seed import DEMO_ACCOUNTS
from tests.support.world import Operator, World

PASSWORDS = {account.username: account.password for account in DEMO_ACCOUNTS}


@dataclass
class Scenario:
    """Plays rows on a world."""

    world: World

    def __post_init__(self) -> None:
        self.operators: dict[str, Operator] = {}

    def play(self, table: str) -> None:
        """Play a table row by row; a row that is not as it says fails with its text."""
        for line in table.strip().splitlines():
            cells = [cell.strip() for cell in line.split("|")]
            if cells[0] in ("at", "") or set(cells[0]) <= {"-"}:
                continue
            at, who, does, then = (*cells, "", "", "")[:4]
            self.world.run_until(self.world.began + _time(at))
            if does:
                self._do(who, does)
            for expected in filter(None, (part.strip() for part in then.split(";"))):
                seen = self._seen(who, expected)
                assert seen is True, f"{line.strip()}\n  expected: {who} {expected}\n  seen: {seen}"

    def operator(self, name: str) -> Operator:
        if name not in self.operators:
            self.operators[name] = self.world.operator(name, PASSWORDS[name])
        return self.operators[name]

    def _do(self, who: str, does: str) -> None:
        if who in PASSWORDS:
            self._operate(self.operator(who), does)
        elif match := re.fullmatch(r"rings(?: from (\+\d+))?", does):
            self.world.ring(who, match[1] or "+32460001001")
        elif match := re.fullmatch(r"presses ([0-9*#]+)", does):
            self.world.press(who, match[1])
        elif does == "hangs up":
            self.world.hang_up(who)
        else:
            raise AssertionError(f"a caller cannot: {does}")

    @staticmethod
    def _operate(operator: Operator, does: str) -> None:
        if match := re.fullmatch(r"wraps up as (\S+)", does):
            operator.wrap_up(match[1])
            return
        deeds = {
            "is ready": lambda: operator.be("ready"),
            "pauses": lambda: operator.be("pause", "break"),
            "accepts": operator.accept,
            "declines": operator.decline,
            "drops": operator.drop,
            "puts on hold": lambda: operator.hold(True),
            "takes back": lambda: operator.hold(False),
            "ends the call": operator.end,
            "opts out": operator.opt_out,
        }
        assert does in deeds, f"an operator cannot: {does}"
        deeds[does]()

    def _seen(self, who: str, expected: str) -> object:
        """True when it is as expected, otherwise what is to be seen instead."""
        if who in PASSWORDS:
            return self._operator_seen(self.operator(who), expected)
        phone = self.world.callers[who]
        if match := re.fullmatch(r'hears "(.+)"', expected):
            return any(match[1] in text for text in phone.heard) or phone.heard
        if match := re.fullmatch(r'last hears "(.+)"', expected):
            return match[1] in phone.heard[-1] or phone.heard[-1]
        if match := re.fullmatch(r"waits as number (\d+)", expected):
            place = self.world.services.queue.place(self.world.call_id(who))
            return (place is not None and place.position == int(match[1])) or place
        if match := re.fullmatch(r"is (menu|waiting|offered|connecting|talking|held|wrap-up|ended)", expected):
            status = self.world.record(who).status
            return status == match[1] or status
        if match := re.fullmatch(r"outcome (\S+)", expected):
            return self.world.record(who).outcome == match[1] or self.world.record(who).outcome
        if match := re.fullmatch(r"(menu|wait|ring|talk|hold|consult|wrap_up) (\d+) s", expected):
            seconds = getattr(self.world.record(who).clocks, match[1])
            return seconds == float(match[2]) or self.world.record(who).clocks
        if expected == "hears a person":
            return phone.people > 0 or phone
        if expected == "is off the line":
            return phone.ended or phone
        raise AssertionError(f"a caller cannot be seen to: {expected}")

    def _operator_seen(self, operator: Operator, expected: str) -> object:
        if match := re.fullmatch(r"is offered (\w+)", expected):
            return operator.offered_call == self.world.call_id(match[1]) or operator.offered_call
        if match := re.fullmatch(r'sees "(.+)"', expected):
            return match[1] in operator.screen() or re.sub(r"\s*\n\s*", "\n", operator.screen())
        if match := re.fullmatch(r"is (\S+)", expected):
            return operator.state == match[1] or operator.state
        if expected == "hears a person":
            return operator.phone.people > 0 or operator.phone
        if expected == "is off the line":
            return operator.phone.ended or operator.phone
        raise AssertionError(f"an operator cannot be seen to: {expected}")


def _time(text: str) -> timedelta:
    minutes, _, seconds = text.partition(":")
    return timedelta(minutes=int(minutes), seconds=int(seconds))
