"""what is still open: the ticker's and the queue's questions cost the same after a year as on the first day"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_due_at", table_name="outbox")
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["due_at"],
        postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
    )
    op.create_index("ix_calls_open", "calls", ["changed_at"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index("ix_operator_states_operator_id_ended_at", "operator_states", ["operator_id", "ended_at"])


def downgrade() -> None:
    op.drop_index("ix_operator_states_operator_id_ended_at", table_name="operator_states")
    op.drop_index("ix_calls_open", table_name="calls")
    op.drop_index("ix_outbox_open", table_name="outbox")
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])
