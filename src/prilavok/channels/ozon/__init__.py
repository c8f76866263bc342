"""Ozon: reviews and questions about the shop's goods, which everybody reads, and the chats with buyers, which nobody
else does. Reviews and questions are asked for; of chats Ozon may tell by itself besides.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, ClassVar

import msgspec

from prilavok.channels.base import (
    Account,
    Capabilities,
    Comments,
    Config,
    Dialogue,
    Download,
    Fetched,
    Hook,
    HookAnswer,
    Inbound,
    NeedsOwner,
    Outbound,
    RateLimit,
    Receipt,
    ReceiptCame,
    Request,
    Response,
    Sent,
    Standing,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.market import Look, Marketplace, Seen, ident, refused
from prilavok.channels.ozon import looking, reading
from prilavok.channels.ozon.shapes import (
    VENDOR,
    ChatMessage,
    Comment,
    Question,
    Review,
    failure_of,
    kind_of_chat,
    read_push,
    role_in,
    role_of,
    things,
)
from prilavok.channels.parts import in_parts
from prilavok.channels.wire import NOT_READABLE, json_of, said
from prilavok.kit.content import Base64

PLUS = "Reviews, questions and chats need the Premium Plus subscription and a key with these rights."


class OzonConfig(Config):
    client_id: Annotated[str, field_of("Client ID", "Ozon Seller: Settings → API keys, at the top of the page.")]
    api_key: Annotated[
        str, field_of("API key", "From the same page; its role needs reviews, questions and chats.", secret=True)
    ]
    api_base: Annotated[str, field_of("Ozon's server", "Change it only for a gateway or a simulator.")] = (
        "https://api-seller.ozon.ru"
    )


class Ozon(Marketplace):
    kind = "ozon"
    title = "Ozon"
    summary = "Reviews and questions about the shop's goods on Ozon, and the chats with buyers."
    capabilities = Capabilities(
        address_kind="opaque",
        address_scope="inbox",
        receipts=frozenset({Receipt.SENT, Receipt.READ, Receipt.FAILED}),
        text_limit=1000,
        media=True,
        media_limit=10 * 1024 * 1024,
        comments=Comments(text_limit=3000, amends=frozenset({"delete"})),
        edits_in=True,
        polled=True,
        hooked=True,
        rate=(RateLimit(20, 1.0, "inbox"),),
        parallel=2,
    )
    Config = OzonConfig
    readers: ClassVar[Mapping[str, "msgspec.json.Decoder[Any]"]] = {
        "message": msgspec.json.Decoder(ChatMessage),
        "review": msgspec.json.Decoder(Review),
        "comment": msgspec.json.Decoder(Comment),
        "question": msgspec.json.Decoder(Question),
    }
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, Ozon signs nothing; the hook's secret path, and a seal of our own on what we asked for",
        "replay": "exempt, nothing is signed; the message's id keeps a repeat from counting twice",
        "batches": "done",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "exempt, Ozon's chat has none; they are written as numbered text",
        "receipts": "done",
        "edits": "done",
        "own answers changed": "done, taken away only; Ozon has no call to change one",
        "reply window": "exempt, who delivers decides it (FBO 48 h, FBS 72 h after delivery), which no chat tells",
        "moderation": "exempt, Ozon has no call for it",
        "token expiry": "exempt, Ozon tells nobody when a key ends; the cabinet shows it",
        "deep link": "exempt, a buyer opens the chat from the order",
    }

    def check(self) -> Dialogue[Account]:
        yield from self._ask("/v1/review/list", {"limit": 20, "sort_dir": "DESC", "status": "UNPROCESSED"})
        yield from self._ask("/v3/chat/list", {"limit": 1})
        note = "Reviews and questions are asked for once a minute. For chats at once, add the hook's address there too."
        return Account(name=f"Ozon {self.config.client_id}", handle=self.config.client_id, note=note)

    def look(self, cursor: Mapping[str, Any], now: datetime) -> Dialogue[Look]:
        found = Look()
        yield from looking.at_reviews(self._ask, Seen(cursor.get("reviews")), found, now)
        yield from looking.at_questions(self._ask, Seen(cursor.get("questions")), found, now)
        yield from looking.at_chats(self._ask, Seen(cursor.get("chats")), found, now)
        return found

    def understand(self, kind: str, thing: Any, at: datetime) -> Iterable[Inbound]:
        match kind:
            case "message":
                return list(reading.message(thing, at, self.config.api_base))
            case "review":
                return [reading.review(thing, at)]
            case "comment":
                return [reading.comment(thing, at)]
            case _:
                return list(reading.question(thing, at))

    def pushed(self, hook: Hook) -> Sequence[Inbound] | None:
        """Ozon signs nothing: whoever knows the hook's secret address is believed, about chats and nothing else."""
        if b'"message_type"' not in hook.body:
            return None
        try:
            told = read_push.decode(hook.body)
        except NOT_READABLE:
            return [Unknown("Ozon: a push about something else")]
        if not told.message_type.startswith("TYPE_") or kind_of_chat(told.chat_type) != "buyer":
            return [Unknown(f"Ozon: {said(told.message_type, 40)}")]
        if told.message_type == "TYPE_MESSAGE_READ":
            up_to = ident(told.last_read_message_id)
            return (
                [ReceiptCame(Receipt.READ, hook.received_at, provider_id=up_to)] if up_to else [Unknown("Ozon: read")]
            )
        if told.message_type not in {"TYPE_NEW_MESSAGE", "TYPE_UPDATE_MESSAGE"} or role_of(told.user.type) == "seller":
            return [Unknown(f"Ozon: {said(told.message_type, 40)}")]
        return list(reading.message(told, hook.received_at, self.config.api_base))

    def answer(self, hook: Hook) -> HookAnswer:
        if b"TYPE_PING" in hook.body:
            now = hook.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            return HookAnswer(msgspec.json.encode({"version": "1.0", "name": "Prilavok", "time": now}))
        return HookAnswer(b'{"result":true}')

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        if outbound.public:
            return (yield from self._publish(outbound))
        said: dict[str, Any] = {"chat_id": outbound.address}
        parts = [("message", said | {"text": outbound.text})] if outbound.text.strip() else []
        for file in outbound.attachments:
            parts.append(("file", said | {"name": file.name, "base64_content": Base64(file.data or b"")}))
        yield from in_parts([partial(self._say, what, fields) for what, fields in parts])
        return Sent(provider_id=(yield from self._id_of_last(outbound.address)))

    def _say(self, what: str, fields: Mapping[str, Any]) -> Dialogue[str]:
        yield from self._ask(f"/v1/chat/send/{what}", fields, sends=True)
        return ""

    def _publish(self, outbound: Outbound) -> Dialogue[Sent]:
        what, _, rest = outbound.replies_to.partition(":")
        if what == "question":
            which, _, sku = rest.rpartition(":")
            fields = {"question_id": which, "sku": int(sku) if sku.isdecimal() else sku, "text": outbound.text}
            answer = yield from self._ask("/v1/question/answer/create", fields, sends=True)
            return Sent(provider_id=f"answer:{ident(answer.get('answer_id'))}")
        fields = {"review_id": rest, "text": outbound.text, "mark_review_as_processed": True}
        if what == "comment":
            fields |= {"review_id": outbound.address.removeprefix("review:"), "parent_comment_id": rest}
        elif what != "review":
            raise Undeliverable("This is neither a review nor a question.")
        answer = yield from self._ask("/v1/review/comment/create", fields, sends=True)
        return Sent(provider_id=f"comment:{ident(answer.get('comment_id'))}")

    def amend(self, answer: Standing, text: str) -> Dialogue[None]:
        if text:
            raise Undeliverable("Ozon lets nobody change an answer: take it away and write another.")
        what, _, which = answer.provider_id.partition(":")
        if what == "answer":
            sku = answer.replies_to.rpartition(":")[2]
            fields = {"answer_id": which, "sku": int(sku) if sku.isdecimal() else sku}
            yield from self._ask("/v1/question/answer/delete", fields)
        else:
            yield from self._ask("/v1/review/comment/delete", {"comment_id": which})

    def _id_of_last(self, chat: str) -> Dialogue[str]:
        """Ozon does not say which id it gave: the chat's last message of ours has it."""
        try:
            history = yield from self._ask("/v3/chat/history", {"chat_id": chat, "direction": "Backward", "limit": 5})
        except (TryLater, Undeliverable, NeedsOwner):
            return ""  # it went out; only its receipt will be missing
        ours = (one for one in things(history, "messages") if role_in(one) == "seller")
        return ident(next(ours, {}).get("message_id"))

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        if not ref.startswith("/") or ref.startswith("//"):
            raise Undeliverable("Ozon keeps no such file.")
        url = f"{self.config.api_base.rstrip('/')}{ref}"
        response = yield Download("GET", url, headers=self._headers(), timeout=60.0, max_bytes=20 * 1024 * 1024)
        if response.status != 200:
            raise refused(VENDOR, response, "the file was not given away", hint=PLUS)
        return Fetched.of(response)

    def _headers(self) -> dict[str, str]:
        return {"client-id": self.config.client_id, "api-key": self.config.api_key}

    def _ask(self, path: str, fields: Mapping[str, Any], *, sends: bool = False) -> Dialogue[dict[str, Any]]:
        response: Response = yield Request(
            "POST",
            f"{self.config.api_base.rstrip('/')}{path}",
            headers={**self._headers(), "content-type": "application/json"},
            body=json_of(fields),
            timeout=30.0,
        )
        if response.status != 200:
            raise refused(VENDOR, response, failure_of(response), sends=sends, hint=PLUS)
        try:
            answer = msgspec.json.decode(response.body)
        except NOT_READABLE as error:
            raise TryLater("Ozon's answer is not JSON", perhaps_sent=sends) from error
        return answer if isinstance(answer, dict) else {}
