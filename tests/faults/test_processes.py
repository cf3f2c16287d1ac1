"""Real processes: what happens to a call, and to the machine, when one of them ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from app.container import Container, build
from app.demo.bots import PLANS, BotOperator, Switchboard, bot_account
from app.demo.stage import Stage
from foundation.settings import ROOT
from ivr.service import call_id_of
from tests.support.stages import eventually, free_block

pytestmark = pytest.mark.slow


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="onthaal-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    with Stage(folder, first_port=free_block()).start() as stage:
        yield stage


@pytest.fixture
def services(stage: Stage) -> Iterator[Container]:
    services = build(stage.settings)
    yield services
    services.close()


def test_media_killed_during_a_call_does_not_end_the_call(stage: Stage, services: Container) -> None:
    switchboard = Switchboard(stage.url("simulator"), stage.settings.helpdesk_number)
    operator = BotOperator(bot_account(1), stage.url("web"), switchboard, think_s=(0.2, 0.5))
    operator.start()
    plan = next(plan for plan in PLANS if plan.language == "en" and plan.recording == "call_03")
    call_id = call_id_of(switchboard.ring(plan))
    eventually(lambda: services.transcripts.of_call(call_id), within_s=60, what="a word of the call")

    stage.process("media").kill()
    stage.process("media").wait()
    words = len(services.transcripts.of_call(call_id))
    assert services.call_log.record_of(call_id).status == "talking"

    stage.launch("media")
    stage.wait_for("media")
    record = eventually(
        lambda: r if (r := services.call_log.record_of(call_id)).status == "ended" else None,
        within_s=90,
        what="the end of the call",
    )
    assert record.outcome == "answered"
    assert record.clocks.talk > 20, "they talked on after the loss"
    # On a machine that cannot follow, the words come a moment after the call.
    eventually(lambda: len(services.transcripts.of_call(call_id)) > words, within_s=30, what="a word of a new stream")
    assert services.transcripts.gaps_of_call(call_id), "and what was missed is marked"

    again = call_id_of(switchboard.ring(plan))
    eventually(lambda: services.transcripts.of_call(again), within_s=60, what="a word of the next call")
    operator.stopping.set()


def demo(folder: Path, port: int, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "demo", "--data", str(folder), "--port", str(port), "--no-bots", *options],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def test_ctrl_c_stops_everything_and_leaves_no_process_behind(folder: Path) -> None:
    with demo(folder, free_block()) as running:
        assert running.stderr is not None
        said = []
        for line in running.stderr:
            said.append(line)
            if "Ctrl-C" in line:
                break
        assert any("/desk/wallboard" in line for line in said), "".join(said)
        family = psutil.Process(running.pid).children(recursive=True)
        family += [one for one in psutil.process_iter(["cmdline"]) if str(folder) in str(one.info["cmdline"])]
        assert len(family) >= 8

        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
    _, alive = psutil.wait_procs(family, timeout=5)
    assert [process.name() for process in alive] == []


def test_a_port_that_is_taken_is_named_with_what_to_do(folder: Path) -> None:
    first = free_block()
    with socket.create_server(("127.0.0.1", first + 2)):
        running = demo(folder, first)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert f"Port {first + 2} (for media) is taken" in said
    assert "make demo PORT=" in said
    assert "Traceback" not in said


def test_a_folder_that_cannot_be_made_is_named_with_what_to_do(folder: Path) -> None:
    blocker = folder / "a-file"
    blocker.write_text("")
    running = demo(blocker / "data", free_block())
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "cannot be written" in said
    assert "Traceback" not in said
