"""A real house for tests: database, writer, workers and the application, on SQLite and on PostgreSQL; and the shop's
own words for what happens in it. A test that is a coroutine runs in the same event loop as its house.
"""

import asyncio
import inspect
import itertools
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from prilavok import settings as setting
from prilavok.app import House, build, make_app, running
from prilavok.flows import admit, connect
from prilavok.flows.directory import Served
from prilavok.flows.receive import Taken
from prilavok.flows.unit import Unit
from prilavok.store.base import metadata, open_engine
from prilavok.store.migrate import migrate
from tests import pigeons
from tests.asking import Answer, Line, ask

KEY = "a secret key of this test, 0123456789 abcdefgh"
on_both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: Any) -> bool | None:
    """Coroutines run in the loop of their house, or in one of their own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    runner = pyfuncitem.funcargs.get("runner")
    if runner is not None:
        runner.run(pyfuncitem.obj(**wanted))
    else:
        asyncio.run(pyfuncitem.obj(**wanted))
    return True


class Clock:
    """Stands nearly still: a millisecond a look, so that what comes later is later. `forward` lets time pass."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "prilavok.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_house(postgres_server: str) -> Callable[[], str]:
    """One migrated database for all; each call empties it, which is a hundred times faster than making another."""
    import psycopg

    plain = postgres_server.replace("+psycopg", "")
    name = f"house_{uuid4().hex}"
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as control:
        control.execute(f'create database "{name}" template template0')
    engine = open_engine(f"{postgres_server}/{name}")
    migrate(engine)
    engine.dispose()

    def empty() -> str:
        with psycopg.connect(f"{plain}/{name}", autocommit=True) as control:
            control.execute("; ".join(f"delete from {table}" for table in metadata.tables))
        return f"{postgres_server}/{name}"

    return empty


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a migrated, empty database: SQLite unless the test says `on_both` or `on_postgresql`."""
    if getattr(request, "param", "sqlite") == "postgresql":
        empty: Callable[[], str] = request.getfixturevalue("postgres_house")
        return empty()
    path = tmp_path / "prilavok.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


@pytest.fixture
def open_house(runner: asyncio.Runner, database: str, clock: Clock, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Starts a house; called twice, two processes of one installation. `work=False` leaves out what works by itself."""
    stack = AsyncExitStack()

    def start(*, work: bool = True, **more: Any) -> House:
        house = build(settings_for(database, tmp_path, **more))
        house.bus.clock = clock
        house.directory.kinds = {**house.directory.kinds, **pigeons.ALL}
        runner.run(stack.enter_async_context(running(house, work=work)))
        return house

    yield start
    runner.run(stack.aclose())


def settings_for(database: str, folder: Path, **more: Any) -> setting.Settings:
    return setting.Settings(
        **{
            "data": folder,
            "secret_key": KEY,
            "database_url": database,
            "public_url": "https://shop.test",
            "max_body": 256 * 1024,
            "max_file": 64 * 1024,
            "body_timeout": 1.0,
            "visitors_per_minute": 10_000,
            **more,
        }
    )


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    return open_house()


@pytest.fixture
def loft(monkeypatch: pytest.MonkeyPatch) -> Iterator[pigeons.Loft]:
    fresh = pigeons.Loft()
    monkeypatch.setattr(pigeons, "LOFT", fresh)
    yield fresh
    for one in fresh.hanging:  # the house waits for what is under way
        one.set()


@pytest.fixture
def shop(house: House, runner: asyncio.Runner, clock: Clock, loft: pigeons.Loft) -> "Shop":
    """A shop with an owner, an admin, an agent and a pigeon post."""
    return runner.run(Shop.open(house, "Ковбаска", runner, clock))


@pytest.fixture
def neighbour(shop: "Shop", open_house: Callable[..., House]) -> "Shop":
    """The same shop in a second process of the installation."""
    return shop.in_house(open_house())


@pytest.fixture
def other_shop(house: House, runner: asyncio.Runner, clock: Clock, loft: pigeons.Loft) -> "Shop":
    """Another tenant of the same house."""
    return runner.run(Shop.open(house, "Чужа крамниця", runner, clock))


def furnish(unit: Unit, name: str, post: str) -> tuple[int, dict[str, SimpleNamespace]]:
    """A shop with its people and a pigeon post, in one commit."""
    shop_id = admit.open_shop(unit, name)
    staff = {}
    for role in admit.ROLES:
        email = f"{role}@{shop_id}.example"
        agent_id = admit.hire(unit, shop_id, email, role.title(), role)
        token = admit.make_token(unit, shop_id, agent_id)
        staff[role] = SimpleNamespace(id=agent_id, email=email, token=token, name=role.title())
    account = pigeons.Account(name="pigeon", handle="pigeon")
    connect.connect(unit, shop_id, "pigeon", "pigeon", pigeons.PigeonConfig(), account, inbox_id=post)
    return shop_id, staff


class Shop:
    """One shop and its people. What a request answers is returned as it is; the other words expect success."""

    def __init__(self, house: House, runner: asyncio.Runner, clock: Clock) -> None:
        self.house = house
        self.runner = runner
        self.clock = clock
        self.app = make_app(house)
        self.id = 0
        self.name = ""
        self.staff: dict[str, SimpleNamespace] = {}
        self.post: Served
        self.numbers = itertools.count(1)

    @classmethod
    async def open(cls, house: House, name: str, runner: asyncio.Runner, clock: Clock) -> "Shop":
        shop = cls(house, runner, clock)
        shop.name = name
        post = connect.new_inbox_id()
        shop.id, shop.staff = await house.bus.do(furnish, name, post)
        shop.post = await shop.inbox(post)
        return shop

    def in_house(self, house: House) -> "Shop":
        """The same shop as another process of the installation sees it."""
        twin = Shop(house, self.runner, self.clock)
        twin.id, twin.name, twin.staff, twin.post = self.id, self.name, self.staff, self.post
        twin.numbers = self.numbers
        return twin

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    # The owner

    async def connect(self, kind: str, name: str = "", **values: Any) -> Served:
        """An inbox, connected without asking its vendor."""
        directory = self.house.directory
        inbox_id = connect.new_inbox_id()
        kind_of = directory.kinds[kind]
        config = kind_of.prepare(connect.read_config(directory, kind, values))
        account = pigeons.Account(name=name or kind, handle=kind)
        await self.house.bus.do(connect.connect, self.id, kind, name or kind, config, account, inbox_id=inbox_id)
        return await self.inbox(inbox_id)

    async def inbox(self, inbox_id: str) -> Served:
        found = await self.house.bus.read(self.house.directory.get, self.id, inbox_id)
        assert found is not None
        return found

    # The customer

    async def customer_writes(
        self, text: str = "Добрий день!", *, who: str = "olena", inbox: Served | None = None, **fields: Any
    ) -> Taken:
        """One message through a pigeon post; `fields` are of domain.message.Received."""
        sender = {"address": who, "name": who.title(), **fields.pop("sender", {})}
        taken = await self.vendor_says(
            ("Received", {"provider_id": self.number(), "at": self.clock(), "text": text, "sender": sender, **fields}),
            inbox=inbox,
        )
        return taken[0]

    async def vendor_says(self, *parts: tuple[str, Any], inbox: Served | None = None) -> list[Taken]:
        """A delivery that may hold anything of domain.message."""
        post = await self.inbox((inbox or self.post).id)
        hook = pigeons.hook_of(parts, self.clock())
        taken, _ = await self.house.intake.take(post, hook)
        return taken

    def number(self) -> str:
        return f"{self.id}-{next(self.numbers)}"

    # The staff

    async def ask(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        role: str | None = "owner",
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        client: str = "203.0.113.7",
    ) -> Answer:
        given = {"authorization": f"Bearer {self.staff[role].token}"} if role else {}
        raw = msgspec.json.encode(json) if json is not None else body
        return await ask(self.app, method, path, headers={**given, **(headers or {})}, body=raw, client=client)

    async def get(self, path: str, **more: Any) -> Any:
        answer = await self.ask("GET", path, **more)
        assert answer.status == 200, answer
        return answer.json()

    async def agent_replies(self, conversation_id: str, text: str = "Вже їде.", **more: Any) -> Any:
        answer = await self.ask(
            "POST", f"/api/v1/conversations/{conversation_id}/messages", {"kind": "reply", "text": text, **more}
        )
        assert answer.status == 201, answer
        return answer.json()

    async def conversations(self, query: str = "") -> list[Any]:
        return (await self.get(f"/api/v1/conversations{query}"))["items"]

    async def conversation(self, conversation_id: str) -> Any:
        return await self.get(f"/api/v1/conversations/{conversation_id}")

    async def messages(self, conversation_id: str) -> list[Any]:
        return (await self.get(f"/api/v1/conversations/{conversation_id}/messages"))["items"]

    async def message(self, conversation_id: str, message_id: str) -> Any:
        return next(one for one in await self.messages(conversation_id) if one["id"] == message_id)

    async def arrange(self, conversation_id: str, **changes: Any) -> Any:
        answer = await self.ask("PATCH", f"/api/v1/conversations/{conversation_id}", changes)
        assert answer.status == 200, answer
        return answer.json()

    async def outbox(self, state: str = "waiting") -> list[Any]:
        return (await self.get(f"/api/v1/outbox?state={state}"))["items"]

    async def read(self, question: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """A question to the store about this shop."""
        return await self.house.bus.read(question, self.id, *args, **more)

    # Those who look

    def screen(self, *, role: str = "agent", seq: int | None = None) -> Line:
        """An agent's open application."""
        url = "/api/v1/live" + (f"?seq={seq}" if seq is not None else "")
        return Line(self.app, url, {"authorization": f"Bearer {self.staff[role].token}"})

    def window(self, inbox: Served, *, origin: str = "https://shop.test") -> Line:
        """A visitor's open chat, before it says hello."""
        return Line(self.app, f"/chat/live?inbox={inbox.key}", {"origin": origin} if origin else {})


def command(*words: str) -> list[str]:
    """The command line of this checkout."""
    return [sys.executable, "-m", "prilavok", *words]
