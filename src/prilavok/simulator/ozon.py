"""Ozon's Seller API, as much of it as the shop's connector uses: reviews, questions, chats, and pushes about chats."""

import base64
import binascii
import json
from typing import Any

from starlette.responses import Response

from prilavok.simulator.bazaar import Bazaar, Chat, Said, fits, stamp, surplus
from prilavok.simulator.knocker import Knock
from prilavok.simulator.messenger import Bubble, File
from prilavok.simulator.office import Asked, RefusedError, answer, last

CLIENT_ID, API_KEY = "150001", "ozon-key-of-the-simulator"
BUYER = "Сustomer"  # begins with a Cyrillic letter, as in Ozon's own examples
INVALID = 3  # codes of gRPC
NOT_FOUND = 5
NO_RIGHT = 7


class OzonEmulator(Bazaar):
    """`hook` is where pushes go; empty: none are sent. `plus`: whether the shop pays for Premium Plus."""

    can = Bazaar.can | {"edit"}

    def __init__(self, **common: Any) -> None:
        super().__init__(**common)
        self.hook = ""
        self.plus = True
        for path, handler, sends in (
            ("/v1/review/list", self._reviews, False),
            ("/v1/review/info", self._review, False),
            ("/v1/review/comment/list", self._comments, False),
            ("/v1/review/comment/create", self._comment, True),
            ("/v1/review/comment/delete", self._take_away, False),
            ("/v1/question/list", self._questions, False),
            ("/v1/question/answer/create", self._answer, True),
            ("/v1/question/answer/delete", self._take_away, False),
            ("/v3/chat/list", self._chats, False),
            ("/v3/chat/history", self._history, False),
            ("/v1/chat/send/message", self._message, True),
            ("/v1/chat/send/file", self._file, True),
        ):
            self.route("POST", path, handler, sends=sends)
        self.route("GET", r"/v2/chat/file/(?P<id>\d+)", self._download)

    # Pushes

    def wrote(self, chat: Chat, bubble: Bubble) -> None:
        super().wrote(chat, bubble)
        self._push("TYPE_NEW_MESSAGE", chat, bubble)

    def read(self, chat: Chat) -> None:
        super().read(chat)
        ours = [bubble for bubble in chat.bubbles if not bubble.mine]
        if ours:
            self._push("TYPE_MESSAGE_READ", chat, ours[-1], last_read_message_id=ours[-1].id)

    def user_edits(self, person: str, message_id: str, text: str) -> None:
        chat = self.chat(person)
        bubble = last([one for one in chat.bubbles if one.mine], message_id)
        bubble.text, bubble.edited = text, True
        self._push("TYPE_UPDATE_MESSAGE", chat, bubble, updated_at=stamp(self.now()))

    def ping(self) -> None:
        body = json.dumps({"message_type": "TYPE_PING", "time": stamp(self.now())}).encode()
        self.knocker.tell(Knock(self.hook, {"content-type": "application/json"}, body))

    def _push(self, what: str, chat: Chat, bubble: Bubble, **more: Any) -> None:
        told = {"message_type": what, "chat_id": chat.id, "chat_type": "Buyer_Seller", "seller_id": "7"}
        body = json.dumps({**told, **self._written(chat, bubble), **more}).encode()

        def taken() -> None:
            bubble.status = "taken" if bubble.mine else bubble.status

        self.knocker.tell(Knock(self.hook, {"content-type": "application/json"}, body, taken))

    # Calls

    def _reviews(self, asked: Asked) -> Response:
        given = self._given(asked, {"last_id", "limit", "sort_dir", "status"})
        if not fits(given.get("limit"), int, 20, 100):
            raise refusal("limit must be in [20, 100]")
        found = [one for one in self.said.values() if one.kind == "review"]
        if given.get("sort_dir") == "DESC":
            found.reverse()
        wanted = given.get("status", "ALL")
        shown = [self._as_review(one) for one in found]
        shown = [one for one in shown if wanted in {"ALL", one["status"]}][: given["limit"]]
        return answer({"reviews": shown, "has_next": False, "last_id": shown[-1]["id"] if shown else ""})

    def _review(self, asked: Asked) -> Response:
        one = self._said(self._given(asked, {"review_id"}).get("review_id"), "review")
        photos = [{"url": url, "height": 600, "width": 800} for url in one.pictures]
        return answer({**self._as_review(one), "photos": photos, "videos": []})

    def _as_review(self, one: Said) -> dict[str, Any]:
        return {
            "id": one.id,
            "sku": int(one.sku),
            "text": one.text,
            "rating": one.rating,
            "published_at": stamp(one.at),
            "status": "PROCESSED" if any(not it.mine for it in one.answers) else "UNPROCESSED",
            "order_status": "DELIVERED",
            "is_rating_participant": True,
            "comments_amount": len(one.answers),
            "photos_amount": len(one.pictures),
            "videos_amount": 0,
        }

    def _comments(self, asked: Asked) -> Response:
        given = self._given(asked, {"review_id", "limit", "offset", "sort_dir"})
        if not fits(given.get("limit"), int, 20, 100):
            raise refusal("limit must be in [20, 100]")
        found = [
            {
                "id": it.id,
                "text": it.text,
                "published_at": stamp(it.at),
                "is_owner": not it.mine,
                "is_official": False,
                "parent_comment_id": it.parent,
            }
            for it in self._said(given.get("review_id"), "review").answers
        ]
        return answer({"comments": found, "offset": 0})

    def _comment(self, asked: Asked) -> Response:
        given = self._given(asked, {"review_id", "text", "mark_review_as_processed", "parent_comment_id"})
        if not fits(given.get("text"), str, 1, 3000):
            raise refusal("text is empty or too long")
        one = self._said(given.get("review_id"), "review")
        return answer({"comment_id": self.shop_answers(one, given["text"], given.get("parent_comment_id", "")).id})

    def _take_away(self, asked: Asked) -> Response:
        given = self._given(asked, {"comment_id", "answer_id", "sku"})
        which = given.get("comment_id") or given.get("answer_id")
        for said in self.said.values():
            for one in [it for it in said.answers if it.id == which and not it.mine]:
                said.answers.remove(one)
                return answer({})
        raise refusal("there is no such answer")

    def _questions(self, asked: Asked) -> Response:
        self._given(asked, {"filter", "last_id"})
        found = [
            {
                "id": one.id,
                "text": one.text,
                "sku": int(one.sku),
                "author_name": one.name or "Пользователь OZON",
                "answers_count": len(one.answers),
                "published_at": stamp(one.at),
                "status": "PROCESSED" if one.answers else "NEW",
                "product_url": f"https://www.ozon.ru/product/{one.sku}/",
                "question_link": f"https://www.ozon.ru/product/{one.sku}/questions/?qid={one.id}",
            }
            for one in self.said.values()
            if one.kind == "question"
        ]
        return answer({"questions": found, "last_id": found[-1]["id"] if found else ""})

    def _answer(self, asked: Asked) -> Response:
        given = self._given(asked, {"question_id", "sku", "text"})
        one = self._said(given.get("question_id"), "question")
        if not fits(given.get("text"), str, 2, 3000) or given.get("sku") != int(one.sku):
            raise refusal("text must have 2 to 3000 characters, sku must be the question's")
        return answer({"answer_id": self.shop_answers(one, given["text"]).id})

    def _chats(self, asked: Asked) -> Response:
        given = self._given(asked, {"filter", "limit", "cursor"})
        if not fits(given.get("limit"), int, 1, 1000):
            raise refusal("limit must be in [1, 1000]")
        chats = [
            {
                "chat": {
                    "chat_id": one.id,
                    "chat_status": "Opened",
                    "chat_type": "Buyer_Seller",
                    "created_at": stamp(one.bubbles[0].at),
                },
                "first_unread_message_id": one.bubbles[-1].id,
                "last_message_id": one.bubbles[-1].id,
                "unread_count": one.unread,
            }
            for one in self.chats.values()
            if one.bubbles
        ]
        return answer({"chats": chats, "total_unread_count": 0, "cursor": "", "has_next": False})

    def _history(self, asked: Asked) -> Response:
        given = self._given(asked, {"chat_id", "direction", "filter", "from_message_id", "limit"})
        chat = self._chat(given)
        found = [self._written(chat, bubble) for bubble in chat.bubbles]
        if given.get("direction", "Backward") == "Backward":
            found.reverse()
        return answer({"has_next": False, "messages": found[: given.get("limit", 50)]})

    def _message(self, asked: Asked) -> Response:
        given = self._given(asked, {"chat_id", "text"})
        if not fits(given.get("text"), str, 1, 1000):
            raise refusal("text must have 1 to 1000 characters")
        self.shop_says(self._chat(given), given["text"])
        return answer({"result": "success"})

    def _file(self, asked: Asked) -> Response:
        given = self._given(asked, {"chat_id", "base64_content", "name"})
        try:
            data = base64.b64decode(given["base64_content"], validate=True)
        except (KeyError, TypeError, binascii.Error) as error:
            raise refusal("base64_content is no base64") from error
        file = File(id=self.number(), name=str(given.get("name", "")), type="application/octet-stream", data=data)
        self.files[file.id] = file
        self.shop_says(self._chat(given), "", file)
        return answer({"result": "success"})

    def _download(self, asked: Asked) -> Response:
        self._admit(asked)
        file = self.files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer({"code": NOT_FOUND}, 404)

    def _written(self, chat: Chat, bubble: Bubble) -> dict[str, Any]:
        pictures = [f"![]({self.address}/v2/chat/file/{file.id})" for file in bubble.files]
        return {
            "message_id": bubble.id,
            "created_at": stamp(bubble.at),
            "user": {"id": chat.person if bubble.mine else "7", "type": BUYER if bubble.mine else "Seller"},
            "data": [part for part in (bubble.text, *pictures) if part],
            "is_image": bool(bubble.files),
            "is_read": bubble.status == "read",
        }

    def _given(self, asked: Asked, known: set[str]) -> dict[str, Any]:
        self._admit(asked)
        given = self.fields(asked, 400, {"code": INVALID, "message": "invalid request payload", "details": []})
        if more := surplus(given, known):
            raise refusal(f"unknown fields: {', '.join(sorted(more))}")
        return given

    def _admit(self, asked: Asked) -> None:
        headers = asked.request.headers
        if (headers.get("client-id"), headers.get("api-key")) != (CLIENT_ID, API_KEY):
            raise RefusedError(
                403, {"code": NO_RIGHT, "message": "Invalid Api-Key, please contact support", "details": []}
            )
        if not self.plus:
            message = "This method is available with the Premium Plus subscription"
            raise RefusedError(403, {"code": NO_RIGHT, "message": message, "details": []})

    def _chat(self, given: dict[str, Any]) -> Chat:
        found = self.chat_with(str(given.get("chat_id")))
        if found is None:
            raise RefusedError(404, {"code": NOT_FOUND, "message": "chat not found", "details": []})
        return found

    def _said(self, which: Any, kind: str) -> Said:
        found = self.said.get(str(which))
        if found is None or found.kind != kind:
            raise RefusedError(404, {"code": NOT_FOUND, "message": f"{kind} not found", "details": []})
        return found


def refusal(message: str) -> RefusedError:
    return RefusedError(400, {"code": INVALID, "message": message, "details": []})
