"""What may go wrong on the way of a webhook: it comes twice, late, in another order, or not at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from simulator.wire import Webhook

When = Callable[[Webhook], bool]


def callbacks(webhook: Webhook) -> bool:
    """Everything that only reports, as opposed to documents and sounds that a caller is waiting for."""
    return webhook.kind.endswith("-status")


@dataclass(frozen=True)
class _Rule:
    when: When
    change: Callable[[list[float]], list[float]]


class Disturbances:
    """Switches for tests. Several may hold for one webhook: they apply in the order in which they were set."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._rules: list[_Rule] = []

    def clear(self) -> None:
        self._rules.clear()

    def repeat(self, when: When = callbacks, times: int = 2, every_s: float = 0.0) -> None:
        """Send it `times` times, with one idempotency token."""
        self._rules.append(_Rule(when, lambda plan: [at + every_s * n for at in plan for n in range(times)]))

    def delay(self, by_s: float, when: When = callbacks) -> None:
        self._rules.append(_Rule(when, lambda plan: [at + by_s for at in plan]))

    def reorder(self, within_s: float, when: When = callbacks) -> None:
        """Delay each by a random time up to `within_s`, the same ones for the same seed."""
        self._rules.append(_Rule(when, lambda plan: [at + self._random.uniform(0, within_s) for at in plan]))

    def drop(self, when: When = callbacks, share: float = 1.0) -> None:
        """Lose it, or the given share of them. A lost document counts as HTTP retrieval failure."""
        self._rules.append(_Rule(when, lambda plan: [at for at in plan if self._random.random() >= share]))

    def plan(self, webhook: Webhook) -> list[float]:
        """When to send this webhook, in seconds from now; empty is never."""
        plan = [0.0]
        for rule in self._rules:
            if rule.when(webhook):
                plan = rule.change(plan)
        return plan
