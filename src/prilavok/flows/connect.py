"""An owner connects a channel: an inbox is made, changed, paused, taken away."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from prilavok.channels.base import Account, Channel, laid_over
from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.events import InboxChanged, OutboxFilled
from prilavok.flows.directory import Directory
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id, new_token
from prilavok.kit.seal import Seal
from prilavok.store import inboxes

BACK = "/consent/back"  # where a vendor's sign-in page sends the browser: told to it beforehand, so always the same
RESERVED = timedelta(days=1)


def read_config(directory: Directory, kind: str, values: Mapping[str, Any]) -> Any:
    """The channel's typed settings. BadInput names the field that is wrong."""
    channel = directory.kinds.get(kind)
    if channel is None:
        raise BadInput(f"There is no channel called “{kind}”. GET /api/v1/channels lists them.", field="kind")
    try:
        return msgspec.convert(dict(values), channel.Config, strict=False)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        field = path.rstrip("`") if path else _field_in(message)
        raise BadInput(message, field=f"config.{field}" if field else "config") from error


def merge_config(directory: Directory, kind: type[Channel], row: Mapping[Any, Any], values: Mapping[str, Any]) -> Any:
    """New settings over the stored ones; see `laid_over` for what becomes of secrets."""
    stored = msgspec.to_builtins(directory.open_config(row, kind))
    return read_config(directory, row["channel"], laid_over(kind.Config, stored, values))


def reserve(seal: Seal, shop_id: int, now: datetime) -> tuple[str, str]:
    """A key for a hook that can be told to the vendor before there is an inbox, and the proof that we made it."""
    key = new_token(24)
    return key, seal.sign("hook key", {"s": shop_id, "k": key}, expires=now + RESERVED)


def reserved(seal: Seal, shop_id: int, proof: str, now: datetime) -> str:
    """The key behind such a proof. BadInput when it is not this shop's, or too old."""
    told = seal.read("hook key", proof, now)
    if told is None or told.get("s") != shop_id:
        raise BadInput("This address was reserved too long ago. Open the page anew.", field="reservation")
    return str(told["k"])


def connect(
    unit: Unit, shop_id: int, kind: str, name: str, config: Any, account: Account, *, inbox_id: str, key: str = ""
) -> str:
    """Stores a checked inbox; returns the key of its hook. `key`: one that was reserved for it."""
    if not name.strip():
        raise BadInput("Give the inbox a name that your colleagues will recognise.", field="name")
    key = key or new_token(24)
    if inboxes.by_key(unit.db, key) is not None:
        raise BadInput("An inbox has this address already. Open the page anew.", field="reservation")
    inboxes.add(
        unit.db,
        {
            "shop_id": shop_id,
            "id": inbox_id,
            "channel": kind,
            "name": name.strip()[:100],
            "key": key,
            "config": unit.world.directory.seal_config(shop_id, inbox_id, config),
            "account_name": account.name,
            "account_handle": account.handle,
            "cursor": dict(account.cursor) or None,
            "expires_at": account.expires_at,
            "created_at": unit.now,
            **waiting(account),
        },
    )
    unit.emit(InboxChanged(shop_id=shop_id, ref_id=inbox_id))
    return key


def change_inbox(
    unit: Unit,
    shop_id: int,
    inbox_id: str,
    *,
    name: str | None = None,
    config: Any = None,
    account: Account | None = None,
    state: str | None = None,
) -> None:
    """Changes what is given. Making it active again also lets its waiting messages go."""
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = name.strip()[:100]
    if config is not None:
        changes["config"] = unit.world.directory.seal_config(shop_id, inbox_id, config)
    if account is not None:
        changes |= {"account_name": account.name, "account_handle": account.handle}
        changes |= {"expires_at": account.expires_at, "expiry_told": None} | waiting(account)
        row = inboxes.get(unit.db, shop_id, inbox_id)
        if account.cursor and row is not None and not row["cursor"]:  # it waited for its owner and begins only now
            changes["cursor"] = dict(account.cursor)
    if state is not None:
        if state not in {"active", "paused"}:
            raise BadInput("An inbox is active or paused.", field="state")
        changes |= {"state": state, "reason": "" if state == "active" else "paused by hand"}
    if not changes:
        return
    if not inboxes.change(unit.db, shop_id, inbox_id, changes):
        raise NotFound
    unit.world.directory.forget(shop_id, inbox_id)
    unit.emit(InboxChanged(shop_id=shop_id, ref_id=inbox_id))
    unit.emit(OutboxFilled(shop_id=shop_id))


def waiting(account: Account) -> dict[str, Any]:
    """What becomes of an inbox whose owner has still something to do."""
    return {"state": "paused", "reason": account.waits} if account.waits else {}


def disconnect(unit: Unit, shop_id: int, inbox_id: str) -> None:
    """Takes an inbox away with its secrets; what was said stays readable."""
    if inboxes.get(unit.db, shop_id, inbox_id) is None:
        raise NotFound
    inboxes.remove(unit.db, shop_id, inbox_id)
    unit.world.directory.forget(shop_id, inbox_id)
    unit.emit(InboxChanged(shop_id=shop_id, ref_id=inbox_id))


def secret_fields(kind: type[Channel]) -> set[str]:
    """The names of the Config fields that never leave the server."""
    schema = msgspec.json.schema(kind.Config)
    properties = schema["$defs"][kind.Config.__name__]["properties"]
    return {name for name, field in properties.items() if field.get("writeOnly") or field.get("format") == "password"}


def shown_config(kind: type[Channel], config: Any) -> dict[str, Any]:
    """The settings as a browser may see them: secrets empty."""
    values: dict[str, Any] = msgspec.to_builtins(config)
    return values | dict.fromkeys(secret_fields(kind) & values.keys(), "")


def new_inbox_id() -> str:
    return new_id()


def _field_in(message: str) -> str:
    """msgspec names a missing or unknown field between back-ticks."""
    parts = message.split("`")
    return parts[1] if len(parts) > 2 and "field" in message else ""
