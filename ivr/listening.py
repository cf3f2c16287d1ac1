"""Callers who answer by word of mouth: the stream on which they are listened to, and what happens when one is heard.

The stream is a leg's Media Stream beside `<Gather>`, so that keys always work. What media makes of it, the keys that
were meant, comes back as a job: it takes the step by the rule that keys are under (`IvrService.spoken`), and only when
it was first, the caller is called away from the question by REST.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from redis import Redis
from redis.exceptions import RedisError

from callflows.effects import Gather
from callflows.session import Session
from callflows.speech import Answer, Question
from foundation import outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotFound, ProviderError
from foundation.outbox import Push
from ivr import twiml
from ivr.urls import VoiceUrls

log = logging.getLogger(__name__)

HEARD = "answer.heard"
_SPEAKING_S = 3  # how long a word counts as speaking: a number comes in groups
_MORE_TIMES = 8  # a television does not stop speaking
_KEPT_S = 120

# (call, step, language, leg) -> the one-time token of a stream that is listened to
TokenOf = Callable[[str, int, str, str], str]


class Ears:
    """Who is listened to, and whether they are speaking. The latter is in Redis: `media` hears it, `web` asks."""

    def __init__(
        self,
        redis: Redis,
        token_of: TokenOf,
        languages: Callable[[], Collection[str]],
        refused: Callable[[str], bool],
        *,
        url: str,
    ) -> None:
        """`languages`: in which spoken answers can be recognised. `refused`: whether a call is not to be transcribed.
        `url`: where Twilio opens streams."""
        self._refused = refused
        self._redis = redis
        self._token_of = token_of
        self._languages = languages
        self._url = url

    def understood(self) -> frozenset[str]:
        """The languages in which somebody listens."""
        return frozenset(self._languages())

    def ticket(self, session: Session) -> twiml.StreamTicket | None:
        """For the stream on which the answer to the session's question is listened for, if it is."""
        asked = session.effects[-1] if session.effects else None
        if not isinstance(asked, Gather) or asked.speech == "off":
            return None
        if asked.speech == "deaf":
            told = {"call": session.call_id, "language": session.language, "reason": "no speech model"}
            log.info("a menu is answered by keys only", extra=told)
            return None
        if session.queues_entered and self._refused(
            session.call_id
        ):  # told to an operator, which the flow does not hear
            return None
        token = self._token_of(session.call_id, session.step, session.language, session.leg)
        return twiml.StreamTicket(self._url, twiml.answer_stream(session.step), token)

    def spoke(self, call_id: str, step: int) -> None:
        """A word came, of whatever kind. Without Redis nobody is given more time, and all else goes on."""
        try:
            self._redis.set(f"speaking:{call_id}:{step}", 1, ex=_SPEAKING_S)
        except RedisError as error:
            log.warning("nobody is told that a caller speaks", extra={"call": call_id, "reason": type(error).__name__})

    def speaks(self, session: Session) -> bool:
        """Whether the caller is in the middle of an answer, and may be given more time for it."""
        step = f"{session.call_id}:{session.step}"
        try:
            if not self._redis.exists(f"speaking:{step}"):
                return False
            times: Any = self._redis.incr(f"speaking-on:{step}")
            self._redis.expire(f"speaking-on:{step}", _KEPT_S)
        except RedisError:
            return False
        return int(times) <= _MORE_TIMES


class Menu(Protocol):
    """ivr.service.IvrService."""

    def question(self, call_id: str, step: int) -> Question | None: ...
    def spoken(self, call_id: str, asked_step: int, answer: Answer) -> bool: ...


class Legs(Protocol):
    def redirect(self, leg: str, twiml: str) -> None:
        """Raises ProviderError."""
        ...


class SpokenAnswers:
    """Takes what was heard, and moves the caller on."""

    def __init__(
        self, menu: Menu, ears: Ears, legs: Legs, urls: VoiceUrls, database: Database, clock: Clock, push: Push
    ) -> None:
        self._menu = menu
        self._ears = ears
        self._legs = legs
        self._urls = urls
        self._database = database
        self._clock = clock
        self._push = push

    # for `media`

    def question(self, call_id: str, step: int) -> Question | None:
        try:
            return self._menu.question(call_id, step)
        except NotFound:
            return None

    def speaking(self, call_id: str, step: int) -> None:
        self._ears.spoke(call_id, step)

    def heard(self, call_id: str, step: int, leg: str, answer: Answer) -> None:
        """Write down that the question of a step was answered; a job does the rest."""
        payload = {
            "call_id": call_id,
            "step": step,
            "leg": leg,
            "digits": answer.digits,
            "confidence": answer.confidence,
        }
        with self._database.transaction() as session:
            row = outbox.add(session, topic=HEARD, queue="call", payload=payload, now=self._clock.now())
        self._push(row.queue, row.id)

    # the job

    def answer(self, payload: Mapping[str, Any]) -> None:
        """Take the step, and send the caller on to the next document. Done again it changes nothing."""
        call_id, step = payload["call_id"], payload["step"]
        answer = Answer(payload["digits"], payload["confidence"])
        if not self._menu.spoken(call_id, step, answer):
            return
        try:
            # To the address of this step: its answer is now the document after it, whatever that has become.
            self._legs.redirect(payload["leg"], twiml.go_on(self._urls.answer(call_id, step)))
        except ProviderError as error:
            if not error.permanent:
                raise
            log.info("nobody to answer", extra={"call": call_id, "code": error.provider_code})
