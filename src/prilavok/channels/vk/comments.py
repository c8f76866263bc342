"""Comments on the community's wall: a thread under a post is one public conversation."""

import re
from datetime import datetime

from prilavok.channels.base import Deleted, Echoed, Edited, Inbound, Public, Received, Sender
from prilavok.channels.vk.attached import attachments, links
from prilavok.channels.vk.shapes import Comment, CommentGone
from prilavok.channels.wire import moment, storable

COMMENT = re.compile(r"wall(-?\d{1,16})_(\d{1,16})_(\d{1,16})", re.ASCII)  # whose wall, which post, which comment


def said(comment: Comment, group_id: int, at: datetime) -> Inbound:
    owner = comment.post_owner_id or comment.owner_id or -group_id
    root = comment.parents_stack[0] if comment.parents_stack else comment.id
    public = Public(
        kind="comment",
        root=number_of(owner, comment.post_id, root),
        url=f"https://vk.com/wall{owner}_{comment.post_id}?reply={comment.id}",
    )
    number = number_of(owner, comment.post_id, comment.id)
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
        replies_to=(number_of(owner, comment.post_id, answered),) if answered else (),
        public=public,
    )


def edited(comment: Comment, at: datetime) -> Inbound:
    owner = comment.post_owner_id or comment.owner_id
    return Edited(
        provider_id=number_of(owner, comment.post_id, comment.id),
        at=at,
        sender=commenter(comment.from_id),
        text=words(comment),
    )


def gone(comment: CommentGone, at: datetime) -> Inbound:
    number = number_of(comment.owner_id, comment.post_id, comment.id)
    return Deleted(provider_id=number, at=at, sender=commenter(comment.deleter_id))


def number_of(owner: int, post: int, comment: int) -> str:
    return f"wall{owner}_{post}_{comment}"


def parts_of(provider_id: str) -> tuple[str, str, str] | None:
    """Owner, post and comment; None for what is no comment."""
    found = COMMENT.fullmatch(provider_id)
    return (found[1], found[2], found[3]) if found is not None else None


def commenter(user_id: int) -> Sender:
    return Sender(address=str(user_id), verified=True, facts={"page": f"https://vk.com/id{user_id}"})


def words(comment: Comment) -> str:
    return "\n".join(filter(None, [storable(comment.text), *links(comment.attachments)]))
