"""The ground: every table of the first version, as it was then."""

import sqlalchemy as sa
from alembic import op

from prilavok.store.base import Id, Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

GROUND = sa.MetaData()
# fmt: off

sa.Table(
    "agents", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False), sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False), sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('theme', sa.String(length=8), nullable=False), sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', Instant(), nullable=False), sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_agents'),
    sa.UniqueConstraint('shop_id', 'email', name='uq_agents_shop_id_email'), sa.Index('ix_agents_email', 'email'),
)

sa.Table(
    "aliases", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('inbox_id', Id(), nullable=False),
    sa.Column('provider_id', sa.Text(), nullable=False), sa.Column('message_id', Id(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'inbox_id', 'provider_id', name='pk_aliases'),
)

sa.Table(
    "answers", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('inbox_id', Id(), nullable=False), sa.Column('hour_of_week', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False), sa.Column('at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_answers'), sa.Index('ix_answers_at', 'shop_id', 'at'),
)

sa.Table(
    "bodies", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('message_id', Id(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False), sa.PrimaryKeyConstraint('shop_id', 'message_id', name='pk_bodies'),
)

sa.Table(
    "contacts", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False), sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False), sa.Column('facts', Json(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False), sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_contacts'),
)

sa.Table(
    "conversation_tags", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('conversation_id', Id(), nullable=False),
    sa.Column('tag', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'conversation_id', 'tag', name='pk_conversation_tags'),
    sa.Index('ix_conversation_tags_tag', 'shop_id', 'tag', 'conversation_id'),
)

sa.Table(
    "conversations", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False), sa.Column('contact_id', Id(), nullable=False),
    sa.Column('inbox_id', Id(), nullable=False), sa.Column('reply_inbox_id', Id(), nullable=True),
    sa.Column('reply_identity_id', Id(), nullable=True), sa.Column('thread', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False), sa.Column('public', sa.Boolean(), nullable=False),
    sa.Column('status', sa.String(length=8), nullable=False),
    sa.Column('priority', sa.String(length=8), nullable=False), sa.Column('assignee_id', Id(), nullable=True),
    sa.Column('team_id', Id(), nullable=True), sa.Column('snoozed_until', Instant(), nullable=True),
    sa.Column('waiting_since', Instant(), nullable=True), sa.Column('rank', sa.BigInteger(), nullable=False),
    sa.Column('last_seq', sa.BigInteger(), nullable=False), sa.Column('seen_seq', sa.BigInteger(), nullable=False),
    sa.Column('last_text', sa.Text(), nullable=False), sa.Column('last_at', Instant(), nullable=False),
    sa.Column('last_direction', sa.String(length=8), nullable=False),
    sa.Column('last_kind', sa.String(length=8), nullable=False), sa.Column('last_inbox_id', Id(), nullable=True),
    sa.Column('context', Json(), nullable=True), sa.Column('acknowledged_at', Instant(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_conversations'),
    sa.UniqueConstraint('shop_id', 'number', name='uq_conversations_shop_id_number'),
    sa.Index('ix_conversations_assignee', 'shop_id', 'status', 'assignee_id', 'rank', 'id'),
    sa.Index('ix_conversations_contact', 'shop_id', 'contact_id', 'last_at'),
    sa.Index('ix_conversations_inbox', 'shop_id', 'inbox_id', 'status', 'rank', 'id'),
    sa.Index('ix_conversations_queue', 'shop_id', 'status', 'rank', 'id'),
    sa.Index('ix_conversations_snoozed', 'snoozed_until', sqlite_where=sa.text('snoozed_until IS NOT NULL'), postgresql_where=sa.text('snoozed_until IS NOT NULL')),
    sa.Index('ix_conversations_thread', 'shop_id', 'inbox_id', 'thread', sqlite_where=sa.text("thread <> ''"), postgresql_where=sa.text("thread <> ''")),
)

sa.Table(
    "counters", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'name', name='pk_counters'),
)

sa.Table(
    "drafts", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('conversation_id', Id(), nullable=False),
    sa.Column('agent_id', Id(), nullable=False), sa.Column('draft', Json(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'conversation_id', 'agent_id', name='pk_drafts'),
)

sa.Table(
    "events", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False), sa.Column('conversation_id', Id(), nullable=True),
    sa.Column('message_id', Id(), nullable=True), sa.Column('ref_id', Id(), nullable=True),
    sa.Column('at', Instant(), nullable=False), sa.PrimaryKeyConstraint('shop_id', 'seq', name='pk_events'),
)

sa.Table(
    "files", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False), sa.Column('type', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False), sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True), sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('owner', sa.Text(), nullable=False), sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_files'),
)

sa.Table(
    "idempotency", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('agent_id', Id(), nullable=False),
    sa.Column('key', sa.String(length=128), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False), sa.Column('result_id', Id(), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'agent_id', 'key', name='pk_idempotency'),
)

sa.Table(
    "identities", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('contact_id', Id(), nullable=False), sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('inbox_id', Id(), nullable=True), sa.Column('scope', sa.String(length=36), nullable=False),
    sa.Column('address', sa.Text(), nullable=False), sa.Column('display', sa.Text(), nullable=False),
    sa.Column('verified', sa.Boolean(), nullable=False), sa.Column('reachable', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False), sa.Column('last_at', Instant(), nullable=True),
    sa.Column('last_seq', sa.BigInteger(), nullable=False), sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_identities'),
    sa.UniqueConstraint('shop_id', 'scope', 'address', name='uq_identities_shop_id_scope_address'),
    sa.Index('ix_identities_contact', 'shop_id', 'contact_id'),
)

sa.Table(
    "inboxes", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False), sa.Column('name', sa.Text(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False), sa.Column('config', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False), sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('account_name', sa.Text(), nullable=False), sa.Column('account_handle', sa.Text(), nullable=False),
    sa.Column('cursor', Json(), nullable=True), sa.Column('listener', sa.String(length=64), nullable=True),
    sa.Column('listener_until', Instant(), nullable=True), sa.Column('created_at', Instant(), nullable=False),
    sa.Column('last_received_at', Instant(), nullable=True), sa.Column('last_sent_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_inboxes'), sa.UniqueConstraint('key', name='uq_inboxes_key'),
)

sa.Table(
    "jobs", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False), sa.Column('inbox_id', Id(), nullable=True),
    sa.Column('data', Json(), nullable=False), sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('due_at', Instant(), nullable=False), sa.Column('lease_until', Instant(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False), sa.Column('reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_jobs'), sa.Index('ix_jobs_due', 'state', 'due_at', 'id'),
)

sa.Table(
    "journal", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('inbox_id', Id(), nullable=False), sa.Column('received_at', Instant(), nullable=False),
    sa.Column('headers', Json(), nullable=True), sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False), sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False), sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_journal'),
    sa.Index('ix_journal_received', 'shop_id', 'inbox_id', 'received_at'),
    sa.Index('ix_journal_unfinished', 'shop_id', 'state', 'id', sqlite_where=sa.text("state IN ('pending', 'failed')"), postgresql_where=sa.text("state IN ('pending', 'failed')")),
)

sa.Table(
    "links", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('inbox_id', Id(), nullable=False), sa.Column('identity_id', Id(), nullable=False),
    sa.Column('conversation_id', Id(), nullable=True), sa.Column('created_at', Instant(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=False), sa.Column('used_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('shop_id', 'token_hash', name='pk_links'),
)

sa.Table(
    "messages", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('conversation_id', Id(), nullable=False), sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('direction', sa.String(length=8), nullable=False), sa.Column('inbox_id', Id(), nullable=True),
    sa.Column('identity_id', Id(), nullable=True), sa.Column('identity_seq', sa.BigInteger(), nullable=True),
    sa.Column('provider_id', sa.Text(), nullable=True), sa.Column('author_kind', sa.String(length=8), nullable=False),
    sa.Column('author_id', Id(), nullable=True), sa.Column('author_name', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False), sa.Column('at', Instant(), nullable=False),
    sa.Column('created_at', Instant(), nullable=False), sa.Column('receipt', sa.String(length=16), nullable=True),
    sa.Column('receipt_times', Json(), nullable=True), sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('automatic', sa.Boolean(), nullable=False), sa.Column('edited_at', Instant(), nullable=True),
    sa.Column('deleted_at', Instant(), nullable=True), sa.Column('attachments', Json(), nullable=True),
    sa.Column('content', Json(), nullable=True), sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_messages'),
    sa.UniqueConstraint('shop_id', 'conversation_id', 'seq', name='uq_messages_shop_id_conversation_id_seq'),
    sa.UniqueConstraint('shop_id', 'inbox_id', 'provider_id', name='uq_messages_shop_id_inbox_id_provider_id'),
    sa.Index('ix_messages_identity', 'shop_id', 'identity_id', 'identity_seq'),
)

sa.Table(
    "outbox", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('message_id', Id(), nullable=False), sa.Column('conversation_id', Id(), nullable=False),
    sa.Column('inbox_id', Id(), nullable=False), sa.Column('identity_id', Id(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False), sa.Column('due_at', Instant(), nullable=False),
    sa.Column('lease_until', Instant(), nullable=True), sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True), sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_outbox'),
    sa.UniqueConstraint('shop_id', 'message_id', name='uq_outbox_shop_id_message_id'),
    sa.Index('ix_outbox_due', 'state', 'due_at', 'id'),
    sa.Index('ix_outbox_inbox', 'shop_id', 'inbox_id', 'state', 'due_at'),
)

sa.Table(
    "sessions", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('agent_id', Id(), nullable=False), sa.Column('created_at', Instant(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=False), sa.Column('user_agent', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False), sa.PrimaryKeyConstraint('token_hash', name='pk_sessions'),
    sa.Index('ix_sessions_agent', 'shop_id', 'agent_id'),
)

sa.Table(
    "shops", GROUND,
    sa.Column('id', sa.Integer(), nullable=False), sa.Column('name', sa.Text(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False), sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name='pk_shops'),
)

sa.Table(
    "tokens", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False), sa.Column('agent_id', Id(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False), sa.Column('created_at', Instant(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=True), sa.Column('used_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('token_hash', name='pk_tokens'),
)

sa.Table(
    "unknown", GROUND,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('inbox_id', Id(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False), sa.Column('count', sa.BigInteger(), nullable=False),
    sa.Column('last_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'inbox_id', 'what', name='pk_unknown'),
)
# fmt: on


def upgrade() -> None:
    GROUND.create_all(op.get_bind(), checkfirst=False)
