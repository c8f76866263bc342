"""The parts of Matrix' client-server API that we read; unknown fields are ignored."""

from typing import Any

import msgspec


class Relation(msgspec.Struct):
    rel_type: str = ""
    event_id: str = ""
    key: str = ""
    in_reply_to: Any = msgspec.field(default=None, name="m.in_reply_to")


class Info(msgspec.Struct):
    mimetype: str = ""
    size: int | None = None


class Content(msgspec.Struct):
    msgtype: str = ""
    body: str = ""
    filename: str = ""
    url: str = ""
    geo_uri: str = ""
    info: Info | None = None
    voice: Any = msgspec.field(default=None, name="org.matrix.msc3245.voice")
    relates_to: Relation | None = msgspec.field(default=None, name="m.relates_to")
    new_content: "Content | None" = msgspec.field(default=None, name="m.new_content")
    membership: str = ""
    displayname: str | None = None
    redacts: str = ""


class Unsigned(msgspec.Struct):
    transaction_id: str = ""
    redacted_because: Any = None


class Event(msgspec.Struct):
    type: str
    event_id: str
    sender: str
    content: Content
    at: int = msgspec.field(default=0, name="origin_server_ts")
    state_key: str | None = None
    redacts: str = ""
    unsigned: Unsigned | None = None


class Events(msgspec.Struct):
    events: list[msgspec.Raw] = []


class Timeline(msgspec.Struct):
    events: list[msgspec.Raw] = []
    limited: bool = False
    prev_batch: str = ""


class Joined(msgspec.Struct):
    timeline: Timeline = msgspec.field(default_factory=Timeline)
    state: Events = msgspec.field(default_factory=Events)
    ephemeral: Events = msgspec.field(default_factory=Events)


class Rooms(msgspec.Struct):
    join: dict[str, Joined] = {}
    invite: dict[str, msgspec.Raw] = {}
    leave: dict[str, msgspec.Raw] = {}


class Sync(msgspec.Struct):
    next_batch: str = ""
    rooms: Rooms = msgspec.field(default_factory=Rooms)


class Receipts(msgspec.Struct):
    """event → kind of receipt → person → {ts}."""

    type: str
    content: dict[str, Any] = {}


class Page(msgspec.Struct):
    chunk: list[msgspec.Raw] = []
    end: str = ""


class WhoAmI(msgspec.Struct):
    user_id: str


class Sent(msgspec.Struct):
    event_id: str


class Stored(msgspec.Struct):
    content_uri: str


class Members(msgspec.Struct):
    joined: dict[str, Any] = {}


class Complaint(msgspec.Struct):
    errcode: str = ""
    error: str = ""
    retry_after_ms: float | None = None


read_sync = msgspec.json.Decoder(Sync)
read_event = msgspec.json.Decoder(Event)
read_receipts = msgspec.json.Decoder(Receipts)
read_page = msgspec.json.Decoder(Page)
read_who = msgspec.json.Decoder(WhoAmI)
read_sent = msgspec.json.Decoder(Sent)
read_stored = msgspec.json.Decoder(Stored)
read_members = msgspec.json.Decoder(Members)
read_complaint = msgspec.json.Decoder(Complaint)
