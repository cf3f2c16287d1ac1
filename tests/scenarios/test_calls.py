"""Whole calls, from ring to ticket, as they are lived on both sides of the line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callflows.facts import WaitAnnounced
from tests.support.scenario import Scenario
from tests.support.world import World


def test_a_caller_is_answered_at_once(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who  | does                | then
        0:00  | dana | is ready            | is ready
        0:10  | Els  | rings               | is menu; hears "Welkom"
        0:12  | Els  | presses 3           | last hears "transcribed"
        0:25  | Els  | presses 1           | is offered
        0:25  | dana |                     | is offered Els; sees "Internet"
        0:30  | dana | accepts             | is talking; hears a person
        0:30  | Els  |                     | hears a person; is talking
        1:30  | dana | ends the call       | is wrap-up; is off the line
        1:30  | Els  |                     | last hears "How did we do?"
        1:36  | Els  | presses 4           | last hears "Thank you for calling"
        1:45  | Els  |                     | is off the line
        1:50  | dana | wraps up as solved  | is ready
        1:50  | Els  |                     | outcome answered; is ended; wait 0 s; ring 5 s; talk 60 s; wrap_up 20 s
        """
    )
    record = scenario.world.record("Els")
    assert record.within_target is True
    assert record.rating == 4
    assert record.ended_at is not None
    assert record.started_at is not None
    clocks = record.clocks
    length = (record.ended_at - record.started_at).total_seconds()
    assert clocks.menu + clocks.wait + clocks.ring + clocks.talk + clocks.hold + clocks.consult == pytest.approx(length)


def test_a_caller_is_answered_after_waiting_and_hears_the_place_in_the_queue(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who   | does               | then
        0:00  | dana  | is ready           |
        0:00  | Els   | rings              |
        0:02  | Els   | presses 1          | last hears "uitgeschreven"
        0:20  | Els   | presses 1          |
        0:21  | dana  | accepts            | is talking
        0:30  | Marc  | rings from +32460001002 |
        0:32  | Marc  | presses 1          |
        0:50  | Marc  | presses 1          | waits as number 1
        0:55  | Noor  | rings from +32460001003 |
        0:57  | Noor  | presses 1          |
        1:15  | Noor  | presses 1          | waits as number 2
        1:40  | Marc  |                    | is waiting
        2:00  | dana  | ends the call      |
        2:10  | dana  | wraps up as solved | is offered Marc
        2:12  | dana  | accepts            | is talking
        2:12  | Marc  |                    | is talking; wait 80 s; ring 2 s
        2:12  | Noor  |                    | waits as number 1
        """
    )
    assert scenario.world.record("Marc").within_target is True
    announced = [fact for fact in scenario.world.facts("Noor") if isinstance(fact, WaitAnnounced)]
    assert announced[0].position == 2


def test_a_caller_who_hangs_up_in_the_queue_has_abandoned(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who | does      | then
        0:00  | Els | rings     |
        0:02  | Els | presses 2 |
        0:20  | Els | presses 1 | is waiting; waits as number 1
        1:00  | Els | hangs up  | outcome abandoned; wait 40 s; is ended
        """
    )
    entry = scenario.world.services.helpdesk.entry_of_call(scenario.world.call_id("Els"))
    assert entry is not None
    assert entry.outcome == "abandoned"
    assert scenario.world.services.queue.place(scenario.world.call_id("Els")) is None


def test_a_caller_who_leaves_while_an_operator_is_rung_frees_the_operator(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who  | does      | then
        0:00  | dana | is ready  |
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 |
        0:22  | dana |           | is offered Els
        0:25  | Els  | hangs up  | outcome abandoned
        0:25  | dana |           | is ready
        """
    )


def test_at_night_the_caller_hears_when_we_open(world: World) -> None:
    world.skip_to(datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    Scenario(world).play(
        """
        at    | who | does      | then
        0:00  | Els | rings     |
        0:02  | Els | presses 3 | last hears "closed"
        0:30  | Els |           | hears "press 1"
        1:00  | Els |           | is off the line; outcome closed
        """
    )
    assert any("tomorrow from 8 am" in text for text in world.callers["Els"].heard)


def test_a_caller_who_opts_out_is_not_transcribed(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who  | does      | then
        0:00  | dana | is ready  |
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:04  | Els  | presses 9 | hears "will not be transcribed"
        0:20  | Els  | presses 1 |
        0:25  | dana | accepts   | is talking
        0:25  | Els  |           | is talking
        """
    )
    assert scenario.world.record("Els").transcription is False
    assert not scenario.world.exchange.streams, "no sound may leave the call"


def test_both_speakers_are_streamed_otherwise(scenario: Scenario) -> None:
    test_a_caller_is_answered_at_once(scenario)
    names = {stream.name for stream in scenario.world.exchange.streams.values()}
    assert {name for name in names if not name.startswith("answer-")} == {"caller", "operator-1"}


def test_an_offer_that_nobody_takes_goes_to_the_next_operator(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who   | does      | then
        0:00  | dana  | is ready  |
        0:05  | robin | is ready  |
        0:10  | Els   | rings     |
        0:12  | Els   | presses 3 |
        0:30  | Els   | presses 1 |
        0:30  | dana  |           | is offered Els
        0:51  | dana  |           | is pause
        0:51  | robin |           | is offered Els
        0:53  | robin | declines  | is ready
        0:53  | Els   |           | waits as number 1
        """
    )


def test_an_operator_who_drops_sends_the_caller_to_the_head_of_the_queue(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who   | does      | then
        0:00  | dana  | is ready  |
        0:00  | Els   | rings     |
        0:02  | Els   | presses 3 |
        0:20  | Els   | presses 1 |
        0:22  | dana  | accepts   |
        0:30  | Marc  | rings from +32460001002 |
        0:32  | Marc  | presses 3 |
        0:50  | Marc  | presses 1 | waits as number 1
        1:00  | dana  | drops     | is pause
        1:00  | Els   |           | is waiting; waits as number 1
        1:00  | Marc  |           | waits as number 2
        1:05  | robin | is ready  | is offered Els
        1:07  | robin | accepts   | is talking
        1:07  | Els   |           | is talking; hears a person
        2:00  | Els   | hangs up  | outcome answered
        2:00  | robin |           | is wrap-up; is off the line
        """
    )
    assert scenario.world.record("Els").within_target is True, "the first answer counts"


def test_a_caller_on_hold_hears_music_and_comes_back(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who  | does         | then
        0:00  | dana | is ready     |
        0:00  | Els  | rings        |
        0:02  | Els  | presses 3    |
        0:20  | Els  | presses 1    |
        0:22  | dana | accepts      |
        0:40  | dana | puts on hold |
        0:40  | Els  |              | is held
        1:00  | dana | takes back   |
        1:00  | Els  |              | is talking; hold 20 s
        1:10  | Els  | hangs up     | talk 28 s; hold 20 s
        """
    )


def test_an_accepted_offer_whose_operator_never_comes_goes_back_to_the_head(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who  | does      | then
        0:00  | dana | is ready  |
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 |
        """
    )
    dana = scenario.operator("dana")
    offer = scenario.world.services.queue.offer_for(dana.id)
    assert offer is not None
    scenario.world.services.queue.accept(offer.id, dana.id)
    scenario.world.run_for(25)
    assert dana.state == "pause"
    place = scenario.world.services.queue.place(scenario.world.call_id("Els"))
    assert place is not None
    assert place.position == 1
    dana.connect(offer.id)
    assert dana.phone.ended, "a leg that comes too late is sent away"


def test_silence_in_the_menus_leads_to_a_person_and_never_to_a_dead_end(scenario: Scenario) -> None:
    scenario.world.ring("Els")
    scenario.world.run_for(180)
    assert scenario.world.record("Els").status == "waiting"
    assert scenario.world.record("Els").language == "nl"


def test_every_call_is_on_a_ticket_exactly_once(scenario: Scenario) -> None:
    test_a_caller_is_answered_at_once(scenario)
    world = scenario.world
    entry = world.services.helpdesk.entry_of_call(world.call_id("Els"))
    assert entry is not None
    record = world.record("Els")
    assert (entry.wait_s, entry.talk_s, entry.wrap_up_s) == (
        record.clocks.wait,
        record.clocks.talk,
        record.clocks.wrap_up,
    )
    world.services.delivery.deliver({"call_id": world.call_id("Els")})
    assert len(world.services.helpdesk.calls_of_ticket(entry.ticket_number)) == 1


def test_the_wallboard_counts_the_call(scenario: Scenario) -> None:
    test_a_caller_is_answered_at_once(scenario)
    figures = scenario.world.services.desk.figures.today("internet", 150)
    assert (figures.offered, figures.answered) == (1, 1)


def test_a_day_at_the_helpdesk_leaves_nobody_behind(scenario: Scenario) -> None:
    world = scenario.world
    for number in range(5):
        name = f"caller-{number}"
        world.ring(name, f"+3246000100{number}")
        world.press(name, "3")
        world.run_for(12)
        world.press(name, "1")
    dana = scenario.operator("dana")
    dana.be("ready")
    for _ in range(5):
        dana.accept()
        world.run_for(30)
        dana.end()
        dana.wrap_up("solved")
    world.run_for(30)
    assert [world.record(f"caller-{number}").outcome for number in range(5)] == ["answered"] * 5
    assert world.exchange.calls() == []
    assert world.exchange.faults == []
    assert world.clock.now() - world.began < timedelta(minutes=6)
