"""A caller who does not wait is rung back, in turn or at a time of their choice, and the promise is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from queueing.callbacks import Callback
from tests.support.scenario import Scenario
from tests.support.world import PUBLIC, Handset, World

ELS = "+32460001001"

# Els waits long enough to be offered a callback, confirms the number she rings from, and hangs up.
ASKS = """
    at    | who  | does      | then
    0:00  | Els  | rings     |
    0:02  | Els  | presses 3 |
    0:20  | Els  | presses 1 | is waiting
    2:50  | Els  |           | hears "You can also be called back"
    2:51  | Els  | presses 1 | last hears "0 4 6 0, 0 0, 1 0, 0 1"
    2:55  | Els  | presses 1 | last hears "as soon as it is your turn"
    3:00  | Els  | presses 1 | last hears "you need not stay on the line"
    3:20  | Els  |           | is off the line; outcome callback
"""


def the_callback(world: World) -> Callback:
    (found,) = world.services.callbacks.open()
    return found


def rings_back(world: World) -> Handset:
    """Els's telephone, to be rung from outside."""
    phone = Handset()
    world.exchange.register_phone(ELS, phone)
    return phone


def dana_sees(world: World, text: str) -> str:
    """A text of the screens in Dana's language."""
    return world.services.desk.texts.text("nl", text, {})


def picks_up(world: World, phone: Handset, digits: str = "") -> None:
    world.exchange.answer(phone.leg)
    world.settle()
    if digits:
        world.exchange.press(phone.leg, digits)
        world.settle()


def test_a_caller_is_called_back_in_turn(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(ASKS)
    scenario.play(
        """
        3:30  | Marc | rings from +32460001002 |
        3:32  | Marc | presses 3 |
        3:50  | Marc | presses 1 | waits as number 2
        4:00  | dana | is ready  |
        """
    )
    attempt = the_callback(world).live_call_id
    dana, phone = scenario.operator("dana"), rings_back(world)
    assert dana.offered_call == attempt, "the callback stands where its caller stood"
    for shown in (dana_sees(world, "offer-callback"), "0460 00 10 01", "Internet"):
        assert shown in dana.screen()
    assert "0460 00 10 01" in dana.desk.get("/desk/owed", base_url=PUBLIC).text
    dana.accept()
    assert phone.ringing
    assert world.services.call_log.record_of(attempt or "").status == "connecting"
    picks_up(world, phone)
    assert "You asked us to call you back" in phone.heard[-1]
    picks_up(world, phone, "1")
    assert (dana.state, phone.people, dana.phone.people) == ("talking", 1, 1)
    world.run_for(60)
    dana.end()
    assert "How did we do" in phone.heard[-1]
    world.run_for(30)
    dana.wrap_up("solved")
    assert world.services.callbacks.open() == []
    record = world.services.call_log.record_of(attempt or "")
    assert (record.outcome, record.direction, record.clocks.talk) == ("answered", "callback", 60)
    first, second = (world.services.helpdesk.entry_of_call(one) for one in (world.call_id("Els"), attempt or ""))
    assert first is not None
    assert second is not None
    assert (first.outcome, second.direction, second.ticket_number) == ("callback", "outbound", first.ticket_number)
    figures = world.services.desk.figures.today("internet", 150)
    assert (figures.offered, figures.answered) == (2 - 1, 0), "Marc still waits; the talk with Els is reported apart"


def test_nobody_answers_and_the_operator_is_free_at_once(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(ASKS)
    dana, phone = scenario.operator("dana"), rings_back(world)
    dana.be("ready")
    world.run_for(1)
    dana.accept()
    assert phone.ringing
    world.run_for(40)
    assert (dana.state, dana.phone.ended) == ("ready", True)
    again = the_callback(world)
    assert (again.status, again.attempts) == ("scheduled", 1)
    world.run_until(again.not_before + timedelta(seconds=2))
    assert dana.offered_call == the_callback(world).live_call_id


def test_an_answering_machine_does_not_press_a_key(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(ASKS)
    dana, phone = scenario.operator("dana"), rings_back(world)
    dana.be("ready")
    world.run_for(1)
    dana.accept()
    picks_up(world, phone)
    world.run_for(75)
    assert phone.ended
    assert (dana.state, the_callback(world).status) == ("ready", "scheduled")
    (attempt,) = world.services.callbacks.attempts(the_callback(world).id)
    assert attempt.result == "no-key"


def test_a_caller_may_say_that_it_is_not_needed_any_more(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(ASKS)
    dana, phone = scenario.operator("dana"), rings_back(world)
    dana.be("ready")
    world.run_for(1)
    dana.accept()
    picks_up(world, phone, "2")
    world.run_for(10)
    assert "We will not call you back again" in phone.heard[-1]
    assert (dana.state, world.services.callbacks.open()) == ("ready", [])


def test_who_rings_again_keeps_the_place(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(ASKS)
    scenario.play(
        """
        3:30  | Marc | rings from +32460001002 |
        3:32  | Marc | presses 3 |
        3:50  | Marc | presses 1 | is waiting
        4:00  | Els  | rings     |
        4:02  | Els  | presses 3 |
        4:20  | Els  | presses 1 | waits as number 1
        4:20  | Marc |           | waits as number 2
        4:30  | dana | is ready  | is offered Els
        """
    )
    assert world.services.callbacks.open() == []


def test_the_caller_thinks_better_of_it_and_keeps_the_place(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who  | does      | then
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 | is waiting
        0:30  | Marc | rings from +32460001002 |
        0:32  | Marc | presses 3 |
        0:50  | Marc | presses 1 | waits as number 2
        2:51  | Els  | presses 1 | last hears "call you back on"
        2:55  | Els  | presses 0 | is waiting; waits as number 1
        """
    )
    assert scenario.world.services.callbacks.open() == []


def test_a_time_is_chosen_and_another_number_is_read_back(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(
        """
        at    | who  | does      | then
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 | is waiting
        2:51  | Els  | presses 1 | last hears "call you back on"
        2:55  | Els  | presses 2 | last hears "key in the number"
        3:00  | Els  | presses 0460001009# | last hears "0 4 6 0, 0 0, 1 0, 0 9"
        3:10  | Els  | presses 1 | last hears "as soon as it is your turn"
        3:15  | Els  | presses 2 | hears "When may we call you?"
        3:25  | Els  | presses 4 | last hears "We will call you back"
        """
    )
    found = the_callback(world)
    assert found.number == "+32460001009"
    assert found.slot_begins_at == datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "tomorrow between 5 and 6 pm"
    assert (found.status, found.due_at) == ("scheduled", datetime(2026, 11, 24, 17, 0, tzinfo=UTC))


def test_at_night_a_callback_is_asked_for_the_next_day(world: World) -> None:
    world.skip_to(datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    Scenario(world).play(
        """
        at    | who | does      | then
        0:00  | Els | rings     |
        0:02  | Els | presses 3 | last hears "closed"
        0:10  | Els | presses 1 | last hears "call you back on"
        0:15  | Els | presses 1 |
        0:20  | Els | presses 1 | last hears "you need not stay on the line"
        1:00  | Els |           | outcome callback
        """
    )
    found = the_callback(world)
    assert (found.queue, found.not_before) == ("workplace", datetime(2026, 11, 24, 7, 0, tzinfo=UTC))


def test_a_withheld_number_is_asked_for(scenario: Scenario) -> None:
    world = scenario.world
    world.ring("Els", "anonymous")
    scenario.play(
        """
        0:02  | Els  | presses 3 |
        0:20  | Els  | presses 1 | is waiting
        2:51  | Els  | presses 1 | last hears "key in the number"
        3:00  | Els  | presses 090012345# | hears "We cannot call that number"
        """
    )
    assert world.services.callbacks.open() == []


@pytest.mark.parametrize("moment", ["before", "ringing"])
def test_an_operator_who_drops_before_the_caller_is_there(scenario: Scenario, moment: str) -> None:
    world = scenario.world
    scenario.play(ASKS)
    dana, phone = scenario.operator("dana"), rings_back(world)
    dana.be("ready")
    world.run_for(1)
    if moment == "before":
        offer = world.services.queue.offer_for(dana.id)
        assert offer is not None
        world.services.queue.accept(offer.id, dana.id)
        world.run_for(115)
        assert not phone.ringing
    else:
        dana.accept()
        assert phone.ringing
        dana.drop()
        world.run_for(2)
        assert phone.ended, "nobody is rung for an operator who is gone"
    assert dana.state == "pause"
    robin = scenario.operator("robin")
    robin.be("ready")
    world.run_for(2)
    assert robin.offered_call == the_callback(world).live_call_id
    assert the_callback(world).attempts == 0
