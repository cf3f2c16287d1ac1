"""the words of callers: keywords of articles, in their search"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CONFIGS = (("nl", "dutch"), ("fr", "french"), ("en", "english"))


def upgrade() -> None:
    op.add_column("articles", sa.Column("keywords", sa.String(), server_default="", nullable=False))
    _search(("title", "A"), ("keywords", "B"), ("body", "C"))


def downgrade() -> None:
    _search(("title", "A"), ("body", "B"))
    op.drop_column("articles", "keywords")


def _search(*weights: tuple[str, str]) -> None:
    """Compute the column anew: before PostgreSQL 17 a generated column's expression cannot be changed."""
    cases = " ".join(
        f"WHEN '{code}' THEN "
        + " || ".join(f"setweight(to_tsvector('{config}', {column}), '{weight}')" for column, weight in weights)
        for code, config in _CONFIGS
    )
    op.drop_index("ix_articles_search", table_name="articles", postgresql_using="gin")
    op.drop_column("articles", "search")
    computed = sa.Computed(f"CASE language {cases} END", persisted=True)
    op.add_column("articles", sa.Column("search", postgresql.TSVECTOR(), computed, nullable=False))
    op.create_index("ix_articles_search", "articles", ["search"], unique=False, postgresql_using="gin")
