"""Product cards on the shop's pages: what was said about a product, and a form for more. No cookies, no accounts.

Robots meet a sum to be worked out (once for each thing that is said) and a limit of each client.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from sqlalchemy.engine import Connection
from starlette.responses import Response

from prilavok.channels.pages import OnPages
from prilavok.domain.errors import BadInput, NotFound
from prilavok.flows.directory import Served
from prilavok.kit.ids import new_token
from prilavok.kit.text import storable
from prilavok.store import cards, messages, orders
from prilavok.web.ask import Ask, decode
from prilavok.web.errors import Refusal
from prilavok.web.guard import household, per_hour, per_minute
from prilavok.web.hooks import KEY
from prilavok.web.public.cards_script import SCRIPT

BITS = 15  # of zeros that a proof begins with: a second of a telephone, an hour of whoever wants four thousand
GOOD_FOR = 30 * 60  # seconds
LARGEST = 32 * 1024  # bytes
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
    given = decode(await ask.raw(LARGEST), Visitors)
    _require_proof(ask, inbox, given)
    if given.kind == "review" and given.rating is None:
        raise Refusal(422, "A review needs stars, from 1 to 5.", field="rating", headers=headers)
    if given.kind == "question" and not given.text.strip():
        raise Refusal(422, "A question needs some words.", field="text", headers=headers)
    told = {
        "id": hashlib.sha256(given.challenge.encode()).hexdigest()[:32],  # one word for each sum that was worked out
        "product": _product(inbox, given.product),
        "kind": given.kind,
        "rating": given.rating,
        "text": given.text,
        "name": given.name,
        **await _bought(ask, inbox, given),
    }
    channel = _pages(inbox)
    try:
        await ask.services.intake.take(inbox, channel.hook(told, ask.services.now), strict=True)
    except BadInput as error:
        raise Refusal(422, error.reason, field=error.field, headers=headers) from error
    return _json({"shown": channel.at_once}, headers, 201)


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
    """Whoever came by the link that we sent for an order has bought what is in it, and says so once; any other link is
    no reason to hear them less.
    """
    known = ask.services.seal.read("review", given.order, ask.services.now) if given.order else None
    if known is None or known.get("s") != inbox.shop_id or given.kind != "review":
        return {}
    row = await ask.read(orders.get, inbox.shop_id, str(known["o"]))
    wares = {one.get("sku", "") for one in row["items"] or ()} - {""} if row is not None else set()
    if row is None or (wares and given.product.id not in wares):
        return {}
    once = hashlib.sha256(f"{row['id']}:{given.product.id}".encode()).hexdigest()[:32]
    said = f"{_pages(inbox).key_of(given.product.id)}{once}"
    if await ask.read(messages.known, inbox.shop_id, inbox.id, [said]):
        return {}
    return {"id": once, "order": row["number"], "verified": True}


def _shown(db: Connection, shop_id: int, inbox_id: str, key: str) -> dict[str, Any]:
    items, stars = [], []
    for matter, words in cards.said_about(db, shop_id, inbox_id, key):
        first = next((one for one in words if one["direction"] == "inbound"), None)
        if first is None or (first["content"] or {}).get("hidden"):
            continue
        about = (matter["context"] or {}).get("public", {})
        if about.get("rating"):
            stars.append(about["rating"])
        items.append(_item(about, first, [one for one in words if one is not first]))
    average = round(sum(stars) / len(stars), 1) if stars else None
    return {"average": average, "reviews": len(stars), "items": items[:SHOWN]}


def _item(about: Mapping[str, Any], first: Mapping[str, Any], rest: list[Any]) -> dict[str, Any]:
    return {
        "kind": about.get("kind", "review"),
        "rating": about.get("rating"),
        "name": first["author_name"],
        "text": first["text"],
        "at": first["at"],
        "verified": bool((first["content"] or {}).get("verified")),
        "answers": [{"text": one["text"], "at": one["at"]} for one in rest if one["direction"] == "outbound"],
    }


def _json(value: Any, headers: Mapping[str, str], status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, dict(headers), media_type="application/json")
