"""Shop platforms and carriers for tests: connected without asking them, and dialogues driven by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prilavok.carriers.ours import OURS as CARRIERS
from prilavok.channels.base import Account, Request, Response
from prilavok.channels.standard_webhooks import headers, key_of
from prilavok.commerce.base import Source, SourceInfo
from prilavok.commerce.ours import OURS as SHOPS
from prilavok.flows import connect_source
from prilavok.flows.suppliers import Supplier

ALL = {**SHOPS, **CARRIERS}
FIXTURES = Path(__file__).parent / "fixtures"
INFO = SourceInfo(
    id="s1",
    shop_id=1,
    name="Крамниця",
    hook_url="https://counter.test/hooks/abc",
    public_url="https://counter.test",
    signing_key=b"k" * 32,
    timezone="Europe/Kyiv",
    currency="UAH",
)


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def make(kind: str, /, **config: Any) -> Source:
    source = ALL[kind]
    return source(source.prepare(source.Config(**config)), INFO)


async def connect(shop: Any, kind: str, /, **config: Any) -> Supplier:
    """A source of the shop, connected without a word to the other side."""
    suppliers = shop.house.services.arrivals.suppliers
    suppliers.kinds = {**suppliers.kinds, **ALL}
    made = suppliers.kinds[kind].prepare(suppliers.read_config(kind, config))
    source_id = connect_source.new_source_id()
    account = Account(name=kind)
    await shop.house.bus.do(connect_source.connect_source, suppliers, shop.id, kind, kind, made, account, source_id)
    found = await shop.house.bus.read(suppliers.get, shop.id, source_id)
    assert found is not None
    return found


async def post(shop: Any, supplier: Supplier, body: Any, *, delivery: str = "d1", signed: bool = True) -> Any:
    """A delivery signed by Standard Webhooks, knocking at the hook."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    key = key_of(supplier.source.config.secret) if signed else b"somebody else's"
    given = headers(key, delivery, shop.house.services.now, raw)
    return await shop.ask("POST", f"/hooks/{supplier.key}", role=None, headers=given, body=raw)


def drive(dialogue: Any, answer: Callable[[Request], Response]) -> tuple[Any, list[Request]]:
    """Runs a dialogue against a function; returns its result and what was asked."""
    asked: list[Request] = []
    try:
        request = next(dialogue)
        while True:
            asked.append(request)
            request = dialogue.send(answer(request))
    except StopIteration as end:
        return end.value, asked


def says(body: Any, status: int = 200, **more: str) -> Response:
    return Response(status, {name.replace("_", "-"): value for name, value in more.items()}, json.dumps(body).encode())


class Wire:
    """A Network that answers from a function."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self.answer = answer
        self.asked: list[Request] = []

    async def http(self, request: Request) -> Response:
        self.asked.append(request)
        return self.answer(request)

    async def resolve(self, host: str, port: int) -> str:
        raise NotImplementedError
