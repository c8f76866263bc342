"""The parts of the Cloud API that we read, as types. What Meta adds is ignored; what it may leave out is optional."""

from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Batch(msgspec.Struct):
    """One delivery: entries of changes, not yet looked at."""

    entry: list[msgspec.Raw] = []


class Entry(msgspec.Struct):
    changes: list[msgspec.Raw] = []


class Change(msgspec.Struct):
    field: str
    value: msgspec.Raw


class Metadata(msgspec.Struct):
    phone_number_id: str = ""


class Profile(msgspec.Struct):
    name: str = ""
    username: str = ""


class Person(msgspec.Struct):
    """Since 2026 a customer may hide the number: then there is a `user_id` alone."""

    wa_id: str = ""
    user_id: str = ""
    profile: Profile | None = None


class Value(msgspec.Struct):
    metadata: Metadata | None = None
    contacts: list[Person] = []
    messages: list[msgspec.Raw] = []
    message_echoes: list[msgspec.Raw] = []
    statuses: list[msgspec.Raw] = []
    errors: list[msgspec.Raw] = []


class Context(msgspec.Struct):
    id: str = ""
    forwarded: bool = False
    frequently_forwarded: bool = False


class Text(msgspec.Struct):
    body: str = ""


class Media(msgspec.Struct):
    id: str
    mime_type: str = ""
    caption: str = ""
    filename: str = ""
    voice: bool = False
    file_size: int | str | None = None


class Location(msgspec.Struct):
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class CardName(msgspec.Struct):
    formatted_name: str = ""


class CardPhone(msgspec.Struct):
    phone: str = ""
    wa_id: str = ""


class Card(msgspec.Struct):
    name: CardName | None = None
    phones: list[CardPhone] = []


class Choice(msgspec.Struct):
    id: str = ""
    title: str = ""


class FormAnswer(msgspec.Struct):
    body: str = ""
    response_json: str = ""


class Interactive(msgspec.Struct):
    button_reply: Choice | None = None
    list_reply: Choice | None = None
    nfm_reply: FormAnswer | None = None


class Press(msgspec.Struct):
    """A button of a template."""

    payload: str = ""
    text: str = ""


class Reaction(msgspec.Struct):
    message_id: str
    emoji: str = ""


class Item(msgspec.Struct):
    product_retailer_id: str = ""
    quantity: int | float | str = 1
    item_price: int | float | str = ""
    currency: str = ""


class Basket(msgspec.Struct):
    text: str = ""
    product_items: list[Item] = []


class Referral(msgspec.Struct):
    source_url: str = ""
    source_id: str = ""
    headline: str = ""
    body: str = ""
    ctwa_clid: str = ""


class Unsupported(msgspec.Struct):
    type: str = ""


class System(msgspec.Struct):
    type: str = ""


class Written(msgspec.Struct):
    """The new words of an edited message."""

    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None


class Edit(msgspec.Struct):
    original_message_id: Id
    message: Written


class Revoke(msgspec.Struct):
    original_message_id: Id


class Message(msgspec.Struct):
    id: Id
    timestamp: str
    type: str
    from_: str = msgspec.field(name="from", default="")
    from_user_id: str = ""
    to: str = ""
    to_user_id: str = ""
    group_id: str = ""
    context: Context | None = None
    referral: Referral | None = None
    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    location: Location | None = None
    contacts: list[Card] = []
    interactive: Interactive | None = None
    button: Press | None = None
    reaction: Reaction | None = None
    order: Basket | None = None
    unsupported: Unsupported | None = None
    system: System | None = None
    edit: Edit | None = None
    revoke: Revoke | None = None


class ErrorData(msgspec.Struct):
    details: str = ""


class Problem(msgspec.Struct):
    """The same in an answer and in a status."""

    code: int = 0
    message: str = ""
    title: str = ""
    error_data: ErrorData | None = None
    error_subcode: int = 0


class Pricing(msgspec.Struct):
    """Never a sum: whether it costs, and by which price list."""

    billable: bool = True
    category: str = ""


class Status(msgspec.Struct):
    id: Id
    status: str
    timestamp: str
    recipient_id: str = ""
    recipient_type: str = ""
    biz_opaque_callback_data: str = ""
    errors: list[Problem] = []
    pricing: Pricing | None = None


class Refusal(msgspec.Struct):
    error: Problem = msgspec.field(default_factory=Problem)


class SentMessage(msgspec.Struct):
    id: Id


class SendAnswer(msgspec.Struct):
    messages: Annotated[list[SentMessage], msgspec.Meta(min_length=1)]


class Uploaded(msgspec.Struct):
    id: Id


class StoredMedia(msgspec.Struct):
    url: str
    mime_type: str = ""


class Number(msgspec.Struct):
    display_phone_number: str = ""
    verified_name: str = ""
    quality_rating: str = ""


class Template(msgspec.Struct):
    name: str = ""
    language: str = ""
    status: str = ""
    rejected_reason: str = ""


class Templates(msgspec.Struct):
    data: list[Template] = []
