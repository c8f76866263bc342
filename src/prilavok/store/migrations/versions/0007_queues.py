"""What an incident tells queues at each inbox by itself; a count that nobody kept goes.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("incidents", sa.Column("queued", sa.Text(), nullable=False, server_default="{}"))
    op.drop_column("incidents", "silent")


def downgrade() -> None:
    op.add_column("incidents", sa.Column("silent", sa.Integer(), nullable=False, server_default="0"))
    op.drop_column("incidents", "queued")
