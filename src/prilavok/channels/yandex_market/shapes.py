"""What Yandex Market writes, as much of it as is needed."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from prilavok.channels.base import NeedsOwner, Response, TryLater, Undeliverable
from prilavok.channels.market import refused
from prilavok.channels.wire import NOT_READABLE, said

VENDOR = "Yandex Market"
HINT = "Make a new Api-Key with the access “Communication with buyers” and paste it here."
BUSY = 420  # Yandex's own "slower"

Id = Annotated[int, msgspec.Meta(ge=1, le=(1 << 63) - 1)]


class Identifiers(msgspec.Struct, rename="camel"):
    order_id: int | str | None = None
    offer_id: str | None = None


class Description(msgspec.Struct):
    advantages: str | None = None
    disadvantages: str | None = None
    comment: str | None = None


class Media(msgspec.Struct):
    photos: list[str] | None = None


class Statistics(msgspec.Struct, rename="camel"):
    rating: int = 0
    comments_count: int = 0


class Feedback(msgspec.Struct, rename="camel"):
    feedback_id: Id
    created_at: str = ""
    identifiers: Identifiers | None = None
    author: str | None = None
    description: Description | None = None
    media: Media | None = None
    statistics: Statistics | None = None


class Author(msgspec.Struct):
    type: str = ""
    name: str | None = None


class Comment(msgspec.Struct, rename="camel"):
    id: Id
    feedback_id: Id
    text: str = ""
    status: str = ""
    author: Author | None = None
    parent_id: Id | None = None


class QuestionIds(msgspec.Struct, rename="camel"):
    id: Id
    offer_id: str | None = None


class Question(msgspec.Struct, rename="camel"):
    question_identifiers: QuestionIds
    text: str = ""
    created_at: str = ""
    author: Author | None = None


class UnderAnswer(msgspec.Struct, rename="camel"):
    """A comment to an answer."""

    id: Id
    text: str = ""
    status: str = ""
    author: Author | None = None
    created_at: str = ""


class Answer(msgspec.Struct, rename="camel"):
    id: Id
    question_id: Id
    text: str = ""
    status: str = ""
    author: Author | None = None
    created_at: str = ""
    comments: list[UnderAnswer] | None = None


class File(msgspec.Struct):
    name: str = ""
    url: str = ""
    size: int = 0


class ChatMessage(msgspec.Struct, rename="camel"):
    """Of a chat's history; `chat_id`, `customer` (a name) and `order` are added by us."""

    message_id: Id
    chat_id: Id
    sender: str = ""
    message: str | None = None
    payload: list[File] | None = None
    created_at: str = ""
    customer: str = ""
    order: int | str | None = None


class Push(msgspec.Struct, rename="camel"):
    notification_type: str
    business_id: Id | None = None
    chat_id: Id | None = None
    message_id: Id | None = None
    feedback_id: Id | None = None
    comment_id: Id | None = None
    question_id: Id | None = None
    answer_id: Id | None = None


read_push = msgspec.json.Decoder(Push)


def things(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def part(answer: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = answer.get(name)
    return found if isinstance(found, dict) else {}


def refusal(response: Response, *, sends: bool = False) -> TryLater | Undeliverable | NeedsOwner:
    """Yandex says "slower" with 420 and until when in a header of its own."""
    reason = ""
    try:
        answer = msgspec.json.decode(response.body)
        told = things(answer, "errors") if isinstance(answer, dict) else []
        reason = next((said(one.get("message") or one.get("code"), 200) for one in told), "")
    except NOT_READABLE:
        reason = "the answer cannot be read"
    until = response.headers.get("x-ratelimit-resource-until", "")
    headers = {"retry-after": until, **response.headers} if until else response.headers
    given = Response(response.status, headers, response.body)
    return refused(VENDOR, given, reason, sends=sends, hint=HINT, busy=BUSY)
