"""Comments of the community's: under posts, photographs, videos and goods. A thread is one public conversation."""

import re
from datetime import datetime

from prilavok.channels.base import Deleted, Echoed, Edited, Inbound, Public, Received, Sender
from prilavok.channels.vk.attached import attachments, links
from prilavok.channels.vk.shapes import Comment, CommentGone
from prilavok.channels.wire import moment, storable

METHODS = {"wall": "wall", "photo": "photos", "video": "video", "market": "market"}  # where → its section of the API
# VK's schema 5.199 names the photo of a market_comment_new where the article should be (not in its _delete);
# what is delivered has item_id, as the programs of others read it too.
THINGS = {"wall": "post_id", "photo": "photo_id", "video": "video_id", "market": "item_id"}
PAGES = {"market": "product"}  # where the address of the page has another word
COMMENT = re.compile(r"(wall|photo|video|market)(-?\d{1,16})_(\d{1,16})_(\d{1,16})", re.ASCII)


def said(where: str, comment: Comment, group_id: int, at: datetime, *, by_person: bool) -> Inbound:
    """`by_person`: a person's token is there, without which VK takes answers under posts only."""
    owner, thing = owner_of(comment) or -group_id, thing_of(where, comment)
    root = comment.parents_stack[0] if comment.parents_stack else comment.id
    public = Public(
        kind="comment",
        root=number_of(where, owner, thing, root),
        url=f"https://vk.com/{PAGES.get(where, where)}{owner}_{thing}?reply={comment.id}" if thing else "",
        answerable=where == "wall" or (by_person and thing > 0),
    )
    number = number_of(where, owner, thing, comment.id)
    when, files = moment(comment.date, at), tuple(attachments(comment.attachments))
    if comment.from_id < 0:  # the community itself, or another one; nobody to be answered
        return Echoed(provider_id=number, at=when, address="", text=words(comment), attachments=files, public=public)
    answered = comment.reply_to_comment
    return Received(
        provider_id=number,
        at=when,
        sender=commenter(comment.from_id),
        text=words(comment),
        attachments=files,
        replies_to=(number_of(where, owner, thing, answered),) if answered else (),
        public=public,
    )


def edited(where: str, comment: Comment, group_id: int, at: datetime) -> Inbound:
    return Edited(
        provider_id=number_of(where, owner_of(comment) or -group_id, thing_of(where, comment), comment.id),
        at=at,
        sender=commenter(comment.from_id),
        text=words(comment),
    )


def gone(where: str, comment: CommentGone, group_id: int, at: datetime) -> Inbound:
    thing = getattr(comment, THINGS[where])
    number = number_of(where, comment.owner_id or -group_id, thing, comment.id)
    return Deleted(provider_id=number, at=at, sender=commenter(comment.deleter_id or comment.user_id))


def owner_of(comment: Comment) -> int:
    return (
        comment.post_owner_id
        or comment.photo_owner_id
        or comment.video_owner_id
        or comment.market_owner_id
        or comment.owner_id
    )


def thing_of(where: str, comment: Comment) -> int:
    """The post, the photograph, the video or the article; 0 where VK does not name it."""
    return int(getattr(comment, THINGS[where]))


def number_of(where: str, owner: int, thing: int, comment: int) -> str:
    return f"{where}{owner}_{thing}_{comment}"


def parts_of(provider_id: str) -> tuple[str, str, str, str] | None:
    """Where, owner, what it is about, comment; None for what is no comment."""
    found = COMMENT.fullmatch(provider_id)
    return (found[1], found[2], found[3], found[4]) if found is not None else None


def commenter(user_id: int) -> Sender:
    return Sender(address=str(user_id), verified=True, facts={"page": f"https://vk.com/id{user_id}"})


def words(comment: Comment) -> str:
    return "\n".join(filter(None, [storable(comment.text), *links(comment.attachments)]))
