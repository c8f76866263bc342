"""`prilavok orders import FILE`: a table of orders, read in with a progress bar."""

import asyncio
import os
from collections.abc import Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from prilavok.app import House
from prilavok.commerce import csv
from prilavok.desk import the_shop
from prilavok.domain.errors import BadInput
from prilavok.flows.take import importing
from prilavok.kit.ids import new_id
from prilavok.store import imports

A_FEW = 50  # orders in one commit


def read_in(house: House, path: Path, shop_name: str | None) -> list[str]:
    """Returns the bad lines as sentences, and what became of the rest as the last one."""
    shop = the_shop(house, shop_name)
    if shop is None:
        raise BadInput("Open a shop first: prilavok shop add NAME.")
    if not path.is_file():
        raise BadInput(f"There is no file {path}.")
    row = asyncio.run(_read_in(house, shop, path))
    bad = [f"line {one['line']}: {one['reason']}  {one['text']}".rstrip() for one in row["bad"] or ()]
    if row["bad_count"] > len(bad):
        bad.append(f"... and {row['bad_count'] - len(bad)} more")
    return [*bad, f"created: {row['created']}  updated: {row['updated']}  bad: {row['bad_count']}"]


async def _read_in(house: House, shop: Mapping[Any, Any], path: Path) -> Mapping[Any, Any]:
    shop_id, import_id, process = shop["id"], new_id(), f"command-{os.getpid()}"
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with path.open("rb") as file, Progress(*columns, console=Console(stderr=True)) as progress:
        table = csv.look(file)
        bar = progress.add_task(path.name, total=table.lines)
        await house.bus.do(_begin, process, shop_id, import_id, path.name, table.lines)
        place = csv.Place(ZoneInfo(shop["timezone"]), shop["currency"], house.bus.clock())
        with closing(csv.read(file, table, place)) as reading:
            while some := list(islice(reading, A_FEW)):
                if not await house.bus.do(importing.step, process, shop_id, import_id, some):
                    break
                progress.update(bar, completed=some[-1].line)
            else:
                await house.bus.do(importing.end_import, shop_id, import_id)
                progress.update(bar, completed=table.lines)
    row = await house.bus.read(imports.get, shop_id, import_id)
    assert row is not None
    return row


def _begin(unit: Any, process: str, shop_id: int, import_id: str, name: str, lines: int) -> None:
    """Begun and held in one commit: the file is here, and no server's worker shall look for it."""
    importing.begin_import(unit, shop_id, import_id, name, None, lines=lines)
    importing.claim_import(unit, process, shop_id, import_id)
