"""Wildberries' API of reviews, questions and chats, as much of it as the shop's connector uses. It pushes nothing."""

import base64
import json
from typing import Any

from starlette.responses import Response

from prilavok.simulator.bazaar import Bazaar, Chat, Said, fits, stamp, surplus
from prilavok.simulator.messenger import Bubble, File
from prilavok.simulator.office import Asked, RefusedError, answer
from prilavok.simulator.telegram.contract import Uploaded
from prilavok.simulator.telegram.http import multipart


def token(*, until: int = 4_102_444_800, rights: int = 1 << 7 | 1 << 9) -> str:
    """As Wildberries writes them: three parts, of which the middle one says until when (Unix time) and what for."""
    parts = ({"alg": "ES256", "typ": "JWT"}, {"exp": until, "s": rights, "t": False})
    written = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join((*written, "signature-of-the-simulator"))


TOKEN = token()
TYPES = {"image/jpeg", "image/png", "application/pdf"}
LARGEST = 5 * 1024 * 1024  # bytes a file


class WildberriesEmulator(Bazaar):
    keeps = (*Bazaar.keeps, "rejected")

    def __init__(self, **common: Any) -> None:
        super().__init__(**common)
        self.rejected: dict[str, str] = {}  # questions that stand nowhere, and what their authors were told
        self.route("GET", "/api/v1/feedbacks", lambda asked: self._list(asked, "feedbacks", "review"))
        self.route("GET", "/api/v1/questions", lambda asked: self._list(asked, "questions", "question"))
        self.route("POST", "/api/v1/feedbacks/answer", self._answer_review, sends=True)
        self.route("PATCH", "/api/v1/feedbacks/answer", self._answer_review)
        self.route("PATCH", "/api/v1/questions", self._answer_question, sends=True)
        self.route("GET", "/api/v1/seller/chats", self._chats)
        self.route("GET", "/api/v1/seller/events", self._events)
        self.route("POST", "/api/v1/seller/message", self._message, sends=True)
        self.route("GET", r"/api/v1/seller/download/(?P<id>\d+)", self._download)

    def too_many(self, seconds: float) -> Response:
        body = {"title": "too many requests", "detail": "limited by global limiter", "status": 429}
        return answer(body, 429, {"x-ratelimit-retry": str(int(seconds)), "x-ratelimit-limit": "3"})

    def chat_id(self) -> str:
        return f"1:{self.number()}"

    def _list(self, asked: Asked, name: str, kind: str) -> Response:
        self._admit(asked)
        query = asked.query
        numbers = [query.get("take", ""), query.get("skip", "")]
        if query.get("isAnswered") not in {"true", "false"} or not all(one.isdecimal() for one in numbers):
            raise refusal("isAnswered, take and skip are required")
        if int(query["take"]) > 5000:
            raise refusal("take is at most 5000")
        self.requests.append((f"GET /api/v1/{name}", query))
        wanted = query["isAnswered"] == "true"
        found = [one for one in self.said.values() if one.kind == kind and bool(one.answers) == wanted]
        found.sort(key=lambda one: one.at, reverse=query.get("order") == "dateDesc")
        shown = [self._as_told(one) for one in found][: int(query["take"])]
        return answer({"data": {"countUnanswered": len(found), name: shown}, "error": False, "errorText": ""})

    def _as_told(self, one: Said) -> dict[str, Any]:
        reply = one.answers[-1] if one.answers else None
        told: dict[str, Any] = {
            "id": one.id,
            "text": one.text,
            "createdDate": stamp(one.at),
            "state": "wbRu" if reply else "none",
            "answer": {"text": reply.text, "state": "wbRu", "editable": True} if reply else None,
            "productDetails": {
                "imtId": 123456789,
                "nmId": int(one.sku),
                "productName": self.goods,
                "supplierArticle": "DP02",
            },
            "wasViewed": False,
        }
        if one.kind == "question":
            return {**told, "isWarned": False}
        photos = [{"fullSize": url, "miniSize": url} for url in one.pictures] or None
        more = {"pros": "", "cons": "", "bables": None, "parentFeedbackId": None, "childFeedbackId": None}
        return {
            **told,
            **more,
            "productValuation": one.rating,
            "userName": one.name or "Покупатель",
            "photoLinks": photos,
        }

    def _answer_review(self, asked: Asked) -> Response:
        """A wrong id is not noticed, here as there."""
        given = self._given(asked, {"id", "text"})
        if not fits(given.get("text"), str, 2, 5000) or not fits(given.get("id"), str, 1):
            raise refusal("text must have 2 to 5000 characters")
        if found := self.said.get(given["id"]):
            self.shop_answers(found, given["text"])
        return Response(status_code=204)

    def _answer_question(self, asked: Asked) -> Response:
        given = self._given(asked, {"id", "answer", "state"})
        text = given.get("answer", {}).get("text") if isinstance(given.get("answer"), dict) else None
        found = self.said.get(str(given.get("id")))
        if found is None or found.kind != "question":
            raise RefusedError(404, {"data": None, "error": True, "errorText": "Not found", "additionalErrors": None})
        if given.get("state") not in {"wbRu", "none"} or not fits(text, str, 2, 5000):
            raise refusal("state and answer.text are required")
        if given["state"] == "none":
            self.rejected[found.id] = str(text)
            del self.said[found.id]
        else:
            self.shop_answers(found, str(text))
        return answer({"data": None, "error": False, "errorText": "", "additionalErrors": None})

    def _chats(self, asked: Asked) -> Response:
        self._admit(asked)
        chats = [
            {
                "chatID": one.id,
                "replySign": self._sign(one),
                "clientID": one.person,
                "clientName": one.name,
                "lastMessage": {"text": one.bubbles[-1].text, "addTimestamp": millis(one.bubbles[-1])},
            }
            for one in self.chats.values()
            if one.bubbles
        ]
        return answer({"result": chats, "errors": None})

    def _sign(self, chat: Chat) -> str:
        return f"{chat.id}:{chat.person}:sign-of-the-simulator"

    def _events(self, asked: Asked) -> Response:
        self._admit(asked)
        start = asked.query.get("next", "0")
        if not start.isdecimal():
            raise refusal("Invalid number")
        self.requests.append(("GET /api/v1/seller/events", asked.query))
        told = [
            (chat, bubble) for chat in self.chats.values() for bubble in chat.bubbles if millis(bubble) > int(start)
        ]
        told.sort(key=lambda pair: pair[1].at)
        events = [self._as_event(chat, bubble) for chat, bubble in told]
        following = millis(told[-1][1]) if told else int(start)
        return answer({"result": {"next": following, "totalEvents": len(events), "events": events}, "errors": None})

    def _as_event(self, chat: Chat, bubble: Bubble) -> dict[str, Any]:
        if bubble.mine:
            bubble.status = "taken"
        files = [
            {"contentType": file.type, "downloadID": file.id, "name": file.name, "size": len(file.data)}
            for file in bubble.files
        ]
        told = {
            "chatID": chat.id,
            "eventID": f"event-{bubble.id}",
            "eventType": "message",
            "message": {"text": bubble.text, "attachments": {"files": files}},
            "source": "rusite" if bubble.mine else "seller-public-api",
            "addTimestamp": millis(bubble),
            "addTime": stamp(bubble.at),
            "sender": "client" if bubble.mine else "seller",
        }
        return told | ({"clientID": chat.person, "clientName": chat.name} if bubble.mine else {})

    def _message(self, asked: Asked) -> Response:
        self._admit(asked)
        kind = asked.request.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            raise refusal("request Content-Type isn't multipart/form-data")
        given = multipart(asked.body, kind.partition("boundary=")[2].encode())
        chat = next((one for one in self.chats.values() if self._sign(one) == given.get("replySign")), None)
        if chat is None:
            raise refusal("Invalid signature")
        if surplus(given, {"replySign", "message", "file"}) or not fits(given.get("message", ""), str, 0, 1000):
            raise refusal('Invalid value for "message"')
        files = [self._keep(one) for one in given.values() if isinstance(one, Uploaded)]
        said = {name: it for name, it in given.items() if isinstance(it, str)}
        self.requests.append(("POST /api/v1/seller/message", said))
        bubble = self.shop_says(chat, given.get("message", ""), *files)
        return answer({"result": {"addTime": millis(bubble), "chatID": chat.id}, "errors": []})

    def _keep(self, one: Uploaded) -> File:
        if len(one.data) > LARGEST:
            raise refusal("A24FA09844E: attachment too big. Max size: 5MiB")
        if one.type not in TYPES:
            raise refusal(f'4A9F2544E29: "{one.name}" has unsupported mime type')
        file = self.files[f"{len(self.files)}"] = File(id=self.number(), name=one.name, type=one.type, data=one.data)
        return file

    def _download(self, asked: Asked) -> Response:
        self._admit(asked)
        file = self.files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer({"title": "invalid fileID"}, 400)

    def _given(self, asked: Asked, known: set[str]) -> dict[str, Any]:
        self._admit(asked)
        given = self.fields(asked, 400, {"data": None, "error": True, "errorText": "Invalid JSON"})
        if more := surplus(given, known):
            raise refusal(f"unknown fields: {', '.join(sorted(more))}")
        return given

    def _admit(self, asked: Asked) -> None:
        """The token stands there by itself, without "Bearer"."""
        if asked.request.headers.get("authorization") != TOKEN:
            body = {"title": "unauthorized", "detail": "token problem; token is malformed", "status": 401}
            raise RefusedError(401, body)


def millis(bubble: Bubble) -> int:
    return int(bubble.at.timestamp() * 1000)


def refusal(detail: str) -> RefusedError:
    return RefusedError(400, {"status": 400, "title": "Bad Request", "detail": detail, "error": detail})
