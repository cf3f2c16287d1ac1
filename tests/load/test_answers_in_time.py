"""Callers must not hear silence: under load every answer comes in time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from app.demo.stage import Stage
from tests.support.signed_caller import SignedCaller
from tests.support.stages import free_block

pytestmark = [pytest.mark.slow, pytest.mark.alone]

ANSWERS_A_SECOND = 20
CALLERS = 40  # each asks every two seconds
ROUNDS = 6
LONGEST_MS = 300


@pytest.fixture
def stage() -> Iterator[Stage]:
    with (
        TemporaryDirectory(prefix="onthaal-", ignore_cleanup_errors=True) as name,
        Stage(Path(name), first_port=free_block()).start(("web", "ticker", "worker")) as stage,
    ):
        yield stage


def test_twenty_answers_a_second_and_none_over_300_ms(stage: Stage) -> None:
    token = stage.settings.twilio_auth_token.get_secret_value()
    callers = [SignedCaller(stage.url("web"), token, number) for number in range(CALLERS)]
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(SignedCaller.into_the_queue, callers))  # also warms the server up
    for caller in callers:
        caller.took.clear()

    pace = Event()  # never set: waiting on it keeps the pace
    began = time.monotonic()
    sent = 0
    with ThreadPoolExecutor(16) as pool:
        for _ in range(ROUNDS):
            answers = []
            for caller, path in zip(callers, paths, strict=True):
                pace.wait(max(0.0, began + sent / ANSWERS_A_SECOND - time.monotonic()))
                answers.append(pool.submit(caller.wait, path))
                sent += 1
            paths = [answer.result() for answer in answers]
    rate = sent / (time.monotonic() - began)
    took_ms = sorted(1000 * took for caller in callers for took in caller.took)
    for caller in callers:
        caller.close()
    assert len(took_ms) == CALLERS * ROUNDS
    assert rate > ANSWERS_A_SECOND * 0.9, f"only {rate:.1f} answers a second"
    assert took_ms[-1] <= LONGEST_MS, f"slowest: {[round(ms) for ms in took_ms[-5:]]} ms"
