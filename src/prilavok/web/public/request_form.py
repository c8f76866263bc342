"""The request form: GET /f/{key} shows it, POST takes what was written, from our page or from the shop's own.

A form that posts from another site needs no cookie and no frame: it is plain HTML that any site takes, and our script
beside it only adds the work that proves no robot (work.py). What is stored leads to a status page (tracking.py).
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from prilavok.channels.base import Hosted
from prilavok.domain.errors import BadInput
from prilavok.domain.rendering import within
from prilavok.flows.directory import Served
from prilavok.kit.multipart import NotAForm, Posted, Upload, posted
from prilavok.kit.text import storable
from prilavok.store import orders
from prilavok.web.ask import Ask
from prilavok.web.calls import shop_phones
from prilavok.web.errors import Refusal
from prilavok.web.files import keep
from prilavok.web.guard import household, per_hour, per_minute
from prilavok.web.hooks import KEY
from prilavok.web.promises import promise
from prilavok.web.public import work
from prilavok.web.public.door import asked_language, shown
from prilavok.web.public.form_words import WORDS
from prilavok.web.public.page import HEADERS, whole
from prilavok.web.public.request_page import MOST_FILES, POLICY, Sheet, render

LANGUAGES = ("ru", "uk", "en")
UNMEASURED = 4 * 3600  # seconds until an answer, where nothing has been measured yet
STATUS_GOOD_FOR = timedelta(days=180)
LONGEST_TEXT = 8000
LONGEST = {"name": 200, "email": 256, "phone": 32, "order": 64}  # characters of what may be typed besides
KNOCKS = per_minute(60)  # of one address: looking at tickets, posting at all
WORKED = per_hour(30)  # messages of one address whose browser did the work
UNWORKED = per_hour(5)  # of one address without it
UNWORKED_IN_ALL = per_hour(120)  # of all addresses together, in one form
EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[^\s@<>\"(),:;\[\]\\]{1,190}")
DIGITS_OF_A_PHONE = 9  # from its end: how many must agree, whatever stands in front
SCRIPT = (Path(__file__).parent / "form.js").read_bytes()


class Wrong(Exception):
    """What was posted cannot be taken: which field, and the word that says why. `given`: what was read of it."""

    def __init__(self, name: str, word: str, status: int = 422, given: Posted | None = None) -> None:
        super().__init__(word)
        self.name = name
        self.word = word
        self.status = status
        self.given = given

    def said(self, language: str, largest: int) -> str:
        """`largest`: bytes of all files together."""
        most = LONGEST_TEXT if self.word == "long" else largest >> 20
        return WORDS[language][self.word].format(most=most, files=MOST_FILES)


async def script(ask: Ask) -> Response:
    del ask
    headers = {
        "cache-control": "public, max-age=300",
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
    }
    return Response(SCRIPT, 200, headers, media_type="text/javascript")


async def show(ask: Ask) -> Response:
    inbox = await hosted(ask)
    if inbox is None or inbox.state != "active":
        return _closed(ask, inbox)
    typed = {name: storable(ask.query(name))[:64] for name in ("order",) if ask.query(name)}
    return shown(render(await _sheet(ask, inbox, typed)), policy=POLICY)


async def ticket(ask: Ask) -> Response:
    """What a browser works on, for pages of the shop's own sites too."""
    inbox = await hosted(ask)
    if inbox is None:
        raise Refusal(404, "There is no form behind this address.")
    ask.services.guard.check_rate(KNOCKS, "ticket", household(ask.request.client))
    issued = work.issue(ask.services.seal, inbox.id, ask.services.now)
    answer = {"ticket": issued, "seed": work.seed_of(issued), "bits": work.BITS}
    headers = {"cache-control": "no-store", "access-control-allow-origin": "*"}
    return Response(msgspec.json.encode(answer), 200, headers, media_type="application/json")


async def take(ask: Ask) -> Response:
    """303 to the status page; a page with the form again, and what is wrong, when it cannot be taken."""
    inbox = await hosted(ask)
    if inbox is None or inbox.state != "active":
        return _closed(ask, inbox)
    ask.services.guard.check_rate(KNOCKS, "form", household(ask.request.client))
    given = Posted({})
    try:
        _refuse_strangers(ask, inbox)
        given = await read_form(ask)
        status = await _take(ask, inbox, given)
    except Wrong as wrong:
        given, language = wrong.given or given, _language(ask)
        said = wrong.said(language, ask.services.settings.max_file)
        said += f" {WORDS[language]['files_again']}" if given.files else ""
        typed = {name: given.text(name) for name in ("text", "name", "email", "phone", "order")}
        page = render(await _sheet(ask, inbox, typed, (wrong.name, said)))
        return shown(page, wrong.status, policy=POLICY)
    return RedirectResponse(status, 303, {"cache-control": "no-store", "referrer-policy": "no-referrer"})


async def hosted(ask: Ask) -> Served | None:
    """The inbox whose page this is."""
    key = ask.path("key")
    found = await ask.read(ask.services.directory.by_key, key) if KEY.fullmatch(key) else None
    return found if found is not None and isinstance(found.channel, Hosted) else None


async def read_form(ask: Ask) -> Posted:
    """The body, bounded before a byte of it is read. Wrong for what is too large or no form."""
    limit = ask.services.settings.max_file
    try:
        body = await ask.raw(limit + 256 * 1024)
    except Refusal as refusal:
        if refusal.status != 413:
            raise
        raise Wrong("", "large", 413) from refusal
    try:
        given = posted(ask.request.headers.get("content-type", ""), body)
    except NotAForm as error:
        raise Wrong("", "broken") from error
    files = tuple(one for one in given.files if one.data)
    values = {name: storable(value.decode("utf-8", "replace")).encode() for name, value in given.values.items()}
    if len(files) > MOST_FILES or sum(len(one.data) for one in files) > limit:
        raise Wrong("files", "large", 413, Posted(values))
    return Posted(values, files)


async def keep_files(ask: Ask, shop_id: int, files: tuple[Upload, ...], visitor: str) -> list[str]:
    kept = [await keep(ask.services, shop_id, one.name, one.data, owner=visitor) for one in files]
    return [one.id or "" for one in kept]


async def promised(ask: Ask, inbox: Served) -> int:
    """Seconds until an answer, as measured; some hours where nothing is."""
    known = await promise(ask.services, inbox)
    return int(known["seconds"]) if known["measured"] else UNMEASURED


def after(now: datetime, seconds: int) -> str:
    """The promise as it is stored with the message: measured when it was made, and not moved afterwards."""
    return (now + timedelta(seconds=seconds)).isoformat()


def status_page(ask: Ask, inbox: Served, conversation_id: str, visitor: str) -> str:
    said = {"s": inbox.shop_id, "c": conversation_id, "i": inbox.id, "v": visitor}
    token = ask.services.seal.sign("track", said, expires=ask.services.now + STATUS_GOOD_FOR)
    return f"/t/{token}"


def _refuse_strangers(ask: Ask, inbox: Served) -> None:
    headers = ask.request.headers
    assert isinstance(inbox.channel, Hosted)
    if not ask.services.guard.own_origin(headers) and not inbox.channel.allows(headers.get("origin") or None):
        raise Wrong("", "foreign", 403)


async def _take(ask: Ask, inbox: Served, given: Posted) -> str:
    services = ask.services
    asks = _drawn(ask, inbox)["asks"]
    text, files = given.text("text").strip(), given.files if "files" in asks else ()
    # What the owner does not ask for is not taken, whoever posts it.
    typed = {name: " ".join(given.text(name).split()) if name in asks else "" for name in LONGEST}
    typed = {name: value[: LONGEST[name]] for name, value in typed.items()}
    if not text and not files:
        raise Wrong("text", "empty")
    if len(text) > LONGEST_TEXT:
        raise Wrong("text", "long")
    if typed["email"] and not EMAIL.fullmatch(typed["email"]):
        raise Wrong("email", "not_mail")
    sheet = work.redeem(services.seal, inbox.id, given.text("ticket"), given.text("work"), services.now)
    _count(ask, inbox, worked=sheet.worked)
    number = typed.pop("order")
    said: dict[str, Any] = {
        **typed,
        "kind": "send",
        "id": "1",
        "text": text,
        "files": await keep_files(ask, inbox.shop_id, files, sheet.visitor),
        "language": _language(ask),
        "page": _page(ask),
        "promised": after(services.now, await promised(ask, inbox)),
    }
    if number:
        said["order"] = await ask.read(_order, inbox.shop_id, number, typed["phone"], typed["email"].lower())
    return status_page(ask, inbox, await stored(ask, inbox, said, sheet.visitor), sheet.visitor)


async def stored(ask: Ask, inbox: Served, said: dict[str, Any], visitor: str) -> str:
    """Takes the message in; returns its conversation."""
    assert isinstance(inbox.channel, Hosted)
    hook = inbox.channel.hook(said, visitor=visitor, at=ask.services.now)
    try:
        taken, _ = await ask.services.intake.take(inbox, hook, strict=True)
    except BadInput as error:
        raise Wrong("text", "empty") from error
    if not taken:
        raise RuntimeError("the message was set aside")
    return taken[0].conversation_id


def _count(ask: Ask, inbox: Served, *, worked: bool) -> None:
    guard, client = ask.services.guard, household(ask.request.client)
    if worked:
        fits = guard.allow(WORKED, "form worked", inbox.id, client)
    else:
        fits = guard.allow(UNWORKED, "form", inbox.id, client) and guard.allow(UNWORKED_IN_ALL, "form", inbox.id)
    if not fits:
        raise Wrong("", "often", 429)


def _order(db: Connection, shop_id: int, number: str, phone: str, email: str) -> dict[str, str]:
    """The number, and the order's id when the phone or the e-mail is its own. Says nothing of others' orders."""
    digits = "".join(sign for sign in phone if sign.isdecimal())[-DIGITS_OF_A_PHONE:]
    for row in orders.by_numbers(db, shop_id, {number, number.lstrip("#№ ")}):
        own = "".join(sign for sign in row["phone"] if sign.isdecimal())[-DIGITS_OF_A_PHONE:]
        if (len(digits) == DIGITS_OF_A_PHONE and digits == own) or (email and email == row["email"].lower()):
            return {"number": number, "id": row["id"]}
    return {"number": number}


def _page(ask: Ask) -> str:
    """The site that the form stands on, where it is not ours. Only its origin: paths may hold what is nobody's."""
    origin = ask.request.headers.get("origin", "")
    return origin if urlsplit(origin).scheme in {"http", "https"} and not _own(ask) else ""


def _own(ask: Ask) -> bool:
    return ask.services.guard.own_origin(ask.request.headers)


def _language(ask: Ask) -> str:
    return ask.query("lang") if ask.query("lang") in LANGUAGES else asked_language(ask)


def _drawn(ask: Ask, inbox: Served) -> Any:
    assert isinstance(inbox.channel, Hosted)
    return inbox.channel.sheet(_language(ask))


async def _sheet(ask: Ask, inbox: Served, typed: dict[str, str], wrong: tuple[str, str] | None = None) -> Sheet:
    language = _language(ask)
    when = within(await promised(ask, inbox), language)
    phones = await ask.read(shop_phones, inbox.shop_id, ask.services.directory)
    most = ask.services.settings.max_file
    return Sheet(inbox.key, inbox.shop_name, _drawn(ask, inbox), language, when, typed, wrong, phones, most)


def _closed(ask: Ask, inbox: Served | None) -> Response:
    language = _language(ask)
    words, word = WORDS[language], "gone" if inbox is None else "away"
    body = f"<h1>{words[word]}</h1><p>{words[f'{word}_help']}</p>"
    headers = {**HEADERS, **({"retry-after": "3600"} if inbox is not None else {})}
    return Response(whole(words[word], language, body), 404 if inbox is None else 503, headers, media_type="text/html")
