"""Who may send sound: stream tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis

from foundation.clock import ManualClock
from foundation.embedded import free_port
from foundation.errors import Forbidden
from foundation.memory import connect
from transcription.tokens import MAX_LENGTH, StreamClaim, StreamTokens

SECRET = "a secret of more than thirty-two characters"
LEG = "CA" + "0123456789abcdef" * 2
CLAIM = StreamClaim(
    call_id="6ba7b810-9dad-51d1-80b4-00c04fd430c8",
    speaker="operator",
    operator_id=12,
    language="nl",
    call_started_at=datetime(2026, 11, 23, 8, 59, 30, 123000, tzinfo=UTC),
    leg=LEG,
)


@pytest.fixture
def tokens(redis: Redis, clock: ManualClock) -> StreamTokens:
    return StreamTokens(SECRET, redis, clock)


def test_a_token_says_what_the_stream_is_and_fits_a_parameter(tokens: StreamTokens) -> None:
    token = tokens.issue(CLAIM)
    assert len(token) < 300 < MAX_LENGTH
    assert tokens.redeem(token, LEG) == CLAIM
    caller = replace(CLAIM, speaker="caller", operator_id=None)
    assert tokens.redeem(tokens.issue(caller), LEG) == caller


def test_a_token_counts_once_in_all_processes(tokens: StreamTokens, redis: Redis, clock: ManualClock) -> None:
    token = tokens.issue(CLAIM)
    tokens.redeem(token, LEG)
    for again in (tokens, StreamTokens(SECRET, redis, clock)):
        with pytest.raises(Forbidden, match="used before"):
            again.redeem(token, LEG)


def test_a_token_expires(tokens: StreamTokens, clock: ManualClock) -> None:
    token = tokens.issue(CLAIM)
    clock.advance(timedelta(minutes=2, seconds=1))
    with pytest.raises(Forbidden, match="expired"):
        tokens.redeem(token, LEG)


def test_a_token_for_another_leg_is_refused_and_not_used_up(tokens: StreamTokens) -> None:
    token = tokens.issue(CLAIM)
    with pytest.raises(Forbidden, match="another call"):
        tokens.redeem(token, "CA" + "f" * 32)
    assert tokens.redeem(token, LEG) == CLAIM


def test_a_forged_token_is_refused(tokens: StreamTokens, redis: Redis, clock: ManualClock) -> None:
    token = tokens.issue(CLAIM)
    payload, signature = token.rsplit(".", 1)
    forged = [
        "", "x", ".", "a.b", "é" * 20, "A" * 10_000, token[:-1], payload, f"{payload}.", f"{payload}A.{signature}",
        StreamTokens("another secret of thirty-two characters", redis, clock).issue(CLAIM),
    ]  # fmt: skip
    for each in forged:
        with pytest.raises(Forbidden, match="not ours"):
            tokens.redeem(each, LEG)
    assert tokens.redeem(token, LEG) == CLAIM


@given(st.text(max_size=600))
def test_no_text_is_a_token(text: str) -> None:
    nowhere = connect("redis://127.0.0.1:1/0")  # a token that is not ours never gets as far as Redis
    with pytest.raises(Forbidden):
        StreamTokens(SECRET, nowhere, ManualClock(CLAIM.call_started_at)).redeem(text, LEG)
    nowhere.close()


def test_without_redis_a_good_token_is_taken_once_by_this_process(clock: ManualClock) -> None:
    away = connect(f"redis://127.0.0.1:{free_port()}/0")
    tokens = StreamTokens(SECRET, away, clock)
    token = tokens.issue(CLAIM)
    assert tokens.redeem(token, LEG) == CLAIM
    with pytest.raises(Forbidden, match="used before"):
        tokens.redeem(token, LEG)
    away.close()
