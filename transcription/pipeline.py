"""One speaker's track: frames in, words out. A call and a file take this same way.

Sound waits in a bounded buffer; the gate drops what is not speech; one decode at a time runs for a track, in a thread
pool that all tracks share; what arrives meanwhile is decoded together afterwards. The gate always hears blocks of
`BLOCK_BYTES`, and Vosk gets pieces made of them, however the frames arrived: a busy call, an idle one and a file are
heard alike.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from transcription import gate
from transcription.audio import TELEPHONE_HZ, Gap, TimeAxis, mulaw_decode
from transcription.protocol import Media
from transcription.recogniser import Recogniser, Word

BLOCK_BYTES = gate.BLOCK  # 160 ms: what the gate hears at a time, so a pause is noticed that soon
PIECE_BYTES = 3 * BLOCK_BYTES  # what Vosk is given at a time while speech goes on, and so how often words show: 480 ms
_JOB_BYTES = 6 * BLOCK_BYTES  # one decode takes at most a second of sound, so that a track that lags lets others pass
BUFFER_S = 300
"""How much undecoded sound a track may hold: 2.4 MB at 8 kB a second. A decode takes about 0.03 s of one core a second
of sound, so a track lags by seconds at worst; five minutes outlast a stalled machine, and sixty tracks that are all
stalled so long (as many as two cores carry) hold 144 MB. Beyond it the oldest sound goes, and a gap says so."""


@dataclass(frozen=True, slots=True)
class Final:
    """A sentence. Times in seconds of the stream; `said_at` and `heard_at` in seconds of `time.monotonic`: when its
    last word was said, and when the last sound came in that was needed to know that it was over."""

    words: tuple[Word, ...]
    said_at: float
    heard_at: float

    @property
    def text(self) -> str:
        return " ".join(word.word for word in self.words)

    @property
    def start_s(self) -> float:
        return self.words[0].start_s

    @property
    def end_s(self) -> float:
        return self.words[-1].end_s


@dataclass(frozen=True, slots=True)
class Partial:
    """The words so far of a sentence that goes on; no text: it came to nothing."""

    text: str
    start_s: float


Result = Final | Partial | Gap


class FrameBuffer:
    """What was received and not decoded yet. `put` is all that the reader of a socket ever waits for."""

    def __init__(self, *, limit_s: float = BUFFER_S, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limit_bytes = int(limit_s * TELEPHONE_HZ)
        self._monotonic = monotonic
        self._frames: deque[Media] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._taken = asyncio.Event()
        self._ended = False
        self._discard = False
        self.began_at = float("inf")  # `monotonic` at second 0 of the stream, by the frame that was least delayed
        self.dropped_bytes = 0

    def put(self, frame: Media) -> None:
        """Keep a frame; never blocks and never fails. Over the limit the oldest frames are dropped."""
        self.began_at = min(self.began_at, self._monotonic() - frame.end_s)
        if self._discard:
            return
        self._frames.append(frame)
        self._bytes += len(frame.payload)
        while self._bytes > self._limit_bytes:
            lost = len(self._frames.popleft().payload)
            self._bytes -= lost
            self.dropped_bytes += lost
        if self._bytes >= BLOCK_BYTES:
            self._wake.set()

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that wait."""
        return self._bytes / TELEPHONE_HZ

    @property
    def over(self) -> bool:
        """Nothing is here and nothing will come."""
        return self._ended and not self._frames

    def end(self) -> None:
        """No more frames will come."""
        self._ended = True
        self._wake.set()

    def discard(self) -> None:
        """Nobody will decode this: forget what is here and what comes."""
        self._discard = True
        self._frames.clear()
        self._bytes = 0
        self._taken.set()

    async def take(self) -> list[Media] | None:
        """Wait for a block of sound, or the end; at most `_JOB_BYTES` or one frame. None when all is taken and over."""
        await self._wake.wait()
        frames: list[Media] = []
        size = 0
        while self._frames and (not frames or size + len(self._frames[0].payload) <= _JOB_BYTES):
            frames.append(self._frames.popleft())
            size += len(frames[-1].payload)
        self._bytes -= size
        if self._bytes < BLOCK_BYTES and not self._ended:
            self._wake.clear()
        self._taken.set()
        return frames if frames or not self._ended else None

    async def low(self) -> None:
        """Wait until less than a block is left, for a source that can be held back (a file; a call cannot)."""
        while self._bytes >= BLOCK_BYTES and not self._discard:
            self._taken.clear()
            await self._taken.wait()


class Decoder:
    """Turns frames into results: `hear` sorts them, which takes half a millisecond a block; `decode` holds a thread for
    longer. One of them runs at a time.

    `cpu_s` is the processor time spent here, gate and all, `wall_s` how long that took; `decoded_s` the seconds of
    sound that were decoded. `untold` are the frames of which not every word is told yet: who decodes them again, and
    what follows, has the whole rest.
    """

    def __init__(
        self, recogniser: Recogniser, *, partials: bool = True, speech_gate: gate.SpeechGate | None = None
    ) -> None:
        self.partials = partials
        self._recogniser = recogniser
        self._gate = speech_gate or gate.SpeechGate()
        self._axis = TimeAxis()
        self._rest = b""
        self._waiting: list[gate.Heard] = []
        self._piece: gate.Speech | None = None  # too little to decode yet
        self._fed_bytes = 0  # to the recogniser; its times count from these
        self._anchors: list[tuple[int, int]] = []  # (fed, heard) bytes from where the two run in step again
        self._sentence_at: int | None = None  # bytes heard before the sentence that goes on
        self._partial = ""
        self._since_s = 0.0  # start of the sentence that goes on
        self.untold: deque[Media] = deque()
        self.decoding = False  # a decode was begun, and what it gave is not told yet; set by who runs it
        self.cpu_s = 0.0
        self.wall_s = 0.0

    @property
    def decoded_s(self) -> float:
        return self._fed_bytes / TELEPHONE_HZ

    @property
    def waiting(self) -> bool:
        """There is something to decode."""
        return bool(self._waiting)

    @property
    def speaking(self) -> bool:
        """Something is being said, or was said, that no result tells of yet."""
        return self.decoding or self.waiting or self._piece is not None or self._sentence_at is not None

    def hear(self, frames: Sequence[Media]) -> list[Gap]:
        """Put these frames in their place, and keep what is speech for `decode`. Gives what is missing before them."""
        cpu, wall = time.thread_time(), time.perf_counter()
        gaps: list[Gap] = []
        heard = bytearray(self._rest)
        for frame in frames:
            data, gap = self._axis.place(frame.chunk, frame.timestamp_ms, frame.payload)
            if gap is not None:
                gaps.append(gap)
            if data:
                heard += data
                self.untold.append(frame)
        whole = len(heard) - len(heard) % BLOCK_BYTES
        self._rest = bytes(heard[whole:])
        for at in range(0, whole, BLOCK_BYTES):
            self._gather(self._gate.hear(bytes(heard[at : at + BLOCK_BYTES])))
        if not self._waiting:
            self._forget_told()
        self.cpu_s += time.thread_time() - cpu
        self.wall_s += time.perf_counter() - wall
        return gaps

    def end(self) -> None:
        """No more frames."""
        self._gather(self._gate.hear(self._rest))
        self._hand_over()
        self._rest = b""

    def _gather(self, heard: Sequence[gate.Heard]) -> None:
        """Join speech to pieces of `PIECE_BYTES`; the end of a sentence waits for nothing."""
        for part in heard:
            if isinstance(part, gate.Pause):
                self._hand_over()
                self._waiting.append(part)
                continue
            before = self._piece
            if before is not None and before.at + len(before.mulaw) == part.at:
                self._piece = gate.Speech(before.mulaw + part.mulaw, before.at)
            else:
                self._hand_over()
                self._piece = part
            if len(self._piece.mulaw) >= PIECE_BYTES:
                self._hand_over()

    def _hand_over(self) -> None:
        if self._piece is not None:
            self._waiting.append(self._piece)
            self._piece = None

    def decode(self, began_at: float) -> list[Result]:
        """What the kept sound made known. `began_at` as in FrameBuffer. Raises RecognitionFailed."""
        cpu, wall = time.thread_time(), time.perf_counter()
        results: list[Result] = []
        waiting, self._waiting = self._waiting, []
        for heard in waiting:
            if isinstance(heard, gate.Speech):
                self._accept(heard, began_at, results)
            else:
                self._final(self._recogniser.finish(), began_at, results)
                self._sentence_at = None
                self._show("", results)
        if self.partials and isinstance(waiting[-1], gate.Speech):
            self._show(self._recogniser.partial(), results)
        self._forget_told()
        self.cpu_s += time.thread_time() - cpu
        self.wall_s += time.perf_counter() - wall
        return results

    def _forget_told(self) -> None:
        """Let go of the frames whose words are told, or in which there were none."""
        waiting_at = self._gate.decided_bytes if self._piece is None else self._piece.at
        told = waiting_at if self._sentence_at is None else self._sentence_at
        told_s = self._axis.stream_s(told / TELEPHONE_HZ) if self.untold else 0.0
        while self.untold and self.untold[0].end_s <= told_s:
            self.untold.popleft()

    def _accept(self, speech: gate.Speech, began_at: float, results: list[Result]) -> None:
        if not self._anchors or speech.at - self._fed_bytes != self._anchors[-1][1] - self._anchors[-1][0]:
            self._anchors.append((self._fed_bytes, speech.at))
        if self._sentence_at is None:
            self._sentence_at = speech.at
        self._fed_bytes += len(speech.mulaw)
        words = self._recogniser.accept(mulaw_decode(speech.mulaw))
        if words is not None:
            self._final(words, began_at, results)
            self._sentence_at = None

    def _stream_s(self, fed_s: float) -> float:
        """Stream time of a moment in what the recogniser was given."""
        fed = fed_s * TELEPHONE_HZ
        anchor = next((a for a in reversed(self._anchors) if a[0] <= fed + 1), self._anchors[0])
        return self._axis.stream_s((fed - anchor[0] + anchor[1]) / TELEPHONE_HZ)

    def _final(self, words: Sequence[Word], began_at: float, results: list[Result]) -> None:
        if not words:
            return  # a sentence that came to nothing; its partial, if any, is cleared by the next one
        placed = tuple(Word(w.word, self._stream_s(w.start_s), self._stream_s(w.end_s), w.conf) for w in words)
        del self._anchors[:-1]  # no later word lies before
        results.append(Final(placed, said_at=began_at + placed[-1].end_s, heard_at=began_at + self._axis.end_s))
        self._partial = ""

    def _show(self, text: str, results: list[Result]) -> None:
        if text == self._partial:
            return
        if not self._partial:
            self._since_s = max(0.0, self._axis.end_s - BLOCK_BYTES / TELEPHONE_HZ)
        self._partial = text
        results.append(Partial(text, self._since_s))


@dataclass(frozen=True, slots=True)
class Work:
    """What dealing with `sound_s` seconds of a track took, and how much waits behind them."""

    cpu_s: float
    wall_s: float
    sound_s: float
    behind_s: float


async def transcribe(
    buffer: FrameBuffer, decoder: Decoder, pool: Executor, *, go_on: Callable[[Work], bool] = lambda _: True
) -> AsyncIterator[Result]:
    """Results in order, until the buffer has ended and all of it is decoded, or `go_on` says no; then what is not told
    is in `decoder.untold` and, after that, in the buffer. Raises RecognitionFailed."""
    loop = asyncio.get_running_loop()
    while (frames := await buffer.take()) is not None:
        cpu_s, wall_s = decoder.cpu_s, decoder.wall_s
        for gap in decoder.hear(frames):
            yield gap
        if decoder.waiting:
            decoder.decoding = True
            for result in await loop.run_in_executor(pool, decoder.decode, buffer.began_at):
                yield result
            decoder.decoding = False
        sound_s = sum(len(frame.payload) for frame in frames) / TELEPHONE_HZ
        if not go_on(Work(decoder.cpu_s - cpu_s, decoder.wall_s - wall_s, sound_s, buffer.waiting_s)):
            return
    decoder.end()
    if decoder.waiting:
        for result in await loop.run_in_executor(pool, decoder.decode, buffer.began_at):
            yield result
