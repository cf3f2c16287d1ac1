"""targets with periods and a longest wait; levels of operators and calls; relaxations"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.add_column("queues", sa.Column("target_longest_s", sa.Integer(), server_default="600", nullable=False))
    op.add_column("queues", sa.Column("target_when_missed", sa.String(), server_default="warn", nullable=False))
    op.add_column("queues", sa.Column("target_periods", _JSON, server_default=sa.text("'[]'"), nullable=False))
    op.add_column("queues", sa.Column("timezone", sa.String(), server_default="Europe/Brussels", nullable=False))
    op.add_column("queues", sa.Column("relax", _JSON, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("queues", sa.Column("priority_cap_s", sa.Integer(), server_default="120", nullable=False))
    op.execute("UPDATE queues SET target_longest_s = greatest(600, 4 * target_within_s)")
    op.create_check_constraint(op.f("ck_queues_longest"), "queues", "target_longest_s >= target_within_s")
    op.add_column("operators", sa.Column("levels", _JSON, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("queue_entries", sa.Column("level", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    op.drop_column("queue_entries", "level")
    op.drop_column("operators", "levels")
    op.drop_constraint(op.f("ck_queues_longest"), "queues", type_="check")
    for column in (
        "priority_cap_s",
        "relax",
        "timezone",
        "target_periods",
        "target_when_missed",
        "target_longest_s",
    ):
        op.drop_column("queues", column)
