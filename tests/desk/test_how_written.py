"""The operator's screen and the call's page say how a call is written down: as it goes on, or afterwards."""

from __future__ import annotations

import pytest

from app.erasure import Erasure
from app.spooling import spool_folder
from callflows.facts import LegStatus
from foundation.clock import ManualClock
from tests.desk.desk_house import EventReader, House, Visitor
from transcription.protocol import Media
from transcription.spool import About, SpoolFolder, Spooling, new_id


class Speaking:
    """Dana talks with a caller, and the sound of it goes to disk."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.dana: Visitor = house.signed_in("dana")
        house.queues.set_presence(1, "ready")
        self.call_id = house.call(language="nl")
        house.queues.match()
        house.queues.accept(house.offer_to(1).id, 1)
        house.talk(self.call_id, 1)
        self.folder: SpoolFolder = spool_folder(house.settings)

    def spool(self) -> tuple[About, Spooling]:
        now = self.house.clock.now()
        about = About(new_id(self.call_id), self.call_id, "caller", None, "nl", now, "MZ1", now)
        writer = self.folder.create(about)
        writer.add([Media("MZ1", "inbound", 1, 0, bytes(8000))])
        self.house.spools.began(about)
        self.house.transcripts.set_level(self.call_id, "caller", "MZ1", "spooled")
        return about, writer

    def hang_up(self) -> None:
        """The call is over."""
        self.house.part(self.call_id, 1)
        over = LegStatus(
            at=self.house.clock.now(),
            key="leg:ended",
            leg=f"CA-{self.call_id}",
            status="completed",
            sequence=9,
            caller=True,
        )
        self.house.record(self.call_id, over)

    def screen(self) -> str:
        return self.dana.get("/desk/operator").text

    def page(self) -> str:
        return self.dana.get(f"/desk/calls/{self.call_id}").text


@pytest.fixture
def speaking(house: House) -> Speaking:
    return Speaking(house)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("sentences", "zin per zin"),
        ("spooled", "De tekst volgt na het gesprek; er gaat niets verloren."),
        ("spool-full", "er is geen plaats meer om het geluid te bewaren"),
        ("unavailable", "door een fout in de spraakherkenning"),
        ("listening", "luistert mee"),
    ],
)
def test_the_level_is_told_in_the_operators_language_also_after_a_reload(
    speaking: Speaking, state: str, told: str
) -> None:
    speaking.house.transcripts.set_level(speaking.call_id, "caller", "MZ1", "sentences")
    speaking.house.transcripts.set_level(speaking.call_id, "caller", "MZ1", state)
    assert told in speaking.screen()


def test_a_change_of_level_draws_the_panel_again_while_they_talk(speaking: Speaking) -> None:
    reader = EventReader(speaking.dana.get("/live/events?regions=talk"))
    assert "luistert mee" in reader.until("region", "talk").data["html"]
    _, writer = speaking.spool()
    message = {"speaker": "caller", "state": "spooled"}
    speaking.house.live.publish(f"call:{speaking.call_id}", "transcription-state", message)
    assert "tekst volgt na het gesprek" in reader.until("region", "talk").data["html"]
    reader.close()
    writer.abandon()


def test_after_the_call_the_text_is_on_its_way_and_then_complete(speaking: Speaking) -> None:
    house = speaking.house
    about, writer = speaking.spool()
    writer.close()
    house.spools.ended(about, sound_s=40.0)
    speaking.hang_up()
    house.spools.progress(about.id, done_s=10.0, sound_s=40.0)
    for shown in (speaking.screen(), speaking.page()):
        assert "De rest van dit gesprek wordt nu uitgeschreven: 25 %." in shown
    house.say(speaking.call_id, "caller", 40.0, "hallo met els", 1)
    house.spools.done(about.id)
    screen = speaking.screen()
    assert 'id="transcript-state">volledig' in screen and "hallo" in screen.lower()
    assert 'id="how-written"' not in screen and 'id="how-written"' not in speaking.page()


def test_what_could_not_be_written_down_is_said(speaking: Speaking) -> None:
    about, writer = speaking.spool()
    writer.close()
    speaking.hang_up()
    speaking.house.spools.done(about.id, failed="the sound is gone")
    for shown in (speaking.screen(), speaking.page()):
        assert "Een deel van dit gesprek kon niet worden uitgeschreven." in shown


def test_opting_out_deletes_the_sound_at_once(speaking: Speaking) -> None:
    _, writer = speaking.spool()
    speaking.screen()
    speaking.dana.post(f"/desk/calls/{speaking.call_id}/opt-out")
    assert speaking.folder.ids() == [] and writer.deleted
    assert speaking.house.spools.of_call(speaking.call_id) == []
    writer.abandon()


@pytest.mark.parametrize("how", ["call", "number", "age"])
def test_erasure_and_retention_take_the_sound_with_them(speaking: Speaking, clock: ManualClock, how: str) -> None:
    house = speaking.house
    erasure = Erasure(house.services.database, house.services.redis, clock, house.settings)
    _, writer = speaking.spool()
    writer.close()
    number = house.log.record_of(speaking.call_id).from_number
    if how == "age":
        assert erasure.by_age()["spools"] == 0
        clock.advance(house.clock.now() - house.clock.now().replace(year=house.clock.now().year - 1))
        counts = erasure.by_age()
    else:
        counts = erasure.call(speaking.call_id, "sofie") if how == "call" else erasure.number(number, "sofie")
    assert counts["spools"] == 1 and speaking.folder.ids() == []
    assert house.spools.of_call(speaking.call_id) == []
