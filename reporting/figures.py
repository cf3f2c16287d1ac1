"""The figures of one call that the KPIs are made of.

Seconds are exact decimals: nothing is rounded before a division, and 19.9 + 0.1 is 20 (kpi.md asks for milliseconds;
decimals keep those, and whatever a log holds beyond them).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, get_args

from callflows.record import CallRecord

Outcome = Literal["answered", "abandoned", "callback", "voicemail", "overflow", "closed", "failed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_MICROSECOND = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class CallFigures:
    """One call that entered a queue. A clock is None when it was not measured; zero is a measurement.

    `entered_at` is when the caller entered the queue (aware): it decides the interval that the call counts in.
    """

    queue: str
    entered_at: datetime
    outcome: Outcome
    wait_s: Decimal
    ring_s: Decimal = Decimal(0)
    talk_s: Decimal | None = None
    hold_s: Decimal | None = None
    consult_s: Decimal | None = None
    wrap_up_s: Decimal | None = None
    rating: int | None = None  # the caller's answer to the satisfaction question, 1 to 5

    @property
    def w_s(self) -> Decimal:
        """The wait that every formula is about: ringing belongs to it, the caller is still waiting (kpi.md, ASA)."""
        return self.wait_s + self.ring_s


def seconds(value: float) -> Decimal:
    """Exact seconds of a difference of two `datetime`s: those count microseconds, the float only approaches them."""
    return Decimal(value).quantize(_MICROSECOND)


def figures_of(record: CallRecord) -> CallFigures | None:
    """The figures of a call record; None while its outcome is open, and when it never entered a queue."""
    if record.queue is None or record.entered_at is None:
        return None
    if record.outcome is None or record.outcome == "left-menu" or record.outcome == "not-reached":
        return None
    if record.direction == "callback":  # its wait is that of the callback, over all attempts: reporting/callbacks.py
        return None
    clocks = record.clocks
    return CallFigures(
        queue=record.queue,
        entered_at=record.entered_at,
        outcome=record.outcome,
        wait_s=seconds(clocks.wait),
        ring_s=seconds(clocks.ring),
        talk_s=seconds(clocks.talk),
        hold_s=seconds(clocks.hold),
        consult_s=seconds(clocks.consult),
        wrap_up_s=seconds(clocks.wrap_up),
        rating=record.rating,
    )
