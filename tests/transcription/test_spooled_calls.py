"""A call that cannot be written down while it goes on: to disk, and to text afterwards, as if it had been live."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from foundation.errors import Unavailable
from foundation.live import Live
from foundation.outbox import OutboxRow
from foundation.settings import ROOT
from tests.support.media_house import CALL, LEG, SAID, House, play
from tests.support.word_errors import SPEECH
from transcription import media_stream, wav
from transcription.admission import Limits
from transcription.audio import Samples
from transcription.catching_up import CatchingUp
from transcription.models import Models
from transcription.protocol import Media, parse
from transcription.recogniser import LoadedModel, Recogniser, Word
from transcription.spool import About, SpoolFolder
from transcription.spools import Spools, drop_older
from transcription.tables import SpoolRow

SECRET = "a secret of more than thirty-two characters"
NEVER_LIVE = Limits(share=0.0)
SPOKEN_CARD = "four five three nine one four eight eight zero three four three six four six seven"


@dataclass
class Attic:
    """A house whose calls go to disk, and what makes text of them."""

    house: House
    path: Path
    over: set[str] = field(default_factory=set)
    completed: list[str] = field(default_factory=list)
    breaths: int = 0

    def __post_init__(self) -> None:
        self.folder = SpoolFolder(self.path, SECRET, limit_bytes=50_000_000)
        self.spools = Spools(
            self.house.transcripts.database, self.folder, self.house.clock, lambda *_: None, lambda _: self.over
        )
        self.catching_up = CatchingUp(
            self.spools, self.folder, Models(ROOT / "models"), self.house.transcripts, Live(self.house.redis),
            complete=lambda call_id, _: self.completed.append(call_id), meanwhile=self._breathe,
        )  # fmt: skip
        self.serve(NEVER_LIVE)

    def _breathe(self) -> None:
        self.breaths += 1

    def serve(self, limits: Limits, index: Spools | None = None) -> None:
        models = Models(ROOT / "models")
        self.house.server = self.house.serve(models, limits, spools=self.folder, index=index or self.spools)

    def files(self) -> list[Path]:
        return [self.path / f"{spool_id}.spool" for spool_id in self.folder.ids()]

    def quiet(self) -> None:
        """As if nothing had been written for long."""
        for path in self.files():
            os.utime(path, (1, 1))

    def jobs(self) -> list[dict[str, Any]]:
        with self.house.transcripts.database.transaction() as session:
            return [row.payload for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))]

    def after_the_call(self) -> None:
        self.over.add(CALL)
        self.spools.enqueue()
        for payload in self.jobs():
            self.catching_up.transcribe(payload)

    def texts(self) -> list[str]:
        return [segment.text for segment in self.house.transcripts.of_call(CALL)]

    def states(self, speaker: str = "caller") -> list[str]:
        return [message["state"] for message in self.house.published("transcription-state", speaker)]

    def how(self, *, over: bool = False) -> str:
        return self.spools.of_conversation(CALL, over=over).how


@pytest.fixture
def attic(house: House, tmp_path: Path) -> Attic:
    return Attic(house, tmp_path / "spool")


@contextmanager
def nothing_written(attic: Attic) -> Iterator[None]:
    yield
    assert attic.texts() == [] and attic.house.published("segment") == [] and attic.house.published("partial") == []


def talk(attic: Attic, *files: str) -> None:
    """One stream in which these recordings are said, one after the other."""
    house = attic.house

    async def scene() -> None:
        async with house.stream(house.token()) as socket:
            for n, file in enumerate(files):
                for text in media_stream.frames("MZ1", wav.read(SPEECH / "en" / file).mulaw, first_ms=10_000 * n):
                    message = json.loads(text)
                    message["media"]["chunk"] = str(int(message["media"]["chunk"]) + 10_000 * n)
                    await socket.send(json.dumps(message))
            await socket.send(media_stream.closing("MZ1", LEG))
            await house.ended()

    play(house, scene)


def test_a_spooled_call_becomes_the_text_that_it_would_have_been_live(attic: Attic) -> None:
    house = attic.house
    with nothing_written(attic):
        talk(attic, "seen_00.wav", "heldout_00.wav")
    assert attic.states() == ["spooled", "ended"]
    assert (attic.how(), attic.how(over=True)) == ("spooled", "catching-up")
    (spool,) = attic.spools.of_call(CALL)
    assert (spool.state, spool.from_s) == ("waiting", 10.0) and spool.sound_s == pytest.approx(3.575 + 4.2, abs=0.3)
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
    assert " ".join(found).split() == " ".join(attic.texts()).split(), "not a word is lost or said twice at the seam"


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


class _Away(Spools):
    def began(self, about: About) -> None:
        raise OperationalError("INSERT", {}, Exception("the database is away"))

    def ended(self, about: About, *, from_s: float | None, sound_s: float) -> None:
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


AFTERWARDS = "that is the one"


class _SaysACard(Recogniser):
    """Hears a card number in four sentences, and then something else, whatever is said."""

    def __init__(self, model: LoadedModel) -> None:
        super().__init__(model)
        card = SPOKEN_CARD.split()
        self.parts = [*(card[at : at + 4] for at in range(0, 16, 4)), AFTERWARDS.split()]
        self.heard_s = 0.0

    def accept(self, samples: Samples) -> tuple[Word, ...] | None:
        self.heard_s += len(samples) / 8000
        if not self.parts or self.heard_s < 1.0:
            return None
        words, self.heard_s = self.parts.pop(0), 0.0
        return tuple(Word(word, n / 20, n / 20 + 0.04, 0.9) for n, word in enumerate(words))

    def finish(self) -> tuple[Word, ...]:
        return ()


class _ModelsOfCards(Models):
    def recogniser(self, language: str, grammar: Sequence[str] | None = None) -> Recogniser:
        return _SaysACard(self._model(language))


def test_secrets_are_hidden_in_text_that_comes_late_too(attic: Attic) -> None:
    attic.catching_up._models = _ModelsOfCards(ROOT / "models")
    talk(attic, "call_01.wav")
    attic.after_the_call()
    assert set(attic.texts()) == {"[card number]", AFTERWARDS}
    assert "four" not in json.dumps(attic.house.messages)


def test_a_track_does_not_give_way_in_the_middle_of_a_number(attic: Attic) -> None:
    limits = Limits(share=1e6, partials_within_s=0.0, try_sentences_s=0.0, spool_after_s=0.5)
    models = _ModelsOfCards(ROOT / "models")
    attic.house.server = attic.house.serve(models, limits, spools=attic.folder, index=attic.spools)
    talk(attic, "call_01.wav")
    assert attic.states()[:2] == ["listening", "sentences"], "it lags"
    assert sorted(attic.texts()) == ["[card number]"] * 4 + [AFTERWARDS], "none of it is left to the rest"


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
