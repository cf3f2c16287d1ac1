"""A recorded conversation on one track, cut at its pauses into the two sides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.sound import mulaw, wav

_SHORTEST_PAUSE_S = 0.16  # shorter gaps are inside words
_SURELY_A_TURN_S = 0.7  # nobody pauses this long inside a sentence of a helpdesk call
_EDGE_S = 0.06  # soft first and last sounds, kept with the turn they belong to


def split_turns(wav_path: Path, speakers: str = "") -> tuple[bytes, bytes]:
    """The two sides of a two-voice recording as mu-law of equal length, on the recording's own time axis.

    Where one side speaks the other is silent, so two phones that start together hold the conversation.
    The longer pauses are taken as changes of turn: recordings tell voices apart by nothing else. Who says which turn
    can be given with `speakers`, one letter (a or b) a turn; without, the sides take turns.
    """
    sound = wav.load(wav_path)
    sides = (bytearray(b"\xff" * len(sound)), bytearray(b"\xff" * len(sound)))
    for number, (start, end) in enumerate(turns(sound)):
        side = "ab".index(speakers[number]) if number < len(speakers) else number % 2
        sides[side][start:end] = sound[start:end]
    return bytes(sides[0]), bytes(sides[1])


def turns(sound: bytes) -> list[tuple[int, int]]:
    """Start and end byte of every turn in mu-law `sound`, in order and not overlapping."""
    quiet = _quiet(sound)
    pauses = [pause for pause in _runs(quiet) if pause[0] > 0 and pause[1] < len(quiet)]
    pauses = [pause for pause in pauses if (pause[1] - pause[0]) * mulaw.FRAME_S >= _SHORTEST_PAUSE_S]
    loud = np.flatnonzero(~quiet)
    if not len(loud):
        return []
    edge = round(_EDGE_S / mulaw.FRAME_S)
    starts, ends = [max(0, int(loud[0]) - edge)], []
    for start, end in _long(pauses):
        ends.append(start + edge)
        starts.append(end - edge)
    ends.append(min(len(quiet), int(loud[-1]) + 1 + edge))
    return [
        (start * mulaw.FRAME_BYTES, min(len(sound), end * mulaw.FRAME_BYTES))
        for start, end in zip(starts, ends, strict=True)
    ]


def _quiet(sound: bytes) -> NDArray[np.bool_]:
    """Whether each frame is a pause: nearer, in decibel, to the recording's noise than to its speech."""
    samples = mulaw.decode(b"".join(mulaw.frames(sound))).astype(np.float64).reshape(-1, mulaw.FRAME_BYTES)
    level_db = 20 * np.log10(np.sqrt((samples**2).mean(axis=1)) + 8.0)
    smooth = np.convolve(level_db, np.ones(3) / 3, mode="same")
    floor, speech = np.percentile(smooth, (4, 90))
    return np.asarray(smooth < floor + 0.4 * (speech - floor), dtype=np.bool_)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _long(pauses: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The long ones of two kinds of pauses, parted where the lengths (logarithmic) differ most between the kinds."""
    if len(pauses) < 3:
        return pauses
    lengths = np.log([end - start for start, end in pauses])
    ordered = np.unique(lengths)
    parted = float(max(ordered[1:], key=lambda cut: _between(lengths, float(cut)), default=ordered[0]))
    best = min(parted, np.log(_SURELY_A_TURN_S / mulaw.FRAME_S))
    return [pause for pause, length in zip(pauses, lengths, strict=True) if length >= best]


def _between(lengths: NDArray[np.float64], cut: float) -> float:
    """Otsu's variance between the two kinds when parted at `cut`."""
    short, long = lengths[lengths < cut], lengths[lengths >= cut]
    return float(len(short) * len(long) * (long.mean() - short.mean()) ** 2)
