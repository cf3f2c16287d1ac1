"""Sentences and gaps reach the record in order, however the database comes and goes, and none after an opt-out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from transcription.keeping import RETRY_EVERY_S, Keeping
from transcription.store import MissingSound, OptedOut, Segment, Speaker

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GAP = MissingSound("call", "caller", "MZ1", start_s=1.0, end_s=2.0)


def sentence(ordinal: int) -> Segment:
    return Segment("call", "caller", None, NOW, 0.0, 1.0, "hallo", (), "nl", "MZ1", ordinal)


class _Record:
    def __init__(self) -> None:
        self.kept: list[object] = []
        self.tried = 0
        self.away = self.closed = False

    def _keep(self, item: object) -> None:
        self.tried += 1
        if self.away:
            raise OperationalError("INSERT", {}, Exception("the database is away"))
        if self.closed:
            raise OptedOut("This call may not be written down any more.")
        self.kept.append(item)

    def add(self, segment: Segment) -> Segment:
        self._keep(segment.ordinal)
        return replace(segment, id=100 + segment.ordinal)

    def add_gap(self, gap: MissingSound) -> None:
        self._keep(gap)

    def set_level(self, call_id: str, speaker: Speaker, stream: str, state: str) -> None:
        self._keep(state)


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_could_not_be_stored_goes_first_when_the_database_is_back() -> None:
    record, clock = _Record(), _Clock()
    keeping = Keeping(record, monotonic=clock)
    assert keeping.keep(sentence(1)) == 101
    record.away = True
    keeping.level("call", "caller", "MZ1", "listening")  # lost, and nothing else with it
    assert keeping.keep(sentence(2)) is None and keeping.keep(GAP) is None
    assert record.tried == 3, "who is away is not asked again at once"
    record.away = False
    assert keeping.keep(sentence(3)) is None and keeping.unsaved == 3
    clock.now += RETRY_EVERY_S
    assert keeping.keep(sentence(4)) == 104 and keeping.unsaved == 0
    assert record.kept == [1, 2, GAP, 3, 4]


def test_after_an_opt_out_nothing_is_asked_of_the_record() -> None:
    record = _Record()
    keeping = Keeping(record)
    record.closed = True
    assert keeping.keep(sentence(1)) is None and keeping.muted
    assert keeping.keep(sentence(2)) is None and keeping.keep(GAP) is None
    assert (keeping.unsaved, record.tried, record.kept) == (0, 1, [])
