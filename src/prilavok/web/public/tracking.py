"""The page behind the link of an acknowledgement or of a request form: received, read, answered, and the answer itself.

Whoever came by a form goes on here: the link then names the form and the visitor (`i`, `v`), and shows only what was
said between that visitor and the shop, whatever else the conversation may hold by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from prilavok.channels.base import Hosted
from prilavok.domain.rendering import language_of
from prilavok.flows.addresses import sign_file
from prilavok.flows.directory import Served
from prilavok.kit.ids import is_id, new_id
from prilavok.store import contacts, conversations, messages, shops
from prilavok.web.ask import Ask
from prilavok.web.calls import ShopPhone, shop_phones
from prilavok.web.guard import household
from prilavok.web.public import request_form as requests
from prilavok.web.public.dates import moment
from prilavok.web.public.door import shown
from prilavok.web.public.form_words import WORDS as FORM_WORDS
from prilavok.web.public.page import HEADERS, best_language, page, whole
from prilavok.web.public.phones import block
from prilavok.web.public.request_page import POLICY, SCRIPTS, STYLE, file_field
from prilavok.web.public.style import FORMS
from prilavok.web.shapes import file_url

WORDS = {
    "ru": {
        "title": "Ваше обращение №\u00a0{number}",
        "got": "Получили",
        "read": "Прочитали",
        "answered": "Ответили",
        "waits": "Ответ ещё впереди. Он придёт туда, откуда Вы писали, и появится здесь.",
        "unread": "Пока не прочитали",
    },
    "uk": {
        "title": "Ваше звернення №\u00a0{number}",
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


@dataclass(frozen=True, slots=True)
class Opened:
    """What the link opens. `inbox` and `visitor` only for whoever came by a form."""

    shop: Mapping[Any, Any]
    conversation: Mapping[Any, Any]
    rows: Sequence[Mapping[Any, Any]]
    language: str
    inbox: Served | None = None
    visitor: str = ""
    identity_id: str = ""
    phones: Sequence[ShopPhone] = ()


async def show(ask: Ask) -> Response:
    found = await _opened(ask)
    if found is None:
        return _gone(ask)
    if found.inbox is None:
        return HTMLResponse(_render(found, ask), headers=HEADERS)
    await _note_reading(ask, found)
    return shown(_render(found, ask), policy=POLICY)


async def write(ask: Ask) -> Response:
    """Whoever came by a form goes on here: words, files."""
    found = await _opened(ask)
    if found is None or found.inbox is None:
        return _gone(ask)
    services = ask.services
    services.guard.refuse_other_sites(ask.request.headers)
    services.guard.check_rate(requests.KNOCKS, "form", household(ask.request.client))
    typed = ""
    try:
        given = await requests.read_form(ask)
        text = typed = given.text("text").strip()
        if not text and not given.files:
            raise requests.Wrong("text", "empty")
        if len(text) > requests.LONGEST_TEXT:
            raise requests.Wrong("text", "long")
        if not services.guard.allow(requests.WORKED, "status page", found.visitor):
            raise requests.Wrong("", "often", 429)
        seconds = await requests.promised(ask, found.inbox)
        said = {
            "kind": "send",
            "id": once if is_id(once := given.text("once")) else new_id(),
            "text": text,
            "files": await requests.keep_files(ask, found.inbox.shop_id, given.files, found.visitor),
            "conversation": found.conversation["id"],
            "language": found.language,
            "promised": requests.after(services.now, seconds),
        }
        await requests.stored(ask, found.inbox, said, found.visitor)
    except requests.Wrong as error:
        wrong = error.said(found.language, services.settings.max_file)
        typed = error.given.text("text") if error.given else typed
        return shown(_render(found, ask, wrong=wrong, typed=typed), error.status, policy=POLICY)
    return RedirectResponse(ask.request.url.path, 303, {"cache-control": "no-store"})


async def _opened(ask: Ask) -> Opened | None:
    known = ask.services.seal.read("track", ask.path("token"), ask.services.now)
    if known is None:
        return None
    inbox_id, visitor = str(known.get("i", "")), str(known.get("v", ""))
    inbox = await ask.read(ask.services.directory.get, int(known["s"]), inbox_id) if inbox_id else None
    if inbox_id and (inbox is None or not isinstance(inbox.channel, Hosted)):
        return None
    found = await ask.read(_load, ask, int(known["s"]), str(known["c"]), inbox, visitor)
    asked = best_language(ask.request.headers.get("accept-language", ""), "")
    return replace(found, language=asked) if found is not None and asked and inbox is not None else found


def _load(
    db: Connection, ask: Ask, shop_id: int, conversation_id: str, inbox: Served | None, visitor: str
) -> Opened | None:
    conversation = conversations.get(db, shop_id, conversation_id)
    shop = shops.get(db, shop_id)
    if conversation is None or shop is None:
        return None
    rows = [
        row
        for row in messages.page(db, shop_id, conversation_id, limit=100)
        if row["kind"] in {"message", "reply"} and not row["automatic"] and row["deleted_at"] is None
    ]
    identity_id = ""
    if inbox is not None:
        identity = contacts.identity_at(db, shop_id, inbox.scope, visitor)
        if identity is None:
            return None
        identity_id = identity["id"]
        typed = {(row["content"] or {}).get("answers_at") for row in rows if _is_of(row, identity_id)}
        rows = _of_the_page(rows, identity_id, typed - {None})
    contact = contacts.contact(db, shop_id, conversation["contact_id"])
    words = " ".join(row["text"] for row in rows if row["direction"] == "inbound")
    language = language_of(words, contact["language"] if contact is not None else "", shop["language"])
    phones = shop_phones(db, shop_id, ask.services.directory)
    return Opened(shop, conversation, rows, language, inbox, visitor, identity_id, phones)


def _of_the_page(rows: Sequence[Mapping[Any, Any]], identity_id: str, typed: set[Any]) -> list[Mapping[Any, Any]]:
    """What the visitor said and the answers, also those that went to the e-mail address they typed: until that mailbox
    itself speaks, for nothing proves that it is the visitor's. What it says and is told from then on is its own.
    """
    spoken: set[Any] = set()
    found = []
    for row in rows:
        if row["direction"] == "inbound":
            spoken.add(row["identity_id"])
        if row["identity_id"] == identity_id or row["identity_id"] in typed - spoken:
            found.append(row)
    return found


def _is_of(row: Mapping[Any, Any], identity_id: str) -> bool:
    return bool(row["direction"] == "inbound" and row["identity_id"] == identity_id)


async def _note_reading(ask: Ask, found: Opened) -> None:
    """The customer looks: the shop's ticks turn to "read"."""
    assert found.inbox is not None and isinstance(found.inbox.channel, Hosted)  # noqa: PT018  _opened saw to it
    unread = [
        row["identity_seq"]
        for row in found.rows
        if row["direction"] == "outbound" and row["identity_id"] == found.identity_id and row["receipt"] != "read"
    ]
    if unread:
        said = {"kind": "seen", "read": max(unread)}
        hook = found.inbox.channel.hook(said, visitor=found.visitor, at=ask.services.now)
        await ask.services.intake.take(found.inbox, hook)


def _gone(ask: Ask) -> Response:
    return HTMLResponse(page("track_gone", best_language(ask.request.headers.get("accept-language", ""))), 404, HEADERS)


def _render(found: Opened, ask: Ask, *, wrong: str = "", typed: str = "") -> str:
    words, form_words = WORDS[found.language], FORM_WORDS[found.language]
    steps = "".join(_steps(found, row, ask) for row in found.rows)
    waits = found.conversation["waiting_since"] is not None
    title = words["title"].format(number=found.conversation["number"])
    head = f'<p class="muted">{escape(found.shop["name"])}</p><h1>{escape(title)}</h1>'
    phones = block(found.phones, found.language)
    if found.inbox is None:
        below = f'<p class="muted">{escape(words["waits"])}</p>' if waits else ""
        return whole(title, found.language, f"{head}<ol>{steps}</ol>{below}{phones}", style=FORMS)
    sent = f'<p class="notice">{escape(form_words["sent"])}</p>' if waits else ""
    below = _promise(found, ask) if waits else ""
    below += _more(found.language, ask.services.settings.max_file, wrong, typed)
    body = f"{head}{sent}<ol>{steps}</ol>{below}{phones}"
    return whole(title, found.language, body, style=FORMS + STYLE, head=SCRIPTS)


def _steps(found: Opened, row: Mapping[Any, Any], ask: Ask) -> str:
    words, content = WORDS[found.language], row["content"] or {}

    def said(at: datetime) -> str:
        return moment(at, ask.services.now, ZoneInfo(found.shop["timezone"]), found.language)

    files = _files(row, ask) if found.inbox is not None else ""
    if row["direction"] == "outbound":
        who = f"{words['answered']}, {row['author_name']}" if row["author_name"] else words["answered"]
        return _step(who, said(row["at"]), row["text"], files)
    order = content.get("order") or {}
    about = FORM_WORDS[found.language]["order_linked"].format(number=order["number"]) if order.get("number") else ""
    text = f"{about}\n{row['text']}".strip() if found.inbox is not None else row["text"]
    got = _step(words["got"], said(row["at"]), text, files)
    reader = content.get("read") or {}
    if row["receipt"] != "read":
        return got + _step(words["unread"], "", "", done=False)
    if not reader:
        return got + _step(words["read"], "", "")
    named = FORM_WORDS[found.language]["read_by"].format(name=reader["by"])
    return got + _step(named, said(datetime.fromisoformat(reader["at"])), "")


def _step(what: str, at: str, text: str, files: str = "", *, done: bool = True) -> str:
    when = f" <time>{escape(at)}</time>" if at else ""
    quote = f"<blockquote>{escape(text)}</blockquote>" if text else ""
    return f'<li class="{"done" if done else ""}"><strong>{escape(what)}</strong>{when}{quote}{files}</li>'


def _files(row: Mapping[Any, Any], ask: Ask) -> str:
    links = [
        f'<li><a href="{file_url(one["id"], one["name"])}?s={sign_file(ask.services.seal, row["shop_id"], one["id"])}" '
        f'rel="noreferrer">{escape(one["name"])}</a></li>'
        for one in row["attachments"] or ()
        if one.get("id")
    ]
    return f'<ul class="files">{"".join(links)}</ul>' if links else ""


def _promise(found: Opened, ask: Ask) -> str:
    """What was promised with the first message that still waits; and honestly, when it was not kept."""
    since = found.conversation["waiting_since"]
    asked = [row for row in found.rows if _is_of(row, found.identity_id) and row["at"] >= since] or found.rows[-1:]
    said = next((one for row in asked if (one := (row["content"] or {}).get("promised"))), "")
    if not said:
        return ""
    until, now = datetime.fromisoformat(said), ask.services.now
    word = "promise" if until >= now else "late"
    when = moment(until, now, ZoneInfo(found.shop["timezone"]), found.language)
    return f'<p class="lead">{escape(FORM_WORDS[found.language][word].format(when=when))}</p>'


def _more(language: str, most: int, wrong: str, typed: str) -> str:
    words = FORM_WORDS[language]
    complaint = f'<p class="wrong" id="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    about = ' aria-describedby="wrong again" aria-invalid="true" autofocus' if wrong else ' aria-describedby="again"'
    return (
        f'<form method="post" enctype="multipart/form-data"><input type="hidden" name="once" value="{new_id()}">'
        f'<label for="text">{escape(words["write_again"])}</label>{complaint}'
        f'<textarea id="text" name="text" maxlength="8000"{about}>{escape(typed)}</textarea>'
        f'<p class="help" id="again">{escape(words["again_help"])}</p>'
        f'{file_field(language, most)}<p class="send"><button>{escape(words["send"])}</button>'
        f"</p></form><footer>{escape(words['keep'])}</footer>"
    )
