"""Tables of orders are read in beside everything else: a few orders a commit, so that nobody waits for them."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from prilavok.commerce import csv
from prilavok.domain.errors import BadInput
from prilavok.flows.bus import Bus
from prilavok.flows.take import importing
from prilavok.flows.take.ahead import read_ahead
from prilavok.store import imports, shops
from prilavok.store.files import Folder

log = structlog.get_logger()

IDLE = 1.0  # seconds
A_FEW = 20  # orders in one commit: some 30 ms of the writer's time


class Importer:
    def __init__(self, bus: Bus, folder: Folder, process: str) -> None:
        self.bus = bus
        self.folder = folder
        self.process = process

    async def run(self) -> None:
        """For ever; ends by cancellation, after which another may go on."""
        while True:
            waiting = await self.bus.read(imports.any_under_way)
            row = await self.bus.do(importing.claim_import, self.process) if waiting else None
            if row is None:
                await asyncio.sleep(IDLE)
            else:
                await self.read_in(row)

    async def read_in(self, row: Mapping[Any, Any]) -> None:
        """To its end, or until it is stopped."""
        shop_id, import_id = row["shop_id"], row["id"]
        path = self.folder.path(shop_id, import_id)
        try:
            if await self._read_in(row, path):
                await self.bus.do(importing.end_import, shop_id, import_id)
        except (BadInput, OSError) as error:
            reason = error.reason if isinstance(error, BadInput) else "The file is not on this server's disk."
            await self.bus.do(importing.end_import, shop_id, import_id, state="failed", reason=reason)
        after = await self.bus.read(imports.get, shop_id, import_id)
        if after is None or after["state"] not in imports.UNDER_WAY:  # else another process goes on with it
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _read_in(self, row: Mapping[Any, Any], path: Path) -> bool:
        shop_id = row["shop_id"]
        shop = await self.bus.read(shops.get, shop_id) or {}
        zone = ZoneInfo(shop.get("timezone") or "UTC")
        place = csv.Place(zone, shop.get("currency", ""), row["created_at"])
        with path.open("rb") as file:
            table = await asyncio.to_thread(csv.look, file)
            with closing(csv.read(file, table, place, after=row["done"])) as reading:
                while some := await asyncio.to_thread(_some, reading):
                    await read_ahead(self.bus, [one.news for one in some if one.news is not None])
                    if not await self.bus.do(importing.step, self.process, shop_id, row["id"], some):
                        return False
        return True


def _some(reading: Iterator[csv.Read]) -> list[csv.Read]:
    return list(islice(reading, A_FEW))
