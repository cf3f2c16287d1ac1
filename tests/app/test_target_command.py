"""`app.cli target`, `queue-rules` and `skills`: shown, changed at once, refused with a sentence, audited."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from redis import Redis
from sqlalchemy import select

from app.cli import main
from callflows.facts import TargetSet
from foundation.audit import AuditRow
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.embedded import EmbeddedRedis
from foundation.live import Live
from ivr.call_log import CallLog
from queueing.rulebook import RuleBook
from queueing.seed import seed
from queueing.service import QueueService
from tests.support.world import settings_for

SHIPPED = "90 % within 150 s, at most 600 s, warn"


class Shell:
    """The command line of one installation."""

    def __init__(self, database_url: str, redis_url: str) -> None:
        values = dict(settings_for(database_url, redis_url))
        self._environment = {
            name.upper(): value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
            for name, value in values.items()
        }

    def __call__(self, *arguments: str, fails: bool = False) -> str:
        result = CliRunner().invoke(main, arguments, env=self._environment)
        assert (result.exit_code != 0) == fails, result.output
        return result.output


@pytest.fixture
def shell(database: Database, redis: Redis, postgres_url: str, redis_server: EmbeddedRedis) -> Shell:
    with database.transaction() as session:
        seed(session)
    return Shell(postgres_url, redis_server.url)


def audit(database: Database) -> list[AuditRow]:
    with database.transaction() as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.id)))


def test_a_target_is_shown_and_changed(shell: Shell, database: Database) -> None:
    assert shell("target", "internet") == f"internet: {SHIPPED}\n"
    changed = shell("target", "internet", "--share", "80", "--within", "700", "--by", "eva")
    assert changed == "internet: 80 % within 700 s, at most 700 s, warn\n"
    assert shell("target", "internet") == changed
    (row,) = audit(database)
    assert (row.actor, row.subject) == ("eva", "queue:internet")
    assert row.before == {"share": 0.9, "within_s": 150, "longest_s": 600}
    assert row.after == {"share": 0.8, "within_s": 700, "longest_s": 700}


def test_a_target_changed_from_the_command_line_counts_for_who_waits_now(
    shell: Shell, database: Database, redis: Redis, clock: ManualClock
) -> None:
    log = CallLog(database, redis, clock, Live(redis), lambda _queue, _row: None)
    queues = QueueService(database, redis, clock, Live(redis), log, offer_ttl_s=20, connect_ttl_s=20)
    queues.join("c1", "internet", "nl", entered_at=clock.now())
    shell("target", "internet", "--within", "60")
    assert [fact.within_s for fact in log.facts_of("c1") if isinstance(fact, TargetSet)] == [150, 60]


def test_a_period_is_added_changed_and_taken_away(shell: Shell, database: Database) -> None:
    hours = ("--days", "sat,sun,holidays", "--from", "10:00", "--until", "24:00")
    added = shell("target", "internet", "--period", "off", *hours, "--within", "300")
    assert added.splitlines() == [
        f"internet: {SHIPPED}",
        "  off: sat,sun,holidays 10:00-24:00: 90 % within 300 s, at most 600 s, warn",
    ]
    assert "off: sat,sun,holidays 10:00-18:00: 90 % within 300 s" in shell(
        "target", "internet", "--period", "off", "--until", "18:00"
    )
    assert shell("target", "internet", "--period", "off", "--remove") == f"internet: {SHIPPED}\n"
    assert [sorted(row.after) for row in audit(database)] == [["off"], ["off"], []]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("target", "printers"), "There is no queue printers."),
        (("target", "internet", "--share", "0"), "The share must be more than 0 %"),
        (("target", "internet", "--within", "0"), "at least 1 second"),
        (("target", "internet", "--longest", "100"), "cannot be shorter than the target's time"),
        (("target", "internet", "--period", "night"), "A new period needs --days, --from and --until."),
        (("target", "internet", "--period", "x", "--remove"), "The queue internet has no period x."),
        (
            ("target", "internet", "--period", "x", "--days", "funday", "--from", "8:00", "--until", "9:00"),
            '"funday" is not a day; write days as mon-fri, or sat,sun,holidays.',
        ),
        (
            ("target", "internet", "--period", "x", "--days", "special", "--from", "18:00", "--until", "9:00"),
            "A period begins before it ends",
        ),
        (("queue-rules", "printers"), "There is no queue printers."),
        (
            ("queue-rules", "internet", "--callback-attempts", "0", "--relax-level-s", "-5"),
            "callback_attempts: a whole number from 1 to 10; relax_level_s: a whole number from 0 to 86400.",
        ),
        (("queue-rules", "internet", "--overflow-to", "invoices"), "an overflow needs a number of seconds"),
        (("skills", "nobody"), "There is no operator nobody; `skills` lists them."),
        (("skills", "1", "--queue", "printers:2"), "There is no queue printers; there are internet,"),
        (("skills", "1", "--queue", "internet:9"), "A level is a whole number from 1 to 5."),
        (("skills", "1", "--queue", "internet:high"), '"internet:high" is not a queue with a level'),
        (("skills", "1", "--no-queue", "internet", "--no-queue", "workplace"), "An operator knows a queue;"),
        (("skills", "1", "--no-queue", "invoices"), "has no queue invoices to take away"),
        (("skills", "--queue", "internet"), "Say whose skills"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(
    shell: Shell, database: Database, arguments: tuple[str, ...], sentence: str
) -> None:
    assert sentence in shell(*arguments, fails=True)
    assert audit(database) == []


def test_the_rules_of_a_queue_are_changed_one_by_one(
    shell: Shell, database: Database, redis: Redis, clock: ManualClock
) -> None:
    said = shell(
        "queue-rules", "internet", "--relax-level-s", "60", "--priority-cap-s", "30", "--callback-after-s", "-1"
    )
    assert "relax-level-s: 60\npriority-cap-s: 30\n" in said and "callback-after-s: none" in said
    queues = QueueService(
        database, redis, clock, Live(redis), CallLog(database, redis, clock, Live(redis), lambda _queue, _row: None),
        offer_ttl_s=20, connect_ttl_s=20,
    )  # fmt: skip
    assert queues.queue("internet").relax == {"level": 60} and queues.queue("internet").priority_cap_s == 30
    assert not RuleBook(database, redis, clock, queues).offers_callbacks("internet")
    assert "relax-level-s: none" in shell("queue-rules", "internet", "--relax-level-s", "-1", "--by", "eva")
    first, second = audit(database)
    assert first.before == {"relax_level_s": None, "priority_cap_s": 120, "callback_after_s": 120}
    assert (second.actor, second.before, second.after) == ("eva", {"relax_level_s": 60}, {"relax_level_s": None})


def test_two_queues_do_not_overflow_into_each_other(shell: Shell) -> None:
    over = ("--overflow-after-s", "60", "--overflow-to")
    shell("queue-rules", "internet", *over, "invoices")
    shell("queue-rules", "invoices", *over, "workplace")
    refused = shell("queue-rules", "workplace", *over, "internet", fails=True)
    assert "overflow_to: callers would come back to this queue" in refused
    shell("queue-rules", "internet", *over, "workplace")


def test_skills_are_shown_and_changed(shell: Shell, database: Database) -> None:
    assert shell("skills").splitlines()[1] == "2 Karim Exemple: fr nl; internet:1 invoices:1"
    changed = shell(
        "skills", "karim exemple", "--language", "fr", "--queue", "internet:2", "--no-queue", "invoices", "--by", "eva"
    )
    assert changed == "2 Karim Exemple: fr; internet:2\n" == shell("skills", "2")
    (row,) = audit(database)
    assert (row.actor, row.action, row.subject) == ("eva", "operator.skills-changed", "operator:2")
    assert row.before == {"languages": ["fr", "nl"], "queues": {"internet": 1, "invoices": 1}}
    assert row.after == {"languages": ["fr"], "queues": {"internet": 2}}
