"""Sound on disk: unreadable to others, whole up to where it was cut off, and never more than there is room for."""

from __future__ import annotations

import errno
import fcntl
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from transcription.protocol import Media
from transcription.spool import About, SpoolFolder, SpoolFull, SpoolUnreadable, new_id

SECRET = "a secret of more than thirty-two characters"
CALL = "6ba7b810-9dad-51d1-80b4-00c04fd430c8"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def about(call_id: str = CALL) -> About:
    return About(new_id(call_id), call_id, "operator", 7, "nl", NOW, "MZ1", NOW)


def frames(count: int, *, first: int = 0) -> list[Media]:
    """20 ms each, with sound that can be told apart."""
    return [Media("MZ1", "inbound", n, n * 20, f"{n:05d}".encode() * 32) for n in range(first, first + count)]


@pytest.fixture
def folder(tmp_path: Path) -> SpoolFolder:
    return SpoolFolder(tmp_path / "spool", SECRET, limit_bytes=10_000_000)


def test_what_is_read_is_what_was_written(folder: SpoolFolder) -> None:
    what = about()
    writer = folder.create(what)
    writer.add(frames(130))
    writer.add(frames(20, first=200))  # sound that never came stays missing
    writer.close()
    with folder.open(what.id) as spool:
        assert spool.about == what
        assert list(spool) == frames(130) + frames(20, first=200)
        assert spool.ended
    assert round(writer.sound_s, 6) == 3.0


def test_nobody_without_the_secret_can_read_or_change_it(folder: SpoolFolder, tmp_path: Path) -> None:
    what = about()
    writer = folder.create(what)
    writer.add(frames(130))
    writer.close()
    (path,) = (tmp_path / "spool").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert b"00042" not in content and CALL.encode() not in content
    with pytest.raises(SpoolUnreadable, match="another SECRET_KEY"):
        SpoolFolder(tmp_path / "spool", SECRET + "!", limit_bytes=1).open(what.id)
    for at in (30, len(content) // 2, len(content) - 3):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(SpoolUnreadable), folder.open(what.id) as spool:
            list(spool)


def test_parts_of_two_spools_cannot_be_joined(folder: SpoolFolder, tmp_path: Path) -> None:
    contents = []
    for _ in range(2):
        what = about()
        writer = folder.create(what)
        writer.add(frames(100))
        writer.close()
        contents.append((what.id, (tmp_path / "spool" / f"{what.id}.spool").read_bytes()))
    (first, mine), (_, other) = contents
    assert len(mine) == len(other)
    (tmp_path / "spool" / f"{first}.spool").write_bytes(mine[:1000] + other[1000:])
    with pytest.raises(SpoolUnreadable), folder.open(first) as spool:
        list(spool)


@pytest.mark.parametrize("cut", [1, 10, 5000])
def test_a_file_that_was_cut_off_loses_its_last_second_only(folder: SpoolFolder, tmp_path: Path, cut: int) -> None:
    what = about()
    writer = folder.create(what)
    writer.add(frames(150))  # three seconds; the process is killed before `close`
    path = tmp_path / "spool" / f"{what.id}.spool"
    path.write_bytes(path.read_bytes()[:-cut])
    with folder.open(what.id) as spool:
        assert list(spool) == frames(100)
        assert not spool.ended
    writer.abandon()


def test_less_than_a_second_waits_in_memory_and_is_written_at_the_end(folder: SpoolFolder) -> None:
    what = about()
    writer = folder.create(what)
    writer.add(frames(60))
    with folder.open(what.id) as spool:
        assert len(list(spool)) == 50
    writer.close()
    with folder.open(what.id) as spool:
        assert len(list(spool)) == 60


def test_there_is_a_limit_for_all_spools_together(tmp_path: Path) -> None:
    moments = iter(range(0, 1000, 10))
    folder = SpoolFolder(tmp_path, SECRET, limit_bytes=40_000, monotonic=lambda: float(next(moments)))
    what = about()
    writer = folder.create(what)
    with pytest.raises(SpoolFull, match="SPOOL_LIMIT_MB"):
        for second in range(20):
            writer.add(frames(50, first=50 * second))
    with pytest.raises(SpoolFull):
        folder.create(about())
    with pytest.raises(SpoolFull):
        writer.close()
    assert folder.used_bytes() < 60_000
    with folder.open(what.id) as spool:
        assert len(list(spool)) >= 150, "what was written before is kept"


def test_a_disk_that_is_nearly_full_is_left_to_others(tmp_path: Path) -> None:
    folder = SpoolFolder(tmp_path, SECRET, limit_bytes=10_000_000, free_bytes=lambda _: 1000)
    with pytest.raises(SpoolFull, match="nearly full"):
        folder.create(about())


def test_a_folder_that_cannot_be_made_is_no_room(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolFull, match="cannot be written"):
        SpoolFolder(tmp_path / "file" / "spool", SECRET, limit_bytes=1000).create(about())


def test_a_writer_sees_that_its_file_was_deleted(folder: SpoolFolder) -> None:
    what = about()
    writer = folder.create(what)
    assert not writer.deleted
    assert folder.remove_call(CALL) == 1
    assert writer.deleted
    assert folder.ids() == [] and folder.quiet_s(what.id) is None
    writer.abandon()


def test_only_the_spools_of_that_call_go(folder: SpoolFolder) -> None:
    other = about("00000000-0000-0000-0000-000000000001")
    for what in (about(), about(), other):
        folder.create(what).close()
    assert folder.remove_call(CALL) == 2
    assert folder.ids() == [other.id]


def test_one_reader_claims_a_spool_until_it_closes_it(folder: SpoolFolder) -> None:
    what = about()
    folder.create(what).close()
    with folder.open(what.id) as first, folder.open(what.id) as second:
        assert first.claim() and not second.claim()
        first.close()
        assert second.claim()


def test_without_locks_everybody_may_read(folder: SpoolFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EBADF, "the file is not open for writing")

    monkeypatch.setattr(fcntl, "flock", refused)
    what = about()
    folder.create(what).close()
    with folder.open(what.id) as spool:
        assert spool.claim()
