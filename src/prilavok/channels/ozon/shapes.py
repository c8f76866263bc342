"""What Ozon writes, as much of it as is needed. Ids come as numbers and as texts."""

from collections.abc import Mapping
from typing import Any

import msgspec

from prilavok.channels.base import Response
from prilavok.channels.market import ident
from prilavok.channels.wire import NOT_READABLE

VENDOR = "Ozon"
LOOKALIKES = str.maketrans("СсОоЕеАаРрТМ", "CcOoEeAaPpTM")  # Ozon's own "Сustomer" begins with a Cyrillic letter


class User(msgspec.Struct):
    id: str | int = ""
    type: str = ""


class Context(msgspec.Struct):
    order_number: str = ""
    sku: str | int = ""


class ChatMessage(msgspec.Struct):
    """Of a chat's history, with `chat_id` added by us; a push tells the same."""

    chat_id: str
    message_id: str | int
    user: User
    data: list[str] = []
    created_at: str = ""
    context: Context | None = None
    message_type: str = ""
    chat_type: str = "Buyer_Seller"
    updated_at: str = ""
    last_read_message_id: str | int = ""


class Photo(msgspec.Struct):
    url: str = ""


class Review(msgspec.Struct):
    id: str
    rating: int = 0
    text: str = ""
    sku: int | str = ""
    status: str = ""
    published_at: str = ""
    photos: list[Photo] = []


class Comment(msgspec.Struct):
    """Under a review; `review_id` and `sku` are added by us."""

    id: str
    review_id: str
    text: str = ""
    published_at: str = ""
    is_owner: bool = False


class Question(msgspec.Struct):
    id: str
    text: str = ""
    sku: int | str = ""
    author_name: str = ""
    answers_count: int | str = 0
    published_at: str = ""
    status: str = ""
    product_url: str = ""
    question_link: str = ""


class Failure(msgspec.Struct):
    code: int | str = 0
    message: str = ""


class ChatEnd(msgspec.Struct):
    chat_id: str = ""
    chat_status: str = ""
    chat_type: str = ""


class ChatLine(msgspec.Struct):
    chat: ChatEnd
    last_message_id: str | int = ""
    unread_count: int = 0


read_failure = msgspec.json.Decoder(Failure)
read_push = msgspec.json.Decoder(ChatMessage)


def failure_of(response: Response) -> str:
    try:
        return read_failure.decode(response.body).message
    except NOT_READABLE:
        return ""


def things(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def role_of(text: Any) -> str:
    """customer, seller, support ...: small letters, and Latin ones where Ozon's own examples have Cyrillic."""
    return text.translate(LOOKALIKES).lower() if isinstance(text, str) else ""


def role_in(message: Mapping[str, Any]) -> str:
    """The role of a raw message's author."""
    user = message.get("user")
    return role_of(user.get("type")) if isinstance(user, dict) else ""


def kind_of_chat(text: str) -> str:
    """Buyers' chats are ours; those with Ozon's support and its notices are not for this inbox."""
    return "buyer" if text.lower() == "buyer_seller" else text.lower()


def product_of(sku: Any) -> dict[str, str]:
    number = ident(sku)
    return {"sku": number, "url": f"https://www.ozon.ru/product/{number}/"} if number.isdecimal() else {}
