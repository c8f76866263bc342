"""A film goes through the shop, from vendor to disk and from disk to vendor, and is never whole in its memory."""

import asyncio
import dataclasses
import json
import tracemalloc
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import web

from prilavok.channels.base import Hook
from prilavok.channels.matrix import Matrix
from tests.asking import until
from tests.house import Shop

MEBIBYTE = 1024 * 1024
FILM = 150  # mebibytes
HEAD = b"\x00\x00\x00\x18ftypmp42" + bytes(MEBIBYTE - 12)
ROOM = "!room:films.test"


class Homeserver:
    """As much of one as a film needs; it counts what it is given and says which length it was told."""

    def __init__(self) -> None:
        self.taken = self.told = 0
        self.beginning = b""
        self.said: list[Any] = []
        self.over = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        match request.path.split("/")[-3:]:
            case ["download", *_]:
                return await self._give(request)
            case [*_, "upload"]:
                return await self._take(request)
            case [*_, "m.room.message", _]:
                self.said.append(await request.json())
                return web.json_response({"event_id": f"${len(self.said)}"})
            case _:
                await self.over.wait()  # nothing new for whoever asks for news
                return web.json_response({"next_batch": "s2"})

    async def _give(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "video/mp4"})
        await response.prepare(request)
        for number in range(FILM):
            await response.write(bytes(MEBIBYTE) if number else HEAD)
        return response

    async def _take(self, request: web.Request) -> web.Response:
        self.told = request.content_length or 0
        async for piece in request.content.iter_chunked(64 * 1024):
            self.beginning = self.beginning or piece[:12]
            self.taken += len(piece)
        return web.json_response({"content_uri": "mxc://films.test/again"})


@asynccontextmanager
async def homeserver() -> Any:
    made = Homeserver()
    app = web.Application(client_max_size=1024 * MEBIBYTE)
    app.router.add_route("*", "/{tail:.*}", made.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        yield made, f"http://127.0.0.1:{port}"
    finally:
        made.over.set()
        await runner.cleanup()


def film_of(sender: str) -> Hook:
    content = {"msgtype": "m.video", "body": "film.mp4", "url": "mxc://films.test/film", "info": {"mimetype": "x/y"}}
    event = {"type": "m.room.message", "event_id": "$film", "sender": sender, "content": content}
    event["origin_server_ts"] = int(datetime.now(UTC).timestamp() * 1000)
    body = {"next_batch": "s1", "rooms": {"join": {ROOM: {"timeline": {"events": [event]}}}}}
    return Hook(body=json.dumps(body).encode(), headers={}, received_at=datetime.now(UTC))


@pytest.fixture
def cinema(open_house: Any, runner: Any, clock: Any, loft: Any, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop that takes large files, as its customers' homeserver does."""
    large = dataclasses.replace(Matrix.capabilities, media_limit=200 * MEBIBYTE)
    monkeypatch.setattr(Matrix, "capabilities", large)
    house = open_house(trusted_networks=(ip_network("127.0.0.0/8"),), max_file=200 * MEBIBYTE)
    made: Shop = runner.run(Shop.open(house, "Ковбаска", runner, clock))
    return made


async def test_a_film_of_150_megabytes_comes_and_goes_piece_by_piece(cinema: Shop) -> None:
    shop, house = cinema, cinema.house
    async with homeserver() as (server, address):
        inbox = await shop.connect("matrix", user="@shop:films.test", token="token", api_base=address)
        tracemalloc.start()
        try:
            taken, _ = await house.intake.take(inbox, film_of("@olena:films.test"))
            film = await the_file(shop, taken[0].conversation_id)
            assert (film["type"], film["size"]) == ("video/mp4", FILM * MEBIBYTE)
            reply = await shop.agent_replies(taken[0].conversation_id, "Ваш фільм", attachments=[film["id"]])
            await until(lambda: len(server.said) == 2)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert server.taken == server.told == FILM * MEBIBYTE
        assert server.beginning == HEAD[:12]
        assert server.said[1]["info"]["size"] == FILM * MEBIBYTE
        assert peak < 32 * MEBIBYTE

        async def sent() -> bool:
            return bool((await shop.message(taken[0].conversation_id, reply["id"]))["receipt"] == "sent")

        await until(sent)
    assert list(house.folder.root.glob("landing/*")) == []


async def the_file(shop: Shop, conversation: str) -> Any:
    async def there() -> Any:
        shop.clock.forward(seconds=1)
        [message] = await shop.messages(conversation)
        [file] = message["attachments"]
        assert "failed" not in file, file
        return file if file.get("url") else None

    return await until(there, 60.0)
