"""The parts of the Bot Framework's activities and answers that we read; unknown fields are ignored."""

from typing import Any

import msgspec


class Person(msgspec.Struct):
    id: str = ""
    name: str = ""
    aad_object_id: str = msgspec.field(default="", name="aadObjectId")


class Conversation(msgspec.Struct):
    id: str = ""
    kind: str = msgspec.field(default="", name="conversationType")
    is_group: bool = msgspec.field(default=False, name="isGroup")
    tenant: str = msgspec.field(default="", name="tenantId")


class File(msgspec.Struct):
    type: str = msgspec.field(default="", name="contentType")
    url: str = msgspec.field(default="", name="contentUrl")
    name: str = ""
    content: Any = None


class Reaction(msgspec.Struct):
    type: str = ""


class Entity(msgspec.Struct):
    type: str = ""
    text: str = ""
    mentioned: Person | None = None
    locale: str = ""
    timezone: str = ""


class ChannelData(msgspec.Struct):
    event: str = msgspec.field(default="", name="eventType")


class Activity(msgspec.Struct):
    type: str
    service_url: str = msgspec.field(name="serviceUrl")
    id: str = ""
    timestamp: str = ""
    channel: str = msgspec.field(default="", name="channelId")
    sender: Person = msgspec.field(default_factory=Person, name="from")
    recipient: Person = msgspec.field(default_factory=Person)
    conversation: Conversation = msgspec.field(default_factory=Conversation)
    text: str | None = None
    locale: str | None = None
    timezone: str | None = msgspec.field(default=None, name="localTimezone")
    attachments: list[File] | None = None
    entities: list[Entity] | None = None
    value: Any = None
    name: str | None = None
    action: str | None = None
    reply_to: str | None = msgspec.field(default=None, name="replyToId")
    added: list[Person] | None = msgspec.field(default=None, name="membersAdded")
    removed: list[Person] | None = msgspec.field(default=None, name="membersRemoved")
    reactions: list[Reaction] | None = msgspec.field(default=None, name="reactionsAdded")
    unreactions: list[Reaction] | None = msgspec.field(default=None, name="reactionsRemoved")
    data: Any = msgspec.field(default=None, name="channelData")


class Token(msgspec.Struct):
    access_token: str
    expires_in: float = 0.0


class Refusal(msgspec.Struct):
    """As the sign-in says no."""

    error: str = ""
    error_description: str = ""
    error_codes: list[int] = []


class Complaint(msgspec.Struct):
    code: str = ""
    message: str = ""


class Complaints(msgspec.Struct):
    """As the connector says no."""

    error: Complaint | None = None
    message: str = ""


class Resource(msgspec.Struct):
    id: str = ""


read_activity = msgspec.json.Decoder(Activity)
read_token = msgspec.json.Decoder(Token)
read_refusal = msgspec.json.Decoder(Refusal)
read_complaints = msgspec.json.Decoder(Complaints)
read_resource = msgspec.json.Decoder(Resource)
