"""In the demonstration somebody answers every queue that bots ring for, and nobody signs in over a bot."""

from __future__ import annotations

from app.demo.bots import CUSTOMERS, BotOperator, Switchboard
from app.demo.running import cast, people
from queueing.seed import OPERATORS, QUEUES


def test_every_queue_has_a_bot_for_callers_of_every_language() -> None:
    bots = cast("http://web.example", Switchboard("http://simulator.example", "+3225550100"))
    names = {bot.name.removeprefix("bot-") for bot in bots if isinstance(bot, BotOperator)}
    known = [one for one in OPERATORS if one["name"].split()[0].casefold() in names]
    for queue in QUEUES:
        spoken = {language for one in known if queue["name"] in one["queues"] for language in one["languages"]}
        assert spoken == set(CUSTOMERS), queue["name"]
    assert names.isdisjoint(account.username for account in people())
    assert {account.role for account in people()} == {"operator", "supervisor"}
