"""The knowledge base: articles found by PostgreSQL's full-text search in their own language."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.errors import InvalidInput, NotFound
from helpdesk.tables import ArticleRow
from helpdesk.views import LANGUAGES, Article

CONFIG = {"nl": "dutch", "fr": "french", "en": "english"}
MOST_KEYWORDS = 100
_LONGEST_KEYWORD = 60  # characters
_WEIGHTS = "'{0.1, 0.4, 0.8, 1.0}'::real[]"  # nothing (D), body (C), keywords (B), title (A)


def search(session: Session, text: str, language: str, limit: int) -> list[Article]:
    """Articles that fit `text` best, best first. A spoken sentence does as well as two keywords: any word may match,
    and more matching words rank higher. Nothing for a text without a word. Raises InvalidInput for another language."""
    config: ColumnElement[str] = literal_column(f"'{CONFIG[_known(language)]}'::regconfig")
    every_word = func.plainto_tsquery(config, text.replace("\x00", ""))
    any_word = func.replace(every_word.op("::")(literal_column("text")), "&", "|").op("::")(literal_column("tsquery"))
    rank = func.ts_rank(literal_column(_WEIGHTS), ArticleRow.search, any_word)
    found = session.execute(
        select(ArticleRow, rank)
        .where(ArticleRow.language == language, ArticleRow.search.op("@@")(any_word))
        .order_by(rank.desc(), ArticleRow.id)
        .limit(limit)
    )
    return [_view(row, score) for row, score in found]


def article(session: Session, slug: str, language: str) -> Article:
    """One article in one language. Raises NotFound."""
    row = session.scalar(select(ArticleRow).where(ArticleRow.slug == slug, ArticleRow.language == _known(language)))
    if row is None:
        raise NotFound(f"There is no article '{slug}' in the language {language}.")
    return _view(row, 0.0)


def every(session: Session, language: str | None = None) -> list[Article]:
    """All articles, or those in one language, by slug."""
    query = select(ArticleRow).order_by(ArticleRow.slug, ArticleRow.language)
    if language is not None:
        query = query.where(ArticleRow.language == _known(language))
    return [_view(row, 0.0) for row in session.scalars(query)]


def numbered(session: Session, number: int) -> Article:
    """The article of that number. Raises NotFound."""
    return _view(_row(session, number), 0.0)


def set_keywords(session: Session, number: int, keywords: str, actor: str, now: datetime) -> Article:
    """Put these words, with commas between them, in the place of an article's keywords; an empty text takes them all
    away. Raises NotFound, and InvalidInput for too many or too long."""
    words = list(dict.fromkeys(" ".join(word.replace("\x00", "").split()) for word in keywords.split(",")))
    words = [word for word in words if word]
    if len(words) > MOST_KEYWORDS:
        raise InvalidInput(f"{len(words)} keywords are too many; the most is {MOST_KEYWORDS}.")
    for word in words:
        if len(word) > _LONGEST_KEYWORD:
            raise InvalidInput(f"'{word}' is too long for a keyword; put commas between the words.")
    row = _row(session, number, for_update=True)
    before, after = row.keywords, ", ".join(words)
    if after != before:
        row.keywords = after
        audit.record(
            session,
            at=now,
            actor=actor,
            action="article.keywords-changed",
            subject=f"article:{row.slug}:{row.language}",
            before={"keywords": before},
            after={"keywords": after},
        )
    return _view(row, 0.0)


def _row(session: Session, number: int, *, for_update: bool = False) -> ArticleRow:
    row = session.get(ArticleRow, number, with_for_update=for_update) if number < 2**31 else None
    if row is None:
        raise NotFound(f"There is no article {number}.")
    return row


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise InvalidInput(f"There are no articles in the language '{language}'; use one of {', '.join(LANGUAGES)}.")
    return language


def _view(row: ArticleRow, rank: float) -> Article:
    return Article(
        slug=row.slug,
        language=row.language,
        queue=row.queue,
        title=row.title,
        body=row.body,
        rank=rank,
        number=row.id,
        keywords=row.keywords,
    )
