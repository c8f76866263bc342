"""The page behind the link of an acknowledgement: received, read, answered, and the answer itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection
from starlette.responses import HTMLResponse

from prilavok.domain.rendering import language_of
from prilavok.store import contacts, conversations, messages, shops
from prilavok.web.ask import Ask
from prilavok.web.public.page import HEADERS, best_language, page, whole

WORDS = {
    "ru": {
        "title": "Ваше обращение № {number}",
        "got": "Получили",
        "read": "Прочитали",
        "answered": "Ответили",
        "waits": "Ответ ещё впереди. Он придёт туда, откуда Вы писали, и появится здесь.",
        "unread": "Пока не прочитали",
    },
    "uk": {
        "title": "Ваше звернення № {number}",
        "got": "Отримали",
        "read": "Прочитали",
        "answered": "Відповіли",
        "waits": "Відповідь ще попереду. Вона надійде туди, звідки Ви писали, і з’явиться тут.",
        "unread": "Поки не прочитали",
    },
    "en": {
        "title": "Your request no. {number}",
        "got": "Received",
        "read": "Read",
        "answered": "Answered",
        "waits": "The answer is still to come. It will go to where you wrote from, and appear here.",
        "unread": "Not read yet",
    },
}


async def show(ask: Ask) -> HTMLResponse:
    known = ask.services.seal.read("track", ask.path("token"), ask.services.now)
    asked = best_language(ask.request.headers.get("accept-language", ""))
    if known is None:
        return HTMLResponse(page("track_gone", asked), 404, HEADERS)
    found = await ask.read(_load, int(known["s"]), str(known["c"]))
    if found is None:
        return HTMLResponse(page("track_gone", asked), 404, HEADERS)
    return HTMLResponse(_render(*found), headers=HEADERS)


def _load(db: Connection, shop_id: int, conversation_id: str) -> tuple[Any, Any, Sequence[Any], str] | None:
    conversation = conversations.get(db, shop_id, conversation_id)
    shop = shops.get(db, shop_id)
    if conversation is None or shop is None:
        return None
    rows = [
        row
        for row in messages.page(db, shop_id, conversation_id, limit=100)
        if row["kind"] in {"message", "reply"} and not row["automatic"] and row["deleted_at"] is None
    ]
    contact = contacts.contact(db, shop_id, conversation["contact_id"])
    words = " ".join(row["text"] for row in rows if row["direction"] == "inbound")
    language = language_of(words, contact["language"] if contact is not None else "", shop["language"])
    return conversation, shop, rows, language


def _render(
    conversation: Mapping[Any, Any], shop: Mapping[Any, Any], rows: Sequence[Mapping[Any, Any]], language: str
) -> str:
    words = WORDS[language]
    zone = ZoneInfo(shop["timezone"])
    steps = []
    for row in rows:
        if row["direction"] == "inbound":
            steps.append(_step(words["got"], row["at"], zone, row["text"]))
            read = row["receipt"] == "read"
            steps.append(_step(words["read" if read else "unread"], None, zone, "", done=read))
        else:
            who = f"{words['answered']}, {row['author_name']}" if row["author_name"] else words["answered"]
            steps.append(_step(who, row["at"], zone, row["text"]))
    waits = f'<p class="muted">{escape(words["waits"])}</p>' if conversation["waiting_since"] is not None else ""
    title = words["title"].format(number=conversation["number"])
    body = f'<p class="muted">{escape(shop["name"])}</p><h1>{escape(title)}</h1><ol>{"".join(steps)}</ol>{waits}'
    return whole(title, language, body)


def _step(what: str, at: datetime | None, zone: ZoneInfo, text: str, *, done: bool = True) -> str:
    when = f" <time>{at.astimezone(zone):%d.%m.%Y %H:%M}</time>" if at is not None else ""
    quote = f"<blockquote>{escape(text)}</blockquote>" if text else ""
    return f'<li class="{"done" if done else ""}"><strong>{escape(what)}</strong>{when}{quote}</li>'
