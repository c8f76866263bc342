"""A shop at a marketplace: the real connector, the emulated marketplace, the house between them."""

from typing import Any
from urllib.parse import urlsplit

from prilavok.channels.base import Request, Response
from prilavok.channels.market import Marketplace
from prilavok.channels.transport import perform
from tests.asking import until
from tests.channels.loopback import Loopback
from tests.channels.vendors_schema import Slice


class Stall:
    """`host` is where the marketplace stands; everything else is the shop itself."""

    def __init__(self, shop: Any, emulator: Any, host: str) -> None:
        self.shop = shop
        self.emulator = emulator
        self.market = Loopback(emulator)
        self.home = Loopback(shop.app)
        self.host = host
        emulator.knocker.post = self.post
        house = shop.house
        house.deliverer.network = house.listeners.network = house.chores.network = self
        object.__setattr__(house.services, "perform", lambda dialogue: perform(dialogue, self))

    async def http(self, request: Request) -> Response:
        where = urlsplit(request.url).netloc
        return await (self.home if where == "shop.test" else self.market).http(request)

    async def post(self, url: str, headers: Any, body: bytes) -> Any:
        return await self.home.post(url, headers, body)

    async def resolve(self, host: str, port: int) -> str:
        return f"127.0.0.1:{port}" if host else ""

    async def connect(self, kind: str, **settings: Any) -> "Stall":
        self.inbox = await self.shop.connect(kind, api_base=f"https://{self.host}", **settings)
        self.emulator.hook = self.shop.house.directory.hook_url(self.inbox.key)

        async def looked() -> bool:
            return bool(self.emulator.requests)

        await until(looked)
        return self

    async def talks(self, query: str) -> list[Any]:
        """Conversations of the list, as soon as there is one."""

        async def found() -> list[Any]:
            return await self.shop.conversations(query)

        result: list[Any] = await until(found)
        return result

    async def receipt(self, conversation_id: str, message: Any, wanted: str) -> None:
        async def there() -> bool:
            return (await self.shop.message(conversation_id, message["id"]))["receipt"] == wanted

        await until(there)

    def complaints(self, path: str) -> dict[str, list[str]]:
        """What the marketplace's own schema says against what we asked; empty when it has nothing to say."""
        schema = Slice(path)
        known = [(name, fields) for name, fields in self.emulator.requests if name in schema.schemas]
        assert known, "nothing that the schema knows was asked"
        found = {name: schema.refuses(name, fields) for name, fields in known}
        return {name: said for name, said in found.items() if said}


def quick(monkeypatch: Any) -> None:
    """A marketplace is asked without the minute between two rounds."""
    monkeypatch.setattr(Marketplace, "every", 0.02)
