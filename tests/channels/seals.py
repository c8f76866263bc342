"""How each vendor proves that a delivery is its own, from the vendor's side."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

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


def max_secret(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    return {"x-max-bot-api-secret": channel.config.secret}


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


def viber_signature(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    digest = hmac.new(channel.config.auth_token.encode(), body, hashlib.sha256).hexdigest()
    return {"x-viber-content-signature": digest}


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


def password_in_the_address(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    return {"x-hook-password": channel.config.hook_password}


@cache
def microsofts_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def microsofts_keys(*, endorsements: Sequence[str] = ()) -> bytes:
    """As Microsoft publishes them."""
    public = json.loads(RSAAlgorithm.to_jwk(microsofts_key().public_key()))
    key = {**public, "kid": "key-1", "use": "sig", **({"endorsements": list(endorsements)} if endorsements else {})}
    return json.dumps({"keys": [key]}).encode()


def microsofts_token(audience: str, service_url: str, at: datetime, **claims: Any) -> str:
    told = {"iss": "https://api.botframework.com", "aud": audience, "serviceurl": service_url}
    times = {"nbf": int(at.timestamp()), "exp": int(at.timestamp()) + 3600}
    return jwt.encode({**told, **times, **claims}, microsofts_key(), algorithm="RS256", headers={"kid": "key-1"})


def bot_framework_token(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    """It names the server that speaks; an activity that names none, or a stranger, is nobody's."""
    try:
        server = json.loads(body)["serviceUrl"]
    except (ValueError, KeyError, TypeError, RecursionError):
        server = "https://smba.trafficmanager.net/emea/"
    if not isinstance(server, str) or not server.startswith("https://smba.trafficmanager.net/"):
        return {}
    channel.keyring.learn(microsofts_keys(), at.timestamp())
    return {"authorization": f"Bearer {microsofts_token(channel.config.app_id, server, at)}"}


def asked(channel: Channel, body: bytes, at: datetime) -> dict[str, str]:
    """What we asked for ourselves, sealed with the inbox's own key and with no setting."""
    return {"x-prilavok-asked": hmac.new(channel.inbox.signing_key, b"asked:" + body, hashlib.sha256).hexdigest()}


SEALED_INSIDE = {"mailgun", "mango", "smsc", "vk"}  # their proof stands in the body: forged ones in tests of their own
SEALS: dict[str, Callable[[Channel, bytes, datetime], dict[str, str]]] = {
    "api": standard_webhooks,
    "cards": standard_webhooks,
    "echo": shared_secret,
    "form": our_own_server,
    "google_business": asked,
    "instagram": meta_signature,
    "max": max_secret,
    "messenger": meta_signature,
    "ozon": asked,
    "postmark": password_in_the_address,
    "sendgrid": password_in_the_address,
    "sip": standard_webhooks,
    "teams": bot_framework_token,
    "telegram": telegram_secret,
    "twilio": twilio_signature,
    "twilio_voice": twilio_signature,
    "viber": viber_signature,
    "webchat": our_own_server,
    "whatsapp": meta_signature,
    "wildberries": asked,
    "zadarma": zadarma_signature,
}
