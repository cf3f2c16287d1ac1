"""A call whose sound went to disk, through the whole application: its text comes by itself once it is over."""

from __future__ import annotations

from pathlib import Path

from rq import Queue

from app import jobs
from app.spooling import spool_folder
from foundation.settings import ROOT
from tests.support.scenario import Scenario
from tests.support.world import World
from transcription import media_stream, wav
from transcription.protocol import Media, parse
from transcription.spool import About, new_id

SOUND = ROOT / "tests" / "speech" / "en" / "free_seen_00.wav"  # "what do i have to do when the screen goes black"
TALK = """
at   | who  | does      | then
0:00 | Els  | rings     |
0:02 | Els  | presses 3 |
0:20 | Els  | presses 1 | waits as number 1
0:30 | dana | is ready  | is offered Els
0:31 | dana | accepts   | is talking
"""


def spool(world: World) -> tuple[str, Path]:
    """The sound of Els goes to disk, as `media` does it."""
    record = world.record("Els")
    assert record.started_at is not None
    about = About(
        new_id(record.call_id), record.call_id, "caller", None, "en", record.started_at, "MZ1", world.clock.now()
    )
    writer = spool_folder(world.services.settings).create(about)
    frames = [parse(text) for text in media_stream.frames("MZ1", wav.read(SOUND).mulaw)]
    writer.add([frame for frame in frames if isinstance(frame, Media)])
    writer.close()
    world.services.spools.began(about)
    world.services.spools.ended(about, sound_s=writer.sound_s)
    return record.call_id, world.services.settings.spool_dir / f"{about.id}.spool"


def test_the_text_of_a_spooled_call_comes_once_it_is_over(world: World) -> None:
    scenario = Scenario(world)
    scenario.play(TALK)
    call_id, file = spool(world)
    scenario.play("0:50 | Els | | is talking")
    assert world.services.transcripts.of_call(call_id) == [], "a call that goes on needs the machine more"
    scenario.play("1:00 | dana | ends the call | is wrap-up\n2:30 | Els | | outcome answered")
    (said,) = world.services.transcripts.of_call(call_id)
    assert said.text == "what do i have to do when the screen goes black" and said.start_s > 31
    assert not file.exists()
    assert world.services.spools.of_conversation(call_id, over=True).how == "complete"
    assert any(each.kind == "article" for each in world.services.desk.suggestions.of_call(call_id, "en"))


def test_a_long_job_lets_urgent_ones_pass(world: World) -> None:
    jobs.bind(world.services)
    connection = world.services.job_redis
    for name in jobs.QUEUES:
        Queue(name, connection=connection).enqueue(jobs.run, 0, result_ttl=0)
    jobs.let_urgent_pass(connection)
    assert [len(Queue(name, connection=connection)) for name in jobs.QUEUES] == [0, 0, 1]
