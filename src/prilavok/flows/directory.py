"""The inboxes that this process serves: settings opened, channel made, looked up by id or by the key in a hook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from prilavok.channels.base import Capabilities, Channel, InboxInfo, Keep, kept_nowhere, secret_fields
from prilavok.kit.mac import mac
from prilavok.kit.places import country_of
from prilavok.kit.seal import Seal
from prilavok.store import inboxes as store
from prilavok.store import shops
from prilavok.store.questions import Row

HIDDEN = "secret:"  # and the name of the setting, in place of its value
COVER = b"covered:"  # the same within a body
WORTH_COVERING = 8  # characters; a shorter secret would be found everywhere


@dataclass(frozen=True, slots=True)
class Served:
    """One inbox, ready for use."""

    id: str
    shop_id: int
    kind: str
    key: str
    name: str
    state: str
    channel: Channel
    account_name: str
    account_handle: str
    shop_name: str
    reason: str = ""  # lines that the vendor has said of it, while it works

    @property
    def capabilities(self) -> Capabilities:
        return self.channel.capabilities

    @property
    def medium(self) -> str:
        """The word that people use for it."""
        return self.channel.capabilities.medium or self.kind

    @property
    def vendor(self) -> str:
        """Whose answer this inbox waits for: its kind, and where that is reached when the owner has said so."""
        settings: Any = self.channel.config
        places = (str(getattr(settings, name, "")) for name in sorted(settings.addresses | settings.answerers))
        return " ".join([self.kind, *filter(None, places)])

    def without_secrets(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers as they may be stored: where a vendor shows us one of the inbox's secrets, only its name stays."""
        hidden = {value: f"{HIDDEN}{name}" for name, value in self._secrets() if value}
        return {name: hidden.get(value, value) for name, value in headers.items()}

    def with_secrets(self, headers: Mapping[str, str]) -> dict[str, str]:
        """What `without_secrets` stored, as the vendor would send it today."""
        shown = {f"{HIDDEN}{name}": value for name, value in self._secrets()}
        return {name: shown.get(value, value) for name, value in headers.items()}

    def covered(self, body: bytes) -> bytes:
        """A body as it may be stored: some vendors put the shared secret into each delivery, for all who read it."""
        for name, value in self._secrets():
            if len(value) >= WORTH_COVERING and (secret := value.encode()) in body:
                body = body.replace(secret, self._cover(name))
        return body

    def uncovered(self, body: bytes) -> bytes:
        """What `covered` stored, as the vendor would send it today."""
        if COVER in body:
            for name, value in self._secrets():
                body = body.replace(self._cover(name), value.encode())
        return body

    def _cover(self, name: str) -> bytes:
        """Nobody outside can write it: else a customer's text could be made to show the secret after a replay."""
        return COVER + mac(self.channel.inbox.signing_key, b"cover:", name.encode()).hex().encode()

    def _secrets(self) -> list[tuple[str, str]]:
        config: Any = self.channel.config
        kind: Any = self.channel.Config
        return [(name, getattr(config, name)) for name in secret_fields(kind)]

    @property
    def scope(self) -> str:
        """Within what an address means one person: the whole shop, or this inbox alone."""
        able = self.channel.capabilities
        return able.address_kind if able.address_scope == "shop" else self.id


class Directory:
    """Keeps what it has opened until told to forget it. `kinds` are the channel classes by kind."""

    def __init__(self, kinds: Mapping[str, type[Channel]], seal: Seal, public_url: str) -> None:
        self.kinds = kinds
        self.seal = seal
        self.public_url = public_url.rstrip("/")
        self.keeping: Callable[[int, str], Keep] | None = None  # how an inbox stores what its vendor exchanged
        self._by_id: dict[tuple[int, str], Served] = {}
        self._by_key: dict[str, Served] = {}

    def get(self, db: Connection, shop_id: int, inbox_id: str) -> Served | None:
        """None when there is no such inbox in this shop, or its channel is not installed."""
        served = self._by_id.get((shop_id, inbox_id))
        if served is None:
            row = store.get(db, shop_id, inbox_id)
            served = self._open(db, row) if row is not None else None
        return served

    def by_key(self, db: Connection, key: str) -> Served | None:
        served = self._by_key.get(key)
        if served is None:
            row = store.by_key(db, key)
            served = self._open(db, row) if row is not None else None
        return served

    def known_by_key(self, key: str) -> Served | None:
        """Without the database; None for one that has not been opened yet."""
        return self._by_key.get(key)

    def find(self, db: Connection, inbox_id: str) -> Served | None:
        """By its id alone, for programs that know nothing of shops."""
        for (_, known), served in self._by_id.items():
            if known == inbox_id:
                return served
        row = store.by_id(db, inbox_id)
        return self._open(db, row) if row is not None else None

    def of_shop(self, db: Connection, shop_id: int) -> list[Served]:
        """What a vendor has said of them is as fresh as the rows."""
        found = []
        for row in store.of_shop(db, shop_id):
            served = self._by_id.get((shop_id, row["id"])) or self._open(db, row)
            if served is not None:
                told = row["reason"] or ""
                found.append(served if served.reason == told else replace(served, reason=told))
        return found

    def everything(self, db: Connection) -> list[Served]:
        found = (self._by_id.get((row["shop_id"], row["id"])) or self._open(db, row) for row in store.everything(db))
        return [served for served in found if served is not None]

    def open_now(self) -> list[Served]:
        """Those that have been looked up so far."""
        return list(self._by_id.values())

    def forget_all(self) -> None:
        """News of changes may have been missed: look everything up anew."""
        self._by_id.clear()
        self._by_key.clear()

    def forget(self, shop_id: int, inbox_id: str) -> None:
        served = self._by_id.pop((shop_id, inbox_id), None)
        if served is not None:
            self._by_key.pop(served.key, None)

    def seal_config(self, shop_id: int, inbox_id: str, config: Any) -> bytes:
        return self.seal.seal(msgspec.json.encode(config), _context(shop_id, inbox_id))

    def open_config(self, row: Mapping[Any, Any], kind: type[Channel]) -> Any:
        raw = self.seal.open(row["config"], _context(row["shop_id"], row["id"]))
        return msgspec.json.decode(raw, type=kind.Config)

    def make(
        self,
        kind: str,
        config: Any,
        *,
        shop_id: int,
        inbox_id: str,
        key: str,
        name: str,
        shop_name: str,
        shop: Row | None = None,
        keep: Keep = kept_nowhere,
    ) -> Channel:
        """A channel bound to settings that need not be stored yet. `shop`: its row, for where and when it works."""
        info = InboxInfo(
            id=inbox_id,
            shop_id=shop_id,
            name=name,
            hook_url=self.hook_url(key),
            public_url=self.public_url,
            signing_key=self.seal.derive("inbox", str(shop_id), inbox_id),
            shop_name=shop_name,
            timezone=shop["timezone"] if shop is not None else "UTC",
            country=country_of(shop["timezone"], shop["currency"]) if shop is not None else "",
            keep=keep,
        )
        return self.kinds[kind](config, info)

    def hook_url(self, key: str) -> str:
        return f"{self.public_url}/hooks/{key}"

    def _open(self, db: Connection, row: Mapping[Any, Any]) -> Served | None:
        kind = self.kinds.get(row["channel"])
        if kind is None:
            return None
        shop = shops.get(db, row["shop_id"])
        shop_name = shop["name"] if shop is not None else ""
        channel = self.make(
            row["channel"],
            self.open_config(row, kind),
            shop_id=row["shop_id"],
            inbox_id=row["id"],
            key=row["key"],
            name=row["name"],
            shop_name=shop_name,
            shop=shop,
            keep=self.keeping(row["shop_id"], row["id"]) if self.keeping else kept_nowhere,
        )
        served = Served(
            id=row["id"],
            shop_id=row["shop_id"],
            kind=row["channel"],
            key=row["key"],
            name=row["name"],
            state=row["state"],
            channel=channel,
            account_name=row["account_name"],
            account_handle=row["account_handle"],
            shop_name=shop_name,
            reason=row["reason"] or "",
        )
        return self._keep(served)

    def _keep(self, served: Served) -> Served:
        """Two threads may open an inbox at once. The first one stays if nothing has changed: its channel may hold the
        connection that everybody sends through.
        """
        kept = self._by_id.setdefault((served.shop_id, served.id), served)
        one, other = kept.channel, served.channel
        if replace(kept, channel=other) != served or (one.config, one.inbox) != (other.config, other.inbox):
            kept = self._by_id[served.shop_id, served.id] = served
        self._by_key[kept.key] = kept
        return kept


def _context(shop_id: int, inbox_id: str) -> str:
    return f"inbox:{shop_id}:{inbox_id}"
