"""From results to the record and the screens: segments are kept (`keeping`), then published; partials only published.

Nothing leaves here before `discretion` has seen it. A sentence whose end may be the beginning of a secret is shown and
stored with "…" in the place of that end, and again when it is clear what it is.

Everything that may wait for PostgreSQL or Redis happens in a thread. While it waits, segments queue up and of the
partials only the newest is kept, so slow stores never hold back the decoder or the reader.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from foundation.live import call_topic
from transcription.audio import Gap
from transcription.discretion import Discretion, Verdict
from transcription.display import display
from transcription.keeping import RETRY_EVERY_S, Keeping, Record
from transcription.pipeline import Final, Partial, Result
from transcription.questions import Asking, Question
from transcription.recogniser import Word
from transcription.store import MissingSound, Segment, Speaker
from transcription.tokens import StreamClaim

log = logging.getLogger(__name__)

PARTIAL_EVERY_S = 0.2  # five a second: faster than a reader sees, slow enough for the screens
HOLD_S = 2.5  # of quiet after which a number at the end of a sentence is whole; people pause for a breath
LOOK_EVERY_S, LOOK_FOR_S = 1.0, 8.0  # the other track may lag, and its question be known after the answer
SAVE_WITHIN_S = 60.0  # after the stream's end: how long segments wait for a database that is away


State = Literal["listening", "sentences", "spooled", "spool-full", "unavailable", "ended"]


class Screens(Protocol):
    """foundation.live.Live: tells every screen that follows a topic; may block, does not raise."""

    def publish(self, topic: str, kind: str, data: Mapping[str, Any] | None = None) -> None: ...


class Questions(Protocol):
    """transcription.questions.Questions: what the speakers ask each other for; may block, does not raise."""

    def put(self, call_id: str, speaker: Speaker, stream: str, questions: Sequence[Question]) -> None: ...

    def of(self, call_id: str, speaker: Speaker, *, within_s: float) -> list[Question]: ...


@dataclass(slots=True)
class _Sentence:
    """A recognised sentence on its way out. `told_at`: when it was first shown, as `time.monotonic`."""

    final: Final
    told_at: float | None = None


class Outlet:
    """What one stream says, in order. `put` and `state` never block; `run` does the work until `close`."""

    def __init__(
        self,
        claim: StreamClaim,
        *,
        stream_sid: str,
        stream_started_at: datetime,
        record: Record,
        screens: Screens,
        pool: Executor,
        save_within_s: float = SAVE_WITHIN_S,
        hold_s: float = HOLD_S,
        redact_emails: bool = False,
        late: bool = False,
        questions: Questions | None = None,
    ) -> None:
        """`late`: the sound comes from a spool; what is behind is then not told. `questions` that are not shared make
        no secret of what is only asked for."""
        self._claim = claim
        self._stream = stream_sid
        # Not below 0 when the machines' clocks differ: nothing is said before the call.
        self._offset_s = max(0.0, (stream_started_at - claim.call_started_at).total_seconds())
        self._keeping = Keeping(record)
        self._screens = screens
        self._pool = pool
        self._save_within_s = save_within_s
        self._late = late
        self._waiting: deque[Final | Gap | State] = deque()
        self._partial: Partial | None = None
        self._showing = ""  # the partial that is on the screens
        self._ordinal = 0
        self._discretion = Discretion(claim.language, emails=redact_emails)
        self._other: Speaker = "caller" if claim.speaker == "operator" else "operator"
        self._asking = Asking(claim.language)
        self._questions = questions
        self._look_until = 0.0
        self._sentences: dict[int, _Sentence] = {}
        self._pending: dict[int, Verdict] = {}
        self._saying = ""  # the newest partial, redacted
        self._hold_s = hold_s
        self._held_until = 0.0
        self._going_on: Callable[[], bool] | None = None
        self._spoken_at = float("-inf")  # when `_going_on` was last so
        self._delivering = False
        self._wake = asyncio.Event()
        self._closed_at: float | None = None

    def put(self, result: Result) -> None:
        """A result of the decoder, in seconds of the stream."""
        if isinstance(result, Partial):
            self._partial = result
        else:
            self._waiting.append(result)
            self._partial = None  # it belonged to the sentence that ended
        self._wake.set()

    def state(self, state: State) -> None:
        """How the track is written down from here on."""
        self._waiting.append(state)
        self._wake.set()

    def follow(self, going_on: Callable[[], bool] | None) -> None:
        """`going_on` tells whether something is being said, or waits to be heard. As long as it does no number is
        taken to be whole, with partial words and without: the clock alone does not know that a decoder is kept
        waiting. None: nobody tells any more."""
        self._going_on = going_on

    def look(self) -> None:
        """See whether something is being said. Never blocks; in the thread of the loop."""
        if self._going_on is not None and self._going_on():
            self._spoken_at = time.monotonic()

    @property
    def ordinal(self) -> int:
        """Of the last sentence."""
        return self._ordinal

    @property
    def muted(self) -> bool:
        """The call was opted out: nothing more of it is kept or told."""
        return self._keeping.muted

    @property
    def holding(self) -> bool:
        """A number may go on in what is said next."""
        return bool(self._pending or self._waiting or self._delivering)

    @property
    def unsaved(self) -> int:
        """Sentences and gaps that could not be stored yet."""
        return self._keeping.unsaved

    def close(self) -> None:
        """Nothing more comes; `run` ends when all is told and stored, or could not be stored in time."""
        self._closed_at = time.monotonic()
        self._wake.set()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        partial_after = 0.0
        while not self._done():
            wait_s = self._wait_s(partial_after)
            try:
                async with asyncio.timeout(wait_s):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            waiting, self._waiting = list(self._waiting), deque()
            partial = None
            if self._partial is not None and (waiting or time.monotonic() >= partial_after):
                partial, self._partial = self._partial, None
                partial_after = time.monotonic() + PARTIAL_EVERY_S
            self.look()
            whole = not waiting and partial is None and time.monotonic() >= self._whole_at
            self._delivering = bool(waiting)
            await loop.run_in_executor(self._pool, self._deliver, waiting, partial, whole)
            self._delivering = False
        await loop.run_in_executor(self._pool, self._deliver, [], None, True)  # what the other track asked until now
        if self.unsaved:
            log.error("segments lost: the database stayed away", extra={"count": self.unsaved})

    def _done(self) -> bool:
        if self._closed_at is None or self._waiting or self._partial is not None or self._pending:
            return False
        return not self.unsaved or time.monotonic() > self._closed_at + self._save_within_s

    @property
    def _whole_at(self) -> float:
        """When a number that is open now is taken to be whole."""
        if self._closed_at is not None:
            return self._closed_at
        return max(self._held_until, self._spoken_at + self._hold_s)

    def _wait_s(self, partial_after: float) -> float | None:
        """How long to wait for something new: until a held-back partial, or the next try to store, is due."""
        now = time.monotonic()
        due = [self._whole_at - now] if self._pending else []
        due += [partial_after - now] if self._partial is not None else []
        due += [RETRY_EVERY_S] if self.unsaved else []
        due += [LOOK_EVERY_S] if self._questions is not None and now < self._look_until else []
        return max(0.0, min(due)) if due else None

    def _deliver(self, waiting: list[Final | Gap | State], partial: Partial | None, whole: bool) -> None:
        """In a thread; one at a time for a stream. `whole`: the numbers that are open have their end."""
        self._keeping.save()
        if partial is not None:
            self._heard(self._ordinal + 1 + sum(isinstance(item, Final) for item in waiting), partial)
        anew = self._closed_at is not None or any(isinstance(item, Final) for item in waiting)
        within_s = 0.0 if anew else LOOK_EVERY_S
        theirs, own = self._asked_by(self._other, within_s), self._asked_by(self._claim.speaker, within_s)
        self._tell(self._discretion.asked(theirs, own))
        for item in waiting:
            match item:
                case Final():
                    self._ordinal += 1
                    self._heard(self._ordinal, item)
                    self._sentences[self._ordinal] = _Sentence(item)
                    self._saying = ""
                    self._look_until = time.monotonic() + LOOK_FOR_S
                    self._tell(self._discretion.final(self._ordinal, item.words))
                case Gap():
                    self._missing(item)
                case _:
                    self._level(item)
        if partial is not None:
            self._saying, verdicts = self._discretion.partial(partial.text, partial.start_s)
            self._tell(verdicts)
        if whole and self._pending:
            self._tell(self._discretion.waited())
        self._show(partial.start_s if partial is not None else None)

    def _heard(self, ordinal: int, said: Final | Partial) -> None:
        """Tell the other track what is asked for here, before anything else is done with it."""
        words = said.text.split()
        starts = [word.start_s for word in said.words] if isinstance(said, Final) else [said.start_s] * len(words)
        if self._asking.heard(ordinal, words, [self._call_s(start_s) for start_s in starts]) and self._questions:
            self._questions.put(self._claim.call_id, self._claim.speaker, self._stream, self._asking.questions)

    def _asked_by(self, speaker: Speaker, within_s: float) -> list[Question]:
        """Those whose answer may still be remembered, in seconds of this stream; known as of `within_s` ago."""
        if self._questions is not None:
            found = self._questions.of(self._claim.call_id, speaker, within_s=within_s)
        else:
            found = self._asking.questions if speaker == self._claim.speaker else []
        here = (Question(each.kind, each.from_s - self._offset_s, each.until_s - self._offset_s) for each in found)
        return [each for each in here if each.until_s >= self._discretion.oldest_s]

    def _show(self, start_s: float | None) -> None:
        """What is being said, as a line that is replaced in place."""
        if self._saying == self._showing or self._late:
            return
        self._publish("partial", {"start_s": self._call_s(start_s or 0.0), "text": self._saying})
        self._showing = self._saying

    def _level(self, state: State) -> None:
        if state != "ended":  # how it was written down is still of use
            self._keeping.level(self._claim.call_id, self._claim.speaker, self._stream, state)
        self._publish("transcription-state", {"state": state})

    def _missing(self, gap: Gap) -> None:
        start_s, end_s = self._call_s(gap.start_s), self._call_s(gap.end_s)
        self._keeping.keep(
            MissingSound(self._claim.call_id, self._claim.speaker, self._stream, start_s=start_s, end_s=end_s)
        )
        self._publish("transcription-gap", {"start_s": start_s, "end_s": end_s})

    def _tell(self, verdicts: Sequence[Verdict]) -> None:
        now = time.monotonic()
        for verdict in verdicts:
            sentence = self._sentences[verdict.ordinal]
            sentence.told_at = sentence.told_at or now
            if verdict.settled:
                self._pending.pop(verdict.ordinal, None)
            else:
                self._pending[verdict.ordinal] = verdict
                self._held_until = now + self._hold_s
            self._segment(verdict, sentence, now)

    def _segment(self, verdict: Verdict, sentence: _Sentence, now: float) -> None:
        final, told_at = sentence.final, sentence.told_at or now
        start_s = self._call_s(final.start_s)
        words = tuple(
            Word(word.word, self._call_s(word.start_s), self._call_s(word.end_s), round(word.conf, 3))
            for word in verdict.words
        )
        segment = Segment(
            call_id=self._claim.call_id,
            speaker=self._claim.speaker,
            operator_id=self._claim.operator_id,
            started_at=self._claim.call_started_at + timedelta(seconds=start_s),
            start_s=start_s,
            end_s=self._call_s(final.end_s),
            text=verdict.text,
            words=words,
            language=self._claim.language,
            stream=self._stream,
            ordinal=verdict.ordinal,
        )
        stored = self._keeping.keep(segment)  # when it cannot be stored now, the operator still reads it now
        self._publish(
            "segment",
            {
                "id": stored,
                "start_s": segment.start_s,
                "end_s": segment.end_s,
                "text": segment.text,
                "display": [[shown.text, shown.unsure] for shown in display(words, segment.language)],
                **({} if self._late else _lags(final, told_at, now)),
            },
        )

    def _call_s(self, stream_s: float) -> float:
        return round(self._offset_s + stream_s, 3)

    def _publish(self, kind: str, data: Mapping[str, Any]) -> None:
        if self.muted and kind != "transcription-state":
            return
        self._screens.publish(call_topic(self._claim.call_id), kind, {"speaker": self._claim.speaker, **data})


def _lags(final: Final, told_at: float, now: float) -> Mapping[str, int]:
    return {
        "lag_ms": max(0, round((told_at - final.heard_at) * 1000)),  # since the last sound it needed
        "after_word_ms": max(0, round((told_at - final.said_at) * 1000)),  # since its last word, pause and all
        "held_ms": round((now - told_at) * 1000),  # how long a number at its end was "…"
    }
