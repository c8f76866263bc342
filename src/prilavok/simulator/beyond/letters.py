"""Mail through agencies, which tell of it by deliveries. Each serves an address of the shop's own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from prilavok.simulator.agencies import mailgun, postmark, sendgrid
from prilavok.simulator.place import Line, Place, standing

TEA, CARE, ASK = "tea@kardamon.example", "care@kardamon.example", "ask@kardamon.example"
HOOK_PASSWORD = "demo-password-of-a-hook"


def ours(address: str, **more: str) -> Callable[[Place], dict[str, Any]]:
    return lambda place: {"address": address, "from_name": "Кардамон", "acknowledge": False, **more}  # noqa: ARG005


def door(place: Place) -> str:
    """The hook with the password that those agencies bear who sign nothing."""
    return place.hook.replace("://", f"://prilavok:{HOOK_PASSWORD}@", 1)


def made_postmark(place: Place, now: Callable[[], datetime]) -> postmark.PostmarkEmulator:
    made = postmark.PostmarkEmulator(hook=door(place), address=place.address, mailbox=CARE, now=now)
    made.server["RawEmailEnabled"] = True
    return made


def made_sendgrid(place: Place, now: Callable[[], datetime]) -> sendgrid.SendGridEmulator:
    return sendgrid.SendGridEmulator(hook=door(place), address=place.address, mailbox=ASK, now=now)


LINES = (
    Line("mailgun", "Mailgun", TEA, standing(mailgun.MailgunEmulator, mailbox=TEA), ours(
        TEA, domain=mailgun.DOMAIN, api_key=mailgun.API_KEY, signing_key=mailgun.SIGNING_KEY,
    )),
    Line("postmark", "Postmark", CARE, made_postmark, ours(
        CARE, server_token=postmark.TOKEN, hook_password=HOOK_PASSWORD,
    )),
    Line("sendgrid", "SendGrid", ASK, made_sendgrid, ours(ASK, api_key=sendgrid.API_KEY, hook_password=HOOK_PASSWORD)),
)  # fmt: skip
