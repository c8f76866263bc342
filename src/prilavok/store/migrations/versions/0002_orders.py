"""Orders, what is known of their customers' wishes, and what was decided to say about them."""

import sqlalchemy as sa
from alembic import op

from prilavok.store.base import Id, Instant, Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ORDERS = sa.MetaData()
# fmt: off

sa.Table(
    "attempts", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('plan_id', Id(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False, autoincrement=False),
    sa.Column('channel', sa.String(length=32), nullable=False), sa.Column('inbox_id', Id(), nullable=True),
    sa.Column('identity_id', Id(), nullable=True), sa.Column('address', sa.Text(), nullable=False),
    sa.Column('wait_for', sa.String(length=16), nullable=True), sa.Column('within', sa.Integer(), nullable=False),
    sa.Column('because', Json(), nullable=False), sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('message_id', Id(), nullable=True), sa.Column('task_id', Id(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False), sa.Column('sent_at', Instant(), nullable=True),
    sa.Column('receipt', sa.String(length=16), nullable=True), sa.Column('receipt_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('shop_id', 'plan_id', 'position', name='pk_attempts'),
    sa.Index('ix_attempts_message', 'shop_id', 'message_id'),
)

sa.Table(
    "consents", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('contact_id', Id(), nullable=False), sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False), sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', Instant(), nullable=False), sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_consents'),
    sa.Index('ix_consents_contact', 'shop_id', 'contact_id'),
)

sa.Table(
    "imports", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False), sa.Column('name', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False), sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False), sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('updated', sa.Integer(), nullable=False), sa.Column('bad', Json(), nullable=True),
    sa.Column('bad_count', sa.Integer(), nullable=False), sa.Column('options', Json(), nullable=True),
    sa.Column('author_id', Id(), nullable=True), sa.Column('created_at', Instant(), nullable=False),
    sa.Column('ended_at', Instant(), nullable=True), sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_imports'),
)

sa.Table(
    "incidents", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False), sa.Column('condition', Json(), nullable=False),
    sa.Column('texts', Json(), nullable=False), sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False), sa.Column('cursor', sa.Text(), nullable=False),
    sa.Column('affected', sa.Integer(), nullable=False), sa.Column('planned', sa.Integer(), nullable=False),
    sa.Column('silent', sa.Integer(), nullable=False), sa.Column('author_id', Id(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False), sa.Column('started_at', Instant(), nullable=True),
    sa.Column('ended_at', Instant(), nullable=True), sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_incidents'),
)

sa.Table(
    "order_events", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('order_id', Id(), nullable=False), sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('key', sa.Text(), nullable=False), sa.Column('at', Instant(), nullable=False),
    sa.Column('source', sa.String(length=64), nullable=False), sa.Column('data', Json(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_order_events'),
    sa.UniqueConstraint('shop_id', 'order_id', 'kind', 'key', name='uq_order_events_shop_id_order_id_kind_key'),
)

sa.Table(
    "order_keys", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=False), sa.Column('order_id', Id(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'source', 'external_id', name='pk_order_keys'),
    sa.Index('ix_order_keys_order', 'shop_id', 'order_id'),
)

sa.Table(
    "orders", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False), sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('placed_at', Instant(), nullable=False), sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False), sa.Column('paid', sa.Boolean(), nullable=False),
    sa.Column('payment', sa.String(length=16), nullable=False),
    sa.Column('method', sa.String(length=16), nullable=False), sa.Column('contact_id', Id(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False), sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False), sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('timezone', sa.String(length=64), nullable=False), sa.Column('city', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False), sa.Column('carrier', sa.Text(), nullable=False),
    sa.Column('tracking', sa.Text(), nullable=False), sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('items', Json(), nullable=True), sa.Column('context', Json(), nullable=True),
    sa.Column('reading', Json(), nullable=True), sa.Column('wishes', Json(), nullable=True),
    sa.Column('wishes_by', sa.Text(), nullable=False), sa.Column('to_read', sa.Boolean(), nullable=False),
    sa.Column('read_by', Id(), nullable=True), sa.Column('read_at', Instant(), nullable=True),
    sa.Column('urgent', sa.Boolean(), nullable=False), sa.Column('risk', Json(), nullable=True),
    sa.Column('outcome', sa.String(length=12), nullable=False), sa.Column('outcome_by', sa.Text(), nullable=False),
    sa.Column('delivery_day', sa.String(length=10), nullable=True),
    sa.Column('slot_from', sa.String(length=5), nullable=True),
    sa.Column('slot_to', sa.String(length=5), nullable=True), sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('courier', sa.Text(), nullable=False), sa.Column('said_at', Instant(), nullable=False),
    sa.Column('last_event_at', Instant(), nullable=False), sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_orders'),
    sa.Index('ix_orders_contact', 'shop_id', 'contact_id', 'placed_at'),
    sa.Index('ix_orders_delivery', 'shop_id', 'delivery_day', 'id', sqlite_where=sa.text('delivery_day IS NOT NULL'),
        postgresql_where=sa.text('delivery_day IS NOT NULL')),
    sa.Index('ix_orders_email', 'shop_id', 'email', 'placed_at'),
    sa.Index('ix_orders_moving', 'status', 'last_event_at'), sa.Index('ix_orders_number', 'shop_id', 'number'),
    sa.Index('ix_orders_phone', 'shop_id', 'phone', 'placed_at'),
    sa.Index('ix_orders_placed', 'shop_id', 'placed_at', 'id'),
    sa.Index('ix_orders_status', 'shop_id', 'status', 'placed_at', 'id'),
    sa.Index('ix_orders_to_read', 'shop_id', 'placed_at', sqlite_where=sa.text('to_read'), postgresql_where=sa.text('to_read')),
    sa.Index('ix_orders_tracking', 'shop_id', 'tracking'),
)

sa.Table(
    "plans", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('contact_id', Id(), nullable=False), sa.Column('order_id', Id(), nullable=True),
    sa.Column('incident_id', Id(), nullable=True), sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('key', sa.Text(), nullable=False), sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False), sa.Column('occasions', Json(), nullable=False),
    sa.Column('steps', Json(), nullable=False), sa.Column('rejected', Json(), nullable=False),
    sa.Column('policy_version', sa.Integer(), nullable=False), sa.Column('because', Json(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False), sa.Column('due_at', Instant(), nullable=True),
    sa.Column('lease_until', Instant(), nullable=True), sa.Column('decided_at', Instant(), nullable=False),
    sa.Column('ended_at', Instant(), nullable=True), sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_plans'),
    sa.UniqueConstraint('shop_id', 'order_id', 'kind', 'key', name='uq_plans_shop_id_order_id_kind_key'),
    sa.Index('ix_plans_contact', 'shop_id', 'contact_id', 'decided_at'),
    sa.Index('ix_plans_due', 'due_at', 'id', sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL')),
    sa.Index('ix_plans_incident', 'shop_id', 'incident_id', 'state'),
    sa.Index('ix_plans_order', 'shop_id', 'order_id', 'decided_at'),
)

sa.Table(
    "policies", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, autoincrement=False),
    sa.Column('data', Json(), nullable=False), sa.Column('note', sa.Text(), nullable=False),
    sa.Column('author_id', Id(), nullable=True), sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'version', name='pk_policies'),
)

sa.Table(
    "preferences", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('contact_id', Id(), nullable=False),
    sa.Column('data', Json(), nullable=False), sa.Column('by', sa.Text(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'contact_id', name='pk_preferences'),
)

sa.Table(
    "risk_models", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False, autoincrement=False),
    sa.Column('weights', Json(), nullable=False), sa.Column('quality', Json(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False), sa.Column('created_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'version', name='pk_risk_models'),
)

sa.Table(
    "shop_settings", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('data', Json(), nullable=False), sa.Column('updated_at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'name', name='pk_shop_settings'),
)

sa.Table(
    "silences", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('contact_id', Id(), nullable=False), sa.Column('order_id', Id(), nullable=True),
    sa.Column('incident_id', Id(), nullable=True), sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('key', sa.Text(), nullable=False), sa.Column('because', Json(), nullable=False),
    sa.Column('rejected', Json(), nullable=False), sa.Column('policy_version', sa.Integer(), nullable=False),
    sa.Column('needs_person', sa.Boolean(), nullable=False), sa.Column('at', Instant(), nullable=False),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_silences'),
    sa.Index('ix_silences_contact', 'shop_id', 'contact_id', 'at'),
    sa.Index('ix_silences_order', 'shop_id', 'order_id', 'at'),
)

sa.Table(
    "sources", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False), sa.Column('name', sa.Text(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False), sa.Column('config', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False), sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('account_name', sa.Text(), nullable=False), sa.Column('cursor', Json(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False), sa.Column('last_received_at', Instant(), nullable=True),
    sa.Column('checked_at', Instant(), nullable=True), sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_sources'),
    sa.UniqueConstraint('key', name='uq_sources_key'),
)

sa.Table(
    "stock", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('sku', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False), sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=True), sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False), sa.PrimaryKeyConstraint('shop_id', 'sku', name='pk_stock'),
)

sa.Table(
    "tasks", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('id', Id(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False), sa.Column('order_id', Id(), nullable=True),
    sa.Column('contact_id', Id(), nullable=True), sa.Column('plan_id', Id(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=False), sa.Column('because', Json(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('result', sa.String(length=16), nullable=False), sa.Column('not_before', Instant(), nullable=True),
    sa.Column('not_after', Instant(), nullable=True), sa.Column('created_at', Instant(), nullable=False),
    sa.Column('done_at', Instant(), nullable=True), sa.Column('done_by', Id(), nullable=True),
    sa.PrimaryKeyConstraint('shop_id', 'id', name='pk_tasks'),
    sa.Index('ix_tasks_open', 'shop_id', 'state', 'created_at'), sa.Index('ix_tasks_order', 'shop_id', 'order_id'),
)

sa.Table(
    "templates", ORDERS,
    sa.Column('shop_id', sa.Integer(), nullable=False), sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=False), sa.Column('text', sa.Text(), nullable=False),
    sa.Column('updated_at', Instant(), nullable=False), sa.Column('author_id', Id(), nullable=True),
    sa.PrimaryKeyConstraint('shop_id', 'kind', 'language', 'channel', name='pk_templates'),
)

# fmt: on


def upgrade() -> None:
    ORDERS.create_all(op.get_bind(), checkfirst=False)
