"""The two ways to run the demonstration: until Ctrl-C, or for a number of calls."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from app.container import Container, build
from app.demo.bots import PLANS, THINK_S, TIMEOUT_S, BotOperator, Callers, Switchboard, bot_account
from app.demo.stage import Stage
from callflows.record import CallRecord
from desk.seed import DEMO_ACCOUNTS, DemoAccount
from foundation.errors import NotFound
from ivr.service import call_id_of
from queueing.service import QueueService

BOT_OPERATOR = 1  # speaks the three languages
INVOICES_OPERATOR = 6  # does too, and takes the queue that the first one does not
BOT_OPERATORS = (BOT_OPERATOR, INVOICES_OPERATOR)
REHEARSAL_TIMEOUT_S = 420.0


def run(folder: Path, first_port: int, *, bots: bool) -> int:
    """Start everything, say where to go, and stay until Ctrl-C. Gives the exit status."""
    with _staged(folder, first_port) as stage, closing(build(stage.settings)) as services:
        _say_where_to_go(stage, bots=bots)
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        playing = cast(stage.url("web"), _switchboard(stage), services.queue) if bots else []
        for bot in playing:
            bot.start()
        while not ended.wait(1.0):
            for name in stage.revive():
                _say(f"{name} ended by itself and was started again; its log is {stage.log_file(name)}")
        _say("Stopping")
        for bot in playing:
            bot.stopping.set()
        for bot in playing:  # before what they ask is taken away
            bot.join(TIMEOUT_S)
    return 0


def rehearse(folder: Path, first_port: int, calls: int) -> int:
    """Play `calls` bot calls from ring to ticket and print one JSON object a line. Exit status 1 when one of them did
    not end as it should."""
    with _staged(folder, first_port) as stage, closing(build(stage.settings)) as services:
        return _play(stage, services, calls)


def _play(stage: Stage, services: Container, calls: int) -> int:
    switchboard = _switchboard(stage)
    # Everybody rings while nobody is ready, so that callers wait in the queue before an operator takes them in turn.
    plans = [PLANS[number % len(PLANS)] for number in range(calls)]
    legs = []
    for plan in plans:
        legs.append(switchboard.ring(plan))
        time.sleep(1.0)
    _say(f"{calls} callers ring")
    operators = bot_operators(stage.url("web"), switchboard, think_s=(0.5, 1.5))
    for operator in operators:
        operator.start()
    deadline = time.monotonic() + REHEARSAL_TIMEOUT_S
    reported: set[str] = set()
    faults = 0
    while len(reported) < calls and time.monotonic() < deadline:
        for plan, leg in zip(plans, legs, strict=True):
            call_id = call_id_of(leg)
            if call_id in reported or (record := _finished(services, call_id)) is None:
                continue
            line = _line(services, record)
            problems = _problems(record, line, plan.language)
            faults += bool(problems)
            for problem in problems:
                _say(f"{call_id}: {problem}")
            print(json.dumps(line, ensure_ascii=False), flush=True)  # noqa: T201 - this is what the command is for
            reported.add(call_id)
        stage.revive()
        time.sleep(0.5)
    for operator in operators:
        operator.stopping.set()
    for operator in operators:
        operator.join(5)
    missing = calls - len(reported)
    if missing:
        _say(f"{missing} of {calls} calls did not come to their end; the logs are in {stage.folder / 'logs'}")
    waited = any(services.call_log.record_of(call_id).clocks.wait > 0 for call_id in reported)
    if not waited:
        _say("Nobody waited in the queue, although somebody should have.")
    return 0 if not faults and not missing and waited else 1


def _finished(services: Container, call_id: str) -> CallRecord | None:
    """The record once the call is over, wrapped up and on its ticket."""
    try:
        record = services.call_log.record_of(call_id)
    except NotFound:
        return None
    if record.outcome is None or record.status != "ended":
        return None
    sync = services.delivery.of_call(call_id)
    if sync is None or sync.status in ("pending", "retrying"):
        return None
    entry = services.helpdesk.entry_of_call(call_id)
    if record.wrapped_up_at is not None and (entry is None or entry.wrap_up_s != record.clocks.wrap_up):
        return None  # the delivery with the wrap-up is still on its way
    return record


def _line(services: Container, record: CallRecord) -> dict[str, Any]:
    """One call as the database has it."""
    entry = services.helpdesk.entry_of_call(record.call_id)
    return {
        "call": record.call_id,
        "language": record.language,
        "queue": record.queue,
        "outcome": record.outcome,
        "clocks_s": {name: round(seconds, 3) for name, seconds in record.clocks.model_dump().items()},
        "transcript": [
            {
                "speaker": segment.speaker,
                "start_s": round(segment.start_s, 2),
                "end_s": round(segment.end_s, 2),
                "text": segment.text,
            }
            for segment in services.transcripts.of_call(record.call_id)
        ],
        "ticket": str(entry.ticket_number) if entry else None,
        "within_target": record.within_target,
    }


def _problems(record: CallRecord, line: dict[str, Any], language: str) -> list[str]:
    """What should have happened and did not."""
    speakers = {part["speaker"] for part in line["transcript"]}
    checks = {
        f"the outcome is {record.outcome}, not answered": record.outcome == "answered",
        f"the language is {record.language}, not {language}": record.language == language,
        "nobody talked": record.clocks.talk > 0,
        f"only {sorted(speakers)} can be read in the transcript": speakers == {"caller", "operator"},
        "there is no ticket": line["ticket"] is not None,
        "it is not known whether the target was met": record.within_target is not None,
    }
    return [problem for problem, well in checks.items() if not well]


def _switchboard(stage: Stage) -> Switchboard:
    return Switchboard(stage.url("simulator"), stage.settings.helpdesk_number)


def cast(web_url: str, switchboard: Switchboard, queue: QueueService) -> list[BotOperator | Callers]:
    """Who rings and who answers while people look on. The next call is for a person who is ready."""
    operators = bot_operators(web_url, switchboard, stands_back=lambda: a_person_has_the_next(queue))
    return [*operators, Callers(switchboard)]


def bot_operators(
    web_url: str,
    switchboard: Switchboard,
    *,
    think_s: tuple[float, float] = THINK_S,
    stands_back: Callable[[], bool] = lambda: False,
) -> list[BotOperator]:
    """As many as it takes for somebody to answer every queue that bots ring for."""
    return [
        BotOperator(bot_account(number), web_url, switchboard, think_s=think_s, stands_back=stands_back)
        for number in BOT_OPERATORS
    ]


def a_person_has_the_next(queue: QueueService) -> bool:
    """Whether somebody who is no bot waits for a call, or is rung for one, and no caller waits whom they do not get."""
    board = queue.board()
    people = (view for view in board.operators if view.operator.id not in BOT_OPERATORS)
    left_over = (call for view in board.queues for call in view.waiting if call.state == "waiting")
    return any(view.presence.state in ("ready", "offered") for view in people) and not any(left_over)


def people() -> list[DemoAccount]:
    """Whom a person can sign in as: a bot's account is its own."""
    return [account for account in DEMO_ACCOUNTS if account.operator_id not in BOT_OPERATORS]


@contextmanager
def _staged(folder: Path, first_port: int) -> Iterator[Stage]:
    # Asked to end while starting or playing: leave through the same door, so that nothing is left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    stage = Stage(folder, first_port=first_port, say=_say)
    try:
        yield stage.start()
    finally:
        stage.stop()


def _say_where_to_go(stage: Stage, *, bots: bool) -> None:
    lines = [
        "",
        "Onthaal is running.",
        f"  Call the helpdesk:      {stage.url('simulator')}/",
        f"  Operator's screen:      {stage.url('web')}/desk/operator",
        f"  Supervisor's wallboard: {stage.url('web')}/desk/wallboard",
        "  Sign in as (user name / password):",
        *(
            f"    {account.username:6} / {account.password:11} {account.role}, {account.display_name}"
            for account in people()
        ),
        *(
            ["  Bots ring, and answer while you are not ready. `.venv/bin/python -m app.cli demo --no-bots`: only you."]
            * bots
        ),
        f"  Logs: {stage.folder / 'logs'}    Ctrl-C stops everything.",
        "",
    ]
    for line in lines:
        _say(line)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress for the person who started it
