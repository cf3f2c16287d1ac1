"""`app.cli spools`: what waits to be transcribed, and transcribing it now."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis
from sqlalchemy import update

from app.cli import main
from app.spooling import spool_folder
from foundation.clock import ManualClock
from foundation.database import Database
from foundation.embedded import EmbeddedRedis
from foundation.settings import ROOT, Settings
from tests.support.world import settings_for
from transcription import media_stream, wav
from transcription.protocol import Media, parse
from transcription.spool import About, new_id
from transcription.store import Transcripts
from transcription.tables import SpoolRow

CALL = "6ba7b810-9dad-51d1-80b4-00c04fd430c8"


@pytest.fixture
def settings(
    database: Database, redis: Redis, postgres_url: str, redis_server: EmbeddedRedis, tmp_path: Path
) -> Settings:
    return settings_for(postgres_url, redis_server.url, SPOOL_DIR=str(tmp_path))


def shell(settings: Settings, *arguments: str) -> str:
    environment = {
        name.upper(): value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in dict(settings).items()
    }
    result = CliRunner().invoke(main, ["spools", *arguments], env=environment)
    assert result.exit_code == 0, result.output
    return result.output


def test_what_waits_is_listed_and_transcribed_now(
    settings: Settings, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    about = About(new_id(CALL), CALL, "caller", None, "nl", clock.now(), "MZ1", clock.now())
    writer = spool_folder(settings).create(about)
    sound = wav.read(ROOT / "tests" / "speech" / "nl" / "seen_00.wav").mulaw
    writer.add([frame for text in media_stream.frames("MZ1", sound) if isinstance(frame := parse(text), Media)])
    assert "still waiting" in shell(settings, "transcribe"), "its writer may be writing still"
    writer.close()
    listed = shell(settings, "list")
    assert f"{CALL}  caller    nl  writing" in listed and "1 waiting; 0.0 of 2000 MB" in listed

    os.utime(tmp_path / f"{about.id}.spool", (1, 1))
    shell(settings, "transcribe")
    assert [said.text for said in Transcripts(database).of_call(CALL)] == ["het beeld is heel traag"]
    assert shell(settings, "list") == "0 waiting; 0.0 of 2000 MB\n"


def test_what_could_not_be_transcribed_is_listed_with_why(
    settings: Settings, database: Database, clock: ManualClock
) -> None:
    about = About(new_id(CALL), CALL, "operator", 7, "de", clock.now(), "MZ1", clock.now())
    spool_folder(settings).create(about).close()
    shell(settings, "transcribe", "--call", CALL)
    with database.transaction() as session:
        session.execute(update(SpoolRow).values(state="waiting"))
    assert "0 waiting" not in shell(settings, "list")
    shell(settings, "transcribe", "--call", CALL)
    assert f"{CALL}  operator  failed: There is no speech model for 'de'" in shell(settings, "list")
