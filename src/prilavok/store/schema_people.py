"""The tables of who is one person, and of what is shut to them."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from prilavok.store.base import Id, Instant, Json, metadata

merges = Table(  # two contacts became one: what moved, so that it can be undone
    "merges",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("kept_id", Id, nullable=False),
    Column("gone_id", Id, nullable=False),
    Column("by", Text, nullable=False),  # agent:ID, or what proved it: link, phone, email
    Column("moved", Json, nullable=False),  # see flows.merge
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
    Column("undone_by", Text, nullable=False, default=""),
    Index("ix_merges_kept", "shop_id", "kept_id"),
    Index("ix_merges_gone", "shop_id", "gone_id"),
)

resemblances = Table(  # two contacts who may be one person: for an agent to say
    "resemblances",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("one_id", Id, nullable=False),  # the smaller of both ids
    Column("other_id", Id, nullable=False),
    Column("because", Json, nullable=False),  # [{why, value}]
    Column("state", String(10), nullable=False),  # open | accepted | dismissed
    Column("at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Id),
    UniqueConstraint("shop_id", "one_id", "other_id"),
    Index("ix_resemblances_other", "shop_id", "other_id"),
)

closures = Table(  # an address that several media use is shut for one of them: an SMS said STOP, a number takes none
    "closures",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("identity_id", Id, primary_key=True),
    Column("medium", String(32), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
)

links = Table(  # one-time tokens of deep links
    "links",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("token_hash", String(64), primary_key=True),
    Column("inbox_id", Id, nullable=False),
    Column("identity_id", Id, nullable=False),  # the visitor who asked for it
    Column("conversation_id", Id),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)
