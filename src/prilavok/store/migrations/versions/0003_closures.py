"""Numbers that are shut for one medium only."""

import sqlalchemy as sa
from alembic import op

from prilavok.store.base import Id, Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closures",
        sa.Column("shop_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("identity_id", Id(), nullable=False),
        sa.Column("medium", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "identity_id", "medium", name="pk_closures"),
    )


def downgrade() -> None:
    op.drop_table("closures")
