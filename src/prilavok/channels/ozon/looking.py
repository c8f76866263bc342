"""One round of questions to Ozon: which reviews, questions and chats have changed since the last one."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from prilavok.channels.base import Dialogue
from prilavok.channels.market import BACK, SETTLES, Look, Seen, ident, moment_of
from prilavok.channels.ozon.shapes import ChatLine, kind_of_chat, role_in, things

PAGE = 100

Ask = Callable[[str, Mapping[str, Any]], Dialogue[dict[str, Any]]]


def at_reviews(ask: Ask, seen: Seen, found: Look, now: datetime) -> Dialogue[None]:
    answer = yield from ask("/v1/review/list", {"limit": PAGE, "sort_dir": "DESC", "status": "ALL"})
    for one in reversed(things(answer, "reviews")):
        key = ident(one.get("id"))
        known, amount = seen.has(key), one.get("comments_amount") or 0
        if not key or not seen.is_news(key, str(amount)):
            continue
        old = one.get("status") == "PROCESSED" or moment_of(one.get("published_at"), now) < now - BACK
        if seen.first and old:
            continue
        if not known:
            pictured = (yield from ask("/v1/review/info", {"review_id": key})) if one.get("photos_amount") else {}
            found.news.append(("review", pictured or one))
        if amount:
            fields = {"review_id": key, "limit": PAGE, "sort_dir": "ASC"}
            talk = yield from ask("/v1/review/comment/list", fields)
            found.news += [("comment", {**it, "review_id": key}) for it in things(talk, "comments")]
    found.cursor["reviews"] = seen.kept()


def at_questions(ask: Ask, seen: Seen, found: Look, now: datetime) -> Dialogue[None]:
    since = (now - BACK).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = yield from ask("/v1/question/list", {"filter": {"date_from": since, "status": "ALL"}})
    for one in things(answer, "questions"):
        answered = str(one.get("answers_count") or 0)
        if not seen.is_news(ident(one.get("id")), answered) or (seen.first and answered != "0"):
            continue
        found.news.append(("question", one))
    found.cursor["questions"] = seen.kept()


def at_chats(ask: Ask, seen: Seen, found: Look, now: datetime) -> Dialogue[None]:
    answer = yield from ask("/v3/chat/list", {"filter": {"chat_status": "Opened"}, "limit": 1000})
    for raw in things(answer, "chats"):
        try:
            line = msgspec.convert(raw, ChatLine)
        except msgspec.ValidationError:
            continue  # a chat without an id cannot be asked for
        chat, last = line.chat.chat_id, ident(line.last_message_id)
        before = seen.known.get(chat, "")
        if kind_of_chat(line.chat.chat_type) != "buyer" or not seen.is_news(chat, last):
            continue
        wanted = line.unread_count if seen.first else PAGE
        if not wanted:
            continue
        fields = {"chat_id": chat, "direction": "Backward", "limit": min(wanted, PAGE)}
        history = yield from ask("/v3/chat/history", fields)
        fresh = []
        for message in things(history, "messages"):
            if ident(message.get("message_id")) == before:
                break
            fresh.append(("message", {**message, "chat_id": chat}))
        late = fresh and moment_of(fresh[0][1].get("created_at"), now) > now - SETTLES
        if late and role_in(fresh[0][1]) == "seller":
            seen.known[chat] = before  # our own words, perhaps: looked at again when we know what we sent
            fresh = [one for one in fresh if role_in(one[1]) != "seller"]
        found.news += reversed(fresh)
    found.cursor["chats"] = seen.kept()
