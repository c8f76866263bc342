"""How Meta's deliveries prove themselves, the same for all of its applications."""

import hashlib
import hmac
import re

from prilavok.channels.base import BadSignature, Hook, HookAnswer
from prilavok.channels.wire import same

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
