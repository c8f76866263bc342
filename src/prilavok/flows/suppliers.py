"""The shop platforms and carriers that are connected: settings opened, source made, looked up by id or hook key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from prilavok.commerce.base import Source, SourceInfo
from prilavok.domain.errors import BadInput
from prilavok.kit.seal import Seal
from prilavok.store import shops
from prilavok.store import sources as store


@dataclass(frozen=True, slots=True)
class Supplier:
    """One connected source, ready for use."""

    id: str
    shop_id: int
    kind: str
    key: str
    name: str
    state: str
    source: Source


class Suppliers:
    """Opens a source anew each time it is asked for: they speak seldom, and settings of another process count at once.

    `kinds` are the classes by kind.
    """

    def __init__(self, kinds: Mapping[str, type[Source]], seal: Seal, public_url: str) -> None:
        self.kinds = kinds
        self.seal = seal
        self.public_url = public_url.rstrip("/")

    def get(self, db: Connection, shop_id: int, source_id: str) -> Supplier | None:
        """None when there is no such source in this shop, or its kind is not installed."""
        row = store.get(db, shop_id, source_id)
        return self._open(db, row) if row is not None else None

    def by_key(self, db: Connection, key: str) -> Supplier | None:
        row = store.by_key(db, key)
        return self._open(db, row) if row is not None else None

    def read_config(self, kind: str, values: Mapping[str, Any]) -> Any:
        """The source's typed settings. BadInput names the field that is wrong."""
        known = self.kinds.get(kind)
        if known is None:
            raise BadInput(f"There is no source called “{kind}”. There are: {', '.join(self.kinds)}.", field="kind")
        try:
            return msgspec.convert(dict(values), known.Config, strict=False)
        except msgspec.ValidationError as error:
            message, _, path = str(error).partition(" - at `$.")
            quoted = message.split("`")
            field = path.rstrip("`") or (quoted[1] if len(quoted) > 2 and "field" in message else "")
            raise BadInput(message, field=f"config.{field}" if field else "config") from error

    def seal_config(self, shop_id: int, source_id: str, config: Any) -> bytes:
        return self.seal.seal(msgspec.json.encode(config), _context(shop_id, source_id))

    def open_config(self, row: Mapping[Any, Any]) -> Any:
        raw = self.seal.open(row["config"], _context(row["shop_id"], row["id"]))
        return msgspec.json.decode(raw, type=self.kinds[row["kind"]].Config)

    def make(self, kind: str, config: Any, *, shop: Mapping[Any, Any], source_id: str, key: str, name: str) -> Source:
        """A source bound to settings that need not be stored yet. `shop`: its row."""
        info = SourceInfo(
            id=source_id,
            shop_id=shop["id"],
            name=name,
            hook_url=self.hook_url(key),
            public_url=self.public_url,
            signing_key=self.seal.derive("source", str(shop["id"]), source_id),
            timezone=shop["timezone"],
            currency=shop["currency"],
        )
        return self.kinds[kind](config, info)

    def hook_url(self, key: str) -> str:
        return f"{self.public_url}/hooks/{key}"

    def _open(self, db: Connection, row: Mapping[Any, Any]) -> Supplier | None:
        shop = shops.get(db, row["shop_id"])
        if row["kind"] not in self.kinds or shop is None:
            return None
        source = self.make(
            row["kind"], self.open_config(row), shop=shop, source_id=row["id"], key=row["key"], name=row["name"]
        )
        return Supplier(row["id"], row["shop_id"], row["kind"], row["key"], row["name"], row["state"], source)


def _context(shop_id: int, source_id: str) -> str:
    return f"source:{shop_id}:{source_id}"
