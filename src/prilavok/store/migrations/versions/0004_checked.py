"""What the virus scanner said of a file; when the vendor's access of an inbox ends."""

import sqlalchemy as sa
from alembic import op

from prilavok.store.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNCHECKED = sa.text("checked is null")


def upgrade() -> None:
    with op.batch_alter_table("files") as files:
        files.add_column(sa.Column("checked", sa.String(length=16)))
        files.add_column(sa.Column("virus", sa.Text()))
    op.create_index("ix_files_unchecked", "files", ["created_at"], sqlite_where=UNCHECKED, postgresql_where=UNCHECKED)
    with op.batch_alter_table("inboxes") as inboxes:
        inboxes.add_column(sa.Column("expires_at", Instant()))
        inboxes.add_column(sa.Column("expiry_told", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("inboxes") as inboxes:
        inboxes.drop_column("expiry_told")
        inboxes.drop_column("expires_at")
    op.drop_index("ix_files_unchecked", "files")
    with op.batch_alter_table("files") as files:
        files.drop_column("virus")
        files.drop_column("checked")
