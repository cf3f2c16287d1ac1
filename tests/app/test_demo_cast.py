"""In the demonstration somebody answers every queue that bots ring for, and nobody signs in over a bot."""

from __future__ import annotations

from redis import Redis

from app.demo.bots import CUSTOMERS, Switchboard
from app.demo.running import BOT_OPERATORS, a_person_has_the_next, bot_operators, people
from desk.seed import DEMO_ACCOUNTS
from foundation.clock import ManualClock
from foundation.database import Database
from queueing.seed import OPERATORS, QUEUES, seed
from tests.queueing.waiting_room import FactBook, Room


def test_every_queue_has_a_bot_for_callers_of_every_language() -> None:
    bots = bot_operators("http://web.example", Switchboard("http://simulator.example", "+3225550100"))
    names = {bot.name.removeprefix("bot-") for bot in bots}
    known = [one for one in OPERATORS if one["name"].split()[0].casefold() in names]
    for queue in QUEUES:
        spoken = {language for one in known if queue["name"] in one["queues"] for language in one["languages"]}
        assert spoken == set(CUSTOMERS), queue["name"]
    assert names.isdisjoint(account.username for account in people())
    assert {account.role for account in people()} == {"operator", "supervisor"}


def test_bots_leave_the_next_call_to_a_ready_person(database: Database, redis: Redis, clock: ManualClock) -> None:
    with database.transaction() as session:
        seed(session)
    room = Room(database, redis, clock, FactBook())
    room.ready(*BOT_OPERATORS)
    assert not a_person_has_the_next(room.service), "bots do not stand back for each other"
    person = next(a.operator_id for a in DEMO_ACCOUNTS if a.operator_id not in (None, *BOT_OPERATORS))
    assert person is not None
    room.ready(person)
    assert a_person_has_the_next(room.service)
    for bot in BOT_OPERATORS:
        room.service.set_presence(bot, "pause", "backoffice")
    room.calls_in("6ba7b810-9dad-51d1-80b4-00c04fd430c8")
    assert room.ringing(person) and a_person_has_the_next(room.service), "it is theirs while it rings"
    room.calls_in("6ba7b811-9dad-51d1-80b4-00c04fd430c8")
    assert not a_person_has_the_next(room.service), "who comes meanwhile is for a bot"
    for bot in BOT_OPERATORS:
        room.service.set_presence(bot, "ready")
    room.talks(person)
    assert not a_person_has_the_next(room.service)
