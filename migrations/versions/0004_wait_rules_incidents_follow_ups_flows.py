"""rules of the wait, incidents, follow-ups and published flows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flow_publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("versions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rolled_back_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_publications")),
    )
    op.create_table(
        "flow_versions",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("flow", sa.String(), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_flow_versions")),
    )
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("calls", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_call_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_how", sa.String(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index(
        "ix_follow_ups_open", "follow_ups", ["number"], unique=True, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_ended_at"), "incidents", ["ended_at"], unique=False)
    op.add_column("queues", sa.Column("max_waiting", sa.Integer(), nullable=True))
    op.add_column("queues", sa.Column("overflow_after_s", sa.Integer(), nullable=True))
    op.add_column("queues", sa.Column("overflow_to", sa.String(), nullable=True))
    op.add_column("queues", sa.Column("nobody_after_s", sa.Integer(), server_default="300", nullable=True))
    op.add_column("queues", sa.Column("when_closed", sa.String(), server_default="serve", nullable=False))
    op.create_foreign_key(op.f("fk_queues_overflow_to_queues"), "queues", "queues", ["overflow_to"], ["name"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_queues_overflow_to_queues"), "queues", type_="foreignkey")
    op.drop_column("queues", "when_closed")
    op.drop_column("queues", "nobody_after_s")
    op.drop_column("queues", "overflow_to")
    op.drop_column("queues", "overflow_after_s")
    op.drop_column("queues", "max_waiting")
    op.drop_index(op.f("ix_incidents_ended_at"), table_name="incidents")
    op.drop_table("incidents")
    op.drop_index("ix_follow_ups_open", table_name="follow_ups", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_table("follow_ups")
    op.drop_table("flow_versions")
    op.drop_table("flow_publications")
