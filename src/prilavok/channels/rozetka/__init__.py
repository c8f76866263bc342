"""Rozetka: chats with buyers, reviews of goods and of the shop, questions, and the calls that Rozetka took for it.
There is no push of any of them: everything is asked for.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
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
    InboxInfo,
    NeedsOwner,
    Outbound,
    RateLimit,
    Receipt,
    Request,
    Response,
    Sent,
    Undeliverable,
    field_of,
)
from prilavok.channels.market import BACK, SETTLES, Look, Marketplace, Seen, ident
from prilavok.channels.parts import in_parts
from prilavok.channels.rozetka import reading
from prilavok.channels.rozetka.access import HINT, VENDOR, SessionOverError, read
from prilavok.channels.rozetka.reading import Call, ChatMessage, ItemComment, ShopReview, local
from prilavok.channels.wire import said

CHATS = ("orders", "items")  # of an order; of a product or to the seller. Without it only products' chats come
PAGES = 10  # of twenty things
CLOSED_CALL = {3, 4, 5}  # not solved, solved, closed
CALL_WORDS = 300  # characters
UNSOLVED = re.compile(r"\s*(?:не вирішено|не решено|not solved)\b", re.IGNORECASE)


class RozetkaConfig(Config):
    username: Annotated[str, field_of("Login", "Of the seller's cabinet; best a manager made for this program alone.")]
    password: Annotated[str, field_of("Password", "Of the same login.", secret=True)]
    api_base: Annotated[str, field_of("Rozetka's server", "Change it only for a gateway or a simulator.")] = (
        "https://api-seller.rozetka.com.ua"
    )


@dataclass(slots=True)
class Session:
    token: str = ""


class Rozetka(Marketplace):
    kind = "rozetka"
    title = "Rozetka"
    summary = "Chats with buyers on Rozetka, reviews and questions about goods, reviews of the shop, and calls."
    capabilities = Capabilities(
        address_kind="opaque",
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.FAILED}),
        text_limit=4000,
        media=True,
        media_limit=5 * 1024 * 1024,
        comments=Comments(text_limit=2000),
        edits_in=True,
        polled=True,
        hooked=False,
        rate=(RateLimit(1, 1.0, "inbox"),),
        parallel=1,
    )
    Config = RozetkaConfig
    readers: ClassVar[Mapping[str, "msgspec.json.Decoder[Any]"]] = {
        "message": msgspec.json.Decoder(ChatMessage),
        "comment": msgspec.json.Decoder(ItemComment),
        "review": msgspec.json.Decoder(ShopReview),
        "call": msgspec.json.Decoder(Call),
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
        "edits": "done",
        "more than one page": "done, back to what is known, ten pages at most",
        "call's state": "done, told and set: a reply under a call closes it at Rozetka, the customer is rung",
        "own answers changed": "exempt, the API has no call for it",
        "moderation": "exempt, Rozetka's own moderators do it",
        "deep link": "exempt, a buyer opens the chat from the order",
    }

    def __init__(self, config: RozetkaConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.session = Session()  # of whoever asks again and again; a message borrows it

    def check(self) -> Dialogue[Account]:
        session = Session()
        content = yield from self._sign_in(session)
        market = content.get("market")
        title = said(market.get("title"), 100) if isinstance(market, dict) else ""
        yield from self._ask(session, "GET", "/messages/counts")
        return Account(title or VENDOR, handle=self.config.username, note="Asked for once a minute.")

    def look(self, cursor: Mapping[str, Any], now: datetime) -> Dialogue[Look]:
        found = Look()
        yield from self._look_at_chats(Seen(cursor.get("chats")), found, now)
        for kind, path, name, sort, state in (
            ("comment", "/item-comments/search", "itemComments", "-changed", state_of_comment),
            ("review", "/market-reviews/search", "marketReviews", "-created_at", state_of_review),
            ("call", "/calls/search", "calls", "-id", lambda one: ident(one.get("status_id"))),
        ):
            seen = Seen(cursor.get(name))
            query = {"sort": sort, "expand": "children"} if kind == "comment" else {"sort": sort}
            for one in reversed((yield from self._news(path, name, query, seen, now))):
                known = seen.has(ident(one.get("id")))
                if not seen.is_news(ident(one.get("id")), state(one)):
                    continue
                if kind == "call" and one.get("status_id") in CLOSED_CALL and not known:
                    continue
                if seen.first and (written_at(one, now) < now - BACK or one.get("reply") or one.get("children")):
                    continue
                found.news.append((kind, one))
            found.cursor[name] = seen.kept()
        return found

    def _look_at_chats(self, seen: Seen, found: Look, now: datetime) -> Dialogue[None]:
        """By searching: to open a chat would mark it as read."""
        for kind in CHATS:
            query = {"msgType": kind, "sort": "-updated", "expand": "messages"}
            for chat in reversed((yield from self._list("/messages/search", "chats", query))):
                key, changed, user = ident(chat.get("id")), str(chat.get("updated"))[:40], chat.get("user")
                before, listed = seen.known.get(key, ""), chat.get("messages")
                if not key or not seen.is_news(key, changed) or not isinstance(listed, list):
                    continue
                if seen.first and (not chat.get("unread_messages_count") or local(changed, now) < now - BACK):
                    continue
                fresh = [it for it in listed if isinstance(it, dict) and str(it.get("created")) >= before]
                if any(it.get("sender") == reading.SELLER and settles(it, now) for it in fresh):
                    seen.known[key] = before  # our own words, perhaps: looked at again when we know what we sent
                    fresh = [it for it in fresh if it.get("sender") != reading.SELLER]
                name = user.get("contact_fio") if isinstance(user, dict) else ""
                known = {"buyer": chat.get("user_id"), "order": chat.get("order_id"), "name": said(name, 100)}
                found.news += [("message", {**it, **known}) for it in fresh]
        found.cursor["chats"] = seen.kept()

    def understand(self, kind: str, thing: Any, at: datetime) -> Iterable[Inbound]:
        match kind:
            case "message":
                return [reading.message(thing, at)]
            case "comment":
                return list(reading.comment(thing, at))
            case "review":
                return list(reading.review(thing, at))
            case _:
                return list(reading.call(thing, at))

    # Out

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        session = Session(self.session.token)
        if outbound.public:
            return (yield from self._publish(session, outbound))
        chat, _, buyer = outbound.address.partition(":")
        if not chat.isdecimal():
            return (yield from self._settle(session, buyer, outbound))
        where = {"chat_id": chat, "sendEmailUser": "0"} | ({"receiver_id": buyer} if buyer else {})

        def say(text: str, file: tuple[FormFile, ...]) -> Dialogue[str]:
            form = {"body": text, **where}
            made = yield from self._ask(session, "POST", "/messages/create", form=form, files=file, sends=True)
            return reading.message_id(chat, made.get("created"), reading.SELLER, made.get("body"))

        return (yield from in_parts([partial(say, text, file) for text, file in parts_of(outbound)]))

    def _settle(self, session: Session, which: str, outbound: Outbound) -> Dialogue[Sent]:
        """What a colleague says of a call is for Rozetka, not for the customer: solved or not, and a word."""
        if outbound.automatic:
            raise Undeliverable("Rozetka passes nothing on after a call: ring the customer.")
        if len(outbound.text) > CALL_WORDS:
            raise Undeliverable(f"Rozetka takes at most {CALL_WORDS} characters about a call.")
        state = "not_decided" if UNSOLVED.match(outbound.text) else "decided"
        fields = {"request_id": int(which), "status": state, "status_comment": outbound.text}
        yield from self._ask(session, "PUT", "/calls/change-status", fields, sends=True)
        return Sent(provider_id=f"settled:{which}:{outbound.message_id}")

    def _publish(self, session: Session, outbound: Outbound) -> Dialogue[Sent]:
        root = outbound.replies_to
        if root.startswith("reply:"):
            root = root.split(":", 2)[2]
        match root.split(":"):
            case ["item", which, item] if which.isdecimal() and item.isdecimal():
                fields = {"parent_id": int(which), "text": outbound.text, "item_id": int(item), "is_reade": 1}
                answer = yield from self._ask(session, "POST", "/item-comments/create-comment", fields, sends=True)
                made = answer.get("comment")
                number = ident(made.get("id")) if isinstance(made, dict) else ""
                return Sent(provider_id=f"reply:{number}:{root}")
            case ["shop", which, order] if which.isdecimal() and order.isdecimal():
                fields = {"comment": outbound.text, "market_review_id": int(which), "order_id": int(order)}
                answer = yield from self._ask(session, "POST", "/market-review-replies/reply", fields, sends=True)
                return Sent(provider_id=f"shopreply:{ident(answer.get('id'))}")
            case _:
                raise Undeliverable("This is neither a review nor a question.")

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        session = Session(self.session.token)
        if not session.token:
            yield from self._sign_in(session)
        url = f"{self._home}/messages/download-file/{quote(ref, safe='')}"
        headers = {"authorization": f"Bearer {session.token}"}
        response = yield Download("GET", url, headers=headers, timeout=60.0, max_bytes=20 * 1024 * 1024)
        if response.status != 200:
            raise Undeliverable(f"{VENDOR} did not give the file away.")
        return Fetched.of(response)

    # Requests

    @property
    def _home(self) -> str:
        return str(self.config.api_base).rstrip("/")

    def _news(
        self, path: str, name: str, query: Mapping[str, str], seen: Seen, now: datetime
    ) -> Dialogue[list[dict[str, Any]]]:
        """The newest first, page after page, until one ends with something that is known or long past, and no call that
        we know as open is left.
        """
        calls = seen.known if name == "calls" else {}
        waiting = {key for key, state in calls.items() if state not in {str(one) for one in CLOSED_CALL}}
        found: list[dict[str, Any]] = []
        for page in range(1, PAGES + 1):
            answer = yield from self._ask(self.session, "GET", f"{path}?{urlencode({**query, 'page': page})}")
            listed = answer.get(name)
            things = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
            found += things
            about = answer.get("_meta")
            pages = about.get("pageCount") if isinstance(about, dict) else 1
            last = things[-1] if things else {}
            past = seen.has(ident(last.get("id"))) or local(last.get("changed"), written_at(last, now)) < now - BACK
            waiting -= {ident(one.get("id")) for one in things}
            if (past and not waiting) or not isinstance(pages, int) or page >= pages:
                break
        return found

    def _list(self, path: str, name: str, query: Mapping[str, str]) -> Dialogue[list[dict[str, Any]]]:
        answer = yield from self._ask(self.session, "GET", f"{path}?{urlencode(query)}")
        found = answer.get(name)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def _ask(
        self,
        session: Session,
        method: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        files: tuple[FormFile, ...] = (),
        sends: bool = False,
    ) -> Dialogue[dict[str, Any]]:
        """A token dies after a while, and when the same login signs in anew: then once more with a new one."""
        known = bool(session.token)
        if not known:
            yield from self._sign_in(session)
        headers = {"authorization": f"Bearer {session.token}", "content-language": "uk"}
        body = msgspec.json.encode(fields) if fields is not None else None
        if body is not None:
            headers["content-type"] = "application/json"
        response: Response = yield Request(
            method, f"{self._home}{path}", headers=headers, body=body, form=form or {}, files=files, timeout=30.0
        )
        try:
            return read(response, sends=sends)
        except SessionOverError as error:
            session.token = ""
            if not known:
                raise NeedsOwner(f"{VENDOR} does not accept its own token. {HINT}") from error
        return (yield from self._ask(session, method, path, fields, form=form, files=files, sends=sends))

    def _sign_in(self, session: Session) -> Dialogue[dict[str, Any]]:
        hidden = base64.b64encode(self.config.password.encode()).decode()
        body = msgspec.json.encode({"username": self.config.username, "password": hidden})
        headers = {"content-type": "application/json"}
        response = yield Request("POST", f"{self._home}/sites", headers=headers, body=body, timeout=30.0)
        try:
            content = read(response)
        except SessionOverError as error:
            raise NeedsOwner(f"{VENDOR} does not know this login. {HINT}") from error
        session.token = said(content.get("access_token"), 500)
        if not session.token:
            raise NeedsOwner(f"{VENDOR} gave no token. {HINT}")
        return content


def written_at(one: Mapping[str, Any], now: datetime) -> datetime:
    return local(one.get("created") or one.get("created_at") or one.get("date_call"), now)


def parts_of(outbound: Outbound) -> list[tuple[str, tuple[FormFile, ...]]]:
    """One message a file; the words go with the first."""
    files = [(("file", it.name, it.type, it.data or b""),) for it in outbound.attachments]
    return [(outbound.text if not number else "", it) for number, it in enumerate(files)] or [(outbound.text, ())]


def settles(message: Mapping[str, Any], now: datetime) -> bool:
    return local(message.get("created"), now) > now - SETTLES


def state_of_comment(one: Mapping[str, Any]) -> str:
    children = one.get("children")
    told = [(it.get("id"), it.get("status")) for it in children or () if isinstance(it, dict)] if children else []
    whole = repr((one.get("changed"), told))
    return hashlib.sha256(whole.encode(errors="replace")).hexdigest()[:16]


def state_of_review(one: Mapping[str, Any]) -> str:
    reply = one.get("reply")
    return str(reply.get("status")) if isinstance(reply, dict) else ""
