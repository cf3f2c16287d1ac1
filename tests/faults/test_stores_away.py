"""Our own stores go away in the middle of a call. The caller does not notice, or gets a person; no fact is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.schema import migrate
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.embedded import EmbeddedPostgres, EmbeddedRedis
from tests.support.scenario import Scenario
from tests.support.seeded import seed
from tests.support.world import HELPDESK, Handset, World, settings_for

# What the product logs about stores that are away is wanted here.
pytestmark = pytest.mark.filterwarnings("default")


class Stores:
    """A PostgreSQL and a Redis of this test's own, to take away and bring back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.postgres = EmbeddedPostgres(folder / "pg").start()
        self.redis = EmbeddedRedis(folder / "redis").start()

    def postgres_goes(self) -> None:
        self.postgres.stop()

    def postgres_comes_back(self) -> None:
        self.postgres = EmbeddedPostgres(self._folder / "pg").start()

    def close(self) -> None:
        self.redis.stop()
        self.postgres.stop()


@pytest.fixture
def stores() -> Iterator[Stores]:
    with TemporaryDirectory(prefix="onthaal-", ignore_cleanup_errors=True) as folder:
        stores = Stores(Path(folder))
        yield stores
        stores.close()


@pytest.fixture
def world(stores: Stores, clock: ManualClock) -> Iterator[World]:
    url = stores.postgres.url("onthaal")
    database = Database(url)
    migrate(database.engine)
    seed(database, clock.now())
    database.close()
    world = World(settings_for(url, stores.redis.url), clock)
    yield world
    world.close()


IN_THE_QUEUE = """
at    | who | does      | then
0:00  | Els | rings     |
0:02  | Els | presses 3 |
0:20  | Els | presses 1 | waits as number 1
"""


def test_redis_flushed_while_waiting_and_talking_loses_nothing(world: World) -> None:
    scenario = Scenario(world)
    scenario.play(IN_THE_QUEUE)
    world.services.redis.flushall()
    scenario.play(
        """
        0:30 | Els  |          | waits as number 1
        1:00 | Els  |          | is waiting
        1:10 | dana | is ready | is offered Els
        """
    )
    world.services.redis.flushall()
    scenario.play("1:12 | dana | accepts | is talking\n1:12 | Els | | is talking; hears a person")
    world.services.redis.flushall()
    scenario.play(
        """
        1:40 | Els  |                    | is talking; hears a person
        2:00 | dana | ends the call      | is wrap-up
        2:00 | Els  |                    | last hears "How did we do?"
        2:10 | dana | wraps up as solved |
        3:00 | Els  |                    | outcome answered; wait 50 s; talk 48 s; wrap_up 10 s
        """
    )


def test_redis_flushed_in_the_menu_keeps_the_callers_place_in_the_flow(world: World) -> None:
    scenario = Scenario(world)
    scenario.play("0:00 | Els | rings\n0:02 | Els | presses 3")
    world.services.redis.flushall()
    scenario.play('0:20 | Els | presses 1 | waits as number 1\n0:21 | Els | | hears "connecting you"')


def test_without_the_database_the_call_goes_on_and_its_facts_are_written_later(world: World, stores: Stores) -> None:
    world.ring("Els")
    world.press("Els", "3")
    before = len(world.facts("Els"))
    stores.postgres_goes()
    world.exchange.press(world.callers["Els"].leg, "1")  # goes past the notice
    world.timeline.settle()
    assert "For internet and telephony" in world.callers["Els"].heard[-1]
    assert not world.callers["Els"].ended
    stores.postgres_comes_back()
    assert world.services.call_log.drain_spool() == 1
    assert len(world.facts("Els")) == before + 1
    world.press("Els", "1")
    world.settle()
    assert world.record("Els").status == "waiting"


def test_who_hangs_up_in_the_queue_without_the_database_has_left_at_that_moment(world: World, stores: Stores) -> None:
    scenario = Scenario(world)
    scenario.play(IN_THE_QUEUE)
    world.run_for(10)
    stores.postgres_goes()
    left_at = world.clock.now()
    world.exchange.hang_up(world.callers["Els"].leg)
    world.timeline.settle()
    stores.postgres_comes_back()
    assert world.services.call_log.drain_spool() == 1
    record = world.record("Els")
    assert (record.outcome, record.ended_at) == ("abandoned", left_at)


def test_without_redis_the_caller_hears_an_apology_and_gets_a_person(world: World, stores: Stores) -> None:
    world.ring("Els")
    stores.redis.kill()
    world.exchange.press(world.callers["Els"].leg, "3")
    world.timeline.settle()
    assert any("Something went wrong on our side" in text for text in world.callers["Els"].heard)
    world.timeline.run_for(30)
    assert world.duty_phone.ringing, "the fallback number is dialled"


def test_without_either_store_a_new_caller_still_gets_a_person(world: World, stores: Stores) -> None:
    stores.redis.kill()
    stores.postgres_goes()
    handset = Handset()
    handset.leg = world.exchange.dial("+32460001001", HELPDESK, handset)
    world.timeline.run_for(30)
    assert any("Something went wrong on our side" in text for text in handset.heard)
    assert world.duty_phone.ringing
    stores.postgres_comes_back()
