"""From the end of a spoken word to the operator's screen, through every part there is.

A bot call in each language runs on a complete installation: recorded speech at its own pace, Media Streams, Vosk,
PostgreSQL, Redis, the `live` process. An event-stream client stands where the operator's browser would. For every
sentence: its first arrival at that client, and its last (a number that may be the beginning of a secret is "…" at
first), minus the moment at which its last word ended.

    python benchmarks/word_to_screen.py
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import tempfile
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.container import Container, build  # noqa: E402
from app.demo.bots import PLANS, BotOperator, Switchboard, bot_account  # noqa: E402
from app.demo.stage import Stage  # noqa: E402
from foundation.errors import NotFound  # noqa: E402
from ivr.service import call_id_of  # noqa: E402
from tests.support.stages import eventually, free_block  # noqa: E402

_LINE = re.compile(r"said-\w+-\d+")


class Screen(threading.Thread):
    """Follows the operator's event stream and keeps when each sentence came."""

    def __init__(self, stage: Stage, session: requests.Session) -> None:
        super().__init__(daemon=True)
        self._url = f"{stage.url('live')}/live/events?regions=top,now,talk"
        self._session = session
        self.came: dict[str, tuple[datetime, datetime]] = {}  # id of the line: first and last arrival

    def run(self) -> None:
        event = ""
        with self._session.get(self._url, stream=True, timeout=(5, 600)) as stream:
            for line in stream.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: ") and event == "segment":
                    now, found = datetime.now(UTC), _LINE.search(json.loads(line[6:])["html"])
                    if found is not None:
                        self.came[found[0]] = (self.came.get(found[0], (now, now))[0], now)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), first_port=free_block()).start() as stage:
        services = build(stage.settings)
        switchboard = Switchboard(stage.url("simulator"), stage.settings.helpdesk_number)
        operator = BotOperator(bot_account(1), stage.url("web"), switchboard, think_s=(0.2, 0.4))
        operator.start()
        eventually(lambda: services.queue.presence(1).state == "ready", what="the operator's sign-in")
        screen = Screen(stage, operator.session)
        screen.start()
        shown: list[float] = []
        whole: list[float] = []
        for plan in PLANS[:3]:
            screen.came.clear()
            call_id = call_id_of(switchboard.ring(plan))
            eventually(lambda c=call_id: _over(services, c), within_s=180, what="the end of the call")
            started_at = services.call_log.record_of(call_id).started_at
            assert started_at is not None
            for part in services.transcripts.of_call(call_id):
                came = screen.came.get(f"said-{part.speaker}-{round(part.start_s * 1000)}")
                if came is not None:
                    said_at = started_at + timedelta(seconds=part.end_s)
                    shown.append((came[0] - said_at).total_seconds())
                    whole.append((came[1] - said_at).total_seconds())
            print(f"{plan.language}: {len(shown)} sentences so far, median {statistics.median(shown):.2f} s")
        operator.stopping.set()
        services.close()
    for what, lags in (("on the screen", sorted(shown)), ("with all its numbers", sorted(whole))):
        p95 = lags[int(len(lags) * 0.95)]
        print(
            f"{what}: {len(lags)} sentences, p50 {lags[len(lags) // 2]:.2f} s, p95 {p95:.2f} s, most {lags[-1]:.2f} s"
        )
    print(f"load average {os.getloadavg()[0]:.1f}")


def _over(services: Container, call_id: str) -> bool:
    with suppress(NotFound):
        return services.call_log.record_of(call_id).status == "ended"
    return False


if __name__ == "__main__":
    main()
