"""what nobody asks a spool: columns that only its file needs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("operator_id", "stream", "call_started_at", "stream_started_at", "from_s", "done_at"):
        op.drop_column("spools", column)


def downgrade() -> None:
    """What they held is gone; rows that are there get something."""
    op.add_column("spools", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("spools", sa.Column("from_s", sa.Float(), nullable=True))
    op.add_column("spools", sa.Column("operator_id", sa.Integer(), nullable=True))
    for name, kind, filler in (
        ("stream", sa.String(), "id"),
        ("call_started_at", sa.DateTime(timezone=True), "created_at"),
        ("stream_started_at", sa.DateTime(timezone=True), "created_at"),
    ):
        op.add_column("spools", sa.Column(name, kind, nullable=True))
        op.execute(f"UPDATE spools SET {name} = {filler}")
        op.alter_column("spools", name, nullable=False)
