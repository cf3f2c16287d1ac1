"""The replay rule: every URL handed to the provider carries a number, and the number says what to do with a request.

The provider signs a URL but never lets it expire, so this is both how a retry is recognised and the protection
against a request that is played back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from callflows.facts import Fact, StepTaken
from callflows.session import Session

Verdict = Literal["advance", "repeat", "stale"]


def classify(stored: int, asked: int) -> Verdict:
    """Equal to the stored number: advance. One behind: a retry, give the stored answer again. Else: stale."""
    if asked == stored:
        return "advance"
    return "repeat" if asked == stored - 1 else "stale"


def classify_request(session: Session, *, step: int, loop: int | None = None) -> Verdict:
    """The rule for one request: `loop` is given by the URLs of the wait loop, and then counts instead of `step`.

    "repeat" and "stale" are both answered with `session.effects`; they differ in what they mean to an observer.
    """
    if loop is None:
        return classify(session.step, step)
    if session.phase != "waiting" or step != session.step:
        return "stale"
    return classify(session.loop, loop)


def latest_session(facts: Iterable[Fact]) -> Session | None:
    """The session after the last step in the call log: how a session is rebuilt that the working memory lost."""
    sessions = [Session.model_validate(fact.session) for fact in facts if isinstance(fact, StepTaken)]
    return max(sessions, key=lambda session: (session.step, session.loop), default=None)
