"""Work that can wait gives way to work that cannot."""

from __future__ import annotations

import os
import threading

_NICE = 10


def step_back() -> None:
    """Let the calling thread run behind the others (on Linux a thread has a priority of its own)."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
