"""The rules of the waiting room: what each happening does to calls, operators and offers.

Each function is one decision on a `Work`: it reads, and puts what should be. A repeated happening changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from callflows.facts import OfferMade, OfferSettled, Requeued, TargetSet, WrapUpEnded, WrapUpStarted
from foundation.errors import Conflict, InvalidInput, OfferGone, OfferTaken
from queueing import ledger, presence
from queueing.model import (
    CONNECTION_LOST,
    NO_ANSWER,
    ChosenState,
    Offer,
    Presence,
    Refusal,
    WaitingCall,
)
from queueing.tables import OfferRow
from queueing.work import InFlight, Work

RINGING = timedelta(seconds=90)  # a callback's caller is rung for 35 s, hears what it is about, and presses a key
_JUST_BEFORE = timedelta(milliseconds=1)


def join(work: Work, call: WaitingCall, priority_s: int = 0) -> None:
    """The caller enters a queue, once per `ordinal`; a later queue takes the call out of the earlier. `priority_s` is
    virtual waited time: it moves the place forward by so much, up to the queue's cap."""
    standing = work.call(call.call_id)
    if standing and standing.ordinal >= call.ordinal:
        return
    stays = ledger.stays(work.session, call.call_id)
    if any(stay.call.ordinal == call.ordinal for stay in stays):
        return
    queue = work.queue(call.queue)
    call = replace(call, order_at=call.order_at - timedelta(seconds=max(0, min(priority_s, queue.priority_cap_s))))
    earlier = stays[-1] if stays else None
    if earlier and earlier.call.queue == call.queue and earlier.left_reason != "answered":
        # out of the queue to look at a callback or a voicemail, and back again: that costs no place
        call = replace(call, order_at=min(call.order_at, earlier.call.order_at))
    if standing:
        leave(work, call.call_id, "moved")
    work.put_call(call)
    if call.kind == "callback":
        return  # the target is about callers on the line; a callback has a due moment
    target = queue.target_at(call.entered_at)
    promised = TargetSet(
        at=call.entered_at,
        key=f"target:{call.ordinal}",
        queue=queue.name,
        share=target.share,
        within_s=target.within_s,
    )
    work.fact(call.call_id, promised)


def leave(work: Work, call_id: str, reason: str) -> None:
    """The caller is gone from the queue; an operator who rings or connects for it is spared."""
    call = work.call(call_id)
    if call is None:
        return
    if call.offer is not None:
        _settle(work, call.offer, "withdrawn", work.now)
        work.put_presence(presence.spared(work.presence(call.offer.operator_id), work.now))
    work.drop_call(call, reason)


def over(work: Work, call_id: str, reason: str, operator_id: int | None) -> None:
    """The call is over: the operator who talked in it, if anybody has, wraps up, and it stands in no queue."""
    if operator_id is not None:
        _release(work, operator_id, call_id)  # first: who has talked wraps up, and is not spared as one who only rang
    leave(work, call_id, reason)


def offer(work: Work, call_id: str, operator_id: int, offer_id: str, ttl: timedelta) -> Offer | None:
    """Ring the operator for the call. None: one of the two is no longer free."""
    call, operator = work.call(call_id), work.presence(operator_id)
    if call is None or call.offer is not None or operator.state != "ready":
        return None
    made = work.put_offer(
        Offer(
            id=offer_id,
            call_id=call.call_id,
            ordinal=call.ordinal,
            operator_id=operator_id,
            queue=call.queue,
            language=call.language,
            entered_at=call.entered_at,
            made_at=work.now,
            lapses_at=work.now + ttl,
        )
    )
    work.put_call(replace(call, offer=made))
    work.put_presence(presence.rung(operator, made))
    work.fact(call_id, OfferMade(at=work.now, key=f"offer-made:{offer_id}", offer=offer_id, operator=operator_id))
    return made


def accept(work: Work, offer_id: str, operator_id: int, ttl: timedelta) -> Offer:
    """The operator takes the call, if it still rings there. Raises OfferTaken or OfferGone."""
    operator = work.presence(operator_id)
    call = work.call(operator.call_id) if operator.state == "offered" and operator.call_id else None
    if operator.offer_id != offer_id or call is None or call.offer is None or call.offer.id != offer_id:
        raise _too_late(work, offer_id)
    if work.now >= call.offer.lapses_at:
        raise OfferGone("The offer rang too long; the caller keeps the place in the queue.")
    accepted = _settle(work, call.offer, "accepted", work.now, over=False)
    work.put_call(replace(call, offer=accepted))
    until = work.now + ttl + (RINGING if call.kind == "callback" else timedelta())
    work.put_presence(presence.connecting(operator, work.now, until))
    return accepted


def decline(work: Work, offer_id: str, operator_id: int) -> None:
    """The operator lets the call go by, and stays ready for others. Raises OfferGone when it does not ring there."""
    operator = work.presence(operator_id)
    if operator.state != "offered" or operator.offer_id != offer_id:
        row = work.session.get(OfferRow, offer_id)
        if row is not None and row.operator_id == operator_id and row.status == "declined":
            return
        raise OfferGone("The offer does not ring any more.")
    _pass_by(work, operator, "declined", work.now)
    work.put_presence(presence.spared(operator, work.now))


def connected(work: Work, call_id: str, operator_id: int) -> None:
    """Caller and operator hear each other. Raises OfferGone when the call was given up or given to another."""
    operator, call = work.presence(operator_id), work.call(call_id)
    if operator.state == "talking" and operator.call_id == call_id:
        return
    if call is None or call.state != "connecting" or call.offer is None or call.offer.operator_id != operator_id:
        raise OfferGone("The connection came too late; the caller is no longer kept for this operator.")
    work.put_offer(call.offer, over_at=work.now)
    work.put_presence(presence.talking(operator, work.now))
    work.drop_call(call, "answered", operator_id)


def requeue(work: Work, call_id: str, operator_id: int | None) -> None:
    """The operator is lost, connecting or talking: the caller goes back to the head of the queue."""
    call = work.call(call_id)
    if call is not None:
        if call.state != "connecting" or call.offer is None or operator_id not in (None, call.offer.operator_id):
            return
        _back_to_head(work, call, work.presence(call.offer.operator_id), CONNECTION_LOST, work.now)
        return
    stays = ledger.stays(work.session, call_id)
    if not stays:
        return
    entry = stays[-1]
    if entry.left_at is None:
        raise InFlight
    if entry.left_reason != "answered" or entry.operator_id is None or operator_id not in (None, entry.operator_id):
        return
    _back_to_head(work, entry.call, work.presence(entry.operator_id), CONNECTION_LOST, work.now)


def _release(work: Work, operator_id: int, call_id: str) -> None:
    """The talk is over: wrap-up, for as long as the queue gives. That it began may not have been told yet."""
    operator = work.presence(operator_id)
    if operator.call_id != call_id:
        return
    if operator.state == "connecting":
        connected(work, call_id, operator_id)
        operator = work.presence(operator_id)
    if operator.state != "talking" or operator.queue is None:
        return
    wrap_up = timedelta(seconds=work.queue(operator.queue).wrap_up_s)
    if not wrap_up:
        work.put_presence(presence.done(operator, work.now))
        return
    work.put_presence(presence.wrapping_up(operator, work.now, work.now + wrap_up))
    started = WrapUpStarted(at=work.now, key=f"wrap-up-started:{operator.offer_id}", operator=operator_id)
    work.fact(call_id, started)


def finish_wrap_up(work: Work, operator_id: int, code: str | None) -> None:
    """The call is put away. Raises InvalidInput for a code that the queue does not have, Conflict when it was done."""
    operator = work.presence(operator_id)
    if operator.state != "wrap-up" or operator.queue is None:
        raise Conflict("The wrap-up is already over.")
    if code is not None and code not in {known.code for known in work.queue(operator.queue).wrap_up_codes}:
        raise InvalidInput(f"The queue {operator.queue} has no wrap-up code {code}; choose one of its list.")
    _put_away(work, operator, code, min(work.now, operator.until or work.now))


def set_presence(work: Work, operator_id: int, state: ChosenState, reason: str | None) -> None:
    """The operator's own choice: at once when free, as a decline when it rings, after the wrap-up when busy."""
    work.operator(operator_id)
    operator = work.presence(operator_id)
    if operator.state in ("connecting", "talking", "wrap-up"):
        wishing = presence.wishing(operator, state, reason)
        if wishing != operator:
            work.put_presence(wishing)
        return
    if operator.state == "offered":
        if state == "ready":
            return
        _pass_by(work, operator, "declined", work.now)
    changed = presence.chosen(operator, state, reason, work.now)
    if operator.rev == 0 or (operator.state, operator.reason) != (changed.state, changed.reason):
        work.put_presence(changed)


def expire(work: Work, operator_id: int) -> None:
    """The operator's deadline has come: the offer lapses, the connection is given up, the wrap-up ends."""
    operator = work.presence(operator_id)
    if operator.until is None or operator.until > work.now:
        return
    at = operator.until  # what was due then happened then, also when the ticker comes late
    if operator.state == "offered":
        _pass_by(work, operator, "lapsed", at)
        work.put_presence(presence.missing(operator, NO_ANSWER, at), at)
    elif operator.state == "connecting" and operator.call_id is not None:
        call = work.call(operator.call_id)
        if call is not None and call.offer is not None and call.offer.id == operator.offer_id:
            _back_to_head(work, call, operator, NO_ANSWER, at)
        else:
            work.put_presence(presence.missing(operator, NO_ANSWER, at), at)
    elif operator.state == "wrap-up":
        _put_away(work, operator, None, at)


def _settle(
    work: Work,
    offer: Offer,
    how: Literal["accepted", "declined", "lapsed", "withdrawn"],
    at: datetime,
    *,
    over: bool = True,
) -> Offer:
    settled = work.put_offer(replace(offer, status=how, settled_at=at), over_at=at if over else None)
    fact = OfferSettled(at=at, key=f"offer-{how}:{offer.id}", offer=offer.id, operator=offer.operator_id, how=how)
    work.fact(offer.call_id, fact)
    return settled


def _pass_by(work: Work, operator: Presence, how: Literal["declined", "lapsed"], at: datetime) -> None:
    """The call keeps its place and remembers who let it go by."""
    call = work.call(operator.call_id) if operator.call_id else None
    if call is None or call.offer is None or call.offer.id != operator.offer_id:
        return
    _settle(work, call.offer, how, at)
    others = tuple(refusal for refusal in call.refusals if refusal.operator_id != operator.operator_id)
    work.put_call(replace(call, offer=None, refusals=(*others, Refusal(operator.operator_id, at))))


def _back_to_head(work: Work, call: WaitingCall, operator: Presence, reason: str, at: datetime) -> None:
    head = work.look.head_at(call.queue)
    order_at = call.order_at if head is None else min(call.order_at, head - _JUST_BEFORE)
    if call.offer is not None:
        work.put_offer(call.offer, over_at=at)
    work.put_call(replace(call, offer=None, order_at=order_at))
    key = f"requeued:{call.ordinal}:{call.rev}"
    work.fact(call.call_id, Requeued(at=at, key=key, queue=call.queue, operator=operator.operator_id))
    if operator.call_id == call.call_id and operator.state in ("connecting", "talking"):
        work.put_presence(presence.missing(operator, reason, at), at)


def _put_away(work: Work, operator: Presence, code: str | None, at: datetime) -> None:
    if operator.call_id is not None:
        ended = WrapUpEnded(at=at, key=f"wrap-up-ended:{operator.offer_id}", operator=operator.operator_id, code=code)
        work.fact(operator.call_id, ended)
    work.put_presence(presence.done(operator, at), at)


def _too_late(work: Work, offer_id: str) -> Conflict:
    """Why an offer cannot be accepted: somebody has it, or it does not ring any more."""
    row = work.session.get(OfferRow, offer_id)
    if row is None:
        return OfferGone("There is no such offer.")
    addressee = work.presence(row.operator_id)
    winner = work.operator(row.operator_id).name
    if addressee.offer_id == offer_id and addressee.state == "offered":
        return OfferTaken(f"This call rings at {winner}.", winner)
    if addressee.offer_id == offer_id or row.status == "accepted":
        return OfferTaken(f"{winner} took this call.", winner)
    return OfferGone("The offer does not ring any more; the call went on without it.")
