"""The figures of a period: what the page, its CSV and the command say is what the formulas say."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import event, update

from app.cli import main
from callflows.facts import CallEnded, CallStarted, FlowEnded, QueueExited, Rated, WaitAnnounced
from foundation.clock import ManualClock
from foundation.embedded import EmbeddedRedis
from queueing.tables import QueueRow
from reporting.catalogue import REPORT
from reporting.report import Report
from tests.desk.desk_house import House
from tests.support.environment import environment_of

TODAY = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # midnight in Brussels


@pytest.fixture
def a_morning(house: House, clock: ManualClock) -> House:
    """One call answered after 60 s (told about one minute, then two; rated 5), one abandoned after 40 s, one sent on
    to another queue and given up there, one outside opening hours."""
    house.queues.set_presence(1, "ready")
    house.call("c1")
    began = clock.now()
    offer = house.queues.offer_for(1)
    assert offer is not None
    for after_s, estimate_s, minutes in ((0, 90.0, 2), (20, 30.0, 0)):
        at = began + timedelta(seconds=after_s)
        told = WaitAnnounced(
            at=at, key=f"told:{after_s}", position=1, estimate_s=estimate_s, bound="about", minutes=minutes or None
        )
        house.record("c1", told)
    house.queues.accept(offer.id, 1)
    clock.advance(timedelta(seconds=60))
    house.talk("c1", 1)
    clock.advance(timedelta(seconds=120))
    house.record("c1", Rated(at=clock.now(), key="rated", score=5))
    house.part("c1", 1)
    house.record("c1", CallEnded(at=clock.now(), key="end", reason="hung up"))
    for call_id, number, queue in (("c2", "+32460001002", "internet"), ("c3", "+32460001003", "invoices")):
        house.call(call_id, number=number, queue=queue)
        if call_id == "c3":
            house.record(call_id, QueueExited(at=clock.now(), key="x:1", queue="internet", ordinal=1, way="overflow"))
        clock.advance(timedelta(seconds=40))
        house.record(call_id, CallEnded(at=clock.now(), key="end", reason="hung up"))
        house.follow_ups.settle({"call_id": call_id})
    at = clock.now()
    house.record(
        "c4",
        CallStarted(
            at=at, key="start", leg="CA-c4", from_number="+32460001004", to_number="+3225550100", flow="helpdesk",
            flow_version="1",
        ),
        FlowEnded(at=at, key="flow", outcome="closed"),
        CallEnded(at=at, key="end", reason="flow"),
    )  # fmt: skip
    house.follow_ups.settle({"call_id": "c4"})
    return house


def of(house: House, since: datetime = TODAY, days: int = 1) -> Report:
    report = house.services.reports.of(house.queues.queues(), since, since + timedelta(days=days))
    assert isinstance(report, Report)
    return report


def test_each_queue_says_which_abandons_are_short(a_morning: House) -> None:
    def excluded() -> float | None:
        return of(a_morning).queues[0].calls.abandonment_short_excluded

    assert excluded() == 0.5
    with a_morning.database.transaction() as session:
        session.execute(update(QueueRow).where(QueueRow.name == "internet").values(short_abandon_s=40))
    assert excluded() == 0


def test_a_report_holds_every_figure_of_its_queue(a_morning: House) -> None:
    report = of(a_morning)
    internet, _workplace, invoices = (one.as_json() for one in report.queues)
    assert (internet["offered"], internet["answered"], internet["abandoned"]) == (2, 1, 1)
    assert internet["service_level"]["offered"] == 0.5
    assert (internet["asa_s"], internet["mean_wait_s"], internet["longest_wait_s"]) == (60.0, 50.0, 60.0)
    assert internet["att_s"] == 120.0
    assert internet["satisfaction"] == {"csat": 1.0, "mean": 5.0, "answers": 1, "response": 1.0}
    # 90 s said of a wait of 60, within the two minutes that were said; 30 s said of the 40 that were left
    assert internet["announcements"] == {
        "judged": 2, "mean_error_s": 10.0, "error_p90_s": 30.0, "told_too_little": 0.5,
    }  # fmt: skip
    assert internet["lost"]["calls"] == internet["lost"]["to_ring"] == 1
    assert internet["sent_on"] == {"overflow": 1, "full": 0, "closed": 0, "nobody": 0}
    assert (invoices["offered"], invoices["service_level"]["offered"]) == (1, 0.0)
    assert (report.outside.calls, report.outside.to_ring) == (1, 1)


def test_the_json_holds_every_figure_of_the_catalogue_at_a_place_of_its_own(a_morning: House) -> None:
    report = of(a_morning).queues[0]
    figures = [figure for section in REPORT for figure in section.figures]
    assert len({figure.key for figure in figures}) == len(figures)
    for figure in figures:
        place: Any = report.as_json()
        for name in figure.key.split("."):
            place = place[name]
        assert place == figure.value(report), figure.key


def test_the_lost_calls_of_all_queues_are_counted_at_once(a_morning: House) -> None:
    asked: list[str] = []
    event.listen(a_morning.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    report = of(a_morning)
    assert [(one.queue, one.lost.calls) for one in report.queues] == [
        ("internet", 1),
        ("workplace", 0),
        ("invoices", 1),
    ]
    assert report.outside.calls == 1
    assert len([statement for statement in asked if "follow_ups" in statement]) == 1


def test_what_became_of_a_lost_call_is_told(a_morning: House) -> None:
    entry = next(one for one in a_morning.follow_ups.open() if one.number == "+32460001002")
    a_morning.follow_ups.close(entry.id, "reached", actor="dana")
    lost = of(a_morning).queues[0].lost
    assert (lost.calls, lost.to_ring, lost.reached) == (1, 0, 1)


def test_yesterday_is_another_period(a_morning: House) -> None:
    report = of(a_morning, TODAY - timedelta(days=1))
    assert all(one.calls.offered == one.lost.calls == one.callbacks.asked == 0 for one in report.queues)
    assert (report.outside.calls, report.queues[0].sent_on, report.queues[0].announced.judged) == (0, {}, 0)


def test_the_page_shows_each_figure_with_its_formula(a_morning: House) -> None:
    marc = a_morning.signed_in("marc")
    page = marc.get("/desk/figures").text
    assert "Internet and telephony" in page and "T = 150 s" in page
    assert "A(w≤T) / N" in page and "50%" in page
    assert "announced − real" in page
    assert "1 lost call, 1 of them still to ring" in page
    assert "/desk/calls?queue=internet&amp;outcome=abandoned&amp;day=2026-11-23" in page
    assert "Nothing came in" in marc.get("/desk/figures?period=yesterday").text
    assert "Invoices" not in marc.get("/desk/figures?queue=internet").text.partition("<table")[2]
    assert "50%" in marc.get("/desk/figures?since=2026-11-20&until=2026-11-23").text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=never", "One of the dates does not exist"),
        ("since=9999-12-31", "not between 2000 and 2100"),
        ("since=0001-01-01&until=0001-01-01", "not between 2000 and 2100"),
        ("since=0001-01-01", "at most 400 days"),
        ("since=2026-11-23&until=2026-11-22", "The first day comes after the last"),
        ("since=2020-01-01&until=2026-11-22", "at most 400 days"),
    ],
)
def test_dates_that_cannot_be_are_refused_and_kept(house: House, asked: str, said: str) -> None:
    marc = house.signed_in("marc")
    answer = marc.get(f"/desk/figures?{asked}")
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{asked.partition("=")[2].partition("&")[0]}"' in answer.text
    assert marc.get(f"/desk/figures.csv?{asked}").status_code == 400


def test_the_csv_holds_the_same_exactly(a_morning: House) -> None:
    answer = a_morning.signed_in("marc").get("/desk/figures.csv?period=today")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    value = {(row["queue"], row["figure"]): row["value"] for row in rows}
    assert value["internet", "level-offered"] == "0.5"
    assert value["internet", "asa"] == "60.0"
    assert value["workplace", "level-offered"] == "", "no data is neither 0 nor 100 per cent"
    assert value["workplace", "offered"] == "0"


def test_a_queue_that_there_is_not_is_not_all_of_them(house: House) -> None:
    marc = house.signed_in("marc")
    assert marc.get("/desk/figures.csv?queue=typo").status_code == 404
    assert marc.get("/desk/figures?queue=typo").status_code == 404


def test_it_is_for_supervisors(house: House) -> None:
    dana = house.signed_in("dana")
    assert dana.get("/desk/figures").status_code == dana.get("/desk/figures.csv").status_code == 403


def test_the_command_says_the_same(
    a_morning: House, postgres_url: str, redis_server: EmbeddedRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_server.url}
    for name, value in environment_of(a_morning.settings, **stores).items():
        monkeypatch.setenv(name, value)
    asked = ["figures", "--since", "2026-11-23", "--until", "2026-11-23"]
    printed = CliRunner().invoke(main, [*asked, "--queue", "internet", "--json"])
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.stdout)
    assert told["queues"] == [of(a_morning).queues[0].as_json()]
    table = CliRunner().invoke(main, asked).stdout
    assert "== invoices ==" in table and "A(w<=T) / N" in table and "50.00 %" in table
    backwards = CliRunner().invoke(main, ["figures", "--since", "2026-11-24", "--until", "2026-11-23"])
    assert (backwards.exit_code, "The first day comes after the last." in backwards.output) == (1, True)
    for dates in (("--until", "9999-12-31"), ("--since", "0001-01-01")):
        endless = CliRunner().invoke(main, ["figures", *dates])
        assert (endless.exit_code, "the years 2000 to 2100" in endless.output) == (1, True)
