"""Bot callers and a bot operator. They use what people use: the telephone network and the desk's forms."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from desk.seed import DEMO_ACCOUNTS, DemoAccount
from foundation.errors import Unavailable

TIMEOUT_S = 10.0
POLL_S = 0.4
THINK_S = (2.0, 6.0)  # from an offer to its answer, and from the end of a talk to its code


@dataclass(frozen=True)
class Plan:
    """One recorded conversation: who rings, what they choose, and which side of the recording the caller is."""

    language: str
    key: str  # of the language
    number: str
    topic: str  # key of the topic menu
    recording: str
    turns: str  # who says which turn of the recording: a, who speaks first, or b
    caller_side: str
    aloud: str = ""  # a recording of the topic, which is then said and not pressed

    @property
    def operator_side(self) -> str:
        return "b" if self.caller_side == "a" else "a"

    def choice(self) -> dict[str, str]:
        """What a caller does to choose the topic."""
        return {"speak": f"{self.language}/{self.aloud}.wav"} if self.aloud else {"press": self.topic}

    def speech(self, side: str) -> dict[str, str]:
        return {"speak": f"{self.language}/{self.recording}.wav", "side": side, "turns": self.turns}


_LANGUAGES = (("nl", "1", "+32460001001"), ("fr", "2", "+32460001002"), ("en", "3", "+32460001003"))
# (topic key, recording, turns, the caller's side): the first speaker of call_00 is the operator.
_CONVERSATIONS = (
    ("1", "call_00", "ababaaabab", "b"),
    ("4", "call_01", "abababba", "a", "ivr_04"),  # "facturatie", "facturation", "billing"
    ("2", "call_03", "aababaab", "a"),
)
PLANS = tuple(
    Plan(language, key, number, *conversation)
    for conversation in _CONVERSATIONS
    for language, key, number in _LANGUAGES
)
# Numbers of the demonstration's customers, by the language they speak (helpdesk/seed_data).
CUSTOMERS = {
    "nl": ("+32460001001", "+32460001004", "+32460001010", "+32460001013", "+32460001019", "+32460001021"),
    "fr": ("+32460001002", "+32460001005", "+32460001008", "+32460001014", "+32460001017", "+32460001025"),
    "en": ("+32460001003", "+32460001006", "+32460001009", "+32460001015", "+32460001018", "+32460001023"),
}


class Switchboard:
    """Places calls for bots, through the simulator's control."""

    def __init__(self, simulator_url: str, helpdesk_number: str) -> None:
        self._url = simulator_url
        self._helpdesk = helpdesk_number
        self._http = requests.Session()

    def ring(self, plan: Plan, number: str | None = None) -> str:
        """A bot caller rings; gives its CallSid."""
        script = [
            {"wait": "gathering"},
            {"pause_s": 1.0},
            {"press": plan.key},
            {"pause_s": 1.5},
            {"press": "1"},  # an impatient caller: goes past the notice
            {"pause_s": 1.5},
            plan.choice(),
            {"wait": "talking", "within_s": 600},
            {"pause_s": 0.5},
            plan.speech(plan.caller_side),
        ]
        body = {"from": number or plan.number, "to": self._helpdesk, "script": script}
        return str(self._post("/_control/calls", body)["call"])

    def connect(self, identity: str, token: str, params: dict[str, str], plan: Plan) -> str:
        """A bot operator's leg comes in, and says its side of the conversation."""
        script = [{"wait": "talking", "within_s": 60}, {"pause_s": 0.5}, plan.speech(plan.operator_side)]
        body = {"token": token, "params": params, "script": script}
        return str(self._post(f"/_control/clients/{identity}/connect", body)["call"])

    def finished(self, leg: str) -> bool:
        """Whether a bot has said all it had to say, or is off the line."""
        answer = self._http.get(f"{self._url}/_control/calls/{leg}", timeout=TIMEOUT_S)
        bot = answer.json().get("bot") or {}
        return bool(bot.get("done") or bot.get("over"))

    def over(self, leg: str) -> bool:
        """Whether the call of a bot has ended."""
        answer = self._http.get(f"{self._url}/_control/calls/{leg}", timeout=TIMEOUT_S)
        return bool((answer.json().get("bot") or {}).get("over", True))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._http.post(self._url + path, json=body, timeout=TIMEOUT_S)
        if not answer.ok:
            raise Unavailable(f"The simulator refused a bot: {answer.text.strip()}")
        found: dict[str, Any] = answer.json()
        return found


class BotOperator(threading.Thread):
    """Signs in at the desk, takes what is offered, talks, ends, wraps up: over HTTP, as a browser would."""

    def __init__(
        self,
        account: DemoAccount,
        web_url: str,
        switchboard: Switchboard,
        *,
        think_s: tuple[float, float] = THINK_S,
        stands_back: Callable[[], bool] = lambda: False,
    ) -> None:
        """`stands_back`: whether somebody else is to have the next call."""
        super().__init__(name=f"bot-{account.username}", daemon=True)
        self._account = account
        self._web = web_url
        self._switchboard = switchboard
        self._think_s = think_s
        self._stands_back = stands_back
        self.session = requests.Session()
        self._random = random.Random(account.username)  # noqa: S311 - a bot's moods, not a secret
        self._csrf = ""
        self._leg = ""
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._work()
            except (requests.RequestException, Unavailable, KeyError, ValueError):
                self.stopping.wait(2.0)  # web is restarting, or the page was in the middle of a change

    def _work(self) -> None:
        self._sign_in()
        while not self.stopping.wait(POLL_S):
            state = self._state()
            match state["state"]:
                case "away" | "pause" if not self._stands_back():
                    self._do("/desk/presence", state="ready")
                case "ready" if self._stands_back():
                    self._do("/desk/presence", state="pause", reason="backoffice")
                case "offered" if state["offer"]:
                    self._take(state["offer"])
                case "talking" if not self._leg or self._switchboard.finished(self._leg):
                    self.stopping.wait(1.0)  # (without a leg: the demonstration was stopped in the middle of this talk)
                    self._do(f"/desk/calls/{state['call']}/end")
                    self._leg = ""
                case "wrap-up":
                    self._put_away(state)

    def _take(self, offer: dict[str, Any]) -> None:
        self.stopping.wait(self._random.uniform(*self._think_s))
        answer = self._do(f"/desk/offers/{offer['id']}/accept")
        if not answer.ok:
            return
        token = self.session.get(f"{self._web}/desk/softphone-token", timeout=TIMEOUT_S).json()
        plans = [plan for plan in PLANS if plan.language == offer["language"]]
        plan = next((plan for plan in plans if plan.topic == _TOPIC_OF.get(offer["queue"])), plans[0])
        self._leg = self._switchboard.connect(token["identity"], token["token"], {"offer": offer["id"]}, plan)

    def _put_away(self, state: dict[str, Any]) -> None:
        self.stopping.wait(self._random.uniform(*self._think_s))
        subject = f"Conversation about {state['call_queue']}" if state.get("call_queue") else "Conversation"
        self._do(f"/desk/calls/{state['call']}/ticket", subject=subject, priority="P3", note="")
        self._do("/desk/wrap-up", code=state["wrap_up_codes"][0] if state["wrap_up_codes"] else "")

    def _state(self) -> dict[str, Any]:
        answer = self.session.get(f"{self._web}/desk/operator/state", timeout=TIMEOUT_S)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        self._csrf = found["csrf_token"]
        return found

    def _do(self, path: str, **fields: str) -> requests.Response:
        return self.session.post(
            self._web + path,
            data={"csrf_token": self._csrf, **fields},
            headers={"Accept": "application/json", "Referer": f"{self._web}/desk/operator"},
            timeout=TIMEOUT_S,
        )

    def _sign_in(self) -> None:
        page = self.session.get(f"{self._web}/desk/sign-in", timeout=TIMEOUT_S).text
        self._csrf = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        self._do("/desk/sign-in", username=self._account.username, password=self._account.password)


_TOPIC_OF = {"internet": "1", "invoices": "4", "workplace": "2"}


def bot_account(operator_id: int) -> DemoAccount:
    """The demonstration's account of an operator."""
    return next(account for account in DEMO_ACCOUNTS if account.operator_id == operator_id)


class Callers(threading.Thread):
    """Invented callers ring in now and then, so that the screens live."""

    def __init__(self, switchboard: Switchboard, *, every_s: tuple[float, float] = (25.0, 70.0)) -> None:
        super().__init__(name="bot-callers", daemon=True)
        self._switchboard = switchboard
        self._every_s = every_s
        self._random = random.Random(7)  # noqa: S311 - when callers feel like ringing
        self.stopping = threading.Event()

    def run(self) -> None:
        turn = 0
        while not self.stopping.is_set():
            plan = PLANS[turn % len(PLANS)]
            number = self._random.choice(CUSTOMERS[plan.language])
            try:
                self._switchboard.ring(plan, number)
            except (requests.RequestException, Unavailable):
                time.sleep(1.0)
            turn += 1
            self.stopping.wait(self._random.uniform(*self._every_s))
