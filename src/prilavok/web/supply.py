"""What comes in by the pile: tables of orders, with their progress; the stock of the shop."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from starlette.requests import ClientDisconnect

from prilavok.commerce import csv
from prilavok.domain.errors import BadInput, NotFound
from prilavok.flows.stock_up import stock_up
from prilavok.flows.take import importing
from prilavok.kit.ids import new_id
from prilavok.store import imports
from prilavok.web.ask import Ask, too_large
from prilavok.web.errors import Refusal

LARGEST_TABLE = 256 * 1024 * 1024  # bytes
SLOWEST = 600.0  # seconds that its upload may take
ARTICLES = 10_000  # in one request


class BadLine(msgspec.Struct):
    line: int
    reason: str
    text: str


class Import(msgspec.Struct, kw_only=True):
    id: str
    name: str
    state: str
    total: int
    done: int
    created: int
    updated: int
    bad_count: int
    bad: list[BadLine]
    created_at: datetime
    ended_at: datetime | None


class ImportList(msgspec.Struct):
    items: list[Import]


class StockItem(msgspec.Struct):
    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    quantity: Annotated[int, msgspec.Meta(ge=-(10**9), le=10**9)]
    name: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    price: Decimal | None = None


class Stock(msgspec.Struct):
    items: list[StockItem] = []


class Stocked(msgspec.Struct):
    stored: int


async def put_stock(ask: Ask) -> Stocked:
    given: Stock = ask.body
    if not 0 < len(given.items) <= ARTICLES:
        raise BadInput(f"Tell of 1 to {ARTICLES} articles at a time.", field="items")
    items = [{"sku": one.sku, "quantity": one.quantity, "name": one.name, "price": one.price} for one in given.items]
    return Stocked(await ask.do(stock_up, ask.shop_id, items))


async def begin(ask: Ask) -> Import:
    """A table of orders; it is read in after this answer, its progress is asked for."""
    import_id = new_id()
    path = ask.services.folder.path(ask.shop_id, import_id)
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
    try:
        await _save(ask, path)
        table = await asyncio.to_thread(_look, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    name = ask.query("name") or "orders.csv"
    await ask.do(importing.begin_import, ask.shop_id, import_id, name, ask.me.id, lines=table.lines)
    return await _import(ask, import_id)


async def show(ask: Ask) -> Import:
    return await _import(ask, ask.id())


async def list_imports(ask: Ask) -> ImportList:
    """The latest, without their bad lines."""
    rows = await ask.read(imports.latest, ask.shop_id)
    return ImportList([_shown({**row, "bad": None}) for row in rows])


async def stop(ask: Ask) -> Import:
    await ask.do(importing.stop_import, ask.shop_id, ask.id())
    return await _import(ask, ask.id())


async def _save(ask: Ask, path: Any) -> None:
    """Piece by piece onto the disk: the table need not fit into memory."""
    size = 0
    try:
        async with asyncio.timeout(SLOWEST):
            with path.open("wb") as out:
                async for chunk in ask.request.stream():
                    size += len(chunk)
                    if size > LARGEST_TABLE:
                        raise Refusal(413, too_large(LARGEST_TABLE))
                    await asyncio.to_thread(out.write, chunk)
    except TimeoutError as error:
        raise Refusal(408, "The table came too slowly.") from error
    except ClientDisconnect as error:
        raise Refusal(400, "The connection closed before the table was complete.") from error


def _look(path: Any) -> csv.Table:
    with path.open("rb") as file:
        return csv.look(file)


async def _import(ask: Ask, import_id: str) -> Import:
    row = await ask.read(imports.get, ask.shop_id, import_id)
    if row is None:
        raise NotFound
    return _shown(row)


def _shown(row: Mapping[Any, Any]) -> Import:
    return Import(
        id=row["id"],
        name=row["name"],
        state=row["state"],
        total=row["total"],
        done=row["done"],
        created=row["created"],
        updated=row["updated"],
        bad_count=row["bad_count"],
        bad=[BadLine(one["line"], one["reason"], one["text"]) for one in row["bad"] or ()],
        created_at=row["created_at"],
        ended_at=row["ended_at"],
    )
