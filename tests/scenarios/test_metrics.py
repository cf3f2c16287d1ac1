"""What Prometheus reads is how the helpdesk stands; nobody reads it without the token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from app.metrics import STATES
from app.seeding import seed
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.embedded import EmbeddedRedis
from foundation.settings import ROOT
from tests.support.scenario import Scenario
from tests.support.world import World, settings_for

TOKEN = "a-token-for-tests"


@pytest.fixture
def watched(
    database: Database, redis: Redis, redis_server: EmbeddedRedis, postgres_url: str, clock: ManualClock, tmp_path: Path
) -> Iterator[Scenario]:
    """A helpdesk with a token for its metrics."""
    seed(database, clock.now())
    folder = str(tmp_path / "voicemail")
    world = World(settings_for(postgres_url, redis_server.url, VOICEMAIL_DIR=folder, METRICS_TOKEN=TOKEN), clock)
    yield Scenario(world)
    world.close()


def scraped(scenario: Scenario) -> dict[tuple[str, ...], float]:
    """Values by name and labels, in the order of the labels' names."""
    answer = scenario.world.web.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_metrics_say_how_the_helpdesk_stands(watched: Scenario) -> None:
    watched.play(
        """
        at    | who  | does               | then
        0:00  | Els  | rings              |
        0:02  | Els  | presses 1          |
        0:20  | Els  | presses 1          |
        0:30  | Marc | rings from +32460001002 |
        0:32  | Marc | presses 1          |
        0:50  | Marc | presses 1          |
        1:00  | Marc | hangs up           | is ended
        1:20  | Els  |                    | is waiting
        """
    )
    seen = scraped(watched)
    assert seen["onthaal_waiting_calls", "internet"] == 1
    assert seen["onthaal_longest_wait_seconds", "internet"] == 60
    assert seen["onthaal_late_calls", "internet"] == 0
    assert seen["onthaal_calls_ended_total", "abandoned", "internet"] == 1
    assert seen["onthaal_operators", "away"] == sum(seen["onthaal_operators", state] for state in STATES)
    assert (seen["onthaal_outbox_open",], seen["onthaal_callbacks_owed",]) == (0, 0)
    watched.operator("dana").be("ready")
    seen = scraped(watched)
    assert (seen["onthaal_operators", "offered"], seen["onthaal_operators", "ready"]) == (1, 0)
    watched.world.run_for(120)
    assert scraped(watched)["onthaal_late_calls", "internet"] == 1


def test_nobody_reads_them_without_the_token(watched: Scenario) -> None:
    client = watched.world.web.test_client()
    for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = client.get("/metrics", headers=given)
        assert answer.status_code == 401
        assert "onthaal_" not in answer.text


def test_without_a_token_the_address_is_not_there(scenario: Scenario) -> None:
    client = scenario.world.web.test_client()
    for given in ({}, {"Authorization": "Bearer "}):
        assert client.get("/metrics", headers=given).status_code == 404


def test_every_metric_is_documented(watched: Scenario) -> None:
    documented = set(re.findall(r"`(onthaal_\w+)`", (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")))
    watched.play(
        """
        0:00 | Els | rings     |
        0:05 | Els | hangs up  | is ended
        """
    )
    names = {name for name, *_ in scraped(watched)} | {"onthaal_transcript_lag_seconds"}
    assert documented == names
