"""What the emulated vendors remember outlives a restart of the demo: without it, chats on the telephone would be empty
and the numbers of new messages would be those of old ones, which the shop has already.

    memory = Memory(folder, vendors)
    memory.recall()
    memory.keep()  # now and then, and at the end

Each vendor keeps the attributes that its class names in `keeps`, in a file of its own.
"""

import asyncio
import io
import pickle
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog

from prilavok.simulator.office import Office

log = structlog.get_logger()

OURS = "prilavok.simulator."
PLAIN = {("builtins", "set"), ("builtins", "frozenset"), ("datetime", "datetime"), ("datetime", "timezone")}
PLAIN |= {("datetime", "timedelta"), ("collections", "OrderedDict"), ("collections", "defaultdict")}
EVERY = 5.0  # seconds
LOST = (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, TypeError, ValueError, IndexError)


class Memory:
    def __init__(self, folder: Path, vendors: Mapping[str, Office]) -> None:
        self.folder = folder
        self.vendors = {kind: vendor for kind, vendor in vendors.items() if vendor.keeps}
        self._written: dict[str, bytes] = {}

    def recall(self) -> None:
        """What cannot be read any more (an older version wrote it) is begun anew."""
        for kind, vendor in self.vendors.items():
            try:
                found = Reader(io.BytesIO(self._place(kind).read_bytes())).load()
                values = {name: found[name] for name in vendor.keeps if name in found}
            except FileNotFoundError:
                continue
            except LOST as error:
                log.warning("an emulated vendor begins anew", vendor=kind, because=str(error))
                continue
            for name, value in values.items():
                setattr(vendor, name, value)

    def keep(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for kind, vendor in self.vendors.items():
            content = pickle.dumps({name: getattr(vendor, name) for name in vendor.keeps})
            if content != self._written.get(kind):
                new = self._place(kind).with_suffix(".new")
                new.write_bytes(content)
                new.replace(self._place(kind))
                self._written[kind] = content

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """What was under way goes on; meanwhile everything is kept every few seconds, and once more at the end."""
        for vendor in self.vendors.values():
            vendor.resume()
        keeping = asyncio.create_task(self._run())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            self.keep()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            self.keep()

    def _place(self, kind: str) -> Path:
        return self.folder / f"{kind}.memory"


class Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN or (module.startswith(OURS) and "." not in name):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that a vendor remembers")
