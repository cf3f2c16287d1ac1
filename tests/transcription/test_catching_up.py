"""After the call its spooled sound is text, as if it had been live, once, and only what may be kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update

from foundation.errors import Unavailable
from foundation.settings import ROOT
from tests.support.attic import AFTERWARDS, SECRET, Attic, ModelsOfCards, talk
from tests.support.media_house import CALL, SAID
from tests.support.word_errors import SPEECH
from transcription import catching_up, media_stream, wav
from transcription.models import Models
from transcription.protocol import Media, parse
from transcription.spool import About, Spool, SpoolFolder
from transcription.spools import Spools, drop_older
from transcription.tables import SpoolRow


@contextmanager
def nothing_written(attic: Attic) -> Iterator[None]:
    yield
    assert attic.texts() == [] and attic.house.published("segment") == [] and attic.house.published("partial") == []


def test_a_spooled_call_becomes_the_text_that_it_would_have_been_live(attic: Attic) -> None:
    house = attic.house
    with nothing_written(attic):
        talk(attic, "seen_00.wav", "heldout_00.wav")
    assert attic.states() == ["spooled", "ended"]
    assert (attic.how(), attic.how(over=True)) == ("spooled", "catching-up")
    (spool,) = attic.spools.of_call(CALL)
    assert spool.state == "waiting" and spool.sound_s == pytest.approx(3.575 + 4.2, abs=0.3)
    attic.spools.enqueue()
    assert attic.jobs() == [], "not while the call goes on"

    attic.after_the_call()
    spooled = [(s.text, s.start_s, s.end_s, s.words) for s in house.transcripts.of_call(CALL)]
    gaps = [(gap.start_s, gap.end_s) for gap in house.transcripts.gaps_of_call(CALL)]
    assert attic.states()[-2:] == ["catching-up", "complete"] and attic.how(over=True) == "complete"
    assert attic.completed == [CALL] and attic.breaths >= 1
    assert all("lag_ms" not in message for message in house.published("segment"))
    assert attic.folder.ids() == [], "the sound is deleted after use"

    house.transcripts.erase(CALL)
    house.server = house.serve(Models(ROOT / "models"))
    talk(attic, "seen_00.wav", "heldout_00.wav")
    live = [(s.text, s.start_s, s.end_s, s.words) for s in house.transcripts.of_call(CALL)]
    assert spooled == live
    assert [text for text, *_ in live] == [SAID["seen_00.wav"], SAID["heldout_00.wav"]]
    assert gaps == [(gap.start_s, gap.end_s) for gap in house.transcripts.gaps_of_call(CALL)] != []


def test_done_twice_or_cut_off_in_the_middle_there_is_one_of_each_sentence(attic: Attic) -> None:
    talk(attic, "seen_00.wav", "heldout_00.wav")
    attic.over.add(CALL)
    assert attic.spools.enqueue() == 1
    assert attic.spools.enqueue() == 0, "one job a spool"
    (payload,) = attic.jobs()
    attic.house.transcripts.away = True
    with pytest.raises(Unavailable):
        attic.catching_up.transcribe(payload)
    assert attic.texts() == [] and len(attic.folder.ids()) == 1, "the sound stays until its text is stored"
    attic.house.transcripts.away = False
    (path,) = attic.files()
    kept = path.read_bytes()
    attic.catching_up.transcribe(payload)
    once = attic.texts()
    attic.catching_up.transcribe(payload)
    assert attic.texts() == once == [SAID["seen_00.wav"], SAID["heldout_00.wav"]]
    path.write_bytes(kept)  # a worker was killed before it could say that it is done
    with attic.house.transcripts.database.transaction() as session:
        session.execute(update(SpoolRow).values(state="transcribing"))
    attic.catching_up.transcribe(payload)
    assert attic.texts() == once and attic.folder.ids() == []


def test_what_was_written_before_a_kill_is_transcribed(attic: Attic) -> None:
    house = attic.house
    sound = wav.read(SPEECH / "en" / "heldout_00.wav").mulaw
    about = About("6xabc", CALL, "caller", None, "en", house.clock.now(), "MZ1", house.clock.now())
    writer = attic.folder.create(about)
    attic.spools.began(about)
    writer.add([m for text in media_stream.frames("MZ1", sound) if isinstance(m := parse(text), Media)])
    writer.abandon()  # killed: nothing more is written, nobody says that it is over
    (path,) = attic.files()
    path.write_bytes(path.read_bytes()[:-10])
    attic.over.add(CALL)
    assert attic.spools.enqueue() == 0, "a writer that wrote just now may be writing still"
    attic.quiet()
    attic.after_the_call()
    assert attic.texts() and SAID["heldout_00.wav"].startswith(" ".join(attic.texts())[:20])
    assert attic.how(over=True) == "complete" and attic.folder.ids() == []


def test_secrets_are_hidden_in_text_that_comes_late_too(attic: Attic) -> None:
    attic.catching_up._models = ModelsOfCards(ROOT / "models")
    talk(attic, "call_01.wav")
    attic.after_the_call()
    assert set(attic.texts()) == {"[card number]", AFTERWARDS}
    assert "four" not in json.dumps(attic.house.messages)


def test_old_spools_go_with_their_class(attic: Attic) -> None:
    talk(attic, "heldout_00.wav")
    now, month = attic.house.clock.now(), timedelta(days=30)
    with attic.house.transcripts.database.transaction() as session:
        assert drop_older(session, attic.folder, month, now) == 0
        assert drop_older(session, attic.folder, month, now + 2 * month) == 1
    assert attic.folder.ids() == [] and attic.spools.of_call(CALL) == []


def test_an_old_spool_that_nobody_can_read_goes_too(attic: Attic) -> None:
    attic.path.mkdir()
    (attic.path / "1x2.spool").write_bytes(b"something else")
    assert attic.spools.recover() == 0
    attic.quiet()
    with attic.house.transcripts.database.transaction() as session:
        assert drop_older(session, attic.folder, timedelta(days=30), attic.house.clock.now()) == 1


class _ErasedLast(Spools):
    """The call is erased when all of a spool is written down, and nobody was told yet."""

    erase: Callable[[], None]

    def done(self, spool_id: str, *, failed: str | None = None) -> None:
        self.erase()
        super().done(spool_id, failed=failed)


@pytest.mark.parametrize("when", ["in the middle", "at the very end"])
def test_a_call_that_is_erased_while_its_spool_is_read_is_not_written_again(attic: Attic, when: str) -> None:
    erased: list[int] = []

    def erase() -> None:
        if not erased:
            erased.append(attic.house.transcripts.erase(CALL))
            attic.spools.drop(CALL)

    if when == "in the middle":
        attic.catching_up._meanwhile = erase
    else:
        spools = _ErasedLast(
            attic.house.transcripts.database, attic.folder, attic.house.clock, lambda *_: None, lambda _: attic.over
        )
        spools.erase = erase
        attic.catching_up._spools = spools
    talk(attic, "call_01.wav")
    attic.after_the_call()
    assert erased and attic.texts() == [] and attic.house.transcripts.gaps_of_call(CALL) == []
    assert attic.completed == [] and "complete" not in attic.states()


def test_what_was_written_before_an_opt_out_in_the_middle_stays(attic: Attic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catching_up, "TELL_EVERY_S", 0.0)

    def opt_out() -> None:
        if attic.texts() and not attic.house.transcripts.opted_out(CALL):
            attic.house.transcripts.opt_out(CALL, by="dana", at=attic.house.clock.now())
            attic.spools.drop(CALL)

    attic.catching_up._meanwhile = opt_out
    talk(attic, "call_01.wav")
    attic.after_the_call()
    assert attic.house.transcripts.opted_out(CALL) and attic.texts() and attic.completed == []


def test_a_spool_that_somebody_reads_is_not_read_twice_and_one_that_was_given_up_is(attic: Attic) -> None:
    talk(attic, "seen_00.wav")
    attic.over.add(CALL)
    attic.spools.enqueue()
    (spool_id,) = attic.folder.ids()
    with attic.folder.open(spool_id) as elsewhere:
        assert elsewhere.claim()
        with pytest.raises(catching_up.BeingRead):
            attic.catching_up.transcribe({"spool": spool_id})
        assert attic.texts() == []
    (given_out,) = attic.spools.ready()
    assert (given_out.id, given_out.state) == (spool_id, "transcribing")
    attic.catching_up.transcribe({"spool": given_out.id})
    assert attic.texts() == [SAID["seen_00.wav"]]


class _CountedFolder(SpoolFolder):
    def open(self, spool_id: str) -> Spool:
        self.opened = getattr(self, "opened", 0) + 1
        return super().open(spool_id)


@pytest.mark.parametrize(("killed", "opened"), [(False, 1), (True, 2)])
def test_only_a_spool_of_which_nobody_knows_the_length_is_read_to_know_it(
    attic: Attic, killed: bool, opened: int
) -> None:
    folder = _CountedFolder(attic.path, SECRET, limit_bytes=50_000_000)
    attic.catching_up._folder = folder
    talk(attic, "seen_00.wav")
    if killed:
        with attic.house.transcripts.database.transaction() as session:
            session.execute(update(SpoolRow).values(state="writing", sound_s=0.0))
        attic.quiet()
    attic.after_the_call()
    assert attic.texts() == [SAID["seen_00.wav"]] and folder.opened == opened
    (spool,) = attic.spools.of_call(CALL)
    assert spool.done_s == spool.sound_s > 3.0
