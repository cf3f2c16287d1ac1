"""The state of one caller in one flow: small, frozen, and enough to go on with after any restart."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from callflows.effects import Effect


class Session(BaseModel):
    """Where a caller is in the flow.

    `step` numbers the documents the caller has been given; every URL handed to the provider carries it (replay rule).
    While the caller waits in a queue `step` stands still and `loop` numbers the rounds of the wait loop instead,
    because the provider asks for the way out of the queue with the step at which the caller went in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_id: str
    flow: str
    flow_version: str
    language: str
    node: str
    phase: Literal["menu", "waiting", "ended"]
    step: int = 0
    loop: int = 0
    attempts: int = 0  # unanswered or wrong answers at this node
    unattended: int = 0  # documents in a row without a key from the caller; bounds every loop
    unannounced: int = 0  # rounds of the wait loop since the position was said
    queues_entered: int = 0
    queue: str | None = None
    waited_at: str = ""  # the queue node that the caller waited at last, and the queue
    waited_in: str = ""
    callback_offered: bool = False
    priority_s: int = 0  # how the queue is to treat this call: virtual waited time, the level that it needs of an
    level: int = 1  # operator, and the product that it is about, whatever queue the queue nodes name
    product: str = ""
    transcription: bool = True  # False once the caller has opted out
    leg: str = ""  # the caller's; what they say can be listened to on it
    listened: int | None = None  # the step whose question was listened to, until the document after it
    from_number: str
    to_number: str
    started_at: datetime
    menu_path: tuple[str, ...] = ()  # prompt ids of the choices made, for the screen pop
    pending_exit: str | None = None  # the exit to take once the caller is out of the queue
    pending_queue: str | None = None  # the queue to go on in once the caller is out of this one
    waiting_since: datetime | None = None  # into the first queue of this wait; another queue's rules do not begin anew
    variables: dict[str, str] = {}  # what nodes have stored
    incidents_heard: tuple[str, ...] = ()  # id and revision of each
    effects: tuple[Effect, ...] = ()  # the answer given last, rendered again when the provider retries
