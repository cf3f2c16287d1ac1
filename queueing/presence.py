"""How an operator's state follows from what happens: pure, one function a happening."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from queueing.model import ChosenState, Offer, Presence


def chosen(presence: Presence, state: ChosenState, reason: str | None, at: datetime) -> Presence:
    """The operator is free of calls and in the state chosen; being ready begins a new turn."""
    return Presence(
        operator_id=presence.operator_id,
        state=state,
        since=at,
        reason=reason if state == "pause" else None,
        idle_since=at if state == "ready" else None,
        rev=presence.rev,
    )


def wishing(presence: Presence, state: ChosenState, reason: str | None) -> Presence:
    """Busy now: the choice takes effect after the wrap-up. Choosing ready takes an earlier choice back."""
    if state == "ready":
        return replace(presence, wish=None, wish_reason=None)
    return replace(presence, wish=state, wish_reason=reason if state == "pause" else None)


def rung(presence: Presence, offer: Offer) -> Presence:
    return replace(
        presence,
        state="offered",
        since=offer.made_at,
        reason=None,
        call_id=offer.call_id,
        queue=offer.queue,
        offer_id=offer.id,
        until=offer.lapses_at,
    )


def connecting(presence: Presence, at: datetime, until: datetime) -> Presence:
    return replace(presence, state="connecting", since=at, until=until)


def talking(presence: Presence, at: datetime) -> Presence:
    return replace(presence, state="talking", since=at, until=None, idle_since=None)


def wrapping_up(presence: Presence, at: datetime, until: datetime) -> Presence:
    return replace(presence, state="wrap-up", since=at, until=until, idle_since=None)


def spared(presence: Presence, at: datetime) -> Presence:
    """The offer came to nothing through no neglect: back to ready with the same turn, or to what was wished."""
    if presence.wish:
        return chosen(presence, presence.wish, presence.wish_reason, at)
    return replace(chosen(presence, "ready", None, at), idle_since=presence.idle_since or at)


def done(presence: Presence, at: datetime) -> Presence:
    """The call is put away: ready at the end of the turn, or what was wished."""
    return chosen(presence, presence.wish or "ready", presence.wish_reason, at)


def missing(presence: Presence, reason: str, at: datetime) -> Presence:
    """Nobody answered there: a pause as the screens show it, so that an empty chair does not eat offers."""
    if presence.wish:
        return chosen(presence, presence.wish, presence.wish_reason, at)
    return chosen(presence, "pause", reason, at)
