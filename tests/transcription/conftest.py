"""The media server's house, clean for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from foundation.clock import ManualClock
from foundation.database import Database
from foundation.live import call_topic, channel
from tests.support.attic import Attic
from tests.support.media_house import CALL, House, WatchedTranscripts
from transcription.tokens import StreamTokens


@pytest.fixture
def house(database: Database, redis: Redis, clock: ManualClock) -> Iterator[House]:
    tokens = StreamTokens("a secret of more than thirty-two characters", redis, clock)
    transcripts = WatchedTranscripts(database)
    heard = redis.pubsub()
    heard.subscribe(channel(call_topic(CALL)))
    yield House(redis, clock, tokens, transcripts, heard)
    heard.close()


@pytest.fixture
def attic(house: House, tmp_path: Path) -> Attic:
    return Attic(house, tmp_path / "spool")
