"""The chats of the emulated Yandex Market, its pages, and its pushes."""

import json
from abc import abstractmethod
from typing import Any

from starlette.responses import Response

from prilavok.simulator.bazaar import Bazaar, Chat, fits, surplus
from prilavok.simulator.knocker import Knock
from prilavok.simulator.messenger import Bubble, File
from prilavok.simulator.office import Asked, RefusedError, answer
from prilavok.simulator.telegram.contract import Uploaded
from prilavok.simulator.telegram.http import multipart

BUSINESS = 1000
LONGEST = 4096
LARGEST = 5 * 1024 * 1024  # bytes a file


class Chats(Bazaar):
    hook: str
    support: set[str]  # ids of messages that Yandex's own people wrote

    def route_chats(self, home: str) -> None:
        self.support = set()
        self.route("POST", f"{home}/chats", self._chats)
        self.route("GET", f"{home}/chat", self._chat)
        self.route("POST", f"{home}/chats/history", self._history)
        self.route("GET", f"{home}/chats/message", self._one)
        self.route("POST", f"{home}/chats/message", self._message, sends=True)
        self.route("POST", f"{home}/chats/file/send", self._file, sends=True)
        self.route("GET", r"/files/(?P<id>\d+)", self._download)

    def chat_id(self) -> str:
        return self.number()

    def wrote(self, chat: Chat, bubble: Bubble) -> None:
        super().wrote(chat, bubble)
        self.tell(chat, bubble)

    def support_says(self, person: str, text: str) -> Bubble:
        """In a dispute Yandex's people speak in the same chat."""
        chat = self.chat(person)
        bubble = Bubble(id=self.number(), mine=True, at=self.now(), text=text)
        self.support.add(bubble.id)
        chat.bubbles.append(bubble)
        self.tell(chat, bubble)
        return bubble

    def tell(self, chat: Chat, bubble: Bubble) -> None:
        self.push("CHAT_MESSAGE_SENT", chatId=int(chat.id), messageId=int(bubble.id))

    def push(self, what: str, *, business: int = BUSINESS, **ids: int) -> None:
        told = {"notificationType": what, "businessId": business, **ids, "createdAt": self.now().isoformat()}
        body = json.dumps(told).encode()
        self.knocker.tell(Knock(self.hook, {"content-type": "application/json"}, body))

    # Calls

    @abstractmethod
    def admit(self, asked: Asked) -> None:
        """Refuses a request without the shop's key."""

    def _chats(self, asked: Asked) -> Response:
        given = self.given(asked, {"orderIds", "contexts", "contextTypes", "types", "statuses"})
        statuses = given.get("statuses")
        if statuses is not None and (not isinstance(statuses, list) or not statuses):
            raise refusal(400, "BAD_REQUEST", "statuses must not be empty")
        found = [self._as_chat(one) for one in self.chats.values() if one.bubbles]
        found = [one for one in found if statuses is None or one["status"] in statuses]
        return self.page(asked, "chats", found, 20)

    def _as_chat(self, one: Chat) -> dict[str, Any]:
        return {
            "chatId": int(one.id),
            "context": self._context(one),
            "type": "CHAT",
            "status": "WAITING_FOR_PARTNER" if one.bubbles[-1].mine else "WAITING_FOR_CUSTOMER",
            "createdAt": one.bubbles[0].at.isoformat(),
            "updatedAt": one.bubbles[-1].at.isoformat(),
        }

    def _context(self, chat: Chat) -> dict[str, Any]:
        customer = {"name": chat.name, "publicId": chat.person} if chat.name else {"publicId": chat.person}
        return {"type": "ORDER", "customer": customer, "campaignId": 2000, "orderId": 9000001}

    def _chat(self, asked: Asked) -> Response:
        self.admit(asked)
        return result(self._as_chat(self._called(asked)))

    def _history(self, asked: Asked) -> Response:
        given = self.given(asked, {"messageIdFrom"})
        first = given.get("messageIdFrom", 1)
        if not fits(first, int, 1, (1 << 63) - 1):
            raise refusal(400, "BAD_REQUEST", "messageIdFrom")
        chat = self._called(asked)
        found = [self._as_message(one) for one in chat.bubbles if int(one.id) >= first]
        return self.page(asked, "messages", found, 100, context=self._context(chat))

    def _one(self, asked: Asked) -> Response:
        self.admit(asked)
        wanted = asked.query.get("messageId")
        found = next((one for one in self._called(asked).bubbles if one.id == wanted), None)
        if found is None:
            raise refusal(404, "NOT_FOUND", "Message not found")
        return result(self._as_message(found))

    def _as_message(self, one: Bubble) -> dict[str, Any]:
        sender = "SUPPORT" if one.id in self.support else "CUSTOMER" if one.mine else "PARTNER"
        if one.mine:
            one.status = "taken"
        told: dict[str, Any] = {"messageId": int(one.id), "createdAt": one.at.isoformat(), "sender": sender}
        told |= {"message": one.text} if one.text else {}
        files = [
            {"name": file.name, "url": f"{self.address}/files/{file.id}", "size": len(file.data)} for file in one.files
        ]
        return told | ({"payload": files} if files else {})

    def _message(self, asked: Asked) -> Response:
        given = self.given(asked, {"message"})
        if not fits(given.get("message"), str, 1, LONGEST):
            raise refusal(400, "BAD_REQUEST", "message: size must be between 1 and 4096")
        self.shop_says(self._called(asked), given["message"])
        return answer({"status": "OK"})

    def _file(self, asked: Asked) -> Response:
        self.admit(asked)
        kind = asked.request.headers.get("content-type", "")
        given = multipart(asked.body, kind.partition("boundary=")[2].encode())
        one = given.get("file")
        if not isinstance(one, Uploaded) or len(one.data) > LARGEST:
            raise refusal(400, "BAD_REQUEST", "file is required, 5 MB at most")
        file = File(id=self.number(), name=one.name, type=one.type, data=one.data)
        self.files[file.id] = file
        self.shop_says(self._called(asked), "", file)
        return answer({"status": "OK"})

    def _download(self, asked: Asked) -> Response:
        file = self.files.get(asked.parts["id"])
        return Response(file.data, media_type=file.type) if file else answer({"status": "ERROR"}, 404)

    def _called(self, asked: Asked) -> Chat:
        chat = self.chat_with(asked.query.get("chatId", ""))
        if chat is None:
            raise refusal(404, "NOT_FOUND", "Chat not found")
        return chat

    # What all its calls share

    def given(self, asked: Asked, known: set[str]) -> dict[str, Any]:
        self.admit(asked)
        given = self.fields(asked, 400, {"status": "ERROR", "errors": [{"code": "BAD_REQUEST", "message": "not JSON"}]})
        if more := surplus(given, known):
            raise refusal(400, "BAD_REQUEST", f"unknown fields: {', '.join(sorted(more))}")
        return given

    def page(self, asked: Asked, name: str, found: list[Any], most: int, **more: Any) -> Response:
        """The page's mark is how far one has come."""
        limit, start = number(asked, "limit", most), asked.query.get("pageToken", "0")
        if not start.isdecimal():
            raise refusal(400, "BAD_REQUEST", "pageToken")
        end = int(start) + limit
        paging = {"nextPageToken": str(end)} if end < len(found) else {}
        return result({name: found[int(start) : end], "paging": paging, **more})


def number(asked: Asked, name: str, most: int) -> int:
    text = asked.query.get(name, str(most))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise refusal(400, "BAD_REQUEST", f"{name} must be in [1, {most}]")
    return int(text)


def result(told: Any) -> Response:
    return answer({"status": "OK", "result": told})


def refusal(status: int, code: str, message: str) -> RefusedError:
    return RefusedError(status, {"status": "ERROR", "errors": [{"code": code, "message": message}]})
