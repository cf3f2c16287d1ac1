"""The malloc under Vosk, which asks it for a great many small pieces for each second of speech and gives them back.

glibc's own puts small pieces aside, and joins them again whenever a large one is freed (malloc_consolidate); Vosk frees
large ones all the time. `settle` turns that off, for any process. jemalloc takes off about as much once more, but a
malloc can only be chosen before a process begins: `prefer_jemalloc` begins it again. Figures: docs/performance.md; why
none is shipped: docs/adr/0009-engines-and-malloc.md.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes.util import find_library

_M_MXFAST = 1  # glibc malloc.h: the largest piece that is put aside without being joined
_PRELOAD = "LD_PRELOAD"


def name() -> str:
    """Whose malloc this process has."""
    return "jemalloc" if "jemalloc" in os.environ.get(_PRELOAD, "") else "the system's"


def settle() -> None:
    """Make glibc's malloc join what is freed at once. Without effect on any other."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MXFAST, 0)


def prefer_jemalloc() -> None:
    """Begin this process again with jemalloc, under the same id, where the system has it (Debian: libjemalloc2). To be
    called before anything else. Returns when there is none, or when it has it already."""
    library = find_library("jemalloc")
    if library is None or name() == "jemalloc":
        return
    preload = ":".join(filter(None, [os.environ.get(_PRELOAD), library]))
    again = [sys.executable, *sys.orig_argv[1:]]
    os.execve(sys.executable, again, {**os.environ, _PRELOAD: preload})  # noqa: S606 - it is ourselves
