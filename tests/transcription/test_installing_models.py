"""Models are installed from a server on this machine that behaves like the publisher's."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from foundation.settings import ROOT
from transcription import installing

NAME = installing.OFFICIAL["en"]


class Publisher:
    """Serves the list and one model; can break off in the middle, and lie about the checksum."""

    def __init__(self, folder: Path) -> None:
        archive = folder / "model.zip"
        with zipfile.ZipFile(archive, "w") as packed:
            source = ROOT / "models" / "vosk-model-helpdesk-en"
            for path in sorted(source.rglob("*")):
                if path.is_file():
                    packed.write(path, f"{NAME}/{path.relative_to(source)}")
        self.content = archive.read_bytes()
        self.md5 = hashlib.new("md5", self.content, usedforsecurity=False).hexdigest()
        self.break_after: int | None = None
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

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        if to.path == f"/{installing.LIST}":
            body = json.dumps([{"name": NAME, "md5": self.md5, "size": len(self.content)}]).encode()
            to.send_response(200)
        else:
            asked = to.headers.get("Range")
            self.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
            body = self.content[start : self.break_after]
            to.send_response(206 if asked else 200)
            to.send_header("Content-Length", str(len(self.content) - start))
            to.end_headers()
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
    assert f"en  {NAME}  whole" in run("check", "--models", folder).output
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


def test_without_a_network_it_says_so(tmp_path: Path) -> None:
    done = run("install", "nl", "--source", "http://127.0.0.1:9", "--models", str(tmp_path))
    assert done.exit_code == 1 and "cannot be reached" in done.output


def test_an_unknown_language_names_those_that_are_known(tmp_path: Path) -> None:
    done = run("install", "klingon", "--models", str(tmp_path))
    assert done.exit_code == 1 and "nl, fr, en" in done.output
