"""The call record: what a fold over the call's facts says about it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal[
    "answered", "abandoned", "callback", "voicemail", "overflow", "closed", "failed", "left-menu", "not-reached"
]


class Clocks(BaseModel):
    """Seconds on each clock. All but wrap-up partition the call: they sum to its length."""

    model_config = ConfigDict(frozen=True)

    menu: float = 0.0
    wait: float = 0.0
    ring: float = 0.0
    talk: float = 0.0
    hold: float = 0.0
    consult: float = 0.0
    wrap_up: float = 0.0

    @property
    def answer_s(self) -> float:
        """The wait that the target is about: ringing belongs to it, the caller is still waiting (kpi.md, ASA)."""
        return self.wait + self.ring


class CallRecord(BaseModel):
    """One call. Fields are None as long as it has not come so far. `outcome` is None while the call is going on."""

    model_config = ConfigDict(frozen=True)

    call_id: str
    caller_leg: str | None = None
    direction: Literal["inbound", "callback"] = "inbound"
    callback: int | None = None  # this call is an attempt at that callback
    wants_callback: bool = False
    voicemail: str | None = None  # the recording's sid
    from_number: str = ""  # the caller's, also when it was us who rang
    to_number: str = ""
    language: str | None = None
    transcription: bool = True
    menu_path: tuple[str, ...] = ()
    status: Literal["menu", "waiting", "offered", "connecting", "talking", "held", "wrap-up", "ended"] = "menu"
    queue: str | None = None
    operator: int | None = None  # the one who talked last
    operator_leg: str | None = None  # that operator's leg while it is in the room
    outcome: Outcome | None = None
    started_at: datetime | None = None
    entered_at: datetime | None = None  # into the queue
    answered_at: datetime | None = None  # the operator was heard
    ended_at: datetime | None = None
    wrapped_up_at: datetime | None = None
    wrap_up_code: str | None = None
    clocks: Clocks = Clocks()
    # which clock runs now and since when, so that a screen can count on; None when the call is over
    running: Literal["menu", "wait", "ring", "talk", "hold", "consult", "wrap_up"] | None = None
    running_since: datetime | None = None
    target_s: int | None = None
    target_share: float | None = None
    within_target: bool | None = None
    rating: int | None = None  # the caller's answer to the satisfaction question, 1 (bad) to 5 (good)
