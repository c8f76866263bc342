"""Calls wait until a person has read a comment that may refuse them.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("orders", sa.Column("calls_wait", sa.Boolean(), nullable=False, server_default=sa.false()))
    orders = sa.table("orders", sa.column("calls_wait", sa.Boolean()), sa.column("to_read", sa.Boolean()))
    op.execute(orders.update().where(orders.c.to_read).values(calls_wait=True))


def downgrade() -> None:
    op.drop_column("orders", "calls_wait")
