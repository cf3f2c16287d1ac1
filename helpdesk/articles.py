"""The knowledge base: articles found by PostgreSQL's full-text search in their own language."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from foundation.errors import InvalidInput, NotFound
from helpdesk.tables import ArticleRow
from helpdesk.views import LANGUAGES, Article

CONFIG = {"nl": "dutch", "fr": "french", "en": "english"}


def search(session: Session, text: str, language: str, limit: int) -> list[Article]:
    """Articles that fit `text` best, best first. A spoken sentence does as well as two keywords: any word may match,
    and more matching words rank higher. Nothing for a text without a word. Raises InvalidInput for another language."""
    config: ColumnElement[str] = literal_column(f"'{CONFIG[_known(language)]}'::regconfig")
    every_word = func.plainto_tsquery(config, text.replace("\x00", ""))
    any_word = func.replace(every_word.op("::")(literal_column("text")), "&", "|").op("::")(literal_column("tsquery"))
    rank = func.ts_rank(ArticleRow.search, any_word)
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


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise InvalidInput(f"There are no articles in the language '{language}'; use one of {', '.join(LANGUAGES)}.")
    return language


def _view(row: ArticleRow, rank: float) -> Article:
    return Article(slug=row.slug, language=row.language, queue=row.queue, title=row.title, body=row.body, rank=rank)
