"""Rozetka's Seller API, as much of it as the shop's connector uses. It pushes nothing, and says no within a 200."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from prilavok.simulator.bazaar import Bazaar, Chat, Said, fits, surplus
from prilavok.simulator.messenger import Bubble, File
from prilavok.simulator.office import Asked, RefusedError, answer
from prilavok.simulator.telegram.contract import Uploaded
from prilavok.simulator.telegram.http import multipart

LOGIN, PASSWORD = "shop", "rozetka-password-of-the-simulator"
KYIV = ZoneInfo("Europe/Kyiv")
BUYER_ID = 36386171
ORDER = 746751484
PAGE = 20  # things


class RozetkaEmulator(Bazaar):
    """`calls`: what customers rang Rozetka about. `tokens` counts the sign-ins."""

    keeps = (*Bazaar.keeps, "calls")

    def __init__(self, **common: Any) -> None:
        super().__init__(**common)
        self.hook = ""
        self.tokens = 0  # each new one ends the one before
        self.calls: list[dict[str, Any]] = []
        self.route("POST", "/sites", self._sign_in)
        self.route("GET", "/messages/counts", lambda asked: self._told(asked, lambda: {"total": len(self.chats)}))
        self.route("GET", "/messages/search", self._chats)
        self.route("POST", "/messages/create", self._message, sends=True)
        self.route("GET", r"/messages/download-file/(?P<id>\d+)", self._download)
        self.route("GET", "/item-comments/search", lambda asked: self._told(asked, self._comments))
        self.route("POST", "/item-comments/create-comment", self._comment, sends=True)
        self.route("GET", "/market-reviews/search", lambda asked: self._told(asked, self._reviews))
        self.route("POST", "/market-review-replies/reply", self._reply, sends=True)
        self.route("GET", "/calls/search", lambda asked: self._told(asked, lambda: {"calls": self.calls[::-1]}))

        self.route("PUT", "/calls/change-status", self._settle_call, sends=True)

    def user_rings(self, person: str, text: str, phone: str) -> None:
        told = {"id": int(self.number()), "request_type_name": "Прохання зв'язатися", "message": text}
        more = {"date_call": kyiv(self.now()), "order_id": ORDER, "request_type": 1, "status_id": 1}
        self.calls.append({**told, **more, "user_login": person, "user_phone": phone})

    def user_judges(self, person: str, text: str, vote: int, *, name: str = "") -> Said:
        """A review of the shop, not of a thing."""
        return self._publish("shop", person, text, name=name, rating=vote)

    def session_ends(self) -> None:
        self.tokens += 1

    def _settle_call(self, asked: Asked) -> Response:
        given = self.fields(asked, 200, failure(1002, "incorrect_data_format"))
        self._told(asked, dict)
        call = next((one for one in self.calls if one["id"] == given.get("request_id")), None)
        state = {"decided": 4, "not_decided": 3}.get(given.get("status", ""))
        if call is None or state is None or len(given.get("status_comment", "")) > 300:
            raise RefusedError(200, failure(1002, "incorrect_data_format"))
        call |= {"status_id": state, "status_comment": given.get("status_comment", "")}
        return content({"call": call})

    def chat_id(self) -> str:
        return self.number()

    def said_id(self) -> str:
        return self.number()

    def _sign_in(self, asked: Asked) -> Response:
        given = self.fields(asked, 200, failure(1002, "incorrect_data_format"))
        hidden = base64.b64encode(PASSWORD.encode()).decode()
        if given != {"username": LOGIN, "password": hidden}:
            raise RefusedError(200, failure(1004, "incorrect_username_password"))
        self.tokens += 1
        return content({"id": 111, "access_token": f"token-{self.tokens}", "market": {"id": 1086, "title": "Кардамон"}})

    def _admit(self, asked: Asked) -> None:
        if asked.request.headers.get("authorization") != f"Bearer token-{self.tokens}":
            raise RefusedError(200, failure(6001, "session_expired"))
        if asked.request.method == "GET":
            self.requests.append((f"GET {asked.request.url.path}", asked.query))

    def _told(self, asked: Asked, make: Callable[[], dict[str, Any]]) -> Response:
        self._admit(asked)
        told, page = make(), int(asked.query.get("page", "1"))
        for name, things in told.items():
            if isinstance(things, list):
                pages = max(1, -(-len(things) // PAGE))
                part = things[(page - 1) * PAGE : page * PAGE]
                return content({name: part, "_meta": {"pageCount": pages, "currentPage": page, "perPage": PAGE}})
        return content(told)

    def _chats(self, asked: Asked) -> Response:
        self._admit(asked)
        if asked.query.get("msgType") not in {"orders", "items", "deleted"}:
            raise RefusedError(200, failure(1001, "required_parameter"))
        chats = [one for one in self.chats.values() if one.bubbles] if asked.query["msgType"] == "orders" else []
        return content({"chats": [self._as_chat(one) for one in chats]})

    def _as_chat(self, one: Chat) -> dict[str, Any]:
        return {
            "id": int(one.id),
            "updated": kyiv(one.bubbles[-1].at),
            "user": {"id": BUYER_ID, "contact_fio": one.name},
            "order_id": ORDER,
            "type": 0,
            "user_id": BUYER_ID,
            "unread_messages_count": one.unread,
            "messages": [self._as_message(one, bubble) for bubble in one.bubbles],
        }

    def _as_message(self, chat: Chat, one: Bubble) -> dict[str, Any]:
        files = [{"id": int(it.id), "name": it.name, "size": len(it.data), "typeName": "IMG"} for it in one.files]
        told = {"chat_id": int(chat.id), "body": one.text, "created": kyiv(one.at), "files": files, "status": 0}
        return {**told, "sender": 3 if one.mine else 2}

    def _message(self, asked: Asked) -> Response:
        self._admit(asked)
        kind = asked.request.headers.get("content-type", "")
        given: dict[str, Any] = dict(asked.form)
        if kind.startswith("multipart/form-data"):
            given = multipart(asked.body, kind.partition("boundary=")[2].encode())
        chat = self.chat_with(str(given.get("chat_id")))
        if chat is None or given.get("receiver_id") != str(BUYER_ID):
            raise RefusedError(200, failure(1019, "entity_not_found"))
        if surplus(given, {"body", "chat_id", "receiver_id", "sendEmailUser", "file"}):
            raise RefusedError(200, failure(1005, "check_correctness_of_data"))
        one, files = given.get("file"), []
        if isinstance(one, Uploaded):
            files = [File(id=self.number(), name=one.name, type=one.type, data=one.data)]
            self.files[files[0].id] = files[0]
        bubble = self.shop_says(chat, str(given.get("body", "")), *files)
        return content(self._as_message(chat, bubble))

    def _download(self, asked: Asked) -> Response:
        self._admit(asked)
        file = self.files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer(failure(1013, "file_not_found"), 404)

    def _comments(self) -> dict[str, Any]:
        said = [one for one in self.said.values() if one.kind != "shop"]
        return {"itemComments": [self._as_comment(one) for one in reversed(said)]}

    def _as_comment(self, one: Said) -> dict[str, Any]:
        children = [
            {**child, "created": kyiv(it.at), "status": "active", "is_market": int(not it.mine)}
            for it in one.answers
            for child in [{"id": int(it.id), "text": it.text}]
        ]
        return {
            "id": int(one.id),
            "record_id": int(one.sku),
            "name": one.name,
            "text": one.text,
            "status": "active",
            "created": kyiv(one.at),
            "changed": kyiv(one.changed_at or one.at),
            "mark": one.rating,
            "record": {"id": one.sku, "title": self.goods},
            "children": children,
            "type": "question" if one.kind == "question" else "comment",
        }

    def _comment(self, asked: Asked) -> Response:
        said, given = self._about(asked, "parent_id", {"parent_id", "text", "item_id", "is_reade"}, "text")
        if given.get("item_id") != int(said.sku):
            raise RefusedError(200, failure(1005, "check_correctness_of_data"))
        made = self.shop_answers(said, given["text"])
        return content({"comment": {"id": int(made.id), "text": made.text, "status": "unapproved", "is_market": 1}})

    def _reviews(self) -> dict[str, Any]:
        said = [one for one in self.said.values() if one.kind == "shop"]
        return {"marketReviews": [self._as_review(one) for one in reversed(said)]}

    def _as_review(self, one: Said) -> dict[str, Any]:
        last = one.answers[-1] if one.answers else None
        reply = {"id": int(last.id), "comment": last.text, "status": 4, "created_at": kyiv(last.at)} if last else None
        vote = {5: "like", 3: "middle"}.get(one.rating)
        told = {"id": int(one.id), "order_id": ORDER, "user": one.name, "comment": one.text, "vote": vote}
        return {**told, "created_at": kyiv(one.at), "status": "active", "reply": reply}

    def _reply(self, asked: Asked) -> Response:
        said, given = self._about(asked, "market_review_id", {"comment", "market_review_id", "order_id"}, "comment")
        made = self.shop_answers(said, given["comment"])
        return content({"id": int(made.id), "comment": made.text, "status": 1})

    def _about(self, asked: Asked, name: str, known: set[str], words: str) -> tuple[Said, dict[str, Any]]:
        self._admit(asked)
        given = self.fields(asked, 200, failure(1002, "incorrect_data_format"))
        said = self.said.get(str(given.get(name)))
        if said is None:
            raise RefusedError(200, failure(1019, "entity_not_found"))
        if surplus(given, known) or not fits(given.get(words), str, 1, 10_000):
            raise RefusedError(200, failure(1005, "check_correctness_of_data"))
        return said, given


def kyiv(at: datetime) -> str:
    return at.astimezone(KYIV).strftime("%Y-%m-%d %H:%M:%S")


def content(told: Any) -> Response:
    return answer({"success": True, "content": told})


def failure(code: int, message: str) -> dict[str, Any]:
    return {"success": False, "errors": {"message": message, "code": code, "details": None}}
