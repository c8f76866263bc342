"""What Meta says of the account and its templates: the owner must know before a customer goes without an answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from prilavok.channels.base import Inbound, Noticed
from prilavok.channels.wire import said

TEMPLATE_TROUBLE = {
    "REJECTED": "was rejected by Meta",
    "PAUSED": "is paused by Meta, for customers complained",
    "DISABLED": "was switched off by Meta",
    "FLAGGED": "will be switched off soon if customers go on complaining",
}
BLOCKS = {"REJECTED": "template_rejected", "PAUSED": "template_paused", "DISABLED": "template_disabled"}
TEMPLATE_WELL = {"APPROVED", "REINSTATED", "UNLOCKED"}
ACCOUNT_TROUBLE = {
    "ACCOUNT_RESTRICTION": "Meta has restricted the account",
    "ACCOUNT_VIOLATION": "Meta says that the account offends its rules",
    "ACCOUNT_DELETED": "the account was deleted at Meta",
    "ACCOUNT_OFFBOARDED": "the account was disconnected from the Cloud API",
    "PARTNER_REMOVED": "the application was removed from the account",
    "DISABLED_UPDATE": "Meta has locked the account",
}
ACCOUNT_WELL = {"ACCOUNT_RECONNECTED", "REINSTATE"}

Value = Mapping[str, Any]


def noticed(field: str, value: Value, at: datetime) -> Inbound | None:
    """None for what no owner needs to know."""
    read = FIELDS.get(field)
    found = read(value) if read is not None else None
    return Noticed(about=found[0], at=at, trouble=found[1]) if found is not None else None


def of_template(value: Value) -> tuple[str, str] | None:
    event = said(value.get("event"), 40)
    if event in TEMPLATE_WELL:
        return template(value), ""
    if event not in TEMPLATE_TROUBLE:
        return None
    info = value.get("rejection_info")
    why = said(info.get("reason"), 300) if isinstance(info, Mapping) else ""
    why = why or {"NONE": ""}.get(reason := said(value.get("reason"), 100), reason)
    return template(value), ": ".join(filter(None, [TEMPLATE_TROUBLE[event], why]))


def of_category(value: Value) -> tuple[str, str] | None:
    category = said(value.get("new_category"), 40)
    about = f"category of {template(value)}"
    return (about, f"is {category} now, which costs another price") if category else None


def of_quality(value: Value) -> tuple[str, str] | None:
    score = said(value.get("new_quality_score"), 20)
    bad = "is RED: customers block or report what it says, and Meta may pause it"
    return (f"quality of {template(value)}", bad if score == "RED" else "") if score else None


def of_account(value: Value) -> tuple[str, str] | None:
    event = said(value.get("event"), 60)
    ban = value.get("ban_info")
    state = said(ban.get("waba_ban_state"), 40) if isinstance(ban, Mapping) else ""
    if event in ACCOUNT_WELL or state in ACCOUNT_WELL:
        return "WhatsApp account", ""
    return ("WhatsApp account", ACCOUNT_TROUBLE[event]) if event in ACCOUNT_TROUBLE else None


def template(value: Value) -> str:
    name, language = (said(value.get(f"message_template_{one}"), 512) for one in ("name", "language"))
    return told_of(name, language)


def told_of(name: str, language: str) -> str:
    return f"template {name} ({language})"


def why_blocked(name: str, language: str, notices: str) -> str:
    """The word for what Meta said last of this template, with Meta's own reason; empty when it may be sent."""
    about = f"{told_of(name, language)}: "
    said_last = next((line.removeprefix(about) for line in notices.splitlines() if line.startswith(about)), "")
    for event, word in BLOCKS.items():
        if said_last.startswith(TEMPLATE_TROUBLE[event]):
            reason = said_last.removeprefix(TEMPLATE_TROUBLE[event]).removeprefix(": ")
            return f"{word}: {reason}" if reason else word
    return ""


FIELDS: dict[str, Callable[[Value], tuple[str, str] | None]] = {
    "message_template_status_update": of_template,
    "template_category_update": of_category,
    "message_template_quality_update": of_quality,
    "template_quality_update": of_quality,
    "account_update": of_account,
}
