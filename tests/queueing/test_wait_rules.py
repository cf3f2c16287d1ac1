"""The rules of the wait, by themselves."""

from __future__ import annotations

import pytest

from queueing.rules import QueueRules, Situation, way_out

ALL = QueueRules(max_waiting=3, overflow_after_s=60, overflow_to="invoices", nobody_after_s=120, when_closed="serve")


def situation(
    position: int = 1, waited_s: float = 0, *, closed: bool = False, just_in: bool = False, signed_in: bool = True
) -> Situation:
    return Situation(position, waited_s, closed, just_in, lambda: signed_in)


@pytest.mark.parametrize(
    ("rules", "caller", "way"),
    [
        (ALL, situation(), ""),
        (ALL, situation(3, just_in=True), ""),
        (ALL, situation(4, just_in=True), "full"),
        (ALL, situation(4), ""),  # was let in: somebody came back to the head of the queue
        (ALL, situation(waited_s=59.9), ""),
        (ALL, situation(waited_s=60), "overflow"),
        (ALL, situation(closed=True), ""),
        (ALL, situation(closed=True, signed_in=False), "closed"),
        (ALL, situation(waited_s=119, signed_in=False), "overflow"),
        (ALL, situation(waited_s=120, signed_in=False), "nobody"),
        (QueueRules(when_closed="leave"), situation(closed=True), "closed"),
        (QueueRules(), situation(99, 9999, just_in=True, signed_in=False), ""),
        (QueueRules(nobody_after_s=0), situation(signed_in=False), "nobody"),
    ],
)
def test_each_rule_says_where_the_caller_goes(rules: QueueRules, caller: Situation, way: str) -> None:
    assert way_out(rules, caller) == way
