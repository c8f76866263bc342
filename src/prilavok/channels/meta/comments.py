"""What people write under the posts of a page or an Instagram account, for everybody to read.

A thread under a post is a conversation: its root is the first comment of the thread, for the next comment is somebody
else's matter.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from prilavok.channels.base import (
    Attachment,
    Deleted,
    Echoed,
    Edited,
    Inbound,
    Public,
    Received,
    Sender,
    Unknown,
)
from prilavok.channels.meta.shapes import Author, Change, Feed, InstagramComment
from prilavok.channels.meta.updates import Context, time_of
from prilavok.channels.wire import storable

read_feed = msgspec.json.Decoder(Feed)
read_comment = msgspec.json.Decoder(InstagramComment)


def on_the_page(change: Change, context: Context) -> Iterator[Inbound]:
    """The field `feed`: comments are read, all else on the wall is only counted."""
    if change.field != "feed":
        yield Unknown(storable(change.field)[:120] or "a change without a field")
        return
    feed = read_feed.decode(change.value)
    at = time_of(feed.created_time, context.at)
    who = writer(feed.from_, feed.comment_id)
    known = feed.item == "comment" and feed.comment_id
    if known and feed.verb == "add":
        yield commented(feed, context, who, at)
    elif known and feed.verb == "edited":
        yield Edited(provider_id=storable(feed.comment_id), at=context.at, sender=who, text=storable(feed.message))
    elif known and feed.verb == "remove":
        yield Deleted(provider_id=storable(feed.comment_id), at=context.at, sender=who)
    else:
        yield Unknown(storable(f"feed: {feed.item} {feed.verb}".strip())[:120])


def commented(feed: Feed, context: Context, who: Sender, at: datetime) -> Inbound:
    comment, parent = storable(feed.comment_id), storable(feed.parent_id)
    answers = bool(parent) and parent != feed.post_id
    public = Public(
        kind="comment",
        root=parent if answers else comment,
        url=storable(feed.post.permalink_url) if feed.post is not None else "",
    )
    photo = (Attachment("photo.jpg", "image/jpeg", url=storable(feed.photo), kind="image"),)
    photos = photo if feed.photo.startswith(("https://", "http://")) else ()
    if feed.from_ is not None and feed.from_.id == context.account:
        text, name = storable(feed.message), storable(feed.from_.name)
        return Echoed(comment, at, address="", text=text, attachments=photos, author=name, public=public)
    return Received(
        provider_id=comment,
        at=at,
        sender=who,
        text=storable(feed.message),
        attachments=photos,
        replies_to=(parent,) if answers else (),
        public=public,
    )


def on_instagram(change: Change, context: Context) -> Iterator[Inbound]:
    if change.field not in {"comments", "live_comments"}:
        yield Unknown(storable(change.field)[:120] or "a change without a field")
        return
    given = read_comment.decode(change.value)
    comment, parent, text = storable(given.id), storable(given.parent_id), storable(given.text)
    public = Public(kind="comment", root=parent or comment)
    if given.from_ is not None and given.from_.id == context.account:
        author = storable(given.from_.username)
        yield Echoed(comment, context.at, address="", text=text, author=author, public=public)
        return
    yield Received(
        provider_id=comment,
        at=context.at,
        sender=writer(given.from_, comment),
        text=text,
        replies_to=(parent,) if parent else (),
        content={"media": storable(given.media.id)} if given.media is not None and given.media.id else {},
        public=public,
    )


def writer(author: Author | None, comment: str) -> Sender:
    """Without the permission to know who wrote, every comment is somebody else's."""
    if author is None or not author.id:
        return Sender(address=f"comment:{storable(comment)}")
    facts = {"username": storable(author.username)} if author.username else {}
    return Sender(
        address=storable(author.id), name=storable(author.name or author.username), verified=True, facts=facts
    )
