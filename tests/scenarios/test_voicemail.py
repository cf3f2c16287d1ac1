"""A caller leaves a message; somebody listens to it before it is due."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from queueing.voicemails import Voicemail
from simulator.silence import SilentPlane
from simulator.sound import wav
from tests.support.scenario import Scenario
from tests.support.world import PUBLIC, World

SPEECH = Path(__file__).resolve().parents[1] / "speech" / "en" / "call_00.wav"

# Els waits, presses 2, and speaks for twelve seconds.
LEAVES = """
    at    | who  | does      | then
    0:00  | Els  | rings     |
    0:02  | Els  | presses 3 |
    0:20  | Els  | presses 1 | is waiting
    0:30  | Els  | presses 2 | last hears "Your message is recorded"
    0:45  | Els  |           | hears "Speak after the tone"
"""


def speaks(world: World, name: str) -> None:
    plane = world.exchange.sound
    assert isinstance(plane, SilentPlane)
    plane.spoken[world.callers[name].leg] = wav.load(SPEECH)


def the_message(world: World) -> Voicemail:
    (found,) = world.services.voicemails.open()
    return found


def test_a_message_is_fetched_written_down_and_waits_on_the_operators_list(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(LEAVES)
    speaks(world, "Els")
    world.run_for(12)
    world.press("Els", "#")
    message = the_message(world)
    assert message.path is None, "the provider does not have the sound ready at once"
    assert (message.queue, message.number, message.language) == ("internet", "+32460001001", "en")
    assert message.due_at == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    world.run_for(60)
    assert world.record("Els").outcome == "voicemail"
    message = the_message(world)
    assert message.path is not None
    assert Path(message.path).read_bytes().startswith(b"RIFF")
    assert message.transcript == "written"
    lines = world.services.transcripts.of_call(world.call_id("Els"))
    assert lines
    assert {line.speaker for line in lines} == {"caller"}


def test_a_caller_who_hangs_up_has_left_the_message_all_the_same(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(LEAVES)
    speaks(world, "Els")
    world.run_for(10)
    world.hang_up("Els")
    world.run_for(30)
    assert world.record("Els").outcome == "voicemail"
    assert the_message(world).path is not None


def test_who_opted_out_is_recorded_on_request_but_not_transcribed(scenario: Scenario) -> None:
    world = scenario.world
    scenario.play(
        """
        0:00  | Els  | rings     |
        0:02  | Els  | presses 3 |
        0:04  | Els  | presses 9 |
        0:20  | Els  | presses 1 | is waiting
        0:30  | Els  | presses 2 |
        0:45  | Els  |           | hears "Speak after the tone"
        """
    )
    speaks(world, "Els")
    world.run_for(10)
    world.press("Els", "#")
    world.run_for(30)
    assert the_message(world).transcript == "refused"
    assert world.services.transcripts.of_call(world.call_id("Els")) == []


def test_at_night_a_message_can_be_left(world: World) -> None:
    world.skip_to(datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    Scenario(world).play(
        """
        0:00  | Els | rings     |
        0:02  | Els | presses 3 | last hears "closed"
        0:10  | Els | presses 2 | last hears "Your message is recorded"
        0:25  | Els |           | hears "Speak after the tone"
        """
    )
    world.run_for(5)
    world.press("Els", "#")
    message = the_message(world)
    assert (message.queue, message.due_at) == ("workplace", datetime(2026, 11, 24, 17, 0, tzinfo=UTC))


def test_a_message_can_be_deleted_everywhere(scenario: Scenario) -> None:
    world = scenario.world
    test_a_caller_who_hangs_up_has_left_the_message_all_the_same(scenario)
    message = the_message(world)
    assert message.path is not None
    world.services.messages.delete(message.id, "dana")
    world.services.messages.delete(message.id, "dana")
    assert world.services.voicemails.open() == []
    assert not Path(message.path).exists()
    assert message.recording not in world.exchange.recorder.by_sid, "nor does the provider keep it"


def test_the_operator_sees_listens_takes_it_and_closes_it(scenario: Scenario) -> None:
    world = scenario.world
    test_a_message_is_fetched_written_down_and_waits_on_the_operators_list(scenario)
    message, dana = the_message(world), scenario.operator("dana")
    page = dana.desk.get("/desk/owed", base_url=PUBLIC).text
    said = " ".join(line.text for line in world.services.transcripts.of_call(world.call_id("Els")))
    assert said in unescape(page)
    with dana.desk.get(f"/desk/voicemails/{message.id}/sound", base_url=PUBLIC) as sound:
        assert sound.data.startswith(b"RIFF")
    assert dana.act(f"/desk/voicemails/{message.id}/take") == 303
    assert the_message(world).assigned_to == dana.id
    assert scenario.operator("robin").act(f"/desk/voicemails/{message.id}/take") == 409
    assert dana.act(f"/desk/voicemails/{message.id}/close") == 303
    assert world.services.voicemails.open() == []
