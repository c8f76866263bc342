"""What goes with a person when two prove to be one: their orders and what was decided to say about them."""

from sqlalchemy import update
from sqlalchemy.engine import Connection

from prilavok.store.schema_orders import consents, orders, plans, silences, tasks

OF_A_PERSON = (orders, plans, silences, tasks, consents)


def move(db: Connection, shop_id: int, contact_id: str, to: str) -> None:
    """Everything but the preferences, which may contradict each other."""
    for table in OF_A_PERSON:
        mine = (table.c.shop_id == shop_id, table.c.contact_id == contact_id)
        db.execute(update(table).where(*mine).values(contact_id=to))
