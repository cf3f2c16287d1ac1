"""Callers say what they would press. What media recognised comes in at its own seam; the rest is the whole product."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from callflows.facts import MenuChosen, StepTaken
from callflows.speech import Answer, Choices
from ivr import listening
from tests.support.scenario import Scenario
from tests.support.world import World, settings_for

TO_THE_TOPIC = """
    at    | who  | does      | then
    0:00  | Els  | rings     |
    0:02  | Els  | presses 3 |
    0:29  | Els  |           | last hears "You can also say your choice"
"""


def says(world: World, name: str, digits: str, *, step: int | None = None) -> None:
    """What `media` does when it has recognised an answer to the question that is open (or of `step`)."""
    leg, call_id = world.callers[name].leg, world.call_id(name)
    asked = world.services.ivr.session(call_id).step if step is None else step
    world.services.spoken.heard(call_id, asked, leg, Answer(digits, 1.0))
    world.settle()


def streams(world: World, name: str) -> dict[str, str]:
    """Name and status of each stream on which an answer was listened for."""
    found = world.exchange.legs.by_sid[world.callers[name].leg]
    return {stream.name: stream.status for stream in found.streams.values()}


def steps(world: World, name: str) -> list[str]:
    """The kind of each event that took a step of the menu."""
    return [str(fact.event["kind"]) for fact in world.facts(name) if isinstance(fact, StepTaken)]


def at_the_same_instant(*deeds: Callable[[], object]) -> list[object]:
    """What each gives when all begin at once, each in a thread of its own."""
    start = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        start.wait(10)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


def test_a_said_choice_leads_where_its_key_leads_and_nothing_that_was_said_is_kept(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(TO_THE_TOPIC)
    asked = world.services.spoken.question(world.call_id("Els"), 2)
    assert isinstance(asked, Choices)
    assert asked.phrases["invoice"] == "4"
    assert streams(world, "Els") == {"answer-2": "in-progress"}
    says(world, "Els", "4")
    scenario.play('0:29 | Els | | is waiting; hears "we are connecting you"')
    assert world.record("Els").queue == "invoices"
    assert streams(world, "Els") == {"answer-2": "stopped"}
    assert world.services.transcripts.of_call(world.call_id("Els")) == []
    assert [(c.digits, c.label) for c in world.facts("Els") if isinstance(c, MenuChosen)] == [("4", "topic-invoice")]
    assert world.exchange.faults == []


def test_what_is_no_answer_is_asked_again_as_after_a_wrong_key(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(TO_THE_TOPIC)
    for _ in range(2):
        says(world, "Els", "")
        scenario.play('0:29 | Els | | hears "I do not know that choice"')
    assert streams(world, "Els") == {"answer-2": "stopped", "answer-3": "stopped", "answer-4": "in-progress"}
    says(world, "Els", "")
    scenario.play("0:29 | Els | | is waiting")
    assert world.record("Els").queue == "workplace", "a person helps anyway"


def test_keys_work_as_before_and_an_answer_that_comes_after_the_key_changes_nothing(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(TO_THE_TOPIC)
    scenario.play("0:30 | Els | presses 1 | is waiting")
    heard = list(world.callers["Els"].heard)
    says(world, "Els", "4", step=2)
    assert world.record("Els").queue == "internet"
    assert world.callers["Els"].heard == heard, "nobody is called away from what they hear"
    assert streams(world, "Els") == {"answer-2": "stopped"}


def test_an_answer_that_is_reported_twice_takes_one_step(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(TO_THE_TOPIC)
    leg, call_id = world.callers["Els"].leg, world.call_id("Els")
    world.services.spoken.heard(call_id, 2, leg, Answer("5", 1.0))
    world.services.spoken.heard(call_id, 2, leg, Answer("1", 1.0))
    world.settle()
    assert steps(world, "Els").count("answer-spoken") == 1
    assert world.services.ivr.session(call_id).step == 3
    assert world.record("Els").status == "menu"


def test_a_key_and_an_answer_at_the_same_instant_are_one_answer(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(TO_THE_TOPIC)
    scenario.play("0:29 | Marc | rings | \n 0:31 | Marc | presses 3 | \n 0:50 | Marc | | is menu")
    ivr = world.services.ivr
    for name in ("Els", "Marc"):
        call_id = world.call_id(name)
        asked = ivr.session(call_id).step
        document, called_away = at_the_same_instant(
            partial(ivr.answer, call_id, asked, "1"), partial(ivr.spoken, call_id, asked, Answer("4", 1.0))
        )
        (chosen,) = [fact for fact in world.facts(name) if isinstance(fact, MenuChosen)]
        queue = world.record(name).queue
        assert (chosen.digits, queue) in (("1", "internet"), ("4", "invoices"))
        assert called_away is (chosen.digits == "4")
        assert f">q-{queue}<" in str(document), "whoever lost is told the winner's document"


def test_a_number_is_said_read_back_and_confirmed_by_word_of_mouth(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(ASKS_FOR_A_CALLBACK)
    says(world, "Els", "2")  # no, another number
    scenario.play('3:10 | Els | | last hears "You can also say the digits"')
    says(world, "Els", "0460001099")
    scenario.play('3:10 | Els | | last hears "The number is 0 4 6 0, 0 0, 1 0, 9 9"')
    says(world, "Els", "1")
    says(world, "Els", "1")
    scenario.play('3:10 | Els | | last hears "you need not stay on the line"\n 3:30 | Els | | outcome callback')
    (callback,) = world.services.callbacks.open()
    assert callback.number == "+32460001099"


ASKS_FOR_A_CALLBACK = """
    at    | who  | does      | then
    0:00  | Els  | rings     |
    0:02  | Els  | presses 3 |
    0:20  | Els  | presses 1 | is waiting
    2:50  | Els  |           | hears "You can also be called back"
    2:51  | Els  | presses 1 |
    3:03  | Els  |           | last hears "say yes or no"
"""


def test_a_number_that_cannot_be_one_is_asked_for_again(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(ASKS_FOR_A_CALLBACK)
    says(world, "Els", "2")
    says(world, "Els", "")
    scenario.play('3:03 | Els | | hears "I do not recognise that"')


def test_who_is_in_the_middle_of_an_answer_is_not_told_that_nothing_was_heard(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(TO_THE_TOPIC)
    call_id = world.call_id("Els")
    ears = listening.Ears(world.services.redis, lambda *_: "", lambda: (), lambda _: False, url="")
    session = world.services.ivr.session(call_id)
    assert not ears.speaks(session)
    world.services.spoken.speaking(call_id, session.step)
    document = world.services.ivr.answer(call_id, session.step, "")
    assert "<Say" not in document
    assert f"/{session.step}/answer" in document
    assert world.services.ivr.session(call_id).step == session.step
    assert sum(ears.speaks(session) for _ in range(20)) < 10, "a television does not hold the caller for ever"


def test_who_refused_transcription_is_not_listened_to(scenario: Scenario) -> None:
    scenario.play(
        """
        at    | who  | does      | then
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:03  | Els  | presses 9 |
        0:20  | Els  | presses 4 | is waiting
        """
    )
    assert streams(scenario.world, "Els") == {}
    assert not any("say your choice" in text for text in scenario.world.callers["Els"].heard)


@pytest.fixture
def deaf(world: World, redis_server, postgres_url, clock, tmp_path) -> Iterator[World]:  # type: ignore[no-untyped-def]
    """An installation without speech models."""
    found = World(settings_for(postgres_url, redis_server.url, MODELS_DIR=str(tmp_path)), clock)
    yield found
    found.close()


def test_without_a_model_for_the_language_there_are_the_keys_and_a_line_in_the_log(
    deaf: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="ivr.listening"):
        Scenario(deaf).play(
            """
            at    | who  | does      | then
            0:00  | Els  | rings     |
            0:02  | Els  | presses 3 |
            0:20  | Els  | presses 4 | is waiting
            """
        )
    assert "a menu is answered by keys only" in caplog.text
    assert streams(deaf, "Els") == {}
    assert not any("say your choice" in text for text in deaf.callers["Els"].heard)


def test_a_stream_that_cannot_be_opened_leaves_the_keys_and_a_line_in_the_log(
    scenario: Scenario, caplog: pytest.LogCaptureFixture
) -> None:
    world = scenario.world
    scenario.play(TO_THE_TOPIC)
    (stream,) = world.exchange.legs.by_sid[world.callers["Els"].leg].streams.values()
    with caplog.at_level(logging.WARNING):
        world.exchange.streamer._reported(stream, "stream-error", "the server does not answer")
        world.settle()
    assert "a menu is answered by keys only" in caplog.text
    scenario.play("0:30 | Els | presses 4 | is waiting")
