"""What operators can do: languages, products, and the level in each; changed live, each change with an audit row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound
from foundation.live import BOARD, Live, operator_topic
from queueing import ledger
from queueing.model import Operator
from queueing.tables import OperatorRow, QueueRow

TOP_LEVEL = 5
LEVELS = range(1, TOP_LEVEL + 1)


class InvalidSkills(InvalidInput):
    """These skills cannot be; `fields` names what is wrong: languages, queues, levels."""

    def __init__(self, message: str, *fields: str) -> None:
        super().__init__(message)
        self.fields = fields


class SkillBook:
    """The skills of every operator. `languages` are those there are."""

    def __init__(self, database: Database, clock: Clock, live: Live, languages: Collection[str]) -> None:
        self._database = database
        self._clock = clock
        self._live = live
        self._languages = tuple(languages)

    def operators(self) -> list[Operator]:
        """All of them, by number."""
        with self._database.transaction() as session:
            return ledger.operators(session)

    def change(
        self, operator_id: int, *, languages: Collection[str], levels: Mapping[str, int], actor: str
    ) -> Operator:
        """Set what the operator speaks and knows: `levels` by queue. It counts from the next offer on; a call that is
        being offered or talked is left alone. Raises InvalidSkills, NotFound."""
        with self._database.transaction() as session:
            row = session.get(OperatorRow, operator_id, with_for_update=True)
            if row is None:
                raise NotFound(f"There is no operator {operator_id}.")
            self._check(languages, levels, set(session.scalars(select(QueueRow.name))))
            before = _shown(ledger.operator_of(row))
            row.languages, row.queues = sorted(languages), sorted(levels)
            row.levels = {queue: level for queue, level in levels.items() if level != 1}
            operator = ledger.operator_of(row)
            after = _shown(operator)
            changed = [name for name in after if after[name] != before[name]]
            if changed:
                audit.record(
                    session,
                    at=self._clock.now(),
                    actor=actor,
                    action="operator.skills-changed",
                    subject=f"operator:{operator_id}",
                    before={name: before[name] for name in changed},
                    after={name: after[name] for name in changed},
                )
        self._live.publish(BOARD, "board-changed")
        self._live.publish(operator_topic(operator_id), "operator-changed")
        return operator

    def _check(self, languages: Collection[str], levels: Mapping[str, int], queues: Collection[str]) -> None:
        unknown = sorted(set(languages) - set(self._languages))
        if unknown or not languages:
            said = f"{', '.join(unknown)}: not a language here" if unknown else "An operator speaks a language"
            raise InvalidSkills(f"{said}; there are {', '.join(self._languages)}.", "languages")
        unknown = sorted(set(levels) - set(queues))
        if unknown or not levels:
            said = f"There is no queue {', '.join(unknown)}" if unknown else "An operator knows a queue"
            raise InvalidSkills(f"{said}; there are {', '.join(sorted(queues))}.", "queues")
        if any(level not in LEVELS for level in levels.values()):
            raise InvalidSkills(f"A level is a whole number from 1 to {TOP_LEVEL}.", "levels")


def _shown(operator: Operator) -> dict[str, Any]:
    return {
        "languages": sorted(operator.languages),
        "queues": {queue: operator.level(queue) for queue in sorted(operator.queues)},
    }
