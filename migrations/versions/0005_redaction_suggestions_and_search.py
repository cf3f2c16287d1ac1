"""redaction suggestions and search"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_suggestions",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('shown', 'used', 'dismissed')", name=op.f("ck_call_suggestions_state")),
        sa.PrimaryKeyConstraint("call_id", "kind", "subject", name=op.f("pk_call_suggestions")),
    )
    op.create_table(
        "missing_sound",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_sound")),
        sa.UniqueConstraint("stream", "start_s", name=op.f("uq_missing_sound_stream")),
    )
    op.create_index(op.f("ix_missing_sound_call_id"), "missing_sound", ["call_id"], unique=False)
    op.create_index(op.f("ix_missing_sound_created_at"), "missing_sound", ["created_at"], unique=False)
    op.create_table(
        "transcription_opt_outs",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_transcription_opt_outs")),
    )
    op.add_column("articles", sa.Column("kind", sa.String(), server_default="article", nullable=False))
    op.add_column("segments", sa.Column("display", sa.String(), server_default="", nullable=False))
    op.add_column(
        "segments",
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "CASE language WHEN 'nl' THEN to_tsvector('dutch', text || ' ' || display) WHEN 'fr' THEN to_tsvector('french', text || ' ' || display) WHEN 'en' THEN to_tsvector('english', text || ' ' || display) ELSE to_tsvector('simple', text || ' ' || display) END",
                persisted=True,
            ),
            nullable=False,
        ),
    )
    op.create_index(op.f("ix_segments_created_at"), "segments", ["created_at"], unique=False)
    op.create_index("ix_segments_search", "segments", ["search"], unique=False, postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_segments_search", table_name="segments", postgresql_using="gin")
    op.drop_index(op.f("ix_segments_created_at"), table_name="segments")
    op.drop_column("segments", "search")
    op.drop_column("segments", "display")
    op.drop_column("articles", "kind")
    op.drop_table("transcription_opt_outs")
    op.drop_index(op.f("ix_missing_sound_created_at"), table_name="missing_sound")
    op.drop_index(op.f("ix_missing_sound_call_id"), table_name="missing_sound")
    op.drop_table("missing_sound")
    op.drop_table("call_suggestions")
