"""The tables of orders and of what is said about them. Sums are whole hundredths of the order's currency."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from prilavok.store.base import Id, Instant, Json, metadata, only_where

sources = Table(  # where orders and news of parcels come from: shop platforms, carriers
    "sources",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("key", String(64), nullable=False, unique=True),  # in the hook's address
    Column("config", LargeBinary, nullable=False),  # sealed
    Column("state", String(8), nullable=False, default="active"),  # active | paused
    Column("reason", Text, nullable=False, default=""),
    Column("account_name", Text, nullable=False, default=""),
    Column("cursor", Json),  # where the reconciling poll goes on
    Column("created_at", Instant, nullable=False),
    Column("last_received_at", Instant),
    Column("checked_at", Instant),  # when its subscriptions were last looked at
)

orders = Table(
    "orders",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("paid", Boolean, nullable=False, default=False),
    Column("payment", String(16), nullable=False, default=""),
    Column("method", String(16), nullable=False, default=""),
    Column("contact_id", Id, nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("phone", Text, nullable=False, default=""),  # E.164, or as typed when it is no number
    Column("email", Text, nullable=False, default=""),
    Column("language", String(8), nullable=False, default=""),
    Column("country", String(2), nullable=False, default=""),
    Column("timezone", String(64), nullable=False, default=""),
    Column("city", Text, nullable=False, default=""),
    Column("address", Text, nullable=False, default=""),
    Column("carrier", Text, nullable=False, default=""),
    Column("tracking", Text, nullable=False, default=""),
    Column("comment", Text, nullable=False, default=""),
    Column("items", Json),
    Column("context", Json),  # utm, referrer, device
    Column("reading", Json),  # wishes, spans and what is to be read, as the comment was understood
    Column("wishes", Json),  # as they stand: read, or changed by a person
    Column("wishes_by", Text, nullable=False, default=""),  # empty: as read; agent:ID, customer
    Column("to_read", Boolean, nullable=False, default=False),  # a person must acknowledge the comment
    Column("calls_wait", Boolean, nullable=False, default=False, server_default=false()),  # until a person has read it
    Column("read_by", Id),
    Column("read_at", Instant),
    Column("urgent", Boolean, nullable=False, default=False),  # a person said that this cannot wait
    Column("risk", Json),  # score, outcome, reasons
    Column("outcome", String(12), nullable=False, default=""),  # of the risk: confirmed | tap | prepay | person
    Column("outcome_by", Text, nullable=False, default=""),
    Column("delivery_day", String(10)),  # YYYY-MM-DD
    Column("slot_from", String(5)),
    Column("slot_to", String(5)),
    Column("attempts", Integer, nullable=False, default=0),  # of delivering
    Column("courier", Text, nullable=False, default=""),
    Column("said_at", Instant, nullable=False),  # when a source last said something new: older news changes nothing
    Column("last_event_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_orders_placed", "shop_id", "placed_at", "id"),
    Index("ix_orders_status", "shop_id", "status", "placed_at", "id"),
    Index("ix_orders_contact", "shop_id", "contact_id", "placed_at"),
    Index("ix_orders_number", "shop_id", "number"),
    Index("ix_orders_phone", "shop_id", "phone", "placed_at"),
    Index("ix_orders_email", "shop_id", "email", "placed_at"),
    Index("ix_orders_tracking", "shop_id", "tracking"),
    Index(
        "ix_orders_to_read",
        "shop_id",
        "placed_at",
        **only_where("to_read"),
    ),
    Index(
        "ix_orders_delivery",
        "shop_id",
        "delivery_day",
        "id",
        **only_where("delivery_day IS NOT NULL"),
    ),
    Index("ix_orders_moving", "status", "last_event_at"),  # stuck parcels
)

order_keys = Table(  # by which ids the sources know an order
    "order_keys",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("source", String(64), primary_key=True),  # "api", "csv", or the id of a row of `sources`
    Column("external_id", Text, primary_key=True),
    Column("order_id", Id, nullable=False),
    Index("ix_order_keys_order", "shop_id", "order_id"),
)

order_events = Table(
    "order_events",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("order_id", Id, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("key", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    Column("source", String(64), nullable=False),
    Column("data", Json),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("shop_id", "order_id", "kind", "key"),
)

stock = Table(
    "stock",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("name", Text, nullable=False, default=""),
    Column("quantity", Integer, nullable=False),
    Column("price", BigInteger),
    Column("currency", String(3), nullable=False, default=""),
    Column("updated_at", Instant, nullable=False),
)

preferences = Table(  # what a customer wants for good
    "preferences",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("contact_id", Id, primary_key=True),
    Column("data", Json, nullable=False),  # domain.facts.Preferences
    Column("by", Text, nullable=False),  # customer | agent:ID | comment:ORDER
    Column("updated_at", Instant, nullable=False),
)

consents = Table(  # every change of a consent, as proof
    "consents",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_consents_contact", "shop_id", "contact_id"),
)

shop_settings = Table(  # what the owner has set beside the policy: how parcels are brought
    "shop_settings",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("data", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("data", Json, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("author_id", Id),
    Column("created_at", Instant, nullable=False),
)

templates = Table(  # the owner's own words in place of the built-in ones
    "templates",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("kind", String(32), primary_key=True),  # the occasion
    Column("language", String(8), primary_key=True),
    Column("channel", String(32), primary_key=True, default=""),  # empty: for all
    Column("text", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("author_id", Id),
)

plans = Table(
    "plans",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, nullable=False),
    Column("order_id", Id),
    Column("incident_id", Id),
    Column("kind", String(32), nullable=False),  # of the occasion
    Column("key", Text, nullable=False, default=""),
    Column("stage", String(16), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("state", String(12), nullable=False),  # waiting | sending | watching | reached | unreached | stopped
    Column("occasions", Json, nullable=False),  # [{kind, key, at, data}]: several when told in one message
    Column("steps", Json, nullable=False),  # those that were tried, then as decided last
    Column("rejected", Json, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("because", Json),  # of its end
    Column("position", Integer, nullable=False, default=0),  # of the rung that is next or under way
    Column("due_at", Instant),  # when it must be looked at again; null once it is at its end
    Column("lease_until", Instant),
    Column("decided_at", Instant, nullable=False),
    Column("ended_at", Instant),
    UniqueConstraint("shop_id", "order_id", "kind", "key"),
    Index("ix_plans_contact", "shop_id", "contact_id", "decided_at"),
    Index("ix_plans_order", "shop_id", "order_id", "decided_at"),
    Index("ix_plans_incident", "shop_id", "incident_id", "state"),
    Index(
        "ix_plans_due",
        "due_at",
        "id",
        **only_where("due_at IS NOT NULL"),
    ),
)

attempts = Table(
    "attempts",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("plan_id", Id, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("channel", String(32), nullable=False),
    Column("inbox_id", Id),
    Column("identity_id", Id),
    Column("address", Text, nullable=False, default=""),
    Column("wait_for", String(16)),
    Column("within", Integer, nullable=False, default=0),  # seconds of the actual send
    Column("because", Json, nullable=False),
    Column("state", String(8), nullable=False),  # waiting | sent | failed
    Column("message_id", Id),
    Column("task_id", Id),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("receipt", String(16)),
    Column("receipt_at", Instant),
    Index("ix_attempts_message", "shop_id", "message_id"),
)

silences = Table(
    "silences",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, nullable=False),
    Column("order_id", Id),
    Column("incident_id", Id),
    Column("kind", String(32), nullable=False),
    Column("key", Text, nullable=False, default=""),
    Column("because", Json, nullable=False),
    Column("rejected", Json, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("needs_person", Boolean, nullable=False, default=False),
    Column("at", Instant, nullable=False),
    Index("ix_silences_order", "shop_id", "order_id", "at"),
    Index("ix_silences_contact", "shop_id", "contact_id", "at"),
)

tasks = Table(  # what a person has to do: a call, a comment to read, a buyer to look at
    "tasks",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("kind", String(12), nullable=False),  # call | read | look | slot
    Column("order_id", Id),
    Column("contact_id", Id),
    Column("plan_id", Id),
    Column("phone", Text, nullable=False, default=""),
    Column("because", Json, nullable=False),
    Column("state", String(8), nullable=False),  # open | done | dropped
    Column("result", String(16), nullable=False, default=""),  # answered | no_answer | ...
    Column("not_before", Instant),
    Column("not_after", Instant),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("done_by", Id),
    Index("ix_tasks_open", "shop_id", "state", "created_at"),
    Index("ix_tasks_order", "shop_id", "order_id"),
)

incidents = Table(
    "incidents",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("condition", Json, nullable=False),
    Column("texts", Json, nullable=False),  # language → text
    Column("urgent", Boolean, nullable=False, default=False),
    Column("state", String(8), nullable=False),  # draft | planning | sending | stopped | done
    Column("cursor", Text, nullable=False, default=""),  # the order up to which it has been planned
    Column("affected", Integer, nullable=False, default=0),
    Column("planned", Integer, nullable=False, default=0),
    Column("queued", Json, nullable=False, default={}),  # inbox → how many are to go out there, at its pace
    Column("author_id", Id),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
)

risk_models = Table(  # weights learned from this shop's own orders
    "risk_models",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("weights", Json, nullable=False),
    Column("quality", Json, nullable=False),  # calibration, how many orders it was learned from
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", Instant, nullable=False),
)

imports = Table(  # a CSV being read: progress and bad lines
    "imports",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", String(8), nullable=False),  # waiting | running | done | stopped | failed
    Column("total", Integer, nullable=False, default=0),  # lines
    Column("done", Integer, nullable=False, default=0),
    Column("created", Integer, nullable=False, default=0),
    Column("updated", Integer, nullable=False, default=0),
    Column("bad", Json),  # [{line, reason, text}], the first thousand
    Column("bad_count", Integer, nullable=False, default=0),
    Column("options", Json),
    Column("author_id", Id),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
