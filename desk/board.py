"""The wallboard: every queue against its target, and what the operators are doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from flask import render_template

from desk.people import services
from desk.services import DeskServices
from queueing.model import Board, OperatorView, QueueView
from reporting.summary import Summary

Verdict = Literal["quiet", "within", "at-risk", "late"]
_ORDER = ("talking", "connecting", "offered", "wrap-up", "ready", "pause", "away")


class Figures(Protocol):
    """Today's figures of a queue: reporting.live."""

    def today(self, queue: str, threshold_s: Decimal | int) -> Summary: ...


@dataclass(frozen=True)
class QueueLine:
    """One row. `oldest` is when the longest waiting caller came in; `level` are today's figures."""

    view: QueueView
    oldest: datetime | None
    verdict: Verdict
    today: Summary

    @property
    def filled(self) -> float:
        """How far the bar is: the longest wait as a share of the target's time, at most 1.25 of it."""
        waited = self.view.longest_wait_s or 0.0
        return min(1.25, waited / self.view.target.within_s)


@dataclass(frozen=True)
class BoardModel:
    at: datetime
    queues: Sequence[QueueLine]
    operators: Sequence[OperatorView]

    def counted(self) -> Sequence[tuple[str, int]]:
        """Operators by state, the busy states first; states that nobody is in are left out."""
        states = [view.presence.state for view in self.operators]
        return [(state, states.count(state)) for state in _ORDER if state in states]


def verdict(view: QueueView) -> Verdict:
    """How a queue stands: as its worst caller does. The room itself knows who is late, and who will be at the present
    pace."""
    if view.longest_wait_s is None:
        return "quiet"
    if view.late:
        return "late"
    return "at-risk" if view.at_risk else "within"


def board_model(desk: DeskServices) -> BoardModel:
    """The board as it stands."""
    board: Board = desk.queues.board()
    lines = [
        QueueLine(
            view,
            min((call.entered_at for call in view.waiting if call.kind == "call"), default=None),
            verdict(view),
            desk.figures.today(view.queue.name, view.target.within_s),
        )
        for view in board.queues
    ]
    ranked = sorted(board.operators, key=lambda view: (_ORDER.index(view.presence.state), view.operator.name))
    return BoardModel(board.at, lines, ranked)


def wallboard_page() -> str:
    return render_template("supervisor/wallboard.html", board=board_model(services()))
