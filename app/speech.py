"""Joins the menu that asks, ivr, to the recognisers that listen, transcription."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path

from transcription.models import find
from transcription.tokens import AnswerClaim, StreamTokens

_LOOK_AGAIN_S = 30.0  # a model that was installed meanwhile is heard of this much later


class UnderstoodLanguages:
    """The languages that have a model on disk; none when callers are not to be listened to."""

    def __init__(self, models_dir: Path, *, listen: bool) -> None:
        self._models_dir = models_dir
        self._listen = listen
        self._found: Collection[str] = ()
        self._until = 0.0

    def __call__(self) -> Collection[str]:
        if self._listen and time.monotonic() >= self._until:
            self._found = find(self._models_dir).keys()
            self._until = time.monotonic() + _LOOK_AGAIN_S
        return self._found


class AnswerTokens:
    """The token of a stream that is listened to for one answer."""

    def __init__(self, tokens: StreamTokens) -> None:
        self._tokens = tokens

    def __call__(self, call_id: str, step: int, language: str, leg: str) -> str:
        return self._tokens.issue(AnswerClaim(call_id, step, language, leg))
