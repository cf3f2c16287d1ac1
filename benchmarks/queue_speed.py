"""How soon an operator's screen rings: 1,000 callers wait, 300 operators work, one of them becomes ready.

    python -m benchmarks.queue_speed [--rounds 300] [--waiting 1000] [--operators 300]

Real PostgreSQL and Redis, the real services, and the operator's real event stream in a process of its own.
`decided`: the operator's choice is carried out and the offer made (set_presence returns). `told`: the live message of
the offer is published. `on screen`: the screen's event stream has sent the region with the offer, drawn.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event as Stop
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from flask.testing import FlaskClient
from sqlalchemy import insert

from app.container import Container, build
from app.schema import migrate
from app.seeding import seed
from app.web import create_live_app
from callflows.facts import CallStarted, LanguageChosen, QueueEntered
from desk.seed import DEMO_ACCOUNTS
from foundation.database import Database
from foundation.embedded import EmbeddedPostgres, EmbeddedRedis
from foundation.live import channel, operator_topic
from queueing.tables import OperatorRow, OperatorStateRow, QueueEntryRow
from tests.support.world import PUBLIC, settings_for

DANA = 1  # the operator whose screen is watched: nl, fr, en; internet and workplace
QUEUES = ("internet", "workplace", "invoices")
LANGUAGES = ("nl", "fr", "en")


def percentile(times: list[float], percent: int) -> float:
    """Nearest rank."""
    return sorted(times)[-(-percent * len(times) // 100) - 1]


def fill(services: Container, waiting: int, operators: int) -> None:
    """Callers in three queues and languages; operators who all talk, but Dana."""
    now = datetime.now(UTC)
    with services.database.transaction() as session:
        staff = [
            {
                "id": 100 + number,
                "name": f"Operator {number}",
                "languages": ["nl", "fr", "en"][number % 3 :],
                "queues": [QUEUES[number % 3], QUEUES[(number + 1) % 3]],
            }
            for number in range(operators - 1)
        ]
        if staff:
            session.execute(insert(OperatorRow), staff)
        for number, one in enumerate(staff):
            began = now - timedelta(seconds=600)
            talk = {"operator_id": one["id"], "call_id": f"talk-{number}", "queue": QUEUES[number % 3]}
            for rev, (state, start, end) in enumerate((("talking", 0, 240), ("wrap-up", 240, 300)), start=1):
                at = began + timedelta(seconds=start)
                ended_at = began + timedelta(seconds=end)
                session.add(OperatorStateRow(rev=rev, state=state, started_at=at, ended_at=ended_at, since=at, **talk))
            at = began + timedelta(seconds=300)
            talk["call_id"] = f"now-{number}"
            session.add(OperatorStateRow(rev=3, state="talking", started_at=at, ended_at=None, since=at, **talk))
    for number in range(waiting):
        call_id = str(uuid5(NAMESPACE_URL, f"caller-{number}"))
        entered_at = now - timedelta(seconds=waiting - number)
        queue, language = QUEUES[number % 3], LANGUAGES[number // 3 % 3]
        services.call_log.record(
            call_id,
            CallStarted(
                at=entered_at,
                key="start",
                leg=f"CA{number}",
                from_number=f"+3246000{number:04}",
                to_number="+3225550100",
                flow="helpdesk",
                flow_version="1",
            ),
            LanguageChosen(at=entered_at, key="language", language=language),
            QueueEntered(at=entered_at, key="queue:1", queue=queue, ordinal=1),
        )
        with services.database.transaction() as session:
            session.add(
                QueueEntryRow(
                    rev=1,
                    call_id=call_id,
                    ordinal=1,
                    queue=queue,
                    language=language,
                    entered_at=entered_at,
                    order_at=entered_at,
                )
            )
    services.queue.rebuild()


def watch(
    database_url: str, redis_url: str, offers: Queue[float], told: Queue[float], stop: Stop, opened: Stop
) -> None:
    """The `live` process with Dana's screen open: tells when the offer is drawn there, and when its message came.
    `perf_counter` is one clock for all processes of a machine (CLOCK_MONOTONIC)."""
    services = build(settings_for(database_url, redis_url))
    live = create_live_app(services, stop).test_client()  # type: ignore[arg-type]
    _sign_in(live)
    path = "/live/events?regions=top,now,day,talk,customer,earlier,ticket"
    messages = services.redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    messages.subscribe(channel(operator_topic(DANA)))

    def read_screen() -> None:
        answer = live.get(path, base_url=PUBLIC, buffered=False)
        assert answer.status_code == 200, answer.text
        for chunk in answer.response:
            text = chunk.decode() if isinstance(chunk, bytes) else chunk
            if '"region": "ticket"' in text:
                opened.set()  # the last of its first regions
            if '"region": "now"' in text and "data-offer" in text:
                offers.put(time.perf_counter())
        answer.close()

    def read_messages() -> None:
        while not stop.is_set():
            message = messages.get_message(timeout=0.2)
            if message and json.loads(message["data"]).get("state") == "offered":
                told.put(time.perf_counter())

    threads = [threading.Thread(target=one) for one in (read_screen, read_messages)]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(10)
    messages.close()
    services.close()


def _sign_in(web: FlaskClient) -> None:
    account = next(one for one in DEMO_ACCOUNTS if one.username == "dana")
    page = web.get("/desk/sign-in", base_url=PUBLIC).text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = web.post(
        "/desk/sign-in",
        data={"csrf_token": token, "username": account.username, "password": account.password},
        base_url=PUBLIC,
        headers={"Referer": f"{PUBLIC}/desk/sign-in"},
    )
    assert answer.status_code == 303, answer.text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--waiting", type=int, default=1000)
    parser.add_argument("--operators", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onthaal-", ignore_cleanup_errors=True) as folder:
        postgres = EmbeddedPostgres(Path(folder) / "pg").start()
        redis = EmbeddedRedis(Path(folder) / "redis").start()
        try:
            url = postgres.url("bench")
            database = Database(url)
            migrate(database.engine)
            seed(database, datetime.now(UTC))
            database.close()
            services = build(settings_for(url, redis.url))
            fill(services, given.waiting, given.operators)
            measure(services, given.rounds, given.waiting, given.operators)
            services.close()
        finally:
            redis.stop()
            postgres.stop()


def measure(services: Container, rounds: int, waiting: int, operators: int) -> None:
    processes = multiprocessing.get_context("spawn")
    offers: Queue[float] = processes.Queue()
    told: Queue[float] = processes.Queue()
    stop, opened = processes.Event(), processes.Event()
    urls = services.settings.database_url, services.settings.redis_url
    screen = processes.Process(target=watch, args=(*urls, offers, told, stop, opened))
    screen.start()
    times: dict[str, list[float]] = {"decided": [], "told": [], "on screen": []}
    try:
        if not opened.wait(60):
            raise SystemExit("the screen did not open")
        for number in range(rounds + 10):
            began = time.perf_counter()
            services.queue.set_presence(DANA, "ready")
            decided = time.perf_counter()
            moments = {"decided": decided, "told": told.get(timeout=30), "on screen": offers.get(timeout=30)}
            if number >= 10:  # the first ones warm up
                for name, moment in moments.items():
                    times[name].append((moment - began) * 1000)
            services.queue.set_presence(DANA, "away")  # declines; the caller keeps the place
            time.sleep(0.1)  # the screen draws that too, and is quiet again
            while not offers.empty():
                offers.get()
    finally:
        stop.set()
        screen.join(20)
    print(f"{waiting} waiting, {operators} operators, {rounds} rounds; milliseconds from ready to")
    print(f"{'':12}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
    for name, taken in times.items():
        figures = [percentile(taken, percent) for percent in (50, 95, 99)] + [max(taken)]
        print(f"{name:12}" + "".join(f"{figure:8.1f}" for figure in figures))


if __name__ == "__main__":
    main()
