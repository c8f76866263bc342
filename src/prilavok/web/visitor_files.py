"""Files of visitors: POST /chat/files, from the pages of allowed domains."""

import msgspec
from starlette.responses import Response

from prilavok.channels.base import Direct
from prilavok.domain.errors import BadInput, NotFound
from prilavok.flows.addresses import sign_file
from prilavok.web.ask import Ask
from prilavok.web.errors import Refusal
from prilavok.web.files import keep
from prilavok.web.guard import UPLOADS
from prilavok.web.visitors import chat_inbox


async def upload(ask: Ask) -> Response:
    """POST /chat/files: a visitor's file, kept for the message that will carry it."""
    headers = await cors(ask)
    services = ask.services
    inbox = await chat_inbox(services, ask.query("inbox"))
    scheme, _, token = ask.request.headers.get("authorization", "").partition(" ")
    assert inbox is not None and isinstance(inbox.channel, Direct)  # noqa: PT018  cors refused others
    visitor = inbox.channel.visitor_of(token) if scheme.lower() == "visitor" else None
    if visitor is None:
        raise Refusal(401, "Open the chat first.", headers=headers)
    try:
        services.guard.check_rate(UPLOADS, "upload", visitor)
        with services.folder.landing() as place:
            data = await ask.raw_into(place, services.settings.max_file)
            file = await keep(services, inbox.shop_id, ask.query("name"), data, owner=visitor)
    except Refusal as refusal:
        refusal.headers.update(headers)
        raise
    except BadInput as error:
        raise Refusal(422, error.reason, field=error.field, headers=headers) from error
    signature = sign_file(services.seal, inbox.shop_id, file.id or "")
    file.url = f"{services.settings.public_url}{file.url}?s={signature}"
    return Response(msgspec.json.encode(file), 201, headers, media_type="application/json")


async def allow_upload(ask: Ask) -> Response:
    return Response(status_code=204, headers=await cors(ask))


async def cors(ask: Ask) -> dict[str, str]:
    """The headers that let a page of an allowed domain send a file."""
    inbox = await chat_inbox(ask.services, ask.query("inbox"))
    if inbox is None:
        raise NotFound
    assert isinstance(inbox.channel, Direct)
    origin = ask.request.headers.get("origin") or None
    if not inbox.channel.allows(origin) and not ask.services.guard.own_origin(ask.request.headers):
        raise Refusal(403, "This domain is not allowed to show the chat.")
    return {
        "access-control-allow-origin": origin or "*",
        "access-control-allow-headers": "authorization, content-type",
        "access-control-allow-methods": "POST",
        "access-control-max-age": "600",
        "vary": "origin",
    }
