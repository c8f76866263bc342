"""How Meta's deliveries prove themselves, and until when our token is good: the same for all of its applications."""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec

from prilavok.channels.base import BadSignature, Dialogue, Hook, HookAnswer, Request, Response, TryLater
from prilavok.channels.wire import NOT_READABLE, same

CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,200}", re.ASCII)


def verify(hook: Hook, app_secret: str) -> None:
    """Over the raw bytes: Meta escapes letters and slashes in its own way."""
    made = hmac.new(app_secret.encode(), hook.body, hashlib.sha256).hexdigest()
    if not app_secret or not same(hook.headers.get("x-hub-signature-256", ""), f"sha256={made}"):
        raise BadSignature


def verify_question(hook: Hook, verify_token: str) -> None:
    """Meta asks whether we are there before it sends anything."""
    asked = hook.query.get("hub.mode") == "subscribe"
    if not asked or not same(hook.query.get("hub.verify_token", ""), verify_token):
        raise BadSignature


def answer(hook: Hook) -> HookAnswer:
    challenge = hook.query.get("hub.challenge", "")
    if hook.method == "GET" and CHALLENGE.fullmatch(challenge):
        return HookAnswer(body=challenge.encode(), content_type="text/plain")
    return HookAnswer()


class About(msgspec.Struct):
    is_valid: bool = True
    expires_at: int = 0  # Unix time; 0: never


class Token(msgspec.Struct):
    data: About = msgspec.field(default_factory=About)


read_token = msgspec.json.Decoder(Token)


def good_until(base: str, token: str) -> Dialogue[datetime | None]:
    """When the token ends, as Meta tells its own bearer; None for one that does not, and where Meta says nothing."""
    query = urlencode({"input_token": token})
    try:
        response: Response = yield Request(
            "GET", f"{base}/debug_token?{query}", headers={"authorization": f"Bearer {token}"}
        )
    except TryLater:  # whatever else was asked has been answered: the inbox is not held up for a date
        return None
    try:
        about = read_token.decode(response.body).data if response.status == 200 else About()
        return datetime.fromtimestamp(about.expires_at, UTC) if about.expires_at > 0 else None
    except (*NOT_READABLE, OverflowError, OSError, ValueError):
        return None
