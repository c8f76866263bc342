"""Who is one person: who named an address, who went over into whom, and who resembles whom."""

import sqlalchemy as sa
from alembic import op

from prilavok.store.base import Id, Instant, Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GONE = sa.text("went_to IS NOT NULL")
NAMED_BY_ORDERS = ("phone", "email", "whatsapp")


def upgrade() -> None:
    op.add_column("contacts", sa.Column("went_to", Id(), nullable=True))
    op.create_index("ix_contacts_went_to", "contacts", ["shop_id", "went_to"], sqlite_where=GONE, postgresql_where=GONE)
    op.add_column("identities", sa.Column("claimed", sa.String(length=8), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "merges",
        sa.Column("shop_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("kept_id", Id(), nullable=False),
        sa.Column("gone_id", Id(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("moved", Json(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id", name="pk_merges"),
        sa.Index("ix_merges_kept", "shop_id", "kept_id"),
        sa.Index("ix_merges_gone", "shop_id", "gone_id"),
    )
    op.create_table(
        "resemblances",
        sa.Column("shop_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("one_id", Id(), nullable=False),
        sa.Column("other_id", Id(), nullable=False),
        sa.Column("because", Json(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", Id(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name="pk_resemblances"),
        sa.UniqueConstraint("shop_id", "one_id", "other_id", name="uq_resemblances_shop_id_one_id_other_id"),
        sa.Index("ix_resemblances_other", "shop_id", "other_id"),
    )
    _tell_who_named_what()
    _tell_who_went_where()


def _tell_who_named_what() -> None:
    """So far an address without a name beside it was one that only an order had named."""
    identities = sa.table("identities", *(sa.column(name) for name in ("scope", "display", "verified", "claimed")))
    named = (identities.c.display == "", identities.c.scope.in_(NAMED_BY_ORDERS), sa.not_(identities.c.verified))
    op.execute(identities.update().where(*named).values(claimed="order"))


def _tell_who_went_where() -> None:
    """So far it stood among the facts."""
    contacts = sa.table(
        "contacts", sa.column("shop_id"), sa.column("id", Id()), sa.column("facts", Json()), sa.column("went_to", Id())
    )
    db = op.get_bind()
    for row in db.execute(sa.select(contacts).where(sa.cast(contacts.c.facts, sa.Text).contains("went_to"))).all():
        facts = dict(row.facts or {})
        went_to = facts.pop("went_to", None)
        which = (contacts.c.shop_id == row.shop_id, contacts.c.id == row.id)
        if isinstance(went_to, str):
            db.execute(contacts.update().where(*which).values(went_to=went_to, facts=facts or None))


def downgrade() -> None:
    op.drop_table("resemblances")
    op.drop_table("merges")
    op.drop_column("identities", "claimed")
    op.drop_index("ix_contacts_went_to", "contacts")
    op.drop_column("contacts", "went_to")
