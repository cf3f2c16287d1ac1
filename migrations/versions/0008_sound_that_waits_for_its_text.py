"""sound that waits for its text: spools, and how each stream is written down"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spools",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("call_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stream_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("from_s", sa.Float(), nullable=True),
        sa.Column("sound_s", sa.Float(), nullable=False),
        sa.Column("done_s", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spools")),
    )
    op.create_index(op.f("ix_spools_call_id"), "spools", ["call_id"])
    op.create_index(
        "ix_spools_open",
        "spools",
        ["created_at"],
        postgresql_where=sa.text("state IN ('writing', 'waiting', 'transcribing')"),
    )
    op.create_table(
        "track_levels",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_track_levels")),
    )
    op.create_index(op.f("ix_track_levels_call_id"), "track_levels", ["call_id"])


def downgrade() -> None:
    op.drop_table("track_levels")
    op.drop_table("spools")
