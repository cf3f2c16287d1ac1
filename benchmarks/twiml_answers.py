"""How many TwiML answers a second `web` gives, beside a bare Flask view that only checks the signature.

Both run on the same gunicorn (one worker, eight threads), one after the other in turns, under the same load: eight
callers that always have a request under way, as twilio.md 1.1 describes them. Ours answers the wait document of a call
in the queue, the most frequent request there is: session from Redis, place from the board, facts to PostgreSQL.

    python benchmarks/twiml_answers.py [--seconds 6] [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.demo.stage import Stage  # noqa: E402
from foundation.embedded import free_port  # noqa: E402
from tests.support.signed_caller import SignedCaller  # noqa: E402
from tests.support.stages import free_block  # noqa: E402

CALLERS = 8
BARE = """
from flask import Flask, Response, request
from webhooks.signature import SignatureGuard
import os
guard = SignatureGuard(os.environ["BARE_URL"], os.environ["BARE_TOKEN"])
app = Flask("bare")
@app.post("/wait")
def wait():
    if not guard.allows(request):
        return Response(status=403)
    return Response("<Response><Say>One moment.</Say><Pause length='20'/></Response>", content_type="text/xml")
@app.get("/healthz")
def healthz():
    return "ok"
"""


class Load(threading.Thread):
    """A caller who asks again and again until the time is over."""

    def __init__(self, caller: SignedCaller, *, bare: bool, until: float) -> None:
        super().__init__()
        self._caller, self._bare, self._until = caller, bare, until
        self.took: list[float] = []

    def run(self) -> None:
        path = "/wait" if self._bare else self._caller.into_the_queue()
        self._caller.took.clear()
        while time.monotonic() < self._until:
            if self._bare:
                self._caller.post(path)
            else:
                path = self._caller.wait(path)
        self.took = self._caller.took


def measure(base: str, token: str, seconds: float, *, bare: bool, first: int) -> list[float]:
    until = time.monotonic() + seconds
    callers = [Load(SignedCaller(base, token, first + n), bare=bare, until=until) for n in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return [took for caller in callers for took in caller.took]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder) / "stage", first_port=free_block())
        with stage.start(("web", "ticker"), {"WEB_WORKERS": "1"}):
            token = stage.settings.twilio_auth_token.get_secret_value()
            bare_url = f"http://127.0.0.1:{free_port()}"
            (Path(folder) / "bare_app.py").write_text(BARE)
            bare = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "8", "-w", "1", "--log-level", "error",
                 "-b", urlsplit(bare_url).netloc, "--chdir", folder, "bare_app:app"],
                env={**os.environ, "PYTHONPATH": str(ROOT), "BARE_URL": bare_url, "BARE_TOKEN": token},
            )  # fmt: skip
            try:
                _wait_for(bare_url)
                rounds: dict[str, list[list[float]]] = {"bare": [], "ours": []}
                for number in range(wanted.rounds):
                    rounds["bare"].append(measure(bare_url, token, wanted.seconds, bare=True, first=0))
                    ours = measure(stage.url("web"), token, wanted.seconds, bare=False, first=1000 * (number + 1))
                    rounds["ours"].append(ours)
            finally:
                bare.terminate()
                bare.wait()
    rates = {name: [len(took) / wanted.seconds for took in runs] for name, runs in rounds.items()}
    print(f"{CALLERS} callers at once, {wanted.rounds} rounds of {wanted.seconds:g} s in turn, one worker, 8 threads")
    for name, runs in rounds.items():
        took = sorted(time for run in runs for time in run)
        print(
            f"{name}: median {statistics.median(rates[name]):.0f} answers/s, "
            f"p50 {1000 * took[len(took) // 2]:.1f} ms, p99 {1000 * took[int(len(took) * 0.99)]:.1f} ms"
        )
    ratios = [ours / bare for ours, bare in zip(rates["ours"], rates["bare"], strict=True)]
    print(f"ratio ours / bare: median {statistics.median(ratios):.3f} (min {min(ratios):.3f}, max {max(ratios):.3f})")


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{url}/healthz", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise SystemExit("the bare server did not start")


if __name__ == "__main__":
    main()
