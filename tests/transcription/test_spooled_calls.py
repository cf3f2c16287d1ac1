"""A call that cannot be written down while it goes on goes to disk, and whatever happens meanwhile is told and kept."""

from __future__ import annotations

import asyncio
import itertools

from sqlalchemy.exc import OperationalError

from foundation.settings import ROOT
from tests.support.attic import AFTERWARDS, NEVER_LIVE, SECRET, Attic, ModelsOfCards, talk
from tests.support.media_house import CALL, LEG, SAID, play
from tests.support.word_errors import word_errors
from transcription import media_stream
from transcription.admission import Limits
from transcription.models import Models
from transcription.spool import About, SpoolFolder
from transcription.spools import Spools


def test_a_track_that_falls_behind_is_live_to_a_point_and_whole_afterwards(attic: Attic) -> None:
    attic.serve(Limits(share=1e6, partials_within_s=0.5, try_sentences_s=0.0, spool_after_s=4.0))
    talk(attic, "call_01.wav")  # a minute of sound in an instant
    states = attic.states()
    assert states[:3] == ["listening", "sentences", "spooled"] and attic.how() == "spooled"
    before = attic.texts()
    attic.after_the_call()
    found = attic.texts()
    assert found[: len(before)] == before and len(found) > len(before)
    times = [(s.start_s, s.end_s) for s in attic.house.transcripts.of_call(CALL)]
    assert times == sorted(times) and all(a[1] <= b[0] for a, b in itertools.pairwise(times)), "no overlap"

    attic.house.transcripts.erase(CALL)
    attic.house.server = attic.house.serve(Models(ROOT / "models"))
    talk(attic, "call_01.wav")
    live, said = (" ".join(texts).split() for texts in (attic.texts(), found))
    assert word_errors(live, said) <= 2, "no sentence is lost or said twice at the seam"


class _Away(Spools):
    def began(self, about: About) -> None:
        raise OperationalError("INSERT", {}, Exception("the database is away"))

    def ended(self, about: About, *, sound_s: float) -> None:
        raise OperationalError("UPDATE", {}, Exception("the database is away"))


def test_a_spool_that_the_database_never_heard_of_is_found(attic: Attic) -> None:
    away = _Away(attic.house.transcripts.database, attic.folder, attic.house.clock, lambda *_: None, lambda _: ())
    attic.serve(NEVER_LIVE, away)
    talk(attic, "heldout_00.wav")
    assert attic.spools.of_call(CALL) == [] and attic.how(over=True) == "spooled"
    assert (attic.spools.recover(), attic.spools.recover()) == (1, 0)
    attic.quiet()
    attic.after_the_call()
    assert attic.texts() == [SAID["heldout_00.wav"]]


def test_an_opt_out_deletes_the_sound_at_once_and_nothing_of_it_is_ever_text(attic: Attic) -> None:
    house = attic.house

    async def scene() -> None:
        async with house.stream(house.token()) as socket:
            await house.say(socket, "heldout_00.wav")
            await house.until(attic.folder.ids)
            house.transcripts.opt_out(CALL, by="dana", at=house.clock.now())
            assert attic.spools.drop(CALL) == 1
            assert attic.folder.ids() == []
            await house.say(socket, "seen_00.wav", first_ms=10_000)  # the stream stops a moment later
            await socket.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    assert attic.folder.ids() == [] and attic.spools.of_call(CALL) == []
    attic.after_the_call()
    assert attic.texts() == []
    talk(attic, "seen_00.wav")  # a stream that comes after it all
    assert attic.folder.ids() == []


def test_a_full_disk_is_said_and_ends_nothing_else(attic: Attic) -> None:
    attic.folder = SpoolFolder(attic.path, SECRET, limit_bytes=0)
    attic.serve(NEVER_LIVE)
    talk(attic, "heldout_00.wav")
    assert attic.states() == ["spooled", "spool-full", "ended"]
    assert attic.how() == "spool-full" and attic.folder.ids() == []


def test_a_language_without_a_model_is_not_kept(attic: Attic) -> None:
    house = attic.house

    async def scene() -> None:
        async with house.stream(house.token(language="de")) as socket:
            await house.say(socket, "heldout_00.wav")
            await socket.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)
    assert attic.states() == ["unavailable", "ended"] and attic.folder.ids() == []


def test_a_stream_that_is_cut_and_a_server_that_drains_leave_whole_spools(attic: Attic) -> None:
    house = attic.house

    async def scene() -> None:
        operator_leg = "CA" + "2" * 32
        token = house.token(speaker="operator", operator_id=7, leg=operator_leg)
        async with house.stream(house.token()) as cut, house.stream(token, "MZ2", operator_leg) as drained:
            await house.say(cut, "seen_00.wav")
            await house.say(drained, "heldout_00.wav", "MZ2")
            await house.until(lambda: len(attic.folder.ids()) == 2)
            cut.transport.abort()
            await house.ended()
            await asyncio.create_task(house.server.stop())

    play(house, scene)
    assert sorted((each.speaker, each.state) for each in attic.spools.of_call(CALL)) == [
        ("caller", "waiting"), ("operator", "waiting"),
    ]  # fmt: skip
    attic.after_the_call()
    said = {(s.speaker, s.operator_id, s.text) for s in house.transcripts.of_call(CALL)}
    assert said == {("caller", None, SAID["seen_00.wav"]), ("operator", 7, SAID["heldout_00.wav"])}


def test_a_track_does_not_give_way_in_the_middle_of_a_number(attic: Attic) -> None:
    limits = Limits(share=1e6, partials_within_s=0.0, try_sentences_s=0.0, spool_after_s=0.5)
    models = ModelsOfCards(ROOT / "models")
    attic.house.server = attic.house.serve(models, limits, spools=attic.folder, index=attic.spools)
    talk(attic, "call_01.wav")
    assert attic.states()[:2] == ["listening", "sentences"], "it lags"
    assert sorted(attic.texts()) == ["[card number]"] * 4 + [AFTERWARDS], "none of it is left to the rest"


def test_how_a_call_is_written_down_is_told_by_its_newest_stream(attic: Attic) -> None:
    attic.serve(Limits(share=1e6, spool_after_s=1e6, partials_within_s=1e6))
    attic.house.transcripts.set_level(CALL, "caller", "MZ0", "unavailable")  # a stream that was lost
    assert attic.how() == "unavailable"
    talk(attic, "seen_00.wav")
    assert attic.states() == ["listening", "ended"] and attic.how() == ""
