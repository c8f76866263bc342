"""Questions to the store whose answers are ready to be shown: rows with the names they refer to."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from prilavok.domain.errors import NotFound
from prilavok.flows.directory import Directory, Served
from prilavok.flows.ways import ways_to
from prilavok.store import contacts, conversations, inboxes, merges, messages, orders, staff
from prilavok.web import shapes


def names_for(db: Connection, shop_id: int, rows: Iterable[Mapping[Any, Any]], *, tags: bool = True) -> shapes.Names:
    """Every name that these conversations (or messages) refer to, in four queries."""
    listed = list(rows)
    people = {row["contact_id"] for row in listed if row.get("contact_id")}
    return shapes.Names(
        contacts=contacts.names(db, shop_id, people) if people else {},
        agents=staff.names(db, shop_id),
        inboxes=inboxes.names(db, shop_id),
        tags=conversations.tags_of(db, shop_id, [row["id"] for row in listed]) if tags else {},
    )


def conversation_list(
    db: Connection, shop_id: int, which: conversations.Filter, *, after: tuple[int, str] | None, limit: int
) -> tuple[list[shapes.Conversation], tuple[int, str] | None]:
    """A page and the place from which the next one goes on."""
    rows = conversations.page(db, shop_id, which, after=after, limit=limit + 1)
    shown = rows[:limit]
    names = names_for(db, shop_id, shown)
    following = (shown[-1]["rank"], shown[-1]["id"]) if len(rows) > limit else None
    return [shapes.conversation(row, names) for row in shown], following


def open_conversation(
    db: Connection, shop_id: int, conversation_id: str, directory: Directory, now: datetime
) -> shapes.OpenConversation:
    row = conversations.get(db, shop_id, conversation_id)
    if row is None:
        raise NotFound
    ways = [
        shapes.WayToAnswer(
            inbox_id=way.inbox.id,
            name=way.inbox.name,
            channel=way.inbox.kind,
            identity_id=way.identity["id"],
            address=way.identity["address"],
            can_reply=not way.refusal,
            reason=way.refusal or shapes.UNSET,
            window_until=way.until or shapes.UNSET,
            text_limit=way.text_limit,
            media=way.media,
            buttons=way.buttons,
            public=way.public,
            templated=way.templated,
        )
        for way in ways_to(db, directory, row, now)
    ]
    fields = shapes.conversation_fields(row, names_for(db, shop_id, [row]))
    fields["contact"] = contact_card(db, shop_id, row["contact_id"])
    if (said := fields["publication"]) is not None:
        fields["publication"] = _whole(db, shop_id, said, directory.get(db, shop_id, row["inbox_id"]))
    return shapes.OpenConversation(**fields, channels=ways)


def _whole(db: Connection, shop_id: int, said: shapes.Publication, inbox: Served | None) -> shapes.Publication:
    """With what the channel lets the shop do, and the order, as soon as there is one of that number."""
    comments = inbox.capabilities.comments if inbox is not None else None
    if comments is not None:
        said.moderates = sorted(comments.moderates) if said.kind in comments.moderated else []
        said.amends = sorted(comments.amends)
        said.private_reply, said.private_days = comments.private_reply, comments.private_days
    if said.order is not None:
        found = orders.by_numbers(db, shop_id, [said.order.number])
        said.order.id = found[0]["id"] if found else None
    return said


def one_conversation(db: Connection, shop_id: int, conversation_id: str) -> shapes.Conversation:
    row = conversations.get(db, shop_id, conversation_id)
    if row is None:
        raise NotFound
    return shapes.conversation(row, names_for(db, shop_id, [row]))


def message_page(
    db: Connection, shop_id: int, conversation_id: str, *, before: int | None, after: int | None, limit: int
) -> list[shapes.Message]:
    if conversations.get(db, shop_id, conversation_id) is None:
        raise NotFound
    rows = messages.page(db, shop_id, conversation_id, before=before, after=after, limit=limit)
    names = names_for(db, shop_id, [], tags=False)
    return [shapes.message(row, names) for row in rows]


def one_message(db: Connection, shop_id: int, message_id: str) -> shapes.Message:
    row = messages.get(db, shop_id, message_id)
    if row is None:
        raise NotFound
    return shapes.message(row, names_for(db, shop_id, [], tags=False))


def contact_card(db: Connection, shop_id: int, contact_id: str) -> shapes.Contact:
    """Of who this is today: somebody may have become one with another since the link was made."""
    row = contacts.present(db, shop_id, contact_id)
    if row is None:
        raise NotFound
    return shapes.contact(
        row,
        contacts.identities_of(db, shop_id, row["id"]),
        conversations.of_contact(db, shop_id, row["id"]),
        resembles=list(_resembling(db, shop_id, row["id"])),
        joined=merges.of(db, shop_id, row["id"]),
    )


def _resembling(db: Connection, shop_id: int, contact_id: str) -> Iterable[shapes.Resemblance]:
    """Who else this may be, as nobody has said yet."""
    mine = merges.family(db, shop_id, contact_id)
    seen = {contact_id}
    for row in merges.resemblances_of(db, shop_id, mine):
        if row["state"] != merges.OPEN:
            continue
        other = row["other_id"] if row["one_id"] in mine else row["one_id"]
        known = contacts.present(db, shop_id, other)
        if known is not None and known["id"] not in seen:
            seen.add(known["id"])
            because = [shapes.Reason(one["why"], one["value"]) for one in row["because"]]
            yield shapes.Resemblance(row["id"], shapes.Named(known["id"], known["name"]), because)
