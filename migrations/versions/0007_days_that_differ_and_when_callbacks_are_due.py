"""days that differ by the calendar, and within how many working days a callback is due"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("queues", sa.Column("callback_due_days", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "queues",
        sa.Column(
            "special_days", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
    )


def downgrade() -> None:
    op.drop_column("queues", "special_days")
    op.drop_column("queues", "callback_due_days")
