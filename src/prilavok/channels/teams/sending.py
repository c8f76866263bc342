"""Replies as activities, the token that carries them, and what Microsoft's refusals mean."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from prilavok.channels.base import (
    Attachment,
    Dialogue,
    NeedsOwner,
    Outbound,
    Request,
    Response,
    Sent,
    TryLater,
    Undeliverable,
)
from prilavok.channels.teams.activities import mark
from prilavok.channels.teams.shapes import (
    Complaint,
    Refusal,
    read_complaints,
    read_refusal,
    read_resource,
    read_token,
)
from prilavok.channels.wire import NOT_READABLE, retry_after, said
from prilavok.channels.words import numbered
from prilavok.domain.capabilities import BLOCKED
from prilavok.kit.content import whole

SCOPE = "https://api.botframework.com/.default"
CARD = "application/vnd.microsoft.card.hero"
PICTURES = {"image/png", "image/jpeg", "image/gif"}
LARGEST_PICTURE = 1024 * 1024  # bytes
MOST_BUTTONS = 6
LONGEST_LABEL = 50  # characters; Teams cuts longer ones
MARGIN = 120.0  # seconds before its end in which a token is not used any more
GONE = {"BotNotInConversationRoster", "BotDisabledByAdmin", "MessageWritesBlocked", "ConversationBlockedByUser"}


@dataclass(slots=True)
class Pass:
    """Our access token, good until `until` (seconds of the clock)."""

    token: str = ""
    until: float = 0.0


def sign_in(login: str, app_id: str, password: str, kept: Pass, now: float) -> Dialogue[str]:
    """The kept token, or a new one. NeedsOwner when Microsoft does not know the app or its password."""
    if kept.token and now < kept.until - MARGIN:
        return kept.token
    form = {"grant_type": "client_credentials", "client_id": app_id, "client_secret": password, "scope": SCOPE}
    try:
        response: Response = yield Request("POST", login, form=form)
    except TryLater as error:  # nothing of the message is out yet
        raise TryLater(error.reason, after=error.after) from None
    if response.status in {400, 401, 403}:
        raise NeedsOwner(why_no_token(response))
    if response.status != 200:
        raise TryLater(f"Microsoft's sign-in answered {response.status}", after=wait(response))
    try:
        given = read_token.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("Microsoft's sign-in gave no token") from error
    kept.token, kept.until = given.access_token, now + given.expires_in
    return given.access_token


def why_no_token(response: Response) -> str:
    try:
        refusal = read_refusal.decode(response.body)
    except NOT_READABLE:
        refusal = Refusal()
    codes = set(refusal.error_codes)
    if 7000222 in codes:
        return "The bot's client secret has run out. Make a new one in Azure (Certificates & secrets) and type it here."
    if 7000215 in codes or refusal.error == "invalid_client":
        return "Microsoft refuses the client secret. Copy its value (not its ID) from Azure, Certificates & secrets."
    if codes & {700016, 90002} or refusal.error == "unauthorized_client":
        return "Microsoft knows no such app in this directory. Compare the app ID and the directory (tenant) ID."
    return f"Microsoft does not let the bot in: {said(refusal.error, 100) or response.status}."


def activity(outbound: Outbound, us: str) -> dict[str, Any]:
    """A message as the connector takes it."""
    written = tuple(outbound.buttons)
    fits = len(written) <= MOST_BUTTONS and all(len(one.text) <= LONGEST_LABEL for one in written)
    attachments = [picture(one) if inline(one) else link(one) for one in outbound.attachments]
    said_so: dict[str, Any] = {"type": "message", "from": {"id": f"28:{us}"}}
    if written and fits:
        attachments.append(
            {"contentType": CARD, "content": {"text": outbound.text, "buttons": list(actions(outbound))}}
        )
        said_so["summary"] = outbound.text[:200]
    else:
        said_so |= {"text": numbered(outbound), "textFormat": "plain"}
    return said_so | ({"attachments": attachments} if attachments else {})


def actions(outbound: Outbound) -> Iterator[dict[str, Any]]:
    """A press writes the label into the chat and brings us the data behind it."""
    for one in outbound.buttons:
        if one.url:
            yield {"type": "openUrl", "title": one.text, "value": one.url}
        else:
            value = {"button": one.data or one.text}
            shown = {"title": one.text, "text": one.text, "displayText": one.text}
            yield {"type": "messageBack", **shown, "value": value}


def inline(one: Attachment) -> bool:
    return one.type in PICTURES and one.data is not None and len(one.data) <= LARGEST_PICTURE


def picture(one: Attachment) -> dict[str, Any]:
    data = f"data:{one.type};base64,{base64.b64encode(whole(one.data or b'')).decode()}"
    return {"contentType": one.type, "contentUrl": data, "name": one.name}


def link(one: Attachment) -> dict[str, Any]:
    """A file as such would lie in the customer's own cloud folder, for which Teams asks them each time. So it stays
    where it is, and a card opens its signed address.
    """
    if not (one.url or "").startswith(("https://", "http://")):
        raise Undeliverable(f"“{one.name}” has no address that Teams could open.")
    size = len(one.data) if one.data is not None else one.size or 0
    about = {"title": one.name[:200], "subtitle": f"{max(1, round(size / 1024))} KB"}
    button = {"type": "openUrl", "title": f"⬇ {one.name}"[:LONGEST_LABEL], "value": one.url}
    return {"contentType": CARD, "content": {**about, "buttons": [button]}}


def path(outbound: Outbound) -> str:
    """Where to post it. An answer goes below the activity that it answers, if that is of this conversation."""
    where = f"v3/conversations/{quote(outbound.address, safe='')}/activities"
    answered, _, of = outbound.replies_to.rpartition("@")
    return f"{where}/{quote(answered, safe='')}" if answered and of == mark(outbound.address) else where


def sent(response: Response, outbound: Outbound) -> Sent:
    settle(response)
    try:
        made = read_resource.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("Microsoft's answer names no message", perhaps_sent=True) from error
    return Sent(provider_id=f"{said(made.id, 400)}@{mark(outbound.address)}" if made.id else "")


def settle(response: Response) -> None:
    """What is wrong with an answer of the connector, as the error that says what to do."""
    status = response.status
    if 200 <= status < 300:
        return
    complaint = complaint_of(response)
    told = f"Teams answered {status}" + (f" {complaint.code}" if complaint.code else "")
    match status:
        case 401:
            raise NeedsOwner(f"{told}: Microsoft no longer accepts this bot. Is it switched on in Azure, for Teams?")
        case 403 if complaint.code in GONE:
            raise Undeliverable(BLOCKED, address_is_dead=True)
        case 403:
            raise Undeliverable(f"{told}: this customer's organisation does not let the shop in.")
        case 404:
            raise Undeliverable(f"{told}: there is no such conversation any more.", address_is_dead=True)
        case 408 | 412 | 429:
            raise TryLater(told, after=wait(response))
        case _ if 400 <= status < 500:
            raise Undeliverable(": ".join(filter(None, [told, said(complaint.message, 200)])))
        case _:
            # A gateway that gave up waiting (504) does not know whether the message was sent.
            raise TryLater(told, after=wait(response), perhaps_sent=status == 504)


def complaint_of(response: Response) -> Complaint:
    try:
        found = read_complaints.decode(response.body)
    except NOT_READABLE:
        return Complaint()
    given = found.error or Complaint(message=found.message)
    return Complaint(code=said(given.code, 80), message=given.message)


def wait(response: Response) -> float | None:
    return retry_after(response.headers, datetime.now(UTC))


def login_url(api_base: str, tenant: str) -> str:
    return f"{api_base.rstrip('/')}/{quote(tenant.strip() or 'botframework.com', safe='')}/oauth2/v2.0/token"
