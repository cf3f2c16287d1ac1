"""Runs a leg's documents, verb by verb. A leg does one thing at a time; `turn` makes late answers void."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from simulator.records import Frame, Gathering, Leg
from simulator.twiml import Place, TwimlFault, Verb, parse
from simulator.wire import Answer, Params

if TYPE_CHECKING:
    from simulator.exchange import Exchange

APOLOGY = "We are sorry. An application error has occurred. Goodbye."
MAX_FETCHES_A_SECOND = 30  # documents of one leg: more is a loop
_XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
_QUIET = frozenset({"Reject", "Redirect", "Leave", "Pause"})  # verbs that do not answer a ringing call
Then = Callable[[], None]


class Documents:
    """The interpreter; one for all legs. Everything here runs inside the exchange's lock."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._verbs: dict[str, Callable[[Leg, Frame, Verb], bool]] = {
            "Say": lambda leg, _frame, verb: self.say(leg, verb, lambda: self.proceed(leg)),
            "Play": lambda leg, _frame, verb: self.play(leg, verb, lambda: self.proceed(leg)),
            "Pause": lambda leg, _frame, verb: self.pause(leg, verb, lambda: self.proceed(leg)),
            "Gather": self._gather,
            "Redirect": self._redirect,
            "Hangup": self._hangup,
            "Reject": self._reject,
            "Leave": self._leave,
            "Enqueue": exchange.queues.enter,
            "Dial": exchange.dialler.dial,
            "Record": exchange.recorder.record,
            "Start": exchange.streamer.start_verb,
            "Stop": exchange.streamer.stop_verb,
            "Connect": self._connect,
        }

    # Getting documents

    def begin(self, leg: Leg, place: Place = "main", when_out: Then | None = None) -> None:
        """Start the leg's own document: the one given by REST, or the one at its voice URL."""
        frame = Frame(place, "", when_out=when_out)
        leg.frames = [frame]
        if leg.twiml:
            self._load(leg, frame, leg.twiml.encode())
        else:
            self.fetch(leg, frame, *leg.voice)

    def push(self, leg: Leg, frame: Frame, url: str, method: str) -> None:
        """Run another document on top of what the leg does, for example while it waits or is held."""
        leg.frames.append(frame)
        self.fetch(leg, frame, url, method)

    def fetch(self, leg: Leg, frame: Frame, url: str, method: str = "POST", extra: Params = ()) -> None:
        """Request a document; it replaces what is left of `frame`. A relative URL is resolved against the current."""
        target = self.resolve(frame.url, url)
        if not target:
            self.fail(leg, frame, 11100, url, f"{url!r} is not an absolute URL and there is nothing to resolve it with")
            return
        if self._loops(leg):
            self.fail(leg, frame, 11215, target, "the documents lead to each other in a loop that takes no time")
            return
        leg.doing = "fetching"
        turn = leg.turn
        standard = self._exchange.legs.standard(leg)
        params = [*standard, *frame.extra(), *extra]

        def answered(answer: Answer) -> None:
            if leg.turn == turn and not leg.over:
                self._receive(leg, frame, answer)

        self._exchange.ask("document", leg.sid, method, target, params, answered, standard=standard)

    def _loops(self, leg: Leg) -> bool:
        now = leg.fetched_at = self._exchange.timeline.now()
        if leg.window_at is None or (now - leg.window_at).total_seconds() >= 1.0:
            leg.window_at, leg.fetches = now, 0
        leg.fetches += 1
        return leg.fetches > MAX_FETCHES_A_SECOND

    def breather_s(self, leg: Leg) -> float:
        """How long to wait before a wait or hold document is requested again: once a second at most."""
        if leg.fetched_at is None:
            return 0.0
        return max(0.0, 1.0 - (self._exchange.timeline.now() - leg.fetched_at).total_seconds())

    def tell(self, leg: Leg, base: str, url: str, method: str, extra: Params) -> None:
        """Request an action whose answer has no effect any more."""
        target = self.resolve(base, url)
        if target:
            params = [*self._exchange.legs.standard(leg), *extra]
            self._exchange.ask("document", leg.sid, method, target, params, lambda _answer: None)

    @staticmethod
    def resolve(base: str, url: str) -> str:
        """The absolute form of `url`; empty when there is none."""
        absolute = urljoin(base, url) if base else url
        return absolute if urlsplit(absolute).scheme in ("http", "https") else ""

    def _receive(self, leg: Leg, frame: Frame, answer: Answer) -> None:
        if answer.code:
            self.fail(leg, frame, answer.code, answer.url, answer.message)
            return
        frame.url = answer.url
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind.startswith("audio/"):
            self._exchange.sounds.keep(answer)
            self._run(leg, frame, (Verb("Play", {}, answer.url),))
        elif kind in _XML_TYPES:
            self._load(leg, frame, answer.body)
        elif kind == "text/plain":
            try:
                verbs = parse(answer.body, frame.place)
            except TwimlFault:
                verbs = (Verb("Say", {}, answer.body.decode(errors="replace")),)
            self._run(leg, frame, verbs)
        else:
            self.fail(leg, frame, 12300, answer.url, f"the content type is {kind or 'missing'}")

    def _load(self, leg: Leg, frame: Frame, body: bytes) -> None:
        try:
            verbs = parse(body, frame.place)
        except TwimlFault as fault:
            self.fail(leg, frame, fault.code, frame.url, str(fault))
            return
        self._run(leg, frame, verbs)

    def _run(self, leg: Leg, frame: Frame, verbs: tuple[Verb, ...]) -> None:
        frame.verbs, frame.at = verbs, 0
        self.proceed(leg)

    # Going on

    def proceed(self, leg: Leg) -> None:
        """Execute the next verb, and the next, until one takes time."""
        leg.doing = ""
        while not leg.over and leg.frames:
            frame = leg.frames[-1]
            if frame.at >= len(frame.verbs):
                if frame.when_out is not None:
                    frame.when_out()
                else:
                    self._exchange.legs.finish(leg, "completed", "the document ended")
                return
            verb = frame.verbs[frame.at]
            frame.at += 1
            if leg.status == "ringing" and verb.name not in _QUIET and not verb.true("answerOnBridge", False):
                self._exchange.legs.take_up(leg)
            if not self._verbs[verb.name](leg, frame, verb):
                return

    def fail(self, leg: Leg, frame: Frame, code: int, url: str, message: str) -> None:
        """A fault: write it down, then do as Twilio does."""
        self._exchange.fault(code, leg.sid, url, message)
        if frame.when_faulty is not None:
            frame.when_faulty()
        elif leg.fallback[0] and not frame.in_fallback:
            frame.in_fallback = True
            extra = [("ErrorCode", str(code)), ("ErrorUrl", url)]
            self.fetch(leg, frame, *leg.fallback, extra=extra)
        else:
            self._exchange.legs.take_up(leg)
            leg.frames = []
            apology = Verb("Say", {"language": "en-US"}, APOLOGY)
            self.say(leg, apology, lambda: self._exchange.legs.finish(leg, "completed", "application error"))

    def later(self, leg: Leg, delay_s: float, then: Then) -> None:
        """The leg's own timer; it ends with whatever the leg is doing."""
        leg.timer = self._exchange.later(delay_s, then)

    def interrupt(self, leg: Leg) -> None:
        """Stop what the leg hears or waits for; answers on their way become void."""
        leg.turn += 1
        leg.doing = ""
        if leg.timer is not None:
            leg.timer.cancel()
            leg.timer = None
        self._exchange.sound.hush(leg.sid)
        if leg.gathering is not None:
            leg.gathering = None
            self._exchange.notice(leg, "gather-ended")

    # Verbs that only speak to this leg

    def say(self, leg: Leg, verb: Verb, then: Then) -> bool:
        loops = verb.whole("loop", 1) or 1000
        duration_s = round(len(verb.text) / self._exchange.characters_per_second * loops, 3)
        leg.doing = "saying"
        language = verb.get("language", "en-US")
        self._exchange.notice(leg, "saying", text=verb.text, language=language, duration_s=duration_s)
        self.later(leg, duration_s, then)
        return False

    def play(self, leg: Leg, verb: Verb, then: Then) -> bool:
        if verb.get("digits"):
            self.later(leg, 0.25 * len(verb.get("digits")), then)
            return False
        frame = leg.frames[-1]
        target = self.resolve(frame.url, verb.text)
        if not target:
            self.fail(leg, frame, 11100, verb.text, f"{verb.text!r} is not an absolute URL")
            return False
        turn = leg.turn
        leg.doing = "playing"

        def ready(seconds: float, audio: bytes) -> None:
            if leg.turn != turn or leg.over:
                return
            loops = verb.whole("loop", 1) or 1000
            self._exchange.notice(leg, "playing", url=target, duration_s=seconds * loops)
            self._exchange.sound.play(leg.sid, audio, loops)
            self.later(leg, seconds * loops, then)

        def failed(code: int, message: str) -> None:
            if leg.turn == turn and not leg.over:
                self.fail(leg, frame, code, target, message)

        self._exchange.sounds.get(leg, target, ready, failed)
        return False

    def pause(self, leg: Leg, verb: Verb, then: Then) -> bool:
        leg.doing = "pausing"
        self.later(leg, verb.whole("length", 1), then)
        return False

    def _redirect(self, leg: Leg, frame: Frame, verb: Verb) -> bool:
        self.fetch(leg, frame, verb.text, verb.get("method", "POST"))
        return False

    def _hangup(self, leg: Leg, _frame: Frame, _verb: Verb) -> bool:
        self._exchange.legs.finish(leg, "completed", "hangup")
        return False

    def _reject(self, leg: Leg, _frame: Frame, verb: Verb) -> bool:
        busy = verb.get("reason", "rejected") == "busy"
        self._exchange.legs.finish(leg, "busy" if busy else "no-answer", "rejected")
        return False

    def _leave(self, leg: Leg, _frame: Frame, _verb: Verb) -> bool:
        self._exchange.queues.leave(leg, "leave")
        return False

    def _connect(self, leg: Leg, frame: Frame, _verb: Verb) -> bool:
        self.fail(leg, frame, 0, frame.url, "<Connect> is not simulated; fork the sound with <Start><Stream>")
        return False

    # Gather

    def _gather(self, leg: Leg, frame: Frame, verb: Verb) -> bool:
        leg.gathering = Gathering(verb, frame, prompts=list(verb.children))
        self._exchange.notice(
            leg, "gathering", input=verb.get("input", "dtmf"), digits=verb.whole("numDigits", 0),
            timeout_s=verb.whole("timeout", 5),
        )  # fmt: skip
        self._next_prompt(leg)
        return False

    def _next_prompt(self, leg: Leg) -> None:
        gathering = leg.gathering
        if gathering is None:
            return
        if not gathering.prompts:
            leg.doing = "gathering"
            self.later(leg, gathering.verb.whole("timeout", 5), lambda: self._gathered(leg))
            return
        prompt = gathering.prompts.pop(0)
        speak = {"Say": self.say, "Play": self.play, "Pause": self.pause}[prompt.name]
        speak(leg, prompt, lambda: self._next_prompt(leg))

    def key(self, leg: Leg, digit: str) -> None:
        """A key was pressed on this leg's telephone. Nobody listens outside <Gather>: it is lost then."""
        gathering = leg.gathering
        if gathering is None or "dtmf" not in gathering.verb.get("input", "dtmf").split():
            return
        if leg.timer is not None:
            leg.timer.cancel()
        if leg.doing != "gathering":  # the key cuts the prompt short
            leg.turn += 1
            gathering.prompts.clear()
            self._exchange.sound.hush(leg.sid)
            leg.doing = "gathering"
        finish = gathering.verb.get("finishOnKey", "#")
        if digit == finish:
            self._gathered(leg, finish)
            return
        gathering.digits += digit
        if len(gathering.digits) == gathering.verb.whole("numDigits", 0):
            self._gathered(leg)
        else:
            self.later(leg, gathering.verb.whole("timeout", 5), lambda: self._gathered(leg))

    def heard(self, leg: Leg, text: str, confidence: float) -> None:
        """Speech was recognised on this leg."""
        gathering = leg.gathering
        if gathering is not None and "speech" in gathering.verb.get("input", "dtmf").split():
            self.interrupt_prompts(leg)
            self._gathered(leg, speech=[("SpeechResult", text), ("Confidence", f"{confidence:.4f}")])

    def interrupt_prompts(self, leg: Leg) -> None:
        gathering, leg.gathering = leg.gathering, None
        self.interrupt(leg)
        leg.gathering = gathering

    def _gathered(self, leg: Leg, finished_on: str = "", speech: Params = ()) -> None:
        gathering, leg.gathering = leg.gathering, None
        if gathering is None:
            return
        self._exchange.notice(leg, "gather-ended")
        verb, frame = gathering.verb, gathering.frame
        if not gathering.digits and not speech and not verb.true("actionOnEmptyResult", False):
            self.proceed(leg)
            return
        extra: list[tuple[str, str]] = [("msg", "Gather End"), *speech]
        if gathering.digits:
            extra += [("Digits", gathering.digits), ("FinishedOnKey", finished_on)]
        self.fetch(leg, frame, verb.get("action") or frame.url, verb.get("method", "POST"), extra)
