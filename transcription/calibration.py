"""What decoding costs on this machine, measured: a short sentence that ships with the product, decoded twice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from transcription import media_stream, wav
from transcription.admission import Cost
from transcription.audio import TELEPHONE_HZ
from transcription.pipeline import BLOCK_BYTES, Decoder
from transcription.protocol import Media, parse
from transcription.recogniser import Recogniser

_SOUNDS = Path(__file__).resolve().parent / "sounds"
_OTHER = "en"  # for a language without a sentence
_CGROUP = Path("/sys/fs/cgroup/cpu.max")  # "max 100000" or "200000 100000": microseconds in a period


def sentence(language: str) -> tuple[wav.Recording, bool]:
    """A short sentence that ships with the product, and whether it is one of `language`. Foreign speech decodes too,
    and costs a little more, which errs on the safe side."""
    path = _SOUNDS / f"{language}.wav"
    own = path.is_file()
    return wav.read(path if own else _SOUNDS / f"{_OTHER}.wav"), own


def measure(recogniser: Callable[[], Recogniser], language: str) -> Cost:
    """Decode a sentence of `language` as a call would be. Takes some tenths of a second of one core; blocks. Raises
    RecognitionFailed.

    The cost is that of hearing the sentence for the first time, as calls do; what partial words add is found by hearing
    it again, without and with them, since a sentence that was heard before costs less (transcription/recogniser.py)."""
    mulaw = sentence(language)[0].mulaw
    _cost(Decoder(recogniser()), mulaw[:TELEPHONE_HZ])  # the first second of a model costs more than any other
    sentences = _cost(Decoder(recogniser(), partials=False), mulaw)
    again = _cost(Decoder(recogniser(), partials=False), mulaw)
    live = _cost(Decoder(recogniser()), mulaw)
    return Cost(live=sentences * max(1.0, live / again), sentences=sentences)


def _cost(decoder: Decoder, mulaw: bytes) -> float:
    """Processor seconds for a second of what was decoded."""
    frames = [frame for text in media_stream.frames("", mulaw) if isinstance(frame := parse(text), Media)]
    a_block = BLOCK_BYTES // media_stream.FRAME_BYTES
    began_at = time.monotonic()
    for at in range(0, len(frames), a_block):
        decoder.hear(frames[at : at + a_block])
        if decoder.waiting:
            decoder.decode(began_at)
    decoder.end()
    if decoder.waiting:
        decoder.decode(began_at)
    return decoder.cpu_s / max(decoder.decoded_s, 0.1)


def cores(threads: int) -> float:
    """Cores that `threads` decoding threads can use, of those that this process and its container may."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    found = float(min(threads, ours))
    try:
        quota, _, period = _CGROUP.read_text(encoding="ascii").partition(" ")
        return found if quota == "max" else min(found, int(quota) / int(period))
    except (OSError, ValueError):
        return found
