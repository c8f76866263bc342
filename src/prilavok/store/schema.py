"""Every table. `shop_id` leads every key, so that the data can be distributed by shop."""

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
)

from prilavok.store.base import Id, Instant, Json, metadata, only_where

shops = Table(
    "shops",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", String(3), nullable=False, default="UAH"),
    Column("timezone", String(64), nullable=False, default="Europe/Kyiv"),
    Column("language", String(8), nullable=False, default="uk"),
    Column("created_at", Instant, nullable=False),
)

counters = Table(  # what must be handed out without gaps: conversation numbers, places in the event log
    "counters",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

agents = Table(
    "agents",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),  # owner | admin | agent
    Column("password_hash", Text),
    Column("language", String(8), nullable=False, default=""),  # empty: as the browser says
    Column("theme", String(8), nullable=False, default="auto"),
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("shop_id", "email"),
    Index("ix_agents_email", "email"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("shop_id", Integer, nullable=False),
    Column("token_hash", String(64), primary_key=True),  # of the cookie; the cookie itself is nowhere
    Column("agent_id", Id, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("user_agent", Text, nullable=False, default=""),
    Column("address", Text, nullable=False, default=""),
    Index("ix_sessions_agent", "shop_id", "agent_id"),
)

tokens = Table(  # API tokens and one-time sign-in links
    "tokens",
    metadata,
    Column("shop_id", Integer, nullable=False),
    Column("token_hash", String(64), primary_key=True),
    Column("kind", String(8), nullable=False),  # api | signin
    Column("agent_id", Id, nullable=False),
    Column("name", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
)

inboxes = Table(
    "inboxes",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("key", String(64), nullable=False, unique=True),  # in the hook's address and the widget's snippet
    Column("config", LargeBinary, nullable=False),  # sealed
    Column("state", String(8), nullable=False, default="active"),  # active | paused
    Column("reason", Text, nullable=False, default=""),
    Column("account_name", Text, nullable=False, default=""),
    Column("account_handle", Text, nullable=False, default=""),
    Column("cursor", Json),  # where polling goes on
    Column("listener", String(64)),  # which process listens, and until when it said so
    Column("listener_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("last_received_at", Instant),
    Column("last_sent_at", Instant),
    Column("expires_at", Instant),  # when the vendor's access ends, where the vendor says so
    Column("expiry_told", Integer),  # how many days before the owner has been warned last
)

contacts = Table(
    "contacts",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, default=""),
    Column("language", String(8), nullable=False, default=""),
    Column("timezone", String(64), nullable=False, default=""),
    Column("country", String(2), nullable=False, default=""),
    Column("facts", Json),
    Column("went_to", Id),  # the contact that this one proved to be
    Column("created_at", Instant, nullable=False),
    Index(
        "ix_contacts_went_to",
        "shop_id",
        "went_to",
        **only_where("went_to IS NOT NULL"),
    ),
)

identities = Table(
    "identities",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("inbox_id", Id),  # where it was last seen
    Column("scope", String(36), nullable=False),  # the kind of address (one person in the whole shop) or an inbox id
    Column("address", Text, nullable=False),
    Column("display", Text, nullable=False, default=""),
    Column("verified", Boolean, nullable=False, default=False),
    Column(
        "claimed", String(8), nullable=False, default=""
    ),  # who named it: order | typed | apart; empty: they came with it
    Column("reachable", Boolean, nullable=False, default=True),
    Column("reason", Text, nullable=False, default=""),
    Column("last_at", Instant),
    Column("last_seq", BigInteger, nullable=False, default=0),  # numbers this identity's own messages, both ways
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("shop_id", "scope", "address"),
    Index("ix_identities_contact", "shop_id", "contact_id"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("inbox_id", Id, nullable=False),  # where it began
    Column("reply_inbox_id", Id),  # where the customer last wrote
    Column("reply_identity_id", Id),
    Column("thread", Text, nullable=False, default=""),  # the vendor's thread that began it
    Column("subject", Text, nullable=False, default=""),
    Column("public", Boolean, nullable=False, default=False),
    Column("status", String(8), nullable=False),
    Column("priority", String(8), nullable=False, default="normal"),
    Column("assignee_id", Id),
    Column("team_id", Id),
    Column("snoozed_until", Instant),
    Column("waiting_since", Instant),
    Column("rank", BigInteger, nullable=False),  # the place in every list, see domain.conversation.rank
    Column("last_seq", BigInteger, nullable=False, default=0),
    Column("seen_seq", BigInteger, nullable=False, default=0),  # by any agent
    Column("last_text", Text, nullable=False, default=""),
    Column("last_at", Instant, nullable=False),
    Column("last_direction", String(8), nullable=False, default=""),
    Column("last_kind", String(8), nullable=False, default=""),
    Column("last_inbox_id", Id),
    Column("context", Json),  # page visited, UTM marks, language
    Column("acknowledged_at", Instant),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("shop_id", "number"),
    Index("ix_conversations_queue", "shop_id", "status", "rank", "id"),
    Index("ix_conversations_assignee", "shop_id", "status", "assignee_id", "rank", "id"),
    Index("ix_conversations_inbox", "shop_id", "inbox_id", "status", "rank", "id"),
    Index("ix_conversations_contact", "shop_id", "contact_id"),  # not last_at: every message would change it
    Index(
        "ix_conversations_thread",
        "shop_id",
        "inbox_id",
        "thread",
        **only_where("thread <> ''"),
    ),
    Index(
        "ix_conversations_snoozed",
        "snoozed_until",
        **only_where("snoozed_until IS NOT NULL"),
    ),
)

conversation_tags = Table(
    "conversation_tags",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("conversation_id", Id, primary_key=True),
    Column("tag", String(64), primary_key=True),
    Index("ix_conversation_tags_tag", "shop_id", "tag", "conversation_id"),
)

messages = Table(
    "messages",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("conversation_id", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("inbox_id", Id),
    Column("identity_id", Id),
    Column("identity_seq", BigInteger),
    Column("provider_id", Text),
    Column("author_kind", String(8), nullable=False),
    Column("author_id", Id),
    Column("author_name", Text, nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("receipt", String(16)),
    Column("receipt_times", Json),
    Column("reason", Text),
    Column("automatic", Boolean, nullable=False, default=False),
    Column("edited_at", Instant),
    Column("deleted_at", Instant),
    Column("attachments", Json),
    Column("content", Json),  # folded, html flag, subject, location, buttons, original text ...
    UniqueConstraint("shop_id", "conversation_id", "seq"),
    UniqueConstraint("shop_id", "inbox_id", "provider_id"),
    Index("ix_messages_identity", "shop_id", "identity_id", "identity_seq"),
)

bodies = Table(  # the HTML of a mail: large, read by one in a hundred
    "bodies",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("message_id", Id, primary_key=True),
    Column("html", Text, nullable=False),
)

aliases = Table(  # further provider ids of a message: parts of a split text, pictures of an album
    "aliases",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("inbox_id", Id, primary_key=True),
    Column("provider_id", Text, primary_key=True),
    Column("message_id", Id, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("conversation_id", Id, primary_key=True),
    Column("agent_id", Id, primary_key=True),
    Column("draft", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("owner", Text, nullable=False),  # agent:ID or identity address of the visitor who uploaded it
    Column("created_at", Instant, nullable=False),
    Column("checked", String(16)),  # what the virus scanner said: domain/scan.py; None: it was not asked yet
    Column("virus", Text),
)
Index(
    "ix_files_unchecked",
    files.c.created_at,
    **only_where("checked IS NULL"),
)

journal = Table(
    "journal",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("inbox_id", Id, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("headers", Json),
    Column("body", LargeBinary, nullable=False),
    Column("state", String(8), nullable=False),  # pending | done | failed | ignored
    Column("reason", Text),
    Column("attempts", Integer, nullable=False, default=1),
    Index("ix_journal_received", "shop_id", "inbox_id", "received_at"),
    Index(
        "ix_journal_unfinished",
        "shop_id",
        "state",
        "id",
        **only_where("state IN ('pending', 'failed')"),
    ),
)

unknown = Table(  # updates that we have no use for, counted
    "unknown",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("inbox_id", Id, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_at", Instant, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("message_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("inbox_id", Id, nullable=False),
    Column("identity_id", Id, nullable=False),
    Column("state", String(8), nullable=False),  # waiting | leased | dead | perhaps
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("reason", Text),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("shop_id", "message_id"),
    Index("ix_outbox_due", "state", "due_at", "id"),
    Index("ix_outbox_inbox", "shop_id", "inbox_id", "state", "due_at"),
)

jobs = Table(  # what must be done after a commit and may take a while: attachments to fetch, presses to answer
    "jobs",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("inbox_id", Id),
    Column("data", Json, nullable=False),
    Column("state", String(8), nullable=False, default="waiting"),  # waiting | dead
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("reason", Text),
    Index("ix_jobs_due", "state", "due_at", "id"),
)

events = Table(  # what happened, in the order of the commits: agents' screens resume from it
    "events",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),
    Column("conversation_id", Id),
    Column("message_id", Id),
    Column("ref_id", Id),
    Column("at", Instant, nullable=False),
)

answers = Table(  # how long customers waited: the promise is computed from it
    "answers",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("inbox_id", Id, nullable=False),
    Column("hour_of_week", Integer, nullable=False),  # 0 = Monday 00:00 in the shop's zone, when the question came
    Column("seconds", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_answers_at", "shop_id", "at"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("shop_id", Integer, primary_key=True),
    Column("agent_id", Id, primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("result_id", Id, nullable=False),
    Column("created_at", Instant, nullable=False),
)
