"""Files up and down. What a customer sends is never run by our own address: sniffed, sandboxed, mostly downloads."""

import asyncio
import hmac
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.scan import Checked
from prilavok.flows.addresses import sign_file
from prilavok.flows.intake import take
from prilavok.flows.unit import Unit
from prilavok.kit import html, sniff
from prilavok.kit.content import OnDisk
from prilavok.kit.ids import is_id
from prilavok.kit.seal import Seal
from prilavok.store import files, messages
from prilavok.web.ask import Ask, Services
from prilavok.web.errors import Refusal
from prilavok.web.shapes import File, file_url

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'"


async def upload(ask: Ask) -> File:
    with ask.services.folder.landing() as place:
        data = await ask.raw_into(place, ask.services.settings.max_file)
        return await keep(ask.services, ask.shop_id, ask.query("name"), data, owner=f"agent:{ask.me.id}")


async def keep(services: Services, shop_id: int, name: str, data: bytes | OnDisk, *, owner: str) -> File:
    """Stores an upload; its type is what the bytes are, not what the sender says."""
    if not data:
        raise BadInput("This file is empty.", field="file")
    row = await asyncio.to_thread(partial(take, services.folder, shop_id, name, data, owner=owner))
    await services.bus.do(_add, row)
    stored = await services.bus.read(files.get, shop_id, row["id"])
    if stored is not None and await services.check_file(stored) is Checked.INFECTED:
        raise BadInput("The virus scanner found a virus in this file. It was not attached.", field="file")
    return File(
        id=row["id"],
        name=row["name"],
        type=row["type"],
        size=row["size"],
        url=file_url(row["id"], row["name"]),
        kind=row["kind"],
        width=row["width"],
        height=row["height"],
    )


async def download(ask: Ask) -> Response:
    """By an agent of the shop, or by whoever holds a signed address (a visitor's own conversation)."""
    file_id = ask.path("id")
    if not is_id(file_id):
        raise NotFound
    shop_id = signed_shop(ask.services.seal, file_id, ask.query("s"))
    if shop_id is None:
        shop_id = ask.shop_id
    row = await ask.read(files.get, shop_id, file_id)
    path = ask.services.folder.path(shop_id, file_id)
    if row is None or not path.is_file():
        raise NotFound
    match await ask.services.check_file(row):
        case Checked.INFECTED:
            raise Refusal(403, f"This file is locked away: the virus scanner found {row['virus'] or 'a virus'} in it.")
        case Checked.WAITING:
            raise Refusal(423, "This file is being checked for viruses. Try again soon.", headers={"retry-after": "10"})
    return FileResponse(path, headers=headers_for(row), media_type=row["type"])


def headers_for(row: Mapping[Any, Any]) -> dict[str, str]:
    way = "inline" if sniff.inline_allowed(row["type"]) else "attachment"
    return {
        "content-disposition": f"{way}; filename*=UTF-8''{quote(row['name'], safe='')}",
        "content-security-policy": SANDBOX,
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "cross-origin",
        "cache-control": "private, max-age=31536000, immutable",
    }


async def mail_page(ask: Ask) -> Response:
    """The cleaned mail for a sandboxed frame; pictures from elsewhere only on request."""
    row = await ask.read(messages.get, ask.shop_id, ask.id())
    body = await ask.read(messages.body, ask.shop_id, ask.id())
    if row is None or body is None:
        raise NotFound
    inline = {
        one[
            "content_id"
        ]: f"{file_url(one['id'], one['name'])}?s={sign_file(ask.services.seal, ask.shop_id, one['id'])}"
        for one in row["attachments"] or ()
        if one.get("content_id") and one.get("id")
    }
    cleaned = await ask.services.bus.read_slowly(_clean, body, ask.query("images") == "1", inline)
    origin = ask.services.settings.public_url
    images = ask.query("images") == "1"
    return Response(
        html.mail_page(cleaned, ask.language, origin=origin, images=images),
        media_type="text/html; charset=utf-8",
        headers={
            # allow-same-origin lets our page measure the height; scripts stay forbidden.
            "content-security-policy": "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; "
            + html.mail_policy(origin, images),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cache-control": "private, max-age=300",
        },
    )


def signed_shop(seal: Seal, file_id: str, signature: str) -> int | None:
    shop, _, mac = signature.partition(".")
    if not shop.isascii() or not shop.isdecimal() or len(shop) > 9:
        return None
    return int(shop) if hmac.compare_digest(sign_file(seal, int(shop), file_id).partition(".")[2], mac) else None


def _clean(_db: Any, body: str, images: bool, inline: Mapping[str, str]) -> str:
    return html.clean_mail(body, images=images, cid=inline)


def _add(unit: Unit, row: Mapping[str, Any]) -> None:
    files.add(unit.db, [{**row, "created_at": unit.now}])
