"""Several houses on one loopback: the shop, and every vendor at an address of its own."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from prilavok.channels.base import Request, Response
from prilavok.simulator.messenger import File
from tests.asking import until
from tests.channels.loopback import Loopback


@dataclass
class Roads:
    houses: dict[str, Loopback] = field(default_factory=dict)

    async def http(self, request: Request) -> Response:
        return await self.houses[urlsplit(request.url).netloc].http(request)

    async def post(self, url: str, headers: Any, body: bytes) -> Any:
        return await self.houses[urlsplit(url).netloc].post(url, headers, body)

    async def resolve(self, host: str, port: int) -> str:
        return f"127.0.0.1:{port}" if host else ""

    async def download(self, url: str) -> File | None:
        """As a vendor fetches what it is given by address."""
        response = await self.http(Request("GET", url))
        if response.status != 200:
            return None
        return File(url, "", response.headers.get("content-type", ""), response.body)


class Street:
    """A shop and one vendor; `make` gets what every emulator takes."""

    def __init__(self, shop: Any, make: Any, **more: Any) -> None:
        self.shop = shop
        self.roads = Roads({"shop.test": Loopback(shop.app)})
        self.vendor = make(address="https://vendor.test", post=self.roads.post, pace=0.01, now=shop.clock, **more)
        self.roads.houses["vendor.test"] = Loopback(self.vendor)
        shop.house.network.http = self.roads.http

    async def only(self) -> Any:
        """The shop's only conversation."""
        [found] = await until(self.shop.conversations)
        return found

    async def receipt(self, conversation_id: str, message: Any, wanted: str) -> Any:
        async def there() -> Any:
            found = await self.shop.message(conversation_id, message["id"])
            return found if found["receipt"] == wanted else None

        return await until(there)

    async def said(self, conversation_id: str, text: str) -> Any:
        """The message with this text, once it is there."""

        async def there() -> Any:
            found = await self.shop.messages(conversation_id)
            return next((one for one in reversed(found) if one["text"] == text), None)

        return await until(there)

    async def arrived(self, person: str, text: str) -> Any:
        """The shop's bubble with this text on the telephone."""

        def there() -> Any:
            found = self.vendor.talk(person).bubbles
            return next((one for one in reversed(found) if not one.mine and one.text == text), None)

        return await until(there)

    async def arrived_in_the_end(self, person: str, text: str) -> Any:
        """The same, while time passes for whoever waits before trying again."""

        def there() -> Any:
            self.shop.clock.forward(seconds=1)
            found = self.vendor.talk(person).bubbles
            return next((one for one in reversed(found) if not one.mine and one.text == text), None)

        return await until(there)

    async def way(self, conversation_id: str, inbox_id: str) -> Any:
        ways = (await self.shop.conversation(conversation_id))["channels"]
        return next(way for way in ways if way["inbox_id"] == inbox_id)

    async def fetched(self, conversation_id: str) -> Any:
        """The first file of the last message, once it is here."""

        async def there() -> Any:
            self.shop.clock.forward(seconds=60)
            found = (await self.shop.messages(conversation_id))[-1]["attachments"]
            return found[0] if found and found[0].get("url") else None

        return await until(there)
