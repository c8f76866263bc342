"""The parts of Messenger's and Instagram's deliveries and answers that we read. What Meta adds is ignored."""

from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Moment = int | float


class Batch(msgspec.Struct):
    """One delivery: entries, not yet looked at."""

    entry: list[msgspec.Raw] = []


class Entry(msgspec.Struct):
    """`field` and `value` stand in the entry itself where the app signs in through Instagram."""

    id: str = ""
    time: Moment = 0
    messaging: list[msgspec.Raw] = []
    standby: list[msgspec.Raw] = []
    changes: list[msgspec.Raw] = []
    field: str = ""
    value: msgspec.Raw = msgspec.Raw(b"")


class Change(msgspec.Struct):
    field: str
    value: msgspec.Raw


class Party(msgspec.Struct):
    id: str = ""


class Story(msgspec.Struct):
    id: str = ""
    url: str = ""


class ReplyTo(msgspec.Struct):
    mid: str = ""
    story: Story | None = None


class Payload(msgspec.Struct):
    url: str = ""
    title: str = ""
    sticker_id: int | str | None = None


class Attached(msgspec.Struct):
    """`title` and `url` of a link stand beside the payload, or in it."""

    type: str = ""
    payload: Payload | None = None
    title: str = ""
    url: str = ""


class Pressed(msgspec.Struct):
    payload: str = ""


class Referral(msgspec.Struct):
    ref: str = ""
    source: str = ""
    ad_id: str = ""


class Message(msgspec.Struct):
    mid: Id
    text: str = ""
    attachments: list[Attached] = []
    quick_reply: Pressed | None = None
    reply_to: ReplyTo | None = None
    referral: Referral | None = None
    is_echo: bool = False
    is_deleted: bool = False
    is_unsupported: bool = False
    metadata: str = ""


class Postback(msgspec.Struct):
    mid: str = ""
    title: str = ""
    payload: str = ""
    referral: Referral | None = None


class Delivery(msgspec.Struct):
    mids: list[str] = []
    watermark: Moment = 0


class Read(msgspec.Struct):
    """Messenger: everything up to `watermark`. Instagram: the message `mid`."""

    watermark: Moment = 0
    mid: str = ""


class Reaction(msgspec.Struct):
    mid: Id
    action: str = ""
    reaction: str = ""
    emoji: str = ""


class MessageEdit(msgspec.Struct):
    mid: Id
    text: str = ""


class Enforcement(msgspec.Struct):
    action: str = ""


class Event(msgspec.Struct):
    """One of the parts is there."""

    sender: Party = msgspec.field(default_factory=Party)
    recipient: Party = msgspec.field(default_factory=Party)
    timestamp: Moment = 0
    message: Message | None = None
    postback: Postback | None = None
    referral: Referral | None = None
    delivery: Delivery | None = None
    read: Read | None = None
    reaction: Reaction | None = None
    message_edit: MessageEdit | None = None
    policy_enforcement: Enforcement | None = None


class Author(msgspec.Struct):
    id: str = ""
    name: str = ""
    username: str = ""


class Post(msgspec.Struct):
    permalink_url: str = ""


class Feed(msgspec.Struct):
    """What happened on the page's wall. Without the permission to read it there is no `from`."""

    item: str = ""
    verb: str = ""
    from_: Author | None = msgspec.field(name="from", default=None)
    comment_id: str = ""
    post_id: str = ""
    parent_id: str = ""
    message: str = ""
    photo: str = ""
    created_time: Moment = 0
    post: Post | None = None


class Media(msgspec.Struct):
    id: str = ""


class InstagramComment(msgspec.Struct):
    id: Id
    from_: Author | None = msgspec.field(name="from", default=None)
    text: str = ""
    parent_id: str = ""
    media: Media | None = None


class SendAnswer(msgspec.Struct):
    message_id: Id


class Made(msgspec.Struct):
    """A comment that was written, or whatever else got an id."""

    id: Id


class Uploaded(msgspec.Struct):
    attachment_id: Id


class Account(msgspec.Struct):
    """A page, an Instagram account, or a person: which of the names are there depends on it."""

    id: str = ""
    name: str = ""
    username: str = ""
    first_name: str = ""
    last_name: str = ""


class Problem(msgspec.Struct):
    code: int = 0
    error_subcode: int = 0
    message: str = ""


class Refusal(msgspec.Struct):
    error: Problem = msgspec.field(default_factory=Problem)
