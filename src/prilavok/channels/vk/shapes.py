"""The parts of VK's API (5.199) that we read. Everything that we do not name is ignored."""

from typing import Annotated, Any

import msgspec

Id = Annotated[int, msgspec.Meta(ge=-(1 << 53), le=1 << 53)]
Seconds = Id


class Envelope(msgspec.Struct):
    type: str
    object: msgspec.Raw = msgspec.Raw(b"{}")
    group_id: Id = 0
    event_id: str = ""
    secret: str = ""


class Size(msgspec.Struct):
    url: str = ""
    width: Id = 0
    height: Id = 0


class Photo(msgspec.Struct):
    id: Id = 0
    sizes: list[Size] = []
    orig_photo: Size | None = None


class Doc(msgspec.Struct):
    id: Id = 0
    owner_id: Id = 0
    title: str = ""
    ext: str = ""
    size: Id = 0
    url: str = ""
    access_key: str = ""


class Voice(msgspec.Struct):
    id: Id = 0
    owner_id: Id = 0
    link_ogg: str = ""
    link_mp3: str = ""
    access_key: str = ""


class Sticker(msgspec.Struct):
    images: list[Size] = []


class Named(msgspec.Struct):
    """A video, a post, a product, a link: something with an address of its own in VK."""

    id: Id = 0
    owner_id: Id = 0
    to_id: Id = 0
    from_id: Id = 0
    title: str = ""
    artist: str = ""
    url: str = ""


class Attached(msgspec.Struct):
    type: str
    photo: Photo | None = None
    doc: Doc | None = None
    audio_message: Voice | None = None
    graffiti: Size | None = None
    sticker: Sticker | None = None
    video: Named | None = None
    audio: Named | None = None
    wall: Named | None = None
    link: Named | None = None
    market: Named | None = None


class Coordinates(msgspec.Struct):
    latitude: float
    longitude: float


class Geo(msgspec.Struct):
    coordinates: Coordinates | None = None


class Quoted(msgspec.Struct):
    from_id: Id = 0
    text: str = ""
    conversation_message_id: Id = 0


class Message(msgspec.Struct):
    peer_id: Id
    from_id: Id
    conversation_message_id: Id
    id: Id = 0
    date: Seconds = 0
    update_time: Seconds = 0
    text: str = ""
    attachments: list[msgspec.Raw] = []
    fwd_messages: list[Quoted] = []
    reply_message: Quoted | None = None
    geo: Geo | None = None
    payload: str | None = None
    ref: str | None = None
    ref_source: str | None = None


class NewMessage(msgspec.Struct):
    message: Message


class Read(msgspec.Struct):
    from_id: Id
    peer_id: Id
    conversation_message_id: Id = 0


class Typing(msgspec.Struct):
    from_id: Id
    state: str = ""


class Allowed(msgspec.Struct):
    """Of message_allow and message_deny."""

    user_id: Id
    key: str = ""


class Pressed(msgspec.Struct):
    user_id: Id
    peer_id: Id
    event_id: str
    payload: Any = None
    conversation_message_id: Id = 0


class Reaction(msgspec.Struct):
    reacted_id: Id
    peer_id: Id
    cmid: Id
    reaction_id: Id | None = None


class Comment(msgspec.Struct):
    """Under a post, a photograph, a video or an article: only the id and owner of its own place are there."""

    id: Id
    from_id: Id
    date: Seconds = 0
    text: str = ""
    post_id: Id = 0
    photo_id: Id = 0
    video_id: Id = 0
    item_id: Id = 0
    owner_id: Id = 0
    post_owner_id: Id = 0
    photo_owner_id: Id = 0
    video_owner_id: Id = 0
    market_owner_id: Id = 0
    parents_stack: list[Id] = []
    attachments: list[msgspec.Raw] = []
    reply_to_comment: Id = 0


class CommentGone(msgspec.Struct):
    id: Id
    post_id: Id = 0
    photo_id: Id = 0
    video_id: Id = 0
    item_id: Id = 0
    owner_id: Id = 0
    user_id: Id = 0
    deleter_id: Id = 0


class Person(msgspec.Struct):
    id: Id
    first_name: str = ""
    last_name: str = ""
    deactivated: str = ""


class Refusal(msgspec.Struct):
    error_code: int = 0
    error_msg: str = ""


class Verdict(msgspec.Struct):
    """Every answer: HTTP says 200 to both."""

    response: msgspec.Raw = msgspec.Raw(b"null")
    error: Refusal | None = None


class PeerRefusal(msgspec.Struct):
    code: int = 0
    description: str = ""


class SentTo(msgspec.Struct):
    """`error` instead of a message, where this one person cannot be written to."""

    peer_id: Id
    conversation_message_id: Id = 0
    error: PeerRefusal | None = None


class Commented(msgspec.Struct):
    comment_id: Id


class UploadServer(msgspec.Struct):
    upload_url: str


class UploadedPhoto(msgspec.Struct):
    photo: str
    hash: str
    server: Id | str = 0


class UploadedFile(msgspec.Struct):
    file: str


class SavedPhoto(msgspec.Struct):
    id: Id
    owner_id: Id
    access_key: str = ""


class SavedFile(msgspec.Struct):
    doc: Doc | None = None
    audio_message: Voice | None = None


class Group(msgspec.Struct):
    id: Id
    name: str = ""
    screen_name: str = ""


class Groups(msgspec.Struct):
    groups: list[Group] = []


class Permission(msgspec.Struct):
    name: str


class Permissions(msgspec.Struct):
    permissions: list[Permission] = []


class Code(msgspec.Struct):
    code: str


class Server(msgspec.Struct):
    id: Id
    url: str = ""
    status: str = ""


class Servers(msgspec.Struct):
    items: list[Server] = []


class NewServer(msgspec.Struct):
    server_id: Id
