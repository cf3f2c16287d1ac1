"""Complete installations for tests that need real processes, each in a folder and on ports of its own."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from threading import Event
from typing import TypeVar

T = TypeVar("T")

LOOK_AGAIN_S = 0.1
_LOOK = Event()  # never set: waiting on it lets the other processes work between two looks

PORTS_OF_A_STAGE = 5
PORTS_OF_A_WORKER = 1000


def free_block() -> int:
    """The first of five free ports in a row, in a range of this test process's own, so that two that look at the same
    moment do not find the same. Below the range from which the system itself hands out ports."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for first in range(18000 + worker * PORTS_OF_A_WORKER, 18000 + (worker + 1) * PORTS_OF_A_WORKER, PORTS_OF_A_STAGE):
        with ExitStack() as probes:
            try:
                for number in range(PORTS_OF_A_STAGE):
                    probes.enter_context(socket.create_server(("127.0.0.1", first + number)))
            except OSError:
                continue
            return first
    raise AssertionError("no five free ports in a row")


def eventually(look: Callable[[], T | None], *, within_s: float = 30.0, what: str = "it") -> T:
    """What `look` gives once it gives something; fails when that takes longer than `within_s`."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := look():
            return found
        _LOOK.wait(LOOK_AGAIN_S)
    raise AssertionError(f"{what} did not happen within {within_s:g} s")
