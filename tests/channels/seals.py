"""How each vendor proves that a delivery is its own, from the vendor's side."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from prilavok.channels.base import Channel


def seal(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    """The headers that belong to this body; none for a source that we ask ourselves."""
    make = SEALS.get(channel.kind)
    return make(channel, body, at) if make else {}


def standard_webhooks(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    key = base64.b64decode(channel.config.secret.removeprefix("whsec_"))
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(key, b"msg_1." + timestamp.encode() + b"." + body, hashlib.sha256).digest()
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def shared_secret(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    return {"x-echo-secret": channel.config.secret}


def telegram_secret(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    return {"x-telegram-bot-api-secret-token": channel.config.secret_token}


def our_own_server(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    return dict(channel.hook({}, visitor="v", at=at).headers)


SEALS: dict[str, Callable[[Channel, bytes, datetime], dict[str, str]]] = {
    "api": standard_webhooks,
    "echo": shared_secret,
    "telegram": telegram_secret,
    "webchat": our_own_server,
}
