"""Product cards on the shop's pages: what was said about a product, and a form for more. No cookies, no accounts.

Robots meet a sum to be worked out (once for each thing that is said) and a limit of each client. Photographs lose what
the camera wrote into them (where they were taken, by which telephone): everybody sees them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from sqlalchemy.engine import Connection
from starlette.responses import FileResponse, Response

from prilavok.channels.pages import OnPages
from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.scan import Checked
from prilavok.flows.directory import Served
from prilavok.kit.ids import is_id, new_token
from prilavok.kit.multipart import NotAForm, Upload, posted
from prilavok.kit.photo import bare_jpeg
from prilavok.kit.text import storable
from prilavok.store import cards, files, messages, orders
from prilavok.web.ask import Ask, decode
from prilavok.web.errors import Refusal
from prilavok.web.files import headers_for, keep
from prilavok.web.guard import household, per_hour, per_minute
from prilavok.web.hooks import KEY
from prilavok.web.public.cards_script import SCRIPT

BITS = 15  # of zeros that a proof begins with: a second of a telephone, an hour of whoever wants four thousand
GOOD_FOR = 30 * 60  # seconds
LARGEST = 32 * 1024  # bytes
PHOTOS, LARGEST_PHOTO = 4, 2 * 1024 * 1024  # of one review; bytes: the snippet makes them smaller than that
SHOWN = 50
WRITING = (per_minute(5), per_hour(30))  # of one client
READING = per_minute(240)


class Product(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    url: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Visitors(msgspec.Struct):
    """What a visitor says. `order`: the key of a link that we sent to the buyer."""

    product: Product
    challenge: str
    nonce: Annotated[str, msgspec.Meta(max_length=40)]
    kind: Literal["review", "question"] = "review"
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    text: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    order: str = ""


async def script(ask: Ask) -> Response:
    del ask
    headers = {"cache-control": "public, max-age=300", "access-control-allow-origin": "*"}
    return Response(SCRIPT, media_type="text/javascript", headers=headers)


async def show(ask: Ask) -> Response:
    """GET: `?product=` → what everybody may see of it."""
    inbox, headers = await _card(ask)
    ask.services.guard.check_rate(READING, "card", household(ask.request.client))
    product = storable(ask.query("product"))[:100]
    if not product:
        raise Refusal(422, "Say which product: ?product=", field="product", headers=headers)
    found = await ask.services.bus.read_slowly(_shown, inbox.shop_id, inbox.id, _pages(inbox).key_of(product))
    return _json({**found, "product": product}, headers)


async def challenge(ask: Ask) -> Response:
    inbox, headers = await _card(ask)
    now = ask.services.now
    ask.services.guard.check_rate(READING, "card", household(ask.request.client))
    made = {"i": inbox.id, "r": new_token(16), "u": int(now.timestamp()) + GOOD_FOR}
    return _json({"challenge": ask.services.seal.sign("card", made), "bits": BITS}, headers)


async def write(ask: Ask) -> Response:
    """POST: 201, and whether it can be seen already."""
    inbox, headers = await _card(ask)
    for limit in WRITING:
        ask.services.guard.check_rate(limit, "card words", household(ask.request.client))
    given, photos = await _read(ask, headers)
    _require_proof(ask, inbox, given)
    if given.kind == "review" and given.rating is None:
        raise Refusal(422, "A review needs stars, from 1 to 5.", field="rating", headers=headers)
    if given.kind == "question" and not given.text.strip():
        raise Refusal(422, "A question needs some words.", field="text", headers=headers)
    one = hashlib.sha256(given.challenge.encode()).hexdigest()[:32]  # one word for each sum that was worked out
    bought = await _bought(ask, inbox, given)
    ids = [one, bought["id"]] if bought else [one]
    said = await _said_before(ask, inbox, given, ids) if bought or photos else set()
    told = {
        "id": one,
        "product": _product(inbox, given.product),
        "kind": given.kind,
        "rating": given.rating,
        "text": given.text,
        "name": given.name,
        **(bought if bought.get("id") not in said else {}),
    }
    channel = _pages(inbox)
    told["files"] = await _keep(ask, inbox, str(told["id"]), given, photos, headers) if told["id"] not in said else []
    try:
        await ask.services.intake.take(inbox, channel.hook(told, ask.services.now), strict=True)
    except BadInput as error:
        raise Refusal(422, error.reason, field=error.field, headers=headers) from error
    return _json({"shown": channel.at_once}, headers, 201)


async def file(ask: Ask) -> Response:
    """GET: a photograph, or what the shop has put beside its answer, for as long as it stands on the card."""
    inbox, headers = await _card(ask)
    message_id, file_id = ask.path("message"), ask.path("id")
    if not is_id(message_id) or not is_id(file_id):
        raise NotFound
    words = await ask.services.bus.read_slowly(cards.matter_of, inbox.shop_id, inbox.id, message_id)
    there = next((one for one in words if one["id"] == message_id), None) if _first_seen(words) is not None else None
    row = await ask.read(files.get, inbox.shop_id, file_id)
    path = ask.services.folder.path(inbox.shop_id, file_id)
    if there is None or row is None or all(one.get("id") != file_id for one in there["attachments"] or ()):
        raise NotFound
    if await ask.services.check_file(row) in {Checked.INFECTED, Checked.WAITING} or not path.is_file():
        raise NotFound
    shown = {**headers_for(row), **headers, "cache-control": "public, max-age=600"}  # hidden means gone, soon
    return FileResponse(path, headers=shown, media_type=row["type"])


async def allow(ask: Ask) -> Response:
    _, headers = await _card(ask)
    return Response(status_code=204, headers=headers)


async def _card(ask: Ask) -> tuple[Served, dict[str, str]]:
    """The inbox behind the key, and the headers that let a page of the shop's read the answer."""
    key = ask.path("key")
    inbox = await ask.read(ask.services.directory.by_key, key) if KEY.fullmatch(key) else None
    if inbox is None or inbox.state != "active" or not isinstance(inbox.channel, OnPages):
        raise NotFound
    origin = ask.request.headers.get("origin") or None
    if origin and not inbox.channel.allows(origin) and not ask.services.guard.own_origin(ask.request.headers):
        raise Refusal(403, "This domain is not allowed to show these cards.")
    return inbox, {
        "access-control-allow-origin": origin or "*",
        "access-control-allow-headers": "content-type",
        "access-control-allow-methods": "GET, POST",
        "access-control-max-age": "600",
        "cache-control": "no-store",
        "vary": "origin",
    }


def _pages(inbox: Served) -> OnPages:
    assert isinstance(inbox.channel, OnPages)  # _card refused others
    return inbox.channel


async def _read(ask: Ask, headers: dict[str, str]) -> tuple[Visitors, Sequence[Upload]]:
    """What was said, alone as JSON or with photographs as a form (`said` is the JSON then)."""
    kind = ask.request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return decode(await ask.raw(LARGEST), Visitors), ()
    try:
        given = posted(kind, await ask.raw(LARGEST + PHOTOS * LARGEST_PHOTO))
    except NotAForm as error:
        raise Refusal(422, "This is no form that can be read.", headers=headers) from error
    photos = [one for one in given.files if one.data]
    if len(photos) > PHOTOS or any(len(one.data) > LARGEST_PHOTO for one in photos):
        most = f"At most {PHOTOS} photographs of {LARGEST_PHOTO >> 20} MB each."
        raise Refusal(413, most, field="photo", headers=headers)
    return decode(given.values.get("said", b""), Visitors), photos


async def _keep(
    ask: Ask, inbox: Served, one: str, given: Visitors, photos: Sequence[Upload], headers: dict[str, str]
) -> list[str]:
    """Ids of the photographs, stored once for each word."""
    owner = f"{_pages(inbox).key_of(given.product.id)}{one}"
    try:
        bare = [bare_jpeg(photo.data) for photo in photos]
    except ValueError as error:
        raise Refusal(422, "A photograph must be a whole JPEG.", field="photo", headers=headers) from error
    kept = [
        await keep(ask.services, inbox.shop_id, f"photo-{number}.jpg", data, owner=owner)
        for number, data in enumerate(bare, 1)
    ]
    return [str(photo.id) for photo in kept]


def _require_proof(ask: Ask, inbox: Served, given: Visitors) -> None:
    known = ask.services.seal.read("card", given.challenge, ask.services.now)
    fresh = known is not None and known.get("i") == inbox.id and known.get("u", 0) >= ask.services.now.timestamp()
    if not fresh or not proves(given.challenge, given.nonce):
        raise Refusal(422, "The proof does not fit. Load the page again.", field="nonce")


def proves(challenge: str, nonce: str) -> bool:
    digest = hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - BITS) == 0


def _product(inbox: Served, product: Product) -> dict[str, str]:
    """Without an address that is not the shop's own: agents and other customers would follow it."""
    try:
        where = urlsplit(product.url)
    except ValueError:
        where = urlsplit("")
    ours = _pages(inbox).allows(f"{where.scheme}://{where.netloc}")
    return {"id": product.id, "name": product.name, "url": product.url if ours else ""}


async def _bought(ask: Ask, inbox: Served, given: Visitors) -> dict[str, Any]:
    """Whoever came by the link that we sent for an order has bought what is in it: the one id under which they say so.
    Any other link is no reason to hear them less.
    """
    known = ask.services.seal.read("review", given.order, ask.services.now) if given.order else None
    if known is None or known.get("s") != inbox.shop_id or given.kind != "review":
        return {}
    row = await ask.read(orders.get, inbox.shop_id, str(known["o"]))
    wares = {one.get("sku", "") for one in row["items"] or ()} - {""} if row is not None else set()
    if row is None or (wares and given.product.id not in wares):
        return {}
    once = hashlib.sha256(f"{row['id']}:{given.product.id}".encode()).hexdigest()[:32]
    return {"id": once, "order": row["number"], "verified": True}


async def _said_before(ask: Ask, inbox: Served, given: Visitors, ids: Sequence[str]) -> set[str]:
    """Those of `ids` under which something of this product has been said already."""
    key = _pages(inbox).key_of(given.product.id)
    known = await ask.read(messages.known, inbox.shop_id, inbox.id, [f"{key}{one}" for one in ids])
    return {one for one in ids if f"{key}{one}" in known}


def _shown(db: Connection, shop_id: int, inbox_id: str, key: str) -> dict[str, Any]:
    items, stars = [], []
    for matter, words in cards.said_about(db, shop_id, inbox_id, key):
        first = _first_seen(words)
        if first is None:
            continue
        about = (matter["context"] or {}).get("public", {})
        if about.get("rating"):
            stars.append(about["rating"])
        items.append(_item(about, first, [one for one in words if one is not first]))
    average = round(sum(stars) / len(stars), 1) if stars else None
    return {"average": average, "reviews": len(stars), "items": items[:SHOWN]}


def _first_seen(words: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What began a matter, unless it is hidden: then nothing of the matter is shown."""
    first = next((one for one in words if one["direction"] == "inbound"), None)
    return None if first is None or (first["content"] or {}).get("hidden") else first


def _files(one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`url` below the card's own address, for those that are here already."""
    return [
        {
            "url": f"files/{one['id']}/{each['id']}",
            "name": each["name"],
            "type": each["type"],
        }
        for each in one["attachments"] or ()
        if each.get("id")
    ]


def _item(about: Mapping[str, Any], first: Mapping[str, Any], rest: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "kind": about.get("kind", "review"),
        "rating": about.get("rating"),
        "name": first["author_name"],
        "text": first["text"],
        "at": first["at"],
        "verified": bool((first["content"] or {}).get("verified")),
        "files": _files(first),
        "answers": [
            {"text": one["text"], "at": one["at"], "files": _files(one)}
            for one in rest
            if one["direction"] == "outbound"
        ],
    }


def _json(value: Any, headers: Mapping[str, str], status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, dict(headers), media_type="application/json")
