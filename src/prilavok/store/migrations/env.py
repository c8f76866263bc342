"""Alembic's entry: the connection is handed in by `store.migrate`, which also begins and commits."""

from alembic import context
from sqlalchemy import text

from prilavok.store import schema, schema_orders, schema_people
from prilavok.store.base import metadata

assert schema.shops.metadata is schema_orders.orders.metadata is schema_people.merges.metadata is metadata

if context.config.attributes["connection"].dialect.name == "postgresql":
    for table in metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_options["postgresql"]["where"] = text(index.info["where"])

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=False,
    transactional_ddl=False,  # the caller's transaction holds everything
    user_module_prefix="base.",
    compare_type=True,
)
context.run_migrations()
