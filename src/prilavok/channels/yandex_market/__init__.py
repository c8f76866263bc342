"""Yandex Market: reviews of the shop's goods and questions about them, which everybody reads, and the chats with
buyers, which nobody else does. All of it is asked for; a push, which holds nothing but ids, only makes us ask at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

import msgspec

from prilavok.channels.base import (
    Account,
    Capabilities,
    Comments,
    Config,
    Dialogue,
    FormFile,
    Hook,
    HookAnswer,
    Inbound,
    NeedsOwner,
    Outbound,
    RateLimit,
    Receipt,
    Request,
    Response,
    Sent,
    Standing,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.market import Look, Marketplace, News, Seen, ident
from prilavok.channels.parts import in_parts
from prilavok.channels.wire import NOT_READABLE, said
from prilavok.channels.yandex_market import looking, reading
from prilavok.channels.yandex_market.looking import Eye
from prilavok.channels.yandex_market.shapes import (
    HINT,
    VENDOR,
    Answer,
    ChatMessage,
    Comment,
    Feedback,
    Push,
    Question,
    part,
    read_push,
    refusal,
    things,
)

MAY_TALK = {"ALL_METHODS", "COMMUNICATION"}


class YandexMarketConfig(Config):
    api_key: Annotated[
        str,
        field_of(
            "Api-Key",
            "Seller's cabinet: Settings → API and modules → Authorization tokens; access “Communication with buyers”.",
            secret=True,
        ),
    ]
    business_id: Annotated[
        str,
        field_of(
            "Cabinet's number",
            "Settings → API and modules, “Cabinet identifier” (businessId); not the shop's number (campaignId).",
            pattern=r"^[1-9][0-9]{0,17}$",
        ),
    ]
    api_base: Annotated[str, field_of("Yandex Market's server", "Change it only for a gateway or a simulator.")] = (
        "https://api.partner.market.yandex.ru"
    )


class YandexMarket(Marketplace):
    kind = "yandex_market"
    title = "Yandex Market"
    summary = "Reviews and questions about the shop's goods on Yandex Market, and the chats with buyers."
    capabilities = Capabilities(
        address_kind="opaque",
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.FAILED}),
        text_limit=4096,
        media=True,
        media_limit=5 * 1024 * 1024,
        comments=Comments(text_limit=4096, amends=frozenset({"edit", "delete"})),
        edits_in=True,
        polled=True,
        hooked=True,
        rate=(RateLimit(5, 10.0, "inbox"),),
        parallel=2,
    )
    Config = YandexMarketConfig
    readers: ClassVar[Mapping[str, "msgspec.json.Decoder[Any]"]] = {
        "feedback": msgspec.json.Decoder(Feedback),
        "comment": msgspec.json.Decoder(Comment),
        "question": msgspec.json.Decoder(Question),
        "answer": msgspec.json.Decoder(Answer),
        "message": msgspec.json.Decoder(ChatMessage),
    }
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, Yandex signs nothing; a push is believed in nothing, it only makes us ask",
        "replay": "exempt, nothing is signed; a repeated push asks once more and finds nothing new",
        "batches": "done",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "exempt, the chat has none; they are written as numbered text",
        "receipts": "done",
        "edits": "done",
        "own answers changed": "done",
        "moderation": "exempt, a shop can take away nothing but its own words",
        "skipping a review": "exempt, what is closed here stays closed; Yandex's own cabinet goes on listing it",
        "deep link": "exempt, a buyer opens the chat from the order",
    }

    def check(self) -> Dialogue[Account]:
        """What the key may do, and whether the cabinet is one of its own."""
        token = yield from self._post(f"{self._home}/v2/auth/token")
        rights = part(part(token, "result"), "apiKey").get("authScopes")
        if not MAY_TALK & set(rights if isinstance(rights, list) else ()):
            raise NeedsOwner(f"This Api-Key may not talk to buyers. {HINT}")
        answer = yield from self._get(f"{self._home}/v2/campaigns?limit=100")
        cabinets: dict[str, str] = {}
        for shop in things(answer, "campaigns"):
            cabinet = part(shop, "business")
            cabinets[ident(cabinet.get("id"))] = said(cabinet.get("name"), 100)
            if ident(shop.get("id")) == self.config.business_id != ident(cabinet.get("id")):
                right = ident(cabinet.get("id"))
                raise NeedsOwner(f"{self.config.business_id} is the number of a shop; its cabinet's is {right}.")
        if self.config.business_id not in cabinets:
            known = ", ".join(f"{number} ({name})" for number, name in cabinets.items())
            raise NeedsOwner(f"This Api-Key does not open the cabinet {self.config.business_id}. It opens: {known}.")
        yield from self._ask("POST", "v2 chats", {}, query={"limit": 1})
        note = (
            "Asked for once a minute. For news at once: Settings → API and modules → API notifications, "
            "and paste the hook's address there."
        )
        return Account(cabinets[self.config.business_id] or VENDOR, handle=self.config.business_id, note=note)

    def look(self, cursor: Mapping[str, Any], now: datetime) -> Dialogue[Look]:
        found, eye = Look(), Eye(self._ask, now)
        yield from looking.at_reviews(eye, Seen(cursor.get("reviews")), found)
        yield from looking.at_questions(eye, Seen(cursor.get("questions")), found)
        yield from looking.at_chats(eye, Seen(cursor.get("chats")), found)
        yield from looking.at_moderation(eye, cursor.get("moderation") or {}, found)
        return found

    def understand(self, kind: str, thing: Any, at: datetime) -> Iterable[Inbound]:
        match kind:
            case "feedback":
                return list(reading.feedback(thing, at))
            case "comment":
                return list(reading.comment(thing, at))
            case "question":
                return list(reading.question(thing, at))
            case "answer":
                return list(reading.answer(thing, at))
            case _:
                return list(reading.message(thing, at))

    # Pushes

    def pushed(self, hook: Hook) -> Sequence[Inbound] | None:
        """Bare ids say nothing yet; what they stand for comes as a delivery of its own (`called`)."""
        told = self._told(hook)
        return None if told is None else [Unknown(f"{VENDOR}: {said(told.notification_type, 60)}")]

    def called(self, hook: Hook) -> Dialogue[Sequence[News]] | None:
        told = self._told(hook)
        if told is None or str(told.business_id) != self.config.business_id:
            return None
        return looking.at_push(Eye(self._ask, hook.received_at), told)

    def answer(self, hook: Hook) -> HookAnswer:
        """The same to the check of the address (within a second) and to everything else (within ten)."""
        now = hook.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return HookAnswer(msgspec.json.encode({"version": "1.0.0", "name": "Prilavok", "time": now}))

    def _told(self, hook: Hook) -> Push | None:
        if b'"notificationType"' not in hook.body:
            return None
        try:
            return read_push.decode(hook.body)
        except NOT_READABLE:
            return Push(notification_type="a push of another shape")

    # Out

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        if outbound.public:
            return (yield from self._publish(outbound))
        if not outbound.address.isdecimal():
            raise Undeliverable("This is no chat of Yandex Market's.")
        files = [(("file", one.name, one.type, one.data or b""),) for one in outbound.attachments]
        words = [partial(self._say, outbound)] if outbound.text.strip() else []
        yield from in_parts([*words, *(partial(self._give, outbound, one) for one in files)])
        return Sent(provider_id=(yield from self._id_of_last(outbound)))

    def _say(self, outbound: Outbound) -> Dialogue[str]:
        query = {"chatId": outbound.address}
        yield from self._ask("POST", "v2 chats/message", {"message": outbound.text}, query=query, sends=True)
        return ""

    def _give(self, outbound: Outbound, file: tuple[FormFile, ...]) -> Dialogue[str]:
        query = {"chatId": outbound.address}
        yield from self._ask("POST", "v2 chats/file/send", query=query, files=file, sends=True)
        return ""

    def _publish(self, outbound: Outbound) -> Dialogue[Sent]:
        match outbound.replies_to.split(":"):
            case ["feedback", review]:
                return (yield from self._comment(review, {"text": outbound.text}))
            case ["comment", parent, review]:
                return (yield from self._comment(review, {"text": outbound.text, "parentId": number(parent)}))
            case ["question", asked]:
                return (yield from self._answer(outbound.text, asked, "QUESTION"))
            case ["answer", under] | ["said", _, under]:
                return (yield from self._answer(outbound.text, under, "ANSWER"))
            case _:
                raise Undeliverable("This is neither a review nor a question.")

    def _comment(self, review: str, comment: Mapping[str, Any]) -> Dialogue[Sent]:
        fields = {"feedbackId": number(review), "comment": comment}
        result = yield from self._ask("POST", "v2 goods-feedback/comments/update", fields, sends=True)
        return Sent(provider_id=f"comment:{ident(result.get('id'))}:{review}")

    def _answer(self, text: str, parent: str, kind: str) -> Dialogue[Sent]:
        under = {"id": number(parent), "type": kind}
        fields = {"operationType": "CREATE", "parentEntityId": under, "text": text}
        result = yield from self._ask("POST", "v1 goods-questions/update", fields, sends=True)
        made = ident(part(result, "entity").get("id"))
        return Sent(provider_id=f"answer:{made}" if kind == "QUESTION" else f"said:{made}:{parent}")

    def amend(self, answer: Standing, text: str) -> Dialogue[None]:
        match answer.provider_id.split(":"):
            case ["comment", which, review] if text:
                fields = {"feedbackId": number(review), "comment": {"id": number(which), "text": text}}
                yield from self._ask("POST", "v2 goods-feedback/comments/update", fields)
            case ["comment", which, _]:
                yield from self._ask("POST", "v2 goods-feedback/comments/delete", {"id": number(which)})
            case [("answer" | "said") as what, which, *_]:
                entity = {"id": number(which), "type": "ANSWER" if what == "answer" else "COMMENT"}
                words = {"operationType": "UPDATE", "text": text} if text else {"operationType": "DELETE"}
                yield from self._ask("POST", "v1 goods-questions/update", {**words, "entityId": entity})
            case _:
                raise Undeliverable("This is no answer of the shop's.")

    def _id_of_last(self, outbound: Outbound) -> Dialogue[str]:
        """Yandex does not say which id it gave: the chat's last message of ours has it."""
        try:
            told = yield from Eye(self._ask, datetime.now(UTC)).history(outbound.address)
        except (TryLater, Undeliverable, NeedsOwner):
            return ""  # it went out; only its id is unknown
        ours = [ident(one.get("messageId")) for one in told if looking.is_ours(one)]
        return f"{outbound.address}:{ours[-1]}" if ours else ""

    # Requests

    @property
    def _home(self) -> str:
        return str(self.config.api_base).rstrip("/")

    def _ask(
        self,
        method: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        files: tuple[FormFile, ...] = (),
        sends: bool = False,
    ) -> Dialogue[dict[str, Any]]:
        """`path`: the version, and what follows the business."""
        version, _, rest = path.partition(" ")
        url = f"{self._home}/{version}/businesses/{self.config.business_id}/{rest}"
        url += f"?{urlencode(query)}" if query else ""
        ask = partial(self._post, fields=fields, files=files) if method == "POST" else self._get
        return part((yield from ask(url, sends=sends)), "result")

    def _get(self, url: str, *, sends: bool = False) -> Dialogue[dict[str, Any]]:
        response = yield Request("GET", url, headers={"api-key": self.config.api_key}, timeout=30.0)
        return read(response, sends=sends)

    def _post(
        self,
        url: str,
        *,
        fields: Mapping[str, Any] | None = None,
        files: tuple[FormFile, ...] = (),
        sends: bool = False,
    ) -> Dialogue[dict[str, Any]]:
        headers, body = {"api-key": self.config.api_key}, None
        if fields is not None:
            headers["content-type"] = "application/json"
            body = msgspec.json.encode(fields)
        response = yield Request("POST", url, headers=headers, body=body, files=files, timeout=30.0)
        return read(response, sends=sends)


def number(text: str) -> int:
    """An id of Yandex's out of one of ours."""
    if not text.isdecimal():
        raise Undeliverable("This is neither a review nor a question.")
    return int(text)


def read(response: Response, *, sends: bool) -> dict[str, Any]:
    if response.status != 200:
        raise refusal(response, sends=sends)
    try:
        answer = msgspec.json.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("Yandex Market's answer is not JSON", perhaps_sent=sends) from error
    if isinstance(answer, dict) and answer.get("status") == "ERROR":
        raise refusal(Response(400, {}, response.body))
    return answer if isinstance(answer, dict) else {}
