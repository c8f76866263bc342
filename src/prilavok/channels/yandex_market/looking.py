"""One round of questions to Yandex Market, and what one of its pushes has us ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prilavok.channels.base import Dialogue
from prilavok.channels.market import BACK, SETTLES, Look, News, Seen, ident, moment_of
from prilavok.channels.yandex_market.reading import OURS, state_of
from prilavok.channels.yandex_market.shapes import Push, part, things

Ask = Callable[..., Dialogue[dict[str, Any]]]

RECENT = timedelta(days=7)  # how far back a round looks at reviews that need nothing
PAGES = 10  # of a list in one round
MOST = 50  # comments or answers that one question may name
OPEN = ["NEW", "WAITING_FOR_CUSTOMER", "WAITING_FOR_PARTNER", "WAITING_FOR_ARBITER", "WAITING_FOR_MARKET"]
WAITING = {"NEW", "WAITING_FOR_PARTNER"}


@dataclass(frozen=True, slots=True)
class Eye:
    """`ask` puts a question to the API: (path below the business, fields, parameters of the address)."""

    ask: Ask
    now: datetime

    def all(self, path: str, fields: Mapping[str, Any], name: str, limit: int, **query: Any) -> Dialogue[list[Any]]:
        """A whole list, page by page; with each thing what the page says of all of them (`context`)."""
        found: list[Any] = []
        token = ""
        for _ in range(PAGES):
            given = {**query, "limit": limit} | ({"pageToken": token} if token else {})
            result = yield from self.ask("POST", path, fields, query=given)
            context = part(result, "context")
            found += [{**one, "context": context} if context else one for one in things(result, name)]
            token = part(result, "paging").get("nextPageToken") or ""
            if not isinstance(token, str) or not token:
                break
        return found

    def comments(self, **fields: Any) -> Dialogue[list[Any]]:
        return (yield from self.all("v2 goods-feedback/comments", fields, "comments", 50))

    def answers(self, **fields: Any) -> Dialogue[list[Any]]:
        return (yield from self.all("v1 goods-questions/answers", fields, "answers", 50))

    def history(self, chat: str, last: str = "") -> Dialogue[list[Any]]:
        """What was written since the message `last`, oldest first, each with the buyer's name and the order."""
        fields = {"messageIdFrom": int(last)} if last.isdecimal() else {}
        found = yield from self.all("v2 chats/history", fields, "messages", 100, chatId=chat)
        told = [message_of(one, chat, one.get("context")) for one in found]
        fresh = [one for one in told if ident(one.get("messageId")) not in {"", last}]
        return sorted(fresh, key=lambda one: (moment_of(one.get("createdAt"), self.now), str(one.get("messageId"))))


def message_of(one: Mapping[str, Any], chat: str, context: Any) -> dict[str, Any]:
    told = context if isinstance(context, dict) else {}
    customer = part(told, "customer").get("name")
    known = {"chatId": int(chat), "customer": customer if isinstance(customer, str) else "", "order": None}
    if isinstance(told.get("orderId"), int):
        known["order"] = told["orderId"]
    return {name: it for name, it in one.items() if name != "context"} | known


def at_reviews(eye: Eye, seen: Seen, found: Look) -> Dialogue[None]:
    """Whatever waits for the shop, a review that was changed among it, and of the last days all of them."""
    listed: dict[str, Any] = {}
    for status, back in (("NEED_REACTION", BACK), ("ALL", RECENT)):
        since = (eye.now - back).astimezone(UTC).isoformat(timespec="seconds")
        fields = {"dateTimeFrom": since, "reactionStatus": status}
        page = yield from eye.all("v2 goods-feedback", fields, "feedbacks", 50)
        listed |= {ident(one.get("feedbackId")): one for one in page}
    for key, one in sorted(listed.items(), key=lambda pair: moment_of(pair[1].get("createdAt"), eye.now)):
        if not key or not seen.is_news(key, state_of(one)) or (seen.first and not one.get("needReaction")):
            continue
        found.news.append(("feedback", one))
        if part(one, "statistics").get("commentsCount"):
            found.news += [("comment", it) for it in (yield from eye.comments(feedbackId=int(key)))]
    found.cursor["reviews"] = seen.kept()


def at_questions(eye: Eye, seen: Seen, found: Look) -> Dialogue[None]:
    """The list does not say what was answered: whatever is not among those that still wait has its answer."""
    order = {"sort": "CREATED_AT_DESC"}
    waiting = yield from eye.all("v1 goods-questions", {"needAnswer": True, **order}, "questions", 50)
    result = yield from eye.ask("POST", "v1 goods-questions", {"needAnswer": False, **order}, query={"limit": 50})
    open_ones = {question_id(one): one for one in waiting}
    everything = {question_id(one): one for one in things(result, "questions")} | open_ones
    for key, one in sorted(everything.items(), key=lambda pair: moment_of(pair[1].get("createdAt"), eye.now)):
        answered = key not in open_ones
        if not key or not seen.is_news(key, "answered" if answered else "open") or (seen.first and answered):
            continue
        found.news.append(("question", one))
        if answered:
            found.news += [("answer", it) for it in (yield from eye.answers(questionId=int(key)))]
    found.cursor["questions"] = seen.kept()


def question_id(one: Mapping[str, Any]) -> str:
    return ident(part(one, "questionIdentifiers").get("id"))


def at_chats(eye: Eye, seen: Seen, found: Look) -> Dialogue[None]:
    """The state of a chat is when it changed last and the last message that we know."""
    listed = yield from eye.all("v2 chats", {"statuses": OPEN}, "chats", 20)
    for one in listed:
        chat, changed = ident(one.get("chatId")), str(one.get("updatedAt"))[:40]
        before = seen.known.get(chat, "")
        since, _, last = before.partition(" ")
        if not chat.isdecimal() or since == changed:
            continue
        old = one.get("status") not in WAITING or moment_of(changed, eye.now) < eye.now - BACK
        seen.is_news(chat, f"{changed} {last}")
        if seen.first and old:
            continue
        fresh = yield from eye.history(chat, last)
        if fresh and is_ours(fresh[-1]) and moment_of(fresh[-1].get("createdAt"), eye.now) > eye.now - SETTLES:
            seen.known[chat] = before  # our own words, perhaps: looked at again when we know what we sent
            fresh = [it for it in fresh if not is_ours(it)]
        elif fresh:
            seen.known[chat] = f"{changed} {ident(fresh[-1].get('messageId'))}"
        found.news += [("message", it) for it in fresh]
    found.cursor["chats"] = seen.kept()


def is_ours(message: Mapping[str, Any]) -> bool:
    return message.get("sender") == "PARTNER"


def at_moderation(eye: Eye, waiting: Mapping[str, Any], found: Look) -> Dialogue[None]:
    """What of the shop's own was still with the moderators, in the last round or among the news of this one."""
    still: dict[str, list[int]] = {}
    for kind, asked, named in (("comment", eye.comments, "commentIds"), ("answer", eye.answers, "answerIds")):
        known = waiting.get(kind)
        ids = [one for one in known if isinstance(one, int)] if isinstance(known, list) else []
        told = (yield from asked(**{named: ids[:MOST]})) if ids else []
        found.news += [(kind, one) for one in told if one.get("status") != "UNMODERATED"]
        fresh = [one for what, one in found.news if what == kind] + told
        kept = {one["id"]: None for one in fresh if is_held(one)}
        still[kind] = list(kept)[-MOST:]
    found.cursor["moderation"] = still


def is_held(one: Mapping[str, Any]) -> bool:
    ours = part(one, "author").get("type") == OURS
    return ours and one.get("status") == "UNMODERATED" and isinstance(one.get("id"), int)


def at_push(eye: Eye, told: Push) -> Dialogue[list[News]]:
    """Only what somebody else wrote: what the shop wrote is found in the next round, when we know what we sent."""
    if told.chat_id and told.message_id:
        query = {"chatId": told.chat_id, "messageId": told.message_id}
        message = yield from eye.ask("GET", "v2 chats/message", query=query)
        if message.get("sender") not in {"CUSTOMER", "SUPPORT"}:
            return []
        chat = yield from eye.ask("GET", "v2 chat", query={"chatId": told.chat_id})
        return [("message", message_of(message, str(told.chat_id), chat.get("context")))]
    if told.comment_id and told.notification_type.startswith("GOODS_FEEDBACK"):
        return theirs("comment", (yield from eye.comments(commentIds=[told.comment_id])))
    if told.feedback_id:
        fields = {"feedbackIds": [told.feedback_id]}
        return [("feedback", one) for one in (yield from eye.all("v2 goods-feedback", fields, "feedbacks", 50))]
    if told.answer_id:
        return [("answer", one) for one in (yield from eye.answers(answerIds=[told.answer_id])) if not is_held(one)]
    if told.question_id:
        fields = {"questionIds": [told.question_id]}
        return [("question", one) for one in (yield from eye.all("v1 goods-questions", fields, "questions", 50))]
    return []


def theirs(kind: str, listed: list[Any]) -> list[News]:
    return [(kind, one) for one in listed if part(one, "author").get("type") != OURS]
