"""Every vendor knocks here. Signature over the raw bytes, then the journal, then the messages, then 200."""

import base64
import re

import msgspec
import structlog
from starlette.background import BackgroundTask
from starlette.responses import Response

from prilavok.channels.base import Dialogue, Hook, HookAnswer, Typing
from prilavok.domain.errors import NeedsOwner, NotFound, TryLater, Undeliverable
from prilavok.flows.directory import Served
from prilavok.flows.receive import Taken
from prilavok.flows.suppliers import Supplier
from prilavok.kit.ids import is_id
from prilavok.web.ask import Ask, Services
from prilavok.web.errors import Refusal
from prilavok.web.typing import tell_typing

log = structlog.get_logger()

KEY = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
KEPT_HEADERS = 40
KEPT_HEADER = 1000  # characters
BASIC = b"Basic "
KEPT_TOKEN = 8000  # characters, of a vendor that proves itself with one
NEVER_KEPT = {"authorization", "cookie", "proxy-authorization"}


async def hook(ask: Ask) -> Response:
    """POST /hooks/{key}: 200 once everything is committed. A delivery we cannot understand is kept and gets its 200."""
    inbox = await _inbox_by_key(ask)
    given = await _read(ask, token=isinstance(inbox, Served) and inbox.channel.bears_token)
    if isinstance(inbox, Supplier):
        return await _take_news(ask, inbox, given)
    if not inbox.capabilities.hooked:
        raise NotFound
    await _take(ask, inbox, given, strict=False)
    answer: HookAnswer = inbox.channel.answer(given)
    more = inbox.channel.afterwards(given)
    later = BackgroundTask(_tell_vendor, ask.services, inbox.id, more) if more is not None else None
    return Response(answer.body, answer.status, media_type=answer.content_type, background=later)


async def _tell_vendor(services: Services, inbox_id: str, dialogue: Dialogue[None]) -> None:
    """A courtesy: everything is stored already, so nothing is lost when it fails."""
    try:
        await services.perform(dialogue)
    except (TryLater, Undeliverable, NeedsOwner) as error:
        log.info("vendor not told", inbox=inbox_id, reason=error.reason)


async def api_messages(ask: Ask) -> Response:
    """POST /api/v1/inbox-messages/{inbox_id}: the same for programs of the shop, with an account of what became of each
    message. What is wrong is said at once instead of being kept.
    """
    inbox_id = ask.path("inbox_id")
    if not is_id(inbox_id):
        raise NotFound
    row = await ask.read(ask.services.directory.find, inbox_id)
    if row is None or not row.capabilities.hooked:
        raise NotFound
    taken = await _take(ask, row, await _read(ask), strict=True)
    answer = {
        "accepted": sum(not one.duplicate for one in taken),
        "duplicates": sum(one.duplicate for one in taken),
        "results": [
            {"id": one.provider_id, "message_id": one.message_id, "conversation_id": one.conversation_id}
            for one in taken
        ],
    }
    return Response(msgspec.json.encode(answer), media_type="application/json")


async def _take(ask: Ask, inbox: Served, given: Hook, *, strict: bool) -> list[Taken]:
    taken, inbounds = await ask.services.intake.take(inbox, given, strict=strict)
    for one in inbounds:
        if isinstance(one, Typing):
            await tell_typing(ask.services, inbox, one.address)
    return taken


async def _take_news(ask: Ask, supplier: Supplier, given: Hook) -> Response:
    """From a shop platform or a carrier, which calls just as a channel's vendor does."""
    if not supplier.source.hooked:
        raise NotFound
    await ask.services.arrivals.take(supplier, given)
    answer = supplier.source.answer(given)
    return Response(answer.body, answer.status, media_type=answer.content_type)


async def _inbox_by_key(ask: Ask) -> Served | Supplier:
    key = ask.path("key")
    found: Served | Supplier | None = ask.services.directory.known_by_key(key)
    if found is None and KEY.fullmatch(key):
        found = await ask.read(ask.services.directory.by_key, key)
        found = found or await ask.read(ask.services.arrivals.suppliers.by_key, key)
    if found is None:
        raise Refusal(404, "There is no inbox behind this address. Copy the hook's address from its settings.")
    return found


async def _read(ask: Ask, *, token: bool = False) -> Hook:
    body = await ask.raw(ask.services.settings.max_body)
    headers: dict[str, str] = {}
    for raw, value in ask.request.scope["headers"][:KEPT_HEADERS]:  # lower case already, as ASGI promises
        name = raw.decode("latin-1")
        if name == "authorization" and token:
            headers[name] = value[:KEPT_TOKEN].decode("latin-1")
        elif name not in NEVER_KEPT:
            headers[name] = value[:KEPT_HEADER].decode("latin-1")
        elif name == "authorization" and (password := _password(value)):
            headers["x-hook-password"] = password
    return Hook(
        body=body,
        headers=headers,
        received_at=ask.services.now,
        query=dict(ask.request.query_params) if ask.request.scope["query_string"] else {},
        method=ask.request.method,
    )


def _password(authorization: bytes) -> str:
    """Of an address like https://prilavok:PASSWORD@…, for vendors that sign nothing. The journal keeps only the name of
    the secret that it is (`without_secrets`).
    """
    if not authorization.startswith(BASIC):
        return ""
    try:
        pair = base64.b64decode(authorization[len(BASIC) : KEPT_HEADER], validate=True)
    except ValueError:
        return ""
    return pair.partition(b":")[2].decode("latin-1")
