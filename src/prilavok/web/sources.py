"""Settings: shop platforms and carriers, each checked with the other side before it is stored."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from prilavok.commerce.base import Account, NeedsOwner, Source, TryLater, Undeliverable, secret_fields
from prilavok.domain.errors import NotFound
from prilavok.flows import connect_source as flow
from prilavok.flows.suppliers import Suppliers
from prilavok.store import shops
from prilavok.store import sources as store
from prilavok.web.ask import Ask
from prilavok.web.errors import Refusal


class OrderSource(msgspec.Struct, kw_only=True):
    id: str
    kind: str
    family: str
    title: str
    name: str
    state: str
    reason: str
    account: str
    hook_url: str | None
    polled: bool
    created_at: datetime
    last_received_at: datetime | None
    checked_at: datetime | None
    failed_hooks: int
    config: dict[str, Any]
    secret: str | msgspec.UnsetType = msgspec.UNSET


class SourceKind(msgspec.Struct):
    kind: str
    family: str
    title: str
    summary: str
    hooked: bool
    polled: bool
    config_schema: dict[str, Any]
    guide: "SourceGuide"


class SourceGuide(msgspec.Struct):
    """What to press over there; `language` of these lines."""

    language: str
    steps: list[str]


class SourceList(msgspec.Struct):
    items: list[OrderSource]
    kinds: list[SourceKind]


class NewSource(msgspec.Struct):
    kind: str
    name: str
    config: dict[str, Any] = {}


class SourceChanges(msgspec.Struct):
    name: str | None = None
    config: dict[str, Any] | None = None
    state: str | None = None


async def list_sources(ask: Ask) -> SourceList:
    """What is connected, and what can be: `kinds` with the JSON schema that draws their forms."""
    rows = await ask.read(store.of_shop, ask.shop_id)
    failed = await ask.services.bus.read_slowly(store.failed_hooks, ask.shop_id)
    kinds = _suppliers(ask).kinds
    return SourceList(
        items=[_shown(ask, row, failed.get(row["id"], 0)) for row in rows if row["kind"] in kinds],
        kinds=_kinds(ask),
    )


async def add_source(ask: Ask) -> OrderSource:
    given: NewSource = ask.body
    suppliers = _suppliers(ask)
    config = suppliers.read_config(given.kind, given.config)
    config = suppliers.kinds[given.kind].prepare(config)
    source_id = flow.new_source_id()
    account = await _check(ask, await _made(ask, given.kind, config, source_id, "", given.name))
    key = await ask.do(flow.connect_source, suppliers, ask.shop_id, given.kind, given.name, config, account, source_id)
    await _subscribe(ask, source_id, await _made(ask, given.kind, config, source_id, key, given.name))
    shown = _shown(ask, await _row(ask, source_id), 0)
    made = [name for name in sorted(secret_fields(suppliers.kinds[given.kind].Config)) if not given.config.get(name)]
    shown.secret = next((value for name in made if (value := getattr(config, name))), msgspec.UNSET)
    return shown


async def change_source(ask: Ask) -> OrderSource:
    given: SourceChanges = ask.body
    suppliers, row = _suppliers(ask), await _row(ask, ask.id())
    config = account = None
    name = given.name or row["name"]
    if given.config is not None:
        config = suppliers.kinds[row["kind"]].prepare(flow.merged_config(suppliers, row, given.config))
        account = await _check(ask, await _made(ask, row["kind"], config, row["id"], row["key"], name))
    await ask.do(
        flow.change_source,
        suppliers,
        ask.shop_id,
        row["id"],
        name=given.name,
        config=config,
        account=account,
        state=given.state,
    )
    if config is not None:
        await _subscribe(ask, row["id"], await _made(ask, row["kind"], config, row["id"], row["key"], name))
    return _shown(ask, await _row(ask, row["id"]), 0)


async def remove_source(ask: Ask) -> None:
    """Its webhooks over there are taken away too, where that is still possible."""
    row = await _row(ask, ask.id())
    supplier = await ask.read(_suppliers(ask).get, ask.shop_id, row["id"])
    if supplier is not None:
        # The other side may be gone for good: ours goes all the same.
        with suppress(NeedsOwner, Undeliverable, TryLater):
            await ask.services.perform(supplier.source.unsubscribe())
    await ask.do(flow.disconnect_source, ask.shop_id, row["id"])


async def _check(ask: Ask, source: Source) -> Account:
    """Refusal 422 with the platform's reason in plain words."""
    try:
        account: Account = await ask.services.perform(source.check())
    except (NeedsOwner, Undeliverable) as error:
        raise Refusal(422, error.reason, field="config") from error
    except TryLater as error:
        raise Refusal(422, f"The other side did not answer as it should: {error.reason}", field="config") from error
    return account


async def _subscribe(ask: Ask, source_id: str, source: Source) -> None:
    """What fails is shown on the source; the reconciler tries again in its turn."""
    try:
        await ask.services.perform(source.subscribe())
    except NeedsOwner as error:
        await ask.do(flow.pause_source, ask.shop_id, source_id, error.reason)
    except (Undeliverable, TryLater) as error:
        await ask.do(flow.note_trouble, ask.shop_id, source_id, error.reason)


async def _made(ask: Ask, kind: str, config: Any, source_id: str, key: str, name: str) -> Source:
    shop = await ask.read(shops.get, ask.shop_id)
    if shop is None:
        raise NotFound
    return _suppliers(ask).make(kind, config, shop=shop, source_id=source_id, key=key, name=name)


async def _row(ask: Ask, source_id: str) -> Any:
    row = await ask.read(store.get, ask.shop_id, source_id)
    if row is None or row["kind"] not in _suppliers(ask).kinds:
        raise NotFound
    return row


def _suppliers(ask: Ask) -> Suppliers:
    return ask.services.arrivals.suppliers


def _shown(ask: Ask, row: Any, failed: int) -> OrderSource:
    suppliers = _suppliers(ask)
    kind = suppliers.kinds[row["kind"]]
    return OrderSource(
        id=row["id"],
        kind=row["kind"],
        family=kind.family,
        title=ask.services.say_sources([{"title": kind.title, "config_schema": {}}], ask.language)[0]["title"],
        name=row["name"],
        state=row["state"],
        reason=row["reason"],
        account=row["account_name"],
        hook_url=suppliers.hook_url(row["key"]) if kind.hooked else None,
        polled=kind.polled,
        created_at=row["created_at"],
        last_received_at=row["last_received_at"],
        checked_at=row["checked_at"],
        failed_hooks=failed,
        config=flow.shown_config(suppliers, row),
    )


def _kinds(ask: Ask) -> list[SourceKind]:
    """In one's own language."""
    rows = [_kind(kind, source) for kind, source in _suppliers(ask).kinds.items()]
    found = []
    for row in ask.services.say_sources(rows, ask.language):
        language, steps = ask.services.source_steps(row["kind"], ask.language)
        found.append(SourceKind(**row, guide=SourceGuide(language, list(steps))))
    return found


def _kind(kind: str, source: type[Source]) -> dict[str, Any]:
    whole = msgspec.json.schema(source.Config)
    parts = dict(whole["$defs"])
    top = parts.pop(source.Config.__name__)
    schema = {**top, **({"$defs": parts} if parts else {})}
    return {
        "kind": kind,
        "family": source.family,
        "title": source.title,
        "summary": source.summary,
        "hooked": source.hooked,
        "polled": source.polled,
        "config_schema": schema,
    }
