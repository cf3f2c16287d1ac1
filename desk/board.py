"""The wallboard: every queue against its target, and what the operators are doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import render_template

from desk.people import services
from desk.services import DeskServices
from queueing.model import Board, OperatorView, QueueView
from reporting.summary import Summary

Verdict = Literal["quiet", "within", "at-risk", "late"]
AT_RISK = 0.8  # of the target: the moment at which a person can still do something about it
_ORDER = ("talking", "connecting", "offered", "wrap-up", "ready", "pause", "away")


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
        return min(1.25, waited / self.view.queue.within_s)


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
    """How a queue stands against its target now. The boundary belongs to the target: exactly on it is not late."""
    waited = view.longest_wait_s
    if waited is None:
        return "quiet"
    if waited > view.queue.within_s:
        return "late"
    return "at-risk" if waited >= AT_RISK * view.queue.within_s else "within"


def board_model(desk: DeskServices) -> BoardModel:
    """The board as it stands."""
    board: Board = desk.queues.board()
    lines = [
        QueueLine(
            view,
            min((call.entered_at for call in view.waiting), default=None),
            verdict(view),
            desk.figures.today(view.queue.name, view.queue.within_s),
        )
        for view in board.queues
    ]
    ranked = sorted(board.operators, key=lambda view: (_ORDER.index(view.presence.state), view.operator.name))
    return BoardModel(board.at, lines, ranked)


def wallboard_page() -> str:
    return render_template("supervisor/wallboard.html", board=board_model(services()))
