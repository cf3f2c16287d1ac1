"""An ended call as a ticketing system gets it, made from the call record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps
from typing import Literal

from callflows.record import CallRecord
from foundation.errors import Unavailable


@dataclass(frozen=True, slots=True)
class CallEntry:
    """One call, keyed by `call_id`. Times in seconds; all clocks but wrap-up add up to `duration_s`."""

    call_id: str
    direction: Literal["inbound", "outbound"]
    from_number: str | None  # E.164; None when withheld
    to_number: str | None
    language: str | None
    queue: str | None
    queue_title: str | None
    operator: str | None  # display name of the one who talked last
    outcome: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    duration_s: float
    menu_s: float
    wait_s: float
    ring_s: float
    talk_s: float
    hold_s: float
    consult_s: float
    wrap_up_s: float  # zero until the wrap-up is over
    wrap_up_code: str | None
    target_s: int | None
    within_target: bool | None  # None when the call never entered a queue
    transcript_url: str | None  # None when the caller wanted none

    def fingerprint(self) -> str:
        """The same for the same content: what was delivered need not be delivered again."""
        return sha256(dumps(asdict(self), sort_keys=True, default=datetime.isoformat).encode()).hexdigest()


def entry_of(
    record: CallRecord, *, operator: str | None, queue_title: str | None, transcript_url: str | None
) -> CallEntry:
    """The entry of an ended call. Raises Unavailable while the call is going on: it is worth another try."""
    if record.outcome is None or record.started_at is None or record.ended_at is None:
        raise Unavailable(f"Call {record.call_id} is not over yet.")
    clocks = record.clocks
    return CallEntry(
        call_id=record.call_id,
        direction="outbound" if record.direction == "callback" else "inbound",
        from_number=record.from_number or None,
        to_number=record.to_number or None,
        language=record.language,
        queue=record.queue,
        queue_title=queue_title,
        operator=operator,
        outcome=record.outcome,
        started_at=record.started_at,
        answered_at=record.answered_at,
        ended_at=record.ended_at,
        duration_s=(record.ended_at - record.started_at).total_seconds(),
        menu_s=clocks.menu,
        wait_s=clocks.wait,
        ring_s=clocks.ring,
        talk_s=clocks.talk,
        hold_s=clocks.hold,
        consult_s=clocks.consult,
        wrap_up_s=clocks.wrap_up,
        wrap_up_code=record.wrap_up_code,
        target_s=record.target_s,
        within_target=record.within_target,
        transcript_url=transcript_url if record.transcription else None,
    )
