"""Models are installed from a server on this machine that behaves like the publisher's."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from foundation.errors import InvalidInput, Unavailable
from foundation.settings import ROOT
from transcription import installing

NAME = installing.OFFICIAL["en"]


class Publisher:
    """Serves the list and one model; can break off in the middle, lie, and send what nobody asked for."""

    def __init__(self, folder: Path) -> None:
        archive = folder / "model.zip"
        with zipfile.ZipFile(archive, "w") as packed:
            source = ROOT / "models" / "vosk-model-helpdesk-en"
            for path in sorted(source.rglob("*")):
                if path.is_file():
                    packed.write(path, f"{NAME}/{path.relative_to(source)}")
        self.content = b""
        self.publish(archive.read_bytes())
        self.break_after: int | None = None
        self.status = 200
        self.takes_ranges = True
        self.more = b""
        self.ranges: list[str | None] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.answer(self)

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def publish(self, content: bytes, **more: object) -> None:
        """Put a model of these bytes on the list, as the publisher writes it."""
        self.content = content
        self.md5 = hashlib.new("md5", content, usedforsecurity=False).hexdigest()
        self.listed: object = [
            {"lang": "en-us", "name": NAME, "obsolete": "false", "size": len(content), "type": "small", **more}
        ]

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        if to.path == f"/{installing.LIST}":
            listed = self.listed
            if isinstance(listed, list):
                listed = [{"md5": self.md5, **each} if isinstance(each, dict) else each for each in listed]
            body = json.dumps(listed).encode()
            to.send_response(200)
        else:
            asked = to.headers.get("Range")
            self.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.takes_ranges else 0
            body = self.content[start : self.break_after] + self.more
            to.send_response(206 if asked and self.takes_ranges and self.status == 200 else self.status)
            to.send_header("Content-Length", str(len(self.content) - start + len(self.more)))
            to.end_headers()
            with contextlib.suppress(ConnectionError):  # who installs may hang up
                to.wfile.write(body)
            return
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Publisher]:
    publisher = Publisher(tmp_path)
    yield publisher
    publisher.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["models", *arguments])


def test_a_model_is_installed_checked_and_removed(publisher: Publisher, tmp_path: Path) -> None:
    folder = str(tmp_path / "models")
    done = run("install", "en", "--source", publisher.url, "--models", folder)
    assert done.exit_code == 0, done.output
    assert "is installed for 'en'" in done.output
    checked = run("check", "--models", folder)
    assert checked.exit_code == 0, checked.output
    assert f'en  {NAME}  whole, 8000 Hz, 1611 words, hears "what do i have to' in checked.output
    assert "nl  no model: models install nl" in checked.output
    assert f"en  {NAME}  8000 Hz" in run("list", "--models", folder).output
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [NAME]

    (tmp_path / "models" / NAME / "conf" / "model.conf").write_text("changed")
    checked = run("check", "--models", folder)
    assert checked.exit_code == 1 and "conf/model.conf has changed" in checked.output

    assert run("remove", NAME, "--models", folder).exit_code == 0
    assert "can be installed" in run("list", "--models", folder).output
    assert run("remove", NAME, "--models", folder).exit_code == 1


def test_a_fetch_that_broke_off_goes_on_where_it_stopped(publisher: Publisher, tmp_path: Path) -> None:
    folder = str(tmp_path / "models")
    publisher.break_after = 1_000_000
    broken = run("install", "en", "--source", publisher.url, "--models", folder)
    assert broken.exit_code == 1 and "Traceback" not in broken.output
    assert not (tmp_path / "models" / NAME).exists()
    have = (tmp_path / "models" / f".{NAME}.zip.part").stat().st_size
    assert 0 < have <= 1_000_000
    publisher.break_after = None
    assert run("install", "en", "--source", publisher.url, "--models", folder).exit_code == 0
    assert publisher.ranges == [None, f"bytes={have}-"]


def test_a_damaged_model_is_not_put_in_use(publisher: Publisher, tmp_path: Path) -> None:
    publisher.md5 = "0" * 32
    done = run("install", "en", "--source", publisher.url, "--models", str(tmp_path / "models"))
    assert done.exit_code == 1 and "came damaged" in done.output
    assert list((tmp_path / "models").iterdir()) == []


def fetched(publisher: Publisher, folder: Path) -> installing.ModelFolder:
    return installing.install(installing.offered("en", publisher.url), folder, lambda _have, _all: None)


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return held.getvalue()


def test_who_interrupts_it_goes_on_later(publisher: Publisher, tmp_path: Path) -> None:
    def interrupted(have: int, _all: int) -> None:
        if have > 500_000:
            raise KeyboardInterrupt

    model = installing.offered("en", publisher.url)
    with pytest.raises(KeyboardInterrupt):
        installing.install(model, tmp_path, interrupted)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []
    killed = tmp_path / f".unpack-{NAME}-abc"  # as SIGKILL in the middle of unpacking leaves it
    killed.mkdir()
    assert installing.install(model, tmp_path, lambda _have, _all: None).path == tmp_path / NAME
    assert publisher.ranges[1] is not None
    assert not killed.exists()


def test_a_server_that_knows_no_ranges_is_asked_for_all(publisher: Publisher, tmp_path: Path) -> None:
    publisher.break_after = 1_000_000
    with pytest.raises(Unavailable, match=r"goes on there|cannot be reached"):
        fetched(publisher, tmp_path)
    publisher.break_after, publisher.takes_ranges = None, False
    assert fetched(publisher, tmp_path).language == "en"


@pytest.mark.parametrize(
    "name", ["../outside", f"{NAME}/../../outside", "/outside", "other/file", f"{NAME}\\..\\outside"]
)
def test_a_file_outside_the_models_folder_is_not_unpacked(publisher: Publisher, tmp_path: Path, name: str) -> None:
    publisher.publish(zipped({f"{NAME}/conf/mfcc.conf": b"", name: b"here"}))
    folder = tmp_path / "models"
    with pytest.raises(InvalidInput, match="outside its own folder"):
        fetched(publisher, folder)
    assert list(folder.iterdir()) == [] and not (tmp_path / "outside").exists()


def test_what_is_no_model_leaves_the_old_one_in_use(publisher: Publisher, tmp_path: Path) -> None:
    fetched(publisher, tmp_path)
    for content, said in ((zipped({f"{NAME}/readme": b"hello"}), "no whole Vosk model"), (b"no zip", "not a zip file")):
        publisher.publish(content)
        with pytest.raises(InvalidInput, match=said):
            fetched(publisher, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name != "model.zip"] == [NAME]
    assert (tmp_path / NAME / "am" / "final.mdl").is_file()


def test_a_full_disk_is_said_before_and_while_it_fills(publisher: Publisher, tmp_path: Path) -> None:
    model = installing.offered("en", publisher.url)
    with pytest.raises(Unavailable, match="no room on the disk"):
        installing.install(model, tmp_path, lambda _have, _all: None, free_bytes=lambda _folder: 1_000_000)
    assert publisher.ranges == []

    def fills(_have: int, _all: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Unavailable, match="no room on the disk"):
        installing.install(model, tmp_path, fills)
    room = iter([1 << 40, 0])  # for the archive, not for what is in it
    with pytest.raises(Unavailable, match="no room on the disk"):
        installing.install(model, tmp_path, lambda _have, _all: None, free_bytes=lambda _folder: next(room))
    assert not (tmp_path / NAME).exists()
    assert fetched(publisher, tmp_path).path.is_dir()  # with what was fetched


def test_a_server_that_never_ends_is_hung_up_on(publisher: Publisher, tmp_path: Path) -> None:
    publisher.more = bytes(2_000_000)
    with pytest.raises(InvalidInput, match="more than the"):
        fetched(publisher, tmp_path)


@pytest.mark.parametrize(
    "listed", [{"error": "moved"}, ["a"], [{"name": NAME}], [{"name": NAME, "md5": "no", "size": 1}]]
)
def test_a_list_of_another_form_is_said_to_be_one(publisher: Publisher, tmp_path: Path, listed: object) -> None:
    publisher.listed = listed
    publisher.md5 = ""
    done = run("install", "en", "--source", publisher.url, "--models", str(tmp_path))
    assert done.exit_code == 1 and "is not the list of models that was expected" in done.output


def test_a_broken_server_and_an_old_model_are_named(publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish(publisher.content, obsolete="true")
    publisher.status = 503
    done = run("install", "en", "--source", publisher.url, "--models", str(tmp_path))
    assert done.exit_code == 1 and "it answered 503" in done.output and "is obsolete" in done.output


def test_the_models_come_from_where_vosk_itself_looks() -> None:
    import vosk

    assert f"{installing.SOURCE}/{installing.LIST}" == vosk.MODEL_LIST_URL


def test_a_model_whose_files_cannot_be_loaded_fails_the_check(tmp_path: Path) -> None:
    broken = tmp_path / "vosk-model-small-en-us-0.15"
    (broken / "am").mkdir(parents=True)
    (broken / "conf").mkdir()
    (broken / "am" / "final.mdl").write_bytes(b"no model")
    (broken / "conf" / "mfcc.conf").write_text("--sample-frequency=8000\n")
    checked = run("check", "--models", str(tmp_path))
    assert checked.exit_code == 1 and "cannot be loaded; install it again" in checked.output


def test_without_a_network_it_says_so(tmp_path: Path) -> None:
    done = run("install", "nl", "--source", "http://127.0.0.1:9", "--models", str(tmp_path))
    assert done.exit_code == 1 and "cannot be reached" in done.output


def test_an_unknown_language_names_those_that_are_known(tmp_path: Path) -> None:
    done = run("install", "klingon", "--models", str(tmp_path))
    assert done.exit_code == 1 and "nl, fr, en" in done.output
