"""Signing in at a vendor's page: the way there and the way back (OAuth 2, authorization code with PKCE).

The way back is signed by us, holds for ten minutes, once, and only for the owner who set out; of what comes with it
nothing is believed before the vendor's token server and the mailbox itself have said yes.
"""

from datetime import timedelta
from typing import Any

import msgspec
from starlette.responses import HTMLResponse, RedirectResponse, Response

from prilavok.channels.base import Account, Consent
from prilavok.domain.errors import BadInput, NeedsOwner, NotFound, TryLater, Undeliverable
from prilavok.flows import connect
from prilavok.flows import consent as consenting
from prilavok.kit.ids import new_token
from prilavok.kit.seal import Seal, text
from prilavok.web import admin
from prilavok.web.ask import Ask
from prilavok.web.auth import viewer_of
from prilavok.web.errors import Refusal
from prilavok.web.public.page import HEADERS, page
from prilavok.web.session import language_of

LASTS = timedelta(minutes=10)
LONGEST = 4096  # characters of what a vendor sends along


class Going(msgspec.Struct):
    url: str  # of the vendor's page


async def begin(ask: Ask) -> Going:
    row = await admin.row_of(ask)
    consent = _consent_of(ask, row)
    if consent is None:
        raise BadInput("This inbox is not signed in to at a page of its vendor.")
    state = ask.services.seal.sign(
        "consent",
        {"s": ask.shop_id, "i": row["id"], "a": ask.me.id, "n": new_token(16)},
        expires=ask.services.now + LASTS,
    )
    try:
        return Going(consent.address(back_to(ask), state, _verifier(ask.services.seal, state)))
    except NeedsOwner as error:
        raise Refusal(422, error.reason, field="config") from error


async def back(ask: Ask) -> Response:
    """The browser comes from the vendor, with a code or with an error."""
    state = ask.query("state")
    told = ask.services.seal.read("consent", state, ask.services.now) or {}
    viewer = ask.viewer = await viewer_of(ask.request, ask.services)
    if viewer is None or not viewer.may("owner") or (told.get("s"), told.get("a")) != (viewer.shop_id, viewer.id):
        return _gone(ask)
    inbox_id = str(told["i"])
    try:
        row = await admin.row_of(ask, inbox_id)
    except NotFound:
        return _gone(ask)
    consent = _consent_of(ask, row)
    if consent is None or not await ask.do(consenting.use, viewer.shop_id, viewer.id, inbox_id, str(told["n"])):
        return _gone(ask)
    try:
        await _let_in(ask, row, consent, _verifier(ask.services.seal, state))
    except (NeedsOwner, Undeliverable, TryLater) as error:
        await ask.do(consenting.refuse, viewer.shop_id, inbox_id, error.reason)
    return RedirectResponse(f"/settings/inboxes/{inbox_id}", 303, HEADERS)


def back_to(ask: Ask) -> str:
    return f"{ask.services.directory.public_url}{connect.BACK}"


async def _let_in(ask: Ask, row: Any, consent: Consent, verifier: str) -> None:
    """The code becomes a refresh token; with it the inbox is tried, and only then is anything stored."""
    if ask.query("iss") and not consent.is_from(ask.query("iss")):
        raise NeedsOwner("Another page has answered than the one that was asked. Nothing has changed.")
    code = ask.query("code")
    if not code or len(code) > LONGEST:
        raise NeedsOwner(consent.refusal(ask.query("error"), ask.query("error_description")))
    grant = await ask.services.perform(consent.redeem(code, back_to(ask), verifier))
    kind = ask.services.directory.kinds[row["channel"]]
    settings = {consent.given: grant.refresh_token, consent.dated: ask.services.now.isoformat()}

    async def keep(setting: str, before: str, after: str) -> str:
        """What is exchanged during the trial is stored with the rest."""
        now = settings[setting] = after or before
        return now

    config = msgspec.structs.replace(ask.services.directory.open_config(row, kind), **settings)
    channel = await admin.channel_of(ask, row["channel"], config, row["id"], row["key"], row["name"], keep=keep)
    account: Account = await ask.services.perform(channel.meet())
    config = msgspec.structs.replace(config, **settings)
    await ask.do(connect.change_inbox, ask.shop_id, row["id"], config=config, account=account, state="active")
    await admin.tell_vendor(ask, row["channel"], config, row["id"], row["key"], row["name"])


def _consent_of(ask: Ask, row: Any) -> Consent | None:
    directory = ask.services.directory
    kind = directory.kinds[row["channel"]]
    return kind.consent_of(directory.open_config(row, kind))


def _verifier(seal: Seal, state: str) -> str:
    """Of PKCE: known to nobody who knows the state, and kept nowhere."""
    return text(seal.derive("consent verifier", state))


def _gone(ask: Ask) -> Response:
    return HTMLResponse(page("consent_gone", language_of(ask)), 400, HEADERS)
