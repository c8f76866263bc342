"""Wildberries: reviews and questions about the shop's goods, which everybody reads, and the chats with buyers. There is
no push of any of them: everything is asked for.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar
from urllib.parse import quote, urlencode

import msgspec

from prilavok.channels.base import (
    Account,
    Capabilities,
    Comments,
    Config,
    Dialogue,
    Download,
    Fetched,
    FormFile,
    Inbound,
    Outbound,
    RateLimit,
    Receipt,
    Request,
    Response,
    Sent,
    Standing,
    TryLater,
    Undeliverable,
    field_of,
)
from prilavok.channels.market import BACK, Look, Marketplace, Seen, ident, moment_of
from prilavok.channels.wildberries import reading
from prilavok.channels.wildberries.access import VENDOR, good_until, multipart, refusal
from prilavok.channels.wildberries.reading import Event, Feedback, Question
from prilavok.channels.wire import NOT_READABLE, said

PAGES = 20  # of chat events in one round
CHATS_BACK = timedelta(days=2)  # how far back a new inbox reads chats
REJECTED = "Вопрос не о товаре, поэтому мы его не публикуем. Напишите, пожалуйста, в чат с продавцом."
TAKEN = {"image/jpeg", "image/png", "application/pdf"}


class WildberriesConfig(Config):
    token: Annotated[
        str,
        field_of(
            "API token",
            "Wildberries' portal: Settings → API access. A personal or service token for “Feedbacks and questions” "
            "and “Buyers chat”; a base token may ask only once an hour.",
            secret=True,
        ),
    ]
    api_base: Annotated[str, field_of("Server of reviews", "Change it only for a gateway or a simulator.")] = (
        "https://feedbacks-api.wildberries.ru"
    )
    chat_base: Annotated[str, field_of("Server of chats", "Change it only for a gateway or a simulator.")] = (
        "https://buyer-chat-api.wildberries.ru"
    )


class Wildberries(Marketplace):
    kind = "wildberries"
    title = "Wildberries"
    expires = True
    summary = "Reviews and questions about the shop's goods on Wildberries, and the chats with buyers."
    capabilities = Capabilities(
        address_kind="opaque",
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.FAILED}),
        text_limit=1000,
        media=True,
        media_limit=5 * 1024 * 1024,
        comments=Comments(
            text_limit=5000,
            answers=1,
            moderates=frozenset({"hide"}),
            moderated=frozenset({"question"}),
            amends=frozenset({"edit"}),
        ),
        polled=True,
        hooked=False,
        rate=(RateLimit(3, 1.0, "inbox"),),
        parallel=1,
    )
    Config = WildberriesConfig
    readers: ClassVar[Mapping[str, "msgspec.json.Decoder[Any]"]] = {
        "feedback": msgspec.json.Decoder(Feedback),
        "question": msgspec.json.Decoder(Question),
        "event": msgspec.json.Decoder(Event),
    }
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, nothing is pushed; a seal of our own on what we asked for",
        "replay": "exempt, nothing is pushed",
        "batches": "exempt, nothing is pushed",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "exempt, the chat has none; they are written as numbered text",
        "receipts": "done",
        "edits": "done, of reviews; a buyer's chat knows none",
        "own answers changed": "done, once within sixty days; Wildberries takes none away",
        "moderation": "done, a question is rejected, with a sentence to its author; a review cannot be",
        "deep link": "exempt, a buyer opens the chat from the order",
    }

    def check(self) -> Dialogue[Account]:
        until = good_until(self.config.token, datetime.now(UTC))
        yield from self._list("feedbacks", answered=False, take=1)
        yield from self._chats()
        note = f"The token is good until {until:%Y-%m-%d}: make a new one before that day."
        return Account(name="Wildberries", handle="wildberries", note=note, expires_at=until)

    def look(self, cursor: Mapping[str, Any], now: datetime) -> Dialogue[Look]:
        found = Look()
        for name, kind in (("feedbacks", "feedback"), ("questions", "question")):
            seen = Seen(cursor.get(name))
            for answered in (False, True):
                things = yield from self._list(name, answered=answered, take=100)
                for one in reversed(things):
                    fresh = moment_of(one.get("createdDate"), now) > now - BACK
                    news = seen.is_news(ident(one.get("id")), reading.state_of(one))
                    if news and not (seen.first and (answered or not fresh)):
                        found.news.append((kind, one))
            found.cursor[name] = seen.kept()
        following = cursor.get("next") or int((now - CHATS_BACK).timestamp() * 1000)
        for _ in range(PAGES):
            answer = yield from self._ask("GET", f"{self._chat}/api/v1/seller/events?next={following}")
            result = answer.get("result")
            events = result.get("events") if isinstance(result, dict) else None
            if not isinstance(result, dict) or not isinstance(events, list) or not result.get("totalEvents"):
                break
            found.news += [("event", one) for one in events]
            following = result.get("next") or following
        found.cursor["next"] = following
        return found

    def understand(self, kind: str, thing: Any, at: datetime) -> Iterable[Inbound]:
        match kind:
            case "feedback":
                return list(reading.feedback(thing, at))
            case "question":
                return list(reading.question(thing, at))
            case _:
                return [reading.event(thing, at)]

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        if outbound.public:
            return (yield from self._publish(outbound))
        for file in outbound.attachments:
            if file.type not in TAKEN:
                raise Undeliverable(f"Wildberries takes JPEG, PNG and PDF; “{file.name}” is something else.")
        sign = next(
            (one["replySign"] for one in (yield from self._chats()) if one.get("chatID") == outbound.address), ""
        )
        if not sign:
            raise Undeliverable("Wildberries lets a shop write only where the buyer has begun a chat.")
        form = {"replySign": str(sign)} | ({"message": outbound.text} if outbound.text.strip() else {})
        files = tuple(("file", file.name, file.type, file.data or b"") for file in outbound.attachments)
        answer = yield from self._ask("POST", f"{self._chat}/api/v1/seller/message", form=form, files=files, sends=True)
        result = answer.get("result")
        at = ident(result.get("addTime")) if isinstance(result, dict) else ""
        return Sent(provider_id=f"{outbound.address}:{at}" if at else "")

    def _publish(self, outbound: Outbound) -> Dialogue[Sent]:
        what, _, which = outbound.replies_to.partition(":")
        base = self.config.api_base.rstrip("/")
        if what == "feedback":
            fields: dict[str, Any] = {"id": which, "text": outbound.text}
            yield from self._ask("POST", f"{base}/api/v1/feedbacks/answer", fields, sends=True)
        elif what == "question":
            fields = {"id": which, "answer": {"text": outbound.text}, "state": "wbRu"}
            yield from self._ask("PATCH", f"{base}/api/v1/questions", fields, sends=True)
        else:
            raise Undeliverable("This is neither a review nor a question.")
        return Sent(provider_id=f"answer:{which}")

    def amend(self, answer: Standing, text: str) -> Dialogue[None]:
        """Once within sixty days. A wrong id is not complained of, so only ids that we were given are named."""
        what, _, which = answer.replies_to.partition(":")
        base = self.config.api_base.rstrip("/")
        if not text or what not in {"feedback", "question"}:
            raise Undeliverable("Wildberries takes no answer away; it can be changed, once.")
        if what == "feedback":
            yield from self._ask("PATCH", f"{base}/api/v1/feedbacks/answer", {"id": which, "text": text})
        else:
            fields = {"id": which, "answer": {"text": text}, "state": "wbRu"}
            yield from self._ask("PATCH", f"{base}/api/v1/questions", fields)

    def moderate(self, act: str, provider_id: str) -> Dialogue[None]:
        """A question that is rejected stands nowhere; Wildberries wants words to its author with it."""
        what, _, which = provider_id.partition(":")
        if act != "hide" or what != "question":
            raise Undeliverable("Wildberries lets a shop reject questions, and nothing else.")
        fields = {"id": which, "answer": {"text": REJECTED}, "state": "none"}
        yield from self._ask("PATCH", f"{self.config.api_base.rstrip('/')}/api/v1/questions", fields)

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        url = f"{self._chat}/api/v1/seller/download/{quote(ref, safe='')}"
        headers = {"authorization": self.config.token}
        response = yield Download("GET", url, headers=headers, timeout=60.0, max_bytes=30 * 1024 * 1024)
        if response.status != 200:
            raise refusal(response)
        return Fetched.of(response)

    @property
    def _chat(self) -> str:
        return str(self.config.chat_base).rstrip("/")

    def _list(self, name: str, *, answered: bool, take: int) -> Dialogue[list[dict[str, Any]]]:
        query = urlencode({"isAnswered": str(answered).lower(), "take": take, "skip": 0, "order": "dateDesc"})
        answer = yield from self._ask("GET", f"{self.config.api_base.rstrip('/')}/api/v1/{name}?{query}")
        data = answer.get("data")
        found = data.get(name) if isinstance(data, dict) else None
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def _chats(self) -> Dialogue[list[dict[str, Any]]]:
        answer = yield from self._ask("GET", f"{self._chat}/api/v1/seller/chats")
        found = answer.get("result")
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def _ask(
        self,
        method: str,
        url: str,
        fields: Mapping[str, Any] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        files: tuple[FormFile, ...] = (),
        sends: bool = False,
    ) -> Dialogue[dict[str, Any]]:
        """The token stands there by itself, without "Bearer". A form without files is sent as multipart as well."""
        headers = {"authorization": self.config.token}
        if fields is not None:
            headers["content-type"] = "application/json"
        body = msgspec.json.encode(fields) if fields is not None else None
        if form is not None and not files:
            body, headers["content-type"] = multipart(form)
            form = None
        response: Response = yield Request(
            method, url, headers=headers, body=body, form=form or {}, files=files, timeout=30.0
        )
        if response.status == 204:
            return {}
        if response.status != 200:
            raise refusal(response, sends=sends)
        try:
            answer = msgspec.json.decode(response.body)
        except NOT_READABLE as error:
            raise TryLater("Wildberries' answer is not JSON", perhaps_sent=sends) from error
        if isinstance(answer, dict) and answer.get("error") is True:
            raise Undeliverable(f"{VENDOR}: {said(answer.get('errorText'), 200) or 'refused'}")
        return answer if isinstance(answer, dict) else {}
