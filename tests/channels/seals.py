"""How each vendor proves that a delivery is its own, from the vendor's side."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs

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


def twilio_signature(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    """The address that was called, then every field by name, with nothing between."""
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    pairs = sorted((name, value) for name, values in fields.items() for value in set(values))
    signed = channel.inbox.hook_url + "".join(name + value for name, value in pairs)
    digest = hmac.new(channel.config.auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return {"x-twilio-signature": base64.b64encode(digest).decode()}


def meta_signature(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    digest = hmac.new(channel.config.app_secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


SIGNED_BY_ZADARMA = {
    **dict.fromkeys(("START", "INTERNAL", "END", "IVR"), ("caller_id", "called_did", "call_start")),
    "ANSWER": ("caller_id", "destination", "call_start"),
    "OUT_START": ("internal", "destination", "call_start"),
    "OUT_END": ("internal", "destination", "call_start"),
    "RECORD": ("pbx_call_id", "call_id_with_rec"),
}


def zadarma_signature(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    """Over some fields, other ones for each event; an event that Zadarma does not have cannot be signed."""
    fields = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace"), True).items()}
    names = SIGNED_BY_ZADARMA.get(fields.get("event", "").removeprefix("NOTIFY_"))
    if names is None or not fields["event"].startswith("NOTIFY_"):
        return {}
    signed = "".join(fields.get(name, "") for name in names)
    digest = hmac.new(channel.config.secret.encode(), signed.encode(), hashlib.sha1).hexdigest()
    return {"signature": base64.b64encode(digest.encode()).decode()}


SEALS: dict[str, Callable[[Channel, bytes, datetime], dict[str, str]]] = {
    "api": standard_webhooks,
    "echo": shared_secret,
    "sip": standard_webhooks,
    "telegram": telegram_secret,
    "twilio": twilio_signature,
    "twilio_voice": twilio_signature,
    "webchat": our_own_server,
    "whatsapp": meta_signature,
    "zadarma": zadarma_signature,
}
SEALED_INSIDE = {"mango"}  # the proof stands in the body, beside what it proves; tried in tests of their own
