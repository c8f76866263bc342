"""Fixtures in, deliveries out: how tests/channels/fixtures is read."""

import base64
import dataclasses
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec

from prilavok.channels.base import Channel, Hook, InboxInfo
from prilavok.channels.registry import all_channels
from tests.channels.seals import seal

FIXTURES = Path(__file__).parent / "fixtures"

INBOX = InboxInfo(
    id="01900000-0000-7000-8000-000000000001",
    shop_id=1,
    name="Counter",
    hook_url="https://shop.example/hooks/abc",
    public_url="https://shop.example",
    signing_key=bytes(range(32)),
    shop_name="Lamps & Co",
)


@cache
def channel(kind: str) -> Channel:
    settings = json.loads((FIXTURES / kind / "inbox.json").read_text())["config"]
    cls = all_channels()[kind]
    return cls(msgspec.convert(settings, cls.Config), INBOX)


def deliveries(kind: str) -> list[Path]:
    return sorted((FIXTURES / kind / "hooks").glob("*.json"))


def delivery(kind: str, fixture: Mapping[str, Any], folder: Path) -> Hook:
    hook = sealed(kind, body_of(fixture, folder), fixture.get("headers", {}), moment(fixture["received_at"]))
    return replace(hook, query=fixture.get("query", {}), method=fixture.get("method", "POST"))


def sealed(kind: str, body: bytes, headers: Mapping[str, str], at: datetime) -> Hook:
    return Hook(body=body, headers={**headers, **seal(channel(kind), body, at)}, received_at=at)


def form(fields: Mapping[str, Any]) -> bytes:
    """As vendors post it that speak no JSON; what is not text inside is JSON."""
    plain_ones = {name: it if isinstance(it, str) else json.dumps(it) for name, it in fields.items()}
    return urlencode(plain_ones, errors="replace").encode()


def body_of(fixture: Mapping[str, Any], folder: Path) -> bytes:
    if "body" in fixture:
        return json.dumps(fixture["body"], ensure_ascii=False).encode()
    if "form" in fixture:
        return form(fixture["form"])
    if "text" in fixture:
        return str(fixture["text"]).encode()
    if "base64" in fixture:
        return base64.b64decode(fixture["base64"])
    return (folder / fixture["file"]).read_bytes()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shown(thing: Any) -> dict[str, Any]:
    """An inbound as the fixtures write it: its class, and the fields that differ from their defaults."""
    return {"is": type(thing).__name__, **fields(thing)}


def fields(thing: Any) -> dict[str, Any]:
    found = {}
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if field.default_factory is not dataclasses.MISSING:
            default: Any = field.default_factory()
        else:
            default = field.default
        if value != default:
            found[field.name] = plain(value)
    return found


def plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Enum():
            return value.value
        case bytes():
            return base64.b64encode(value).decode()
        case tuple() | list():
            return [plain(one) for one in value]
        case Mapping():
            return {name: plain(one) for name, one in value.items()}
        case _ if dataclasses.is_dataclass(value):
            return fields(value)
        case _:
            return value
