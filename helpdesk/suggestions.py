"""While they talk: the articles and known problems that fit what is being said, and phrases that ask for attention.

An article's score is the sum over the words it shares with the talk: how rare the word is among the articles of the
language (idf), times where it stands (title or keywords before body), times how lately it was said. One word of the
title is enough to suggest it; a keyword is often an everyday word and needs a second one beside it; the body is prose,
of which three words must have been said. Words are PostgreSQL's: its stemming, its stop words, its index.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound
from helpdesk.articles import CONFIG
from helpdesk.phrases import Phrases
from helpdesk.tables import ArticleRow, SuggestionRow

Kind = Literal["article", "problem", "flag"]
State = Literal["shown", "used", "dismissed"]

ARTICLES = 3
PROBLEMS = 1
_LISTENED = 40  # sentences back: a subject that nobody came back to for so long is closed
_HALF_LIFE = 8.0  # sentences after which a word counts half
_WORTH = {"A": 2.0, "B": 2.0, "C": 1.0}  # title, keywords, body
_EVIDENCE = {"A": 3, "B": 2, "C": 1}
_ENOUGH = 3  # a title's word, a keyword and another word, or three words of the body
_LEAST_SCORE = 3.0  # below it one common word is all that is shared
_LEAST_OF_BEST = 0.35  # of the best one's score: what fits so much worse is about something else
_LEAST_OF_BEST_PROBLEM = 0.6  # a known problem interrupts more, so it must fit nearly as well
_CALLER = 1.0
_OPERATOR = 0.7  # the operator often names what was already tried


class Said(Protocol):
    """A sentence of the call; `start_s` counts from the call's start."""

    @property
    def speaker(self) -> str: ...
    @property
    def start_s(self) -> float: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`sentence` is what triggered it; `title` and `body` are the article's, empty for a flag (named by `subject`)."""

    kind: Kind
    subject: str
    sentence: str
    state: State
    title: str = ""
    body: str = ""
    score: float = 0.0
    decided_by: str | None = None


_MATCHES = text(
    """
    WITH said AS (
        SELECT n, lexeme FROM unnest(CAST(:sentences AS text[])) WITH ORDINALITY AS s(sentence, n),
               unnest(to_tsvector(CAST(:config AS regconfig), sentence))
    ), matching AS (
        SELECT a.id, word.lexeme, (SELECT min(place) FROM unnest(word.weights) AS place) AS place
        FROM articles a, unnest(a.search) AS word
        WHERE a.language = :language AND word.lexeme IN (SELECT lexeme FROM said)
    ), frequency AS (
        SELECT lexeme, count(*) AS articles FROM matching GROUP BY lexeme
    )
    SELECT matching.id, said.n, said.lexeme, matching.place, frequency.articles
    FROM matching JOIN said USING (lexeme) JOIN frequency USING (lexeme)
    """
)


class Suggestions:
    """What is suggested in calls, and what became of it."""

    def __init__(self, database: Database, clock: Clock, phrases: Phrases) -> None:
        self._database = database
        self._clock = clock
        self._phrases = phrases

    def for_call(self, call_id: str, language: str, lines: Sequence[Said]) -> list[Suggestion]:
        """What to show now, best first: articles, known problems and flags; what was dismissed stays away, and what
        was used stays. What is new is remembered as shown."""
        if language not in CONFIG:
            return []
        with self._database.transaction() as session:
            known = {(row.kind, row.subject): row for row in _rows(session, call_id)}
            found = [*ranked(session, language, lines), *self._flags(language, lines)]
            shown = []
            for kind, most in (("problem", PROBLEMS), ("article", ARTICLES), ("flag", 10)):
                # A dismissed one makes room for the next, so that is taken out before counting.
                here = [each for each in found if each.kind == kind and not _dismissed(known, each)][:most]
                shown += [replace(each, state=_state(known, each)) for each in here]
            used = [row for row in known.values() if row.state == "used" and row.kind != "flag"]
            missing = [row for row in used if not any((s.kind, s.subject) == (row.kind, row.subject) for s in shown)]
            shown += [each for row in missing if (each := _remembered(session, row, language)) is not None]
            self._remember(session, call_id, [each for each in shown if (each.kind, each.subject) not in known])
        return shown

    def decide(self, call_id: str, kind: str, subject: str, state: str, actor: str) -> None:
        """The operator used or dismissed one. Raises NotFound for what was not suggested in this call."""
        if state not in ("used", "dismissed"):
            raise InvalidInput("A suggestion is used or dismissed.")
        with self._database.transaction() as session:
            row = session.get(SuggestionRow, (call_id, kind, subject))
            if row is None:
                raise NotFound("That was not suggested in this call.")
            row.state, row.decided_by, row.decided_at = state, actor, self._clock.now()

    def of_call(self, call_id: str, language: str) -> list[Suggestion]:
        """All that was suggested in a call, in the order in which it came up."""
        with self._database.transaction() as session:
            found = [_remembered(session, row, language) for row in _rows(session, call_id)]
        return [each for each in found if each is not None]

    def erase(self, call_id: str) -> int:
        """Forget what was suggested in a call: its sentences are the call's words. Gives the number."""
        with self._database.transaction() as session:
            rows = list(_rows(session, call_id))
            for row in rows:
                session.delete(row)
        return len(rows)

    def _flags(self, language: str, lines: Sequence[Said]) -> list[Suggestion]:
        flags: dict[str, Suggestion] = {}
        for line in lines:
            for name in self._phrases.flags(language, line.speaker, line.text):
                flags[name] = Suggestion("flag", name, line.text, "shown")  # the newest sentence
        return list(flags.values())

    def _remember(self, session: Session, call_id: str, new: Iterable[Suggestion]) -> None:
        now = self._clock.now()
        values = [
            {
                "call_id": call_id,
                "kind": each.kind,
                "subject": each.subject,
                "sentence": each.sentence,
                "state": "shown",
                "shown_at": now,
            }
            for each in new
        ]
        if values:
            session.execute(insert(SuggestionRow).values(values).on_conflict_do_nothing())


def ranked(session: Session, language: str, lines: Sequence[Said]) -> list[Suggestion]:
    """The articles and known problems that fit what was said, best first."""
    recent = list(lines)[-_LISTENED:]
    if not recent:
        return []
    weights = [
        (_CALLER if line.speaker == "caller" else _OPERATOR) * 0.5 ** ((len(recent) - 1 - at) / _HALF_LIFE)
        for at, line in enumerate(recent)
    ]
    total = session.scalar(select(func.count()).where(ArticleRow.language == language)) or 0
    rows = session.execute(
        _MATCHES,
        {
            "sentences": [line.text.replace("\x00", "") for line in recent],
            "config": CONFIG[language],
            "language": language,
        },
    )
    words: dict[int, dict[str, float]] = defaultdict(dict)
    sentences: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    evidence: dict[int, dict[str, int]] = defaultdict(dict)
    for article_id, n, lexeme, place, articles in rows:
        idf = math.log(1 + (total - articles + 0.5) / (articles + 0.5))
        worth = idf * _WORTH[place] * weights[n - 1]
        words[article_id][lexeme] = max(worth, words[article_id].get(lexeme, 0.0))
        sentences[article_id][n - 1] += worth
        evidence[article_id][lexeme] = _EVIDENCE[place]
    scores = {
        article_id: sum(found.values())
        for article_id, found in words.items()
        if sum(evidence[article_id].values()) >= _ENOUGH
    }
    best = sorted(scores, key=lambda article_id: (-scores[article_id], article_id))
    least = max(_LEAST_SCORE, _LEAST_OF_BEST * scores[best[0]]) if best else _LEAST_SCORE
    best = [article_id for article_id in best if scores[article_id] >= least][:12]
    articles_by_id = {row.id: row for row in session.scalars(select(ArticleRow).where(ArticleRow.id.in_(best)))}
    return [
        Suggestion(
            "problem" if articles_by_id[article_id].kind == "problem" else "article",
            articles_by_id[article_id].slug,
            recent[max(sentences[article_id], key=lambda place: sentences[article_id][place])].text,
            "shown",
            articles_by_id[article_id].title,
            articles_by_id[article_id].body,
            round(scores[article_id], 3),
        )
        for article_id in best
        if articles_by_id[article_id].kind != "problem"
        or scores[article_id] >= _LEAST_OF_BEST_PROBLEM * scores[best[0]]
    ]


def _rows(session: Session, call_id: str) -> Iterable[SuggestionRow]:
    query = select(SuggestionRow).where(SuggestionRow.call_id == call_id)
    return session.scalars(query.order_by(SuggestionRow.shown_at, SuggestionRow.kind, SuggestionRow.subject)).all()


def _state(known: dict[tuple[str, str], SuggestionRow], each: Suggestion) -> State:
    row = known.get((each.kind, each.subject))
    return "used" if row is not None and row.state == "used" else "shown"


def _dismissed(known: dict[tuple[str, str], SuggestionRow], each: Suggestion) -> bool:
    row = known.get((each.kind, each.subject))
    return row is not None and row.state == "dismissed"


def _remembered(session: Session, row: SuggestionRow, language: str) -> Suggestion | None:
    """A row with its article; None when the article is gone."""
    state: State = "used" if row.state == "used" else "dismissed" if row.state == "dismissed" else "shown"
    if row.kind == "flag":
        return Suggestion("flag", row.subject, row.sentence, state, decided_by=row.decided_by)
    article = session.scalar(select(ArticleRow).where(ArticleRow.slug == row.subject, ArticleRow.language == language))
    if article is None:
        return None
    kind: Kind = "problem" if row.kind == "problem" else "article"
    return Suggestion(kind, row.subject, row.sentence, state, article.title, article.body, decided_by=row.decided_by)


def suggested_before(session: Session, moment: datetime) -> int:
    """Forget what was suggested before `moment`; gives the number."""
    rows = session.scalars(select(SuggestionRow).where(SuggestionRow.shown_at < moment)).all()
    for row in rows:
        session.delete(row)
    return len(rows)
